"""Whatever ends the supervisor, nothing that it started is left running."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT
from tests.run.conftest import Notes, is_alive, wait_until


@pytest.fixture
def supervisor(tmp_path: Path, free_port: Callable[[], int], notes: Notes) -> Iterator[subprocess.Popen[str]]:
    """A supervisor in a process of its own, with two services that each have a stubborn grandchild."""
    command = [sys.executable, "-m", "tests.run.supervise", str(tmp_path), str(free_port()), str(free_port())]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while "Signpost is ready" not in process.stdout.readline():
            assert process.poll() is None
        wait_until(lambda: len(notes.pids("start")) == 4)
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_stops_everything_and_says_so(
    supervisor: subprocess.Popen[str], notes: Notes, number: signal.Signals
) -> None:
    supervisor.send_signal(number)
    output, _ = supervisor.communicate(timeout=60)
    assert (supervisor.returncode, output) == (0, "Stopping.\n")
    assert not any(map(is_alive, notes.pids("start")))


def test_killed_it_leaves_nothing_behind_either(supervisor: subprocess.Popen[str], notes: Notes) -> None:
    supervisor.kill()
    supervisor.wait(timeout=60)
    wait_until(lambda: not any(map(is_alive, notes.pids("start"))))
