"""Log files that end at a size. A log that cannot be written never stops the program that writes it."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

MAX_BYTES = 2_000_000
KEPT = 3

_COLOUR = re.compile(rb"\x1b\[[0-9;]*[A-Za-z]")


class RotatingLog:
    """A log file; when it is full it becomes NAME.1, that one NAME.2, and so on."""

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES, kept: int = KEPT) -> None:
        """Make a log; the file is opened with the first line.

        Args:
            path: The newest file.
            max_bytes: About how large a file may become.
            kept: How many older files are kept.
        """
        self.path = path
        self._max_bytes = max_bytes
        self._kept = kept

    def write(self, line: bytes) -> None:
        """Append a line, without terminal colours. On a full disk the line is lost and the program goes on.

        Args:
            line: One line with its line end.
        """
        with suppress(OSError):
            self._turn()
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, _COLOUR.sub(b"", line))
            finally:
                os.close(descriptor)

    def _turn(self) -> None:
        if not self.path.exists() or self.path.stat().st_size < self._max_bytes:
            return
        for number in range(self._kept, 0, -1):
            older = self._numbered(number - 1)
            if older.exists():
                older.replace(self._numbered(number))

    def _numbered(self, number: int) -> Path:
        return self.path if number == 0 else self.path.with_name(f"{self.path.name}.{number}")
