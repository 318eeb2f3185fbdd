"""What the person who typed `make run` sees."""

from __future__ import annotations

import io
from pathlib import Path

from bot.run.console import HEARTBEAT_SECONDS, Console
from bot.run.logs import RotatingLog


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Gone(io.StringIO):
    """A terminal that was closed."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_on_a_terminal_progress_stays_on_one_line() -> None:
    terminal = Terminal()
    console = Console(None, terminal, terminal)
    console.progress("reading", 1)
    console.progress("reading", 1.2)
    console.progress("training", 2.4)
    console.line("Trained.")
    assert terminal.getvalue() == "\r  reading (1 s)\x1b[K\r  training (2 s)\x1b[K\r\x1b[KTrained.\n"


def test_elsewhere_progress_is_said_when_it_changes_or_lasts() -> None:
    now = 100.0
    out = io.StringIO()
    console = Console(None, out, out, clock=lambda: now)
    console.progress("reading", 0)
    console.progress("reading", 1)
    console.progress("training", 2)
    now += HEARTBEAT_SECONDS
    console.progress("training", 32)
    assert out.getvalue().splitlines() == ["  reading (0 s)", "  training (2 s)", "  training (32 s)"]


def test_errors_go_to_standard_error_and_both_to_the_log(tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    console = Console(RotatingLog(tmp_path / "run.log"), out, err)
    console.line("Ready.")
    console.error("[E005] It stopped.")
    console.progress("starting", 3)
    assert (out.getvalue(), err.getvalue()) == ("Ready.\n  starting (3 s)\n", "[E005] It stopped.\n")
    logged = (tmp_path / "run.log").read_text().splitlines()
    assert [line.split(" ", 1)[1] for line in logged] == ["Ready.", "[E005] It stopped."]


def test_a_terminal_that_was_closed_stops_nobody() -> None:
    Console(None, Gone(), Gone()).line("Nobody reads this.")
