"""What the person who typed `make run` sees: plain lines, and one live line on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timezone
from typing import TextIO

from bot.run.logs import RotatingLog

HEARTBEAT_SECONDS = 30.0
"""Without a terminal, progress that does not change is said again after so long."""


class Console:
    """Lines for people; each finished line also goes to a log, with its time."""

    def __init__(
        self,
        log: RotatingLog | None = None,
        out: TextIO = sys.stdout,
        err: TextIO = sys.stderr,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make a console.

        Args:
            log: Where finished lines are kept.
            out: Where lines are shown.
            err: Where errors are shown.
            clock: Seconds that only go forward.
        """
        self._log = log
        self._out = out
        self._err = err
        self._clock = clock
        self._live = out.isatty()
        self._stage = ""
        self._shown = ""
        self._said_at = 0.0

    def line(self, text: str) -> None:
        """Show a finished line.

        Args:
            text: The line.
        """
        self._show(self._out, text)

    def error(self, text: str) -> None:
        """Show a line that tells of something gone wrong.

        Args:
            text: The line, with its code.
        """
        self._show(self._err, text)

    def progress(self, stage: str, seconds: float) -> None:
        """Show what is being done: in place on a terminal, else as a line when it changes or has lasted.

        Args:
            stage: What is being done.
            seconds: Since when.
        """
        shown = f"  {stage} ({seconds:.0f} s)"
        if self._live:
            if shown != self._shown:
                self._print(self._out, f"\r{shown}\x1b[K", end="")
            self._shown = shown
            return
        if stage == self._stage and self._clock() - self._said_at < HEARTBEAT_SECONDS:
            return
        self._stage, self._said_at = stage, self._clock()
        self._print(self._out, shown)

    def _show(self, stream: TextIO, text: str) -> None:
        if self._live:
            self._print(self._out, "\r\x1b[K", end="")
        self._print(stream, text)
        if self._log:
            now = datetime.now(timezone.utc).isoformat(timespec="seconds")
            self._log.write(f"{now} {text}\n".encode())

    def _print(self, stream: TextIO, text: str, end: str = "\n") -> None:
        with suppress(OSError, ValueError):  # the terminal may have gone; the servers go on
            stream.write(text + end)
            stream.flush()
