"""The wish to stop."""

from __future__ import annotations

import signal

import pytest

from bot.run.stop import StopSignal


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_first_signal_asks_and_a_second_will_not_wait(number: signal.Signals) -> None:
    with StopSignal() as stop:
        assert not stop
        signal.raise_signal(number)
        assert stop and not stop.at_once
        signal.raise_signal(number)
        assert stop.at_once


def test_afterwards_signals_do_what_they_did() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with StopSignal():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_under_nohup_a_closed_terminal_asks_nothing() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with StopSignal() as stop:
            signal.raise_signal(signal.SIGHUP)
            assert not stop
    finally:
        signal.signal(signal.SIGHUP, before)
