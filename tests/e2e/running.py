"""Signpost as people run it: `python -m bot run` in a folder of its own, with its three services and their logs."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.settings import ROOT, Settings

WHOLE = [pytest.mark.model, pytest.mark.timeout(1_000)]
"""Marks of every test here: it needs the trained model, and the first of them waits for the start."""
START_SECONDS = 900
"""Training takes minutes where something changed since `make train`, and Rasa half a minute on an idle machine."""
STOP_SECONDS = 30
WORDS_ON_COMMAND_LINE = {"gateway": b"bot.gateway", "rasa": b"rasa", "actions": b"actions"}


class Signpost:
    """A running Signpost.

    Attributes:
        settings: Its settings.
        shown: The file that takes what it shows to the person who started it.
    """

    def __init__(self, folder: Path, **variables: str) -> None:
        """Start it.

        Args:
            folder: Where everything that it writes goes.
            **variables: Further environment variables.
        """
        self.variables = {
            "SIGNPOST_VAR_DIR": str(folder / "var"),
            "SIGNPOST_GATEWAY_PORT": str(free_port()),
            "SIGNPOST_RASA_PORT": str(free_port()),
            "SIGNPOST_ACTIONS_PORT": str(free_port()),
            **variables,
        }
        self.settings = Settings.load(self.variables)
        self.shown = folder / "shown.txt"
        with self.shown.open("w") as shown:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=ROOT,
                env={**os.environ, **self.variables},
                stdin=subprocess.DEVNULL,
                stdout=shown,
                stderr=shown,
                start_new_session=True,
            )

    @property
    def url(self) -> str:
        """The address of the gateway."""
        return self.settings.gateway_url

    @property
    def database(self) -> Path:
        """The SQLite file of conversations, turns and cases."""
        return Path(self.settings.database_url.removeprefix("sqlite:///"))

    def is_ready(self) -> bool:
        """Whether the whole way works."""
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/readyz", timeout=30).status_code == 200
        return False

    def wait_until_ready(self) -> None:
        """Wait until it says that it is ready, and see that it is."""
        until(lambda: self.process.poll() is not None or "Signpost is ready" in self.shown.read_text(), START_SECONDS)
        assert self.process.poll() is None, self.shown.read_text()
        assert self.is_ready()

    def pids(self) -> dict[str, int]:
        """The services that run now, by name, each with the id of its process and process group."""
        found: dict[str, int] = {}
        for pid in children(self.process.pid):
            with contextlib.suppress(OSError):
                arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                found.update({name: pid for name, word in WORDS_ON_COMMAND_LINE.items() if word in arguments})
        return found

    def send(self, service: str, number: signal.Signals) -> int:
        """Send a signal to a service and all that it started; give the service's process id."""
        pid = self.pids()[service]
        os.killpg(pid, number)
        return pid

    @contextmanager
    def hung(self, service: str) -> Iterator[None]:
        """A service that takes connections and does nothing."""
        pid = self.send(service, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(pid, signal.SIGCONT)

    def ask_to_stop(self) -> int:
        """Press Ctrl-C; give the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_SECONDS)

    def end(self) -> None:
        """Stop whatever still runs."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            for pid in self.pids().values():
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGCONT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.ask_to_stop()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def files_with(self, words: str) -> set[str]:
        """The files of everything that it wrote, by path, that hold the words in any case."""
        wanted = words.lower().encode()
        files = [self.shown, *(path for path in self.settings.var_dir.rglob("*") if path.is_file())]
        return {str(path.relative_to(self.shown.parent)) for path in files if wanted in content_of(path).lower()}


def content_of(path: Path) -> bytes:
    """The content of a file; none where it has just gone, as a database's log does when the last one leaves.

    Another process reads it: one that closes a file loses every lock that it holds on it, so that the tests' own
    connection to a database would look closed to Signpost, and its log would be deleted under it
    (https://www.sqlite.org/howtocorrupt.html, 2.2).
    """
    return subprocess.run(["cat", path], capture_output=True, check=False).stdout


def free_port() -> int:
    """Find a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_listened_on(port: int) -> bool:
    """Whether somebody listens on a port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something is so; fail when it is not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def children(pid: int) -> list[int]:
    """The processes that a process started and that still run, zombies left out."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent, *_ = stat.read_text().rsplit(")", 1)[1].split()
            if int(parent) == pid and state != "Z":
                found.append(int(stat.parent.name))
    return found


def descendants(pid: int) -> set[int]:
    """All processes below a process."""
    below = children(pid)
    return set(below).union(*map(descendants, below))


def is_running(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False
