"""One child process: started in a group of its own, its output kept, and ended with all that it started."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType

from bot.run import guard as guard_program
from bot.run.logs import RotatingLog
from bot.settings import ROOT

_CODED = re.compile(r"\[[EW]\d{3}\] .*")
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LAST_LINES = 40
_LONGEST_LINE = 65_536


class Guard:
    """Tells the guard program (see `bot.run.guard`) which process groups there are."""

    def __enter__(self) -> Guard:
        """Start the guard program."""
        self._program = subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, "-I", guard_program.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the guard program end; it ends the groups that are left."""
        with suppress(OSError):
            self._program.communicate()

    def begin(self, group: int) -> None:
        """Tell that a process group has begun.

        Args:
            group: Its id.
        """
        self._tell(f"+{group}\n")

    def end(self, group: int) -> None:
        """Tell that a process group has ended.

        Args:
            group: Its id.
        """
        self._tell(f"-{group}\n")

    def _tell(self, line: str) -> None:
        assert self._program.stdin is not None
        with suppress(OSError, ValueError):  # without its guard the supervisor still ends its children itself
            self._program.stdin.write(line.encode())
            self._program.stdin.flush()


class Child:
    """One run of a program, from its start to its end."""

    def __init__(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        log: RotatingLog,
        guard: Guard,
        on_line: Callable[[str], None] = lambda line: None,
    ) -> None:
        """Start the program.

        Args:
            command: The program and its arguments.
            env: Environment variables to add to our own.
            log: Where its output goes.
            guard: Who ends it if we are killed.
            on_line: Called with each line of its output, from another thread.
        """
        self._log = log
        self._guard = guard
        self._on_line = on_line
        self._last: deque[str] = deque(maxlen=_LAST_LINES)
        self._process = subprocess.Popen(  # noqa: S603 - commands are our own
            list(command),
            cwd=ROOT,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
        )
        guard.begin(self._process.pid)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def last_lines(self) -> tuple[str, ...]:
        """The end of the output."""
        return tuple(self._last)

    @property
    def coded_line(self) -> str | None:
        """The last line of the output that carries one of our codes, from the code on."""
        found = [match[0] for line in self._last if (match := _CODED.search(line))]
        return found[-1] if found else None

    def poll(self) -> int | None:
        """See whether the program has ended; if so, end whatever it left behind.

        Returns:
            Its exit status, as `subprocess` counts it, or None while it runs.
        """
        if self._process.returncode is not None:
            return self._process.returncode
        # Look without reaping: until it is reaped, its id, and so the group's, belongs to nobody else.
        if os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return None
        self.send(signal.SIGKILL)
        status = self._process.wait()
        self._guard.end(self._process.pid)
        self._reader.join(timeout=1)
        return status

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the program and to all that it started.

        Args:
            number: The signal.
        """
        if self._process.returncode is None:
            guard_program.send([self._process.pid], number)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output:
            while line := output.readline(_LONGEST_LINE):
                shown = line.rstrip().rsplit(b"\r", 1)[-1]  # of a progress bar only its last state
                self._log.write(shown + b"\n")
                text = _COLOUR.sub("", shown.decode("utf-8", errors="replace"))
                self._last.append(text)
                self._on_line(text)
