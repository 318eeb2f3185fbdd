"""The wish to stop: Ctrl-C, `kill`, or a terminal that was closed."""

from __future__ import annotations

import signal
from types import FrameType, TracebackType
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopSignal:
    """Counts the signals that ask to stop, in place of what they would do."""

    def __init__(self) -> None:
        """Make it; the signals are taken over within `with`."""
        self.count = 0
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> StopSignal:
        """Take the signals over. Where `nohup` said to outlive the terminal, that stays so."""
        for number in _SIGNALS:
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the signals back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def __bool__(self) -> bool:
        """Whether somebody asked to stop."""
        return self.count > 0

    @property
    def at_once(self) -> bool:
        """Whether somebody asked twice and will not wait."""
        return self.count > 1

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
