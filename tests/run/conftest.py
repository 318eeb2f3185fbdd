"""Stand-ins for services, and a way to wait for what happens in other processes."""

from __future__ import annotations

import io
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.run.console import Console
from bot.run.ports import Port
from bot.run.processes import Guard
from bot.run.services import Service
from bot.run.stop import StopSignal

STAND_IN = Path(__file__).with_name("stand_in.py")


def stand_in(*options: object) -> tuple[str, ...]:
    """Return the command that starts a stand-in with these options."""
    return (sys.executable, str(STAND_IN), *map(str, options))


def wait_until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something is so; fail when it is not in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Notes:
    """What stand-ins noted in a file: their starts and when they were asked to stop."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def pids(self, event: str) -> list[int]:
        """The processes that noted an event, in order."""
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        return [int(line.split()[1]) for line in lines if line.split()[0] == event]


class Screen(io.StringIO):
    """Text that a console showed."""

    @property
    def lines(self) -> list[str]:
        return self.getvalue().splitlines()


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "notes")


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def console(screen: Screen) -> Console:
    """A console that is no terminal and shows everything on the screen."""
    return Console(None, screen, screen)


@pytest.fixture
def guard() -> Iterator[Guard]:
    with Guard() as guard:
        yield guard


class Wish(StopSignal):
    """A wish to stop that a test utters without a signal."""

    def utter(self) -> None:
        self.count += 1


@pytest.fixture
def wish() -> Wish:
    return Wish()


@pytest.fixture
def make_service(free_port: Callable[[], int]) -> Callable[..., Service]:
    """Makes a service of a stand-in."""

    def make(name: str, *options: object) -> Service:
        port = free_port()
        command = stand_in("--port", port, *options)
        return Service(name, command, {}, Port(name, port, "SIGNPOST_X_PORT"), "/ready")

    return make


@pytest.fixture(autouse=True)
def terminal() -> Iterator[None]:
    """As on a terminal: whoever runs the tests under `nohup` must not change what they find."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)
