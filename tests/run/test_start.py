"""`python -m bot run` when something is not in order: one line that says what and what to do, and no traceback."""

from __future__ import annotations

import os
import resource
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.blocks.check import Report
from bot.blocks.checks.material import Problem
from bot.errors import Code, SignpostError
from bot.run import start
from bot.run.console import Console
from bot.run.environment import service_environment
from bot.run.processes import Guard
from bot.settings import ROOT, Settings
from tests.run.conftest import Screen, Wish

Refusal = Callable[..., str]


@pytest.fixture
def refusal(settings: Settings) -> Refusal:
    """Runs `python -m bot run`, which must fail with exactly one line."""

    def run(preexec: Callable[[], None] | None = None, **variables: str) -> str:
        env = {**os.environ, **service_environment(settings), **variables}
        command = [sys.executable, "-m", "bot", "run"]
        done = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, preexec_fn=preexec, timeout=90
        )
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        return done.stderr.strip()

    return run


def test_a_port_in_use(refusal: Refusal, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", settings.rasa_port)):
        line = refusal()
    assert line == Code.E002.text(port=settings.rasa_port, service="dialogue engine", setting="SIGNPOST_RASA_PORT")


def test_a_setting_that_is_no_port(refusal: Refusal) -> None:
    assert refusal(SIGNPOST_GATEWAY_PORT="eighty").startswith("[E001] The setting SIGNPOST_GATEWAY_PORT is not valid")


def test_a_folder_that_cannot_be_written(refusal: Refusal) -> None:
    assert refusal(SIGNPOST_VAR_DIR="/proc/signpost").startswith("[E008] /proc/signpost cannot be written")


def test_a_disk_that_takes_nothing_more(refusal: Refusal, settings: Settings) -> None:
    def take_nothing() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    assert refusal(take_nothing).startswith(f"[E008] {settings.var_dir} cannot be written")


def test_a_full_disk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(ROOT)._replace(free=7_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(SignpostError) as caught:
        start.prepare(settings)
    assert str(caught.value).startswith(f"[E003] Only 7 MB are free on the disk of {settings.var_dir}")


def test_a_missing_package(refusal: Refusal, tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise ModuleNotFoundError('gone', name='typer')\n")
    line = refusal(PYTHONPATH=str(tmp_path))
    assert line == Code.E004.text(package="typer", problem="it is not installed")


def test_a_database_that_cannot_be_reached(refusal: Refusal, free_port: Callable[[], int]) -> None:
    line = refusal(DATABASE_URL=f"postgresql://nurse:hunter2@127.0.0.1:{free_port()}/signpost")
    assert line.startswith("[E600] The database at postgresql://nurse:***@127.0.0.1")


def test_folders_are_private(settings: Settings) -> None:
    start.prepare(settings)
    for folder in (settings.var_dir, settings.var_dir / "logs", settings.model_dir):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def report(monkeypatch: pytest.MonkeyPatch, *problems: Problem) -> None:
    monkeypatch.setattr("bot.blocks.check.run_checks", lambda settings: Report(problems))


ERROR = Problem.of(Code.E108, id="house.greet")
WARNING = Problem.of(Code.W101, leaflet="secondary", due="2017")


def test_an_error_in_the_approved_text_stops_the_start(
    settings: Settings, console: Console, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(monkeypatch, ERROR, WARNING)
    assert not start.check_approved_text(settings, console)
    assert screen.lines == [ERROR.message]


def test_warnings_are_counted_and_stop_nothing(
    settings: Settings, console: Console, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(monkeypatch, WARNING)
    assert start.check_approved_text(settings, console)
    assert screen.lines == ["The approved text is in order, with 1 warning; `make check` shows it."]


def test_approved_text_without_a_problem_is_not_worth_a_line(
    settings: Settings, console: Console, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(monkeypatch)
    assert start.check_approved_text(settings, console)
    assert screen.lines == []


@pytest.fixture
def nothing_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "train", lambda *_: True)


@pytest.mark.usefixtures("nothing_trains")
def test_a_wrong_safety_pattern_is_told_before_training(
    settings: Settings, console: Console, guard: Guard, wish: Wish, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "words.yml").write_text("- this is no mapping\n")
    monkeypatch.setattr(Settings, "safety_dir", tmp_path)
    with pytest.raises(SignpostError, match=r"^\[E200\]"):
        start.train_if_needed(settings, console, guard, wish)


@pytest.mark.usefixtures("nothing_trains")
def test_the_reason_for_training_is_told(
    settings: Settings, console: Console, guard: Guard, wish: Wish, screen: Screen
) -> None:
    assert start.train_if_needed(settings, console, guard, wish)
    assert start.train_if_needed(settings, console, guard, wish, force=True)
    assert [line.split(".")[0] for line in screen.lines] == [
        "Training the model: there is no model yet",
        "Training the model: as you asked",
    ]
