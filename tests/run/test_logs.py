"""Log files that end at a size."""

from __future__ import annotations

import stat
from pathlib import Path

from bot.run.logs import RotatingLog


def test_a_full_log_makes_room_and_the_oldest_goes(tmp_path: Path) -> None:
    log = RotatingLog(tmp_path / "x.log", max_bytes=10, kept=2)
    for number in range(1, 6):
        log.write(b"line %d, long\n" % number)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "x.log": "line 5, long\n",
        "x.log.1": "line 4, long\n",
        "x.log.2": "line 3, long\n",
    }


def test_colours_of_a_terminal_are_left_out(tmp_path: Path) -> None:
    RotatingLog(tmp_path / "x.log").write(b"\x1b[31mred\x1b[0m\n")
    assert (tmp_path / "x.log").read_text() == "red\n"


def test_only_the_owner_can_read_a_log(tmp_path: Path) -> None:
    RotatingLog(tmp_path / "x.log").write(b"line\n")
    assert stat.S_IMODE((tmp_path / "x.log").stat().st_mode) == 0o600


def test_a_log_that_cannot_be_written_stops_nobody() -> None:
    RotatingLog(Path("/dev/full")).write(b"this disk is full\n")
    RotatingLog(Path("/proc/nothing/x.log")).write(b"this folder is none\n")
