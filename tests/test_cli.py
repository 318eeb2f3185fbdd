"""The command line: thin commands, and errors of one line with a code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bot.__main__ as program
from bot.blocks.library import Library
from bot.cli import app
from bot.errors import Code, SignpostError
from bot.run import start
from bot.settings import ROOT, Settings

COMMANDS = {"run", "train", "check", "seal", "blocks", "migrate", "retention", "evaluate", "explain", "stories"} | {
    "script-book",
    "safety-case",
    "audit",
    "staff",
}


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m bot` as people do."""
    command = [sys.executable, "-m", "bot", *arguments]
    env = {**os.environ, **variables}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=100, check=False)


def test_help_names_every_command() -> None:
    output = CliRunner().invoke(app, ["--help"]).output
    assert set(COMMANDS) <= set(output.split())


def test_every_command_has_help_of_its_own() -> None:
    for command in COMMANDS:
        result = CliRunner().invoke(app, [command, "--help"])
        assert result.exit_code == 0
        assert f"Usage: root {command}" in result.output or f" {command} " in result.output


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(app, ["sing"]).exit_code == 2


def test_blocks_lists_every_block() -> None:
    listed = [line.split()[0] for line in CliRunner().invoke(app, ["blocks"]).output.splitlines()]
    assert listed == [block.id for block in Library.load(Settings.load().approved_dir)]


def test_migrate_makes_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    result = CliRunner().invoke(app, ["migrate"])
    assert (result.exit_code, result.output) == (0, "The database is up to date.\n")
    assert (tmp_path / "new.db").exists()


@pytest.mark.parametrize(("option", "force"), [([], False), (["--force"], True)])
def test_train_passes_on_its_wish_and_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, option: list[str], force: bool
) -> None:
    monkeypatch.setattr(start, "run_training", lambda settings, *, force: 10 + force)
    assert CliRunner().invoke(app, ["train", *option]).exit_code == 10 + force


def test_run_passes_on_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "run", lambda settings: 7)
    assert CliRunner().invoke(app, ["run"]).exit_code == 7


def test_a_file_to_evaluate_must_be_there() -> None:
    result = CliRunner().invoke(app, ["evaluate", "absent.jsonl"])
    assert result.exit_code == 2
    assert "absent.jsonl" in result.output


def test_an_error_with_a_code_is_one_line_without_a_traceback() -> None:
    done = run("migrate", SIGNPOST_RASA_PORT="0")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("[E001] The setting SIGNPOST_RASA_PORT is not valid")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (SignpostError(Code.E403, path="models"), Code.E403.text(path="models")),
        (OSError(28, "No space left on device", "x.db"), "[E008] x.db cannot be written: No space left on device."),
        (OSError(28, "No space left on device"), "[E008] A file cannot be written: No space left on device."),
        (ModuleNotFoundError(name="httpx"), "[E004] The package httpx is missing or damaged: it is not installed."),
    ],
)
def test_what_goes_wrong_in_a_command_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, line: str
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr("bot.cli.app", fail)
    assert program.main() == 1
    told = capsys.readouterr().err
    assert told.startswith(line)
    assert told.count("\n") == 1


def test_an_error_that_nobody_foresaw_is_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ConnectionError("a defect")

    monkeypatch.setattr("bot.cli.app", fail)
    with pytest.raises(ConnectionError):
        program.main()


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m bot blocks | head -n 1"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert (done.stdout.count("\n"), done.stderr) == (1, "")
