"""One child process: its output kept, and ended with all that it started."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.run.logs import RotatingLog
from bot.run.processes import Child, Guard
from tests.run.conftest import Notes, is_alive, stand_in, wait_until

Start = Callable[..., Child]


@pytest.fixture
def log(tmp_path: Path) -> RotatingLog:
    return RotatingLog(tmp_path / "child.log")


@pytest.fixture
def start(log: RotatingLog, guard: Guard) -> Iterator[Start]:
    """Starts stand-ins as children, and ends them after the test."""
    children = []

    def start(*options: object) -> Child:
        children.append(Child(stand_in(*options), {}, log, guard))
        return children[-1]

    yield start
    for child in children:
        child.send(signal.SIGKILL)
        wait_until(lambda child=child: child.poll() is not None)  # type: ignore[misc]


def run_code(code: str, log: RotatingLog, guard: Guard, env: dict[str, str] | None = None) -> Child:
    """Run a line of Python to its end."""
    child = Child((sys.executable, "-c", code), env or {}, log, guard)
    wait_until(lambda: child.poll() is not None)
    return child


def test_a_child_that_runs_has_no_status_and_one_that_ended_has_it(start: Start) -> None:
    child = start()
    assert child.poll() is None
    child.send(signal.SIGKILL)
    wait_until(lambda: child.poll() is not None)
    assert child.poll() == -signal.SIGKILL


def test_output_goes_to_the_log_and_its_end_is_kept(start: Start, log: RotatingLog) -> None:
    child = start("--say", "hello", "--exit", 3)
    wait_until(lambda: child.poll() is not None)
    assert (child.poll(), child.last_lines, log.path.read_text()) == (3, ("hello",), "hello\n")


def test_the_coded_line_is_found_behind_time_and_colour(log: RotatingLog, guard: Guard) -> None:
    child = run_code(r"print('12:00 \x1b[1m[E402] The model is stale.\x1b[0m'); print('bye')", log, guard)
    assert child.coded_line == "[E402] The model is stale."


def test_output_without_a_code_has_no_coded_line(log: RotatingLog, guard: Guard) -> None:
    assert run_code("print('[Exyz] no code')", log, guard).coded_line is None


def test_of_a_progress_bar_only_the_end_is_kept(log: RotatingLog, guard: Guard) -> None:
    assert run_code(r"print('10 %\r50 %\r100 %')", log, guard).last_lines == ("100 %",)


def test_output_that_is_no_text_does_not_matter(log: RotatingLog, guard: Guard) -> None:
    child = run_code(r"import sys; sys.stdout.buffer.write(b'\xff\xfe\n' + b'x' * 200_000)", log, guard)
    assert child.poll() == 0


def test_a_child_gets_its_variables_and_no_input_and_makes_private_files(
    log: RotatingLog, guard: Guard, tmp_path: Path
) -> None:
    code = f"import os, sys; print(os.environ['HUE'], repr(sys.stdin.read())); open({str(tmp_path / 'made')!r}, 'w')"
    assert run_code(code, log, guard, {"HUE": "blue"}).last_lines == ("blue ''",)
    assert (tmp_path / "made").stat().st_mode & 0o077 == 0


def test_what_a_dead_child_left_behind_is_ended(start: Start, notes: Notes) -> None:
    child = start("--noted", notes.path, "--grandchild", "--exit", 0)
    wait_until(lambda: child.poll() is not None)
    _, grandchild = notes.pids("start")
    wait_until(lambda: not is_alive(grandchild))


def test_a_signal_reaches_grandchildren(start: Start, notes: Notes) -> None:
    child = start("--noted", notes.path, "--grandchild")
    wait_until(lambda: len(notes.pids("start")) == 2)
    child.send(signal.SIGKILL)
    wait_until(lambda: not any(map(is_alive, notes.pids("start"))))
    assert child.poll() == -signal.SIGKILL


def test_a_child_is_no_part_of_our_own_group(start: Start, notes: Notes) -> None:
    start("--noted", notes.path)
    wait_until(lambda: notes.pids("start"))
    assert os.getpgid(notes.pids("start")[0]) != os.getpgrp()


def test_when_the_guard_ends_nothing_is_left(log: RotatingLog, notes: Notes) -> None:
    with Guard() as guard:
        child = Child(stand_in("--noted", notes.path, "--grandchild", "--stubborn"), {}, log, guard)
        wait_until(lambda: len(notes.pids("start")) == 2)
    wait_until(lambda: child.poll() is not None)
    assert not any(map(is_alive, notes.pids("start")))
    assert notes.pids("stop"), "they were asked before they were killed"


def test_a_guard_that_was_killed_stops_nobody(log: RotatingLog) -> None:
    with Guard() as guard:
        guard._program.kill()
        guard._program.wait()
        child = Child(stand_in("--exit", 0), {}, log, guard)
        wait_until(lambda: child.poll() is not None)
