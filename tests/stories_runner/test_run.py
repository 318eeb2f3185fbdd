"""`python -m bot stories`: what is played, what is written, and what the exit code says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import Code, SignpostError
from bot.settings import Settings
from bot.stories import run as running
from bot.stories import watch
from bot.stories.players import OneByOne
from bot.stories.players import _loop as new_loop
from bot.stories.run import Wish, run
from tests.stories_runner.builders import OUTLOOK, VOCABULARY, PlayedBot

PASSES = """\
test_cases:
- test_case: It holds
  steps:
  - user: "what's my outlook?"
  - route: answer
"""
FAILS = PASSES.replace("It holds", "It fails").replace("answer", "crisis")
BAD = PASSES.replace("It holds", "It is wrong").replace("route", "rote")


@pytest.fixture(autouse=True)
def played_bot(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """A bot that answers everything with the outlook, where the real one would take seconds to load."""

    @contextmanager
    def here(*_: object) -> Iterator[OneByOne]:
        with new_loop() as loop:
            yield OneByOne(PlayedBot([OUTLOOK] * 9), VOCABULARY, loop)

    monkeypatch.setattr(running, "here", here)
    settings.model_file.parent.mkdir(parents=True)
    settings.model_file.touch()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "stories"
    path.mkdir()
    return path


def write(folder: Path, *texts: str) -> Wish:
    for number, text in enumerate(texts):
        (folder / f"{number}.yml").write_text(text)
    return Wish((folder,))


@pytest.mark.parametrize(("texts", "status"), [([PASSES], 0), ([PASSES, FAILS], 1), ([PASSES, FAILS, BAD], 2)])
def test_the_exit_code_says_what_came_of_it(folder: Path, settings: Settings, texts: list[str], status: int) -> None:
    assert run(write(folder, *texts), settings) == status


def test_with_a_bad_file_nothing_is_played_and_every_mistake_is_told(
    folder: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(write(folder, BAD, PASSES, BAD.replace("wrong", "bad")), settings) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert [line[:6] for line in captured.err.splitlines()] == ["[E712]", "[E712]"]


def test_stories_are_chosen_by_a_part_of_their_name(
    folder: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    wish = write(folder, PASSES, FAILS)
    assert run(replace(wish, name="HOLDS"), settings) == 0
    assert run(replace(wish, name="It hods"), settings) == 2
    assert "[E715] No story has It hods in its name. Did you mean It holds" in capsys.readouterr().err


def test_a_folder_without_stories_is_an_error(folder: Path, settings: Settings) -> None:
    assert run(Wish((folder,)), settings) == 2


def test_without_a_model_it_says_so(folder: Path, settings: Settings) -> None:
    settings.model_file.unlink()
    with pytest.raises(SignpostError) as error:
        run(write(folder, PASSES), settings)
    assert error.value.code is Code.E403


def test_a_model_of_other_data_is_told_and_played(
    folder: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(write(folder, PASSES), settings) == 0
    assert capsys.readouterr().err.startswith("[E402]")


def test_reports_are_written(folder: Path, settings: Settings, tmp_path: Path) -> None:
    wish = replace(write(folder, PASSES, FAILS), junit=tmp_path / "j.xml", html=tmp_path / "r.html", coverage=True)
    assert run(wish, settings) == 1
    assert ElementTree.parse(tmp_path / "j.xml").getroot().get("failures") == "1"
    page = (tmp_path / "r.html").read_text()
    assert "1 of 2 stories failed" in page
    assert "What the stories reach" in page


@pytest.mark.parametrize("option", ["junit", "html"])
def test_a_report_that_cannot_be_written_is_told_before_anything_is_played(
    folder: Path, settings: Settings, tmp_path: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "missing" / "report"
    wish = write(folder, PASSES)
    wish = replace(wish, junit=path) if option == "junit" else replace(wish, html=path)
    assert run(wish, settings) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("[E008]")


def test_coverage_that_is_required_and_not_full_is_a_failure(
    folder: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    wish = write(folder, PASSES)
    assert run(replace(wish, coverage=True), settings) == 0
    assert run(replace(wish, require_full=True), settings) == 1
    assert "Not all blocks and rules are reached." in capsys.readouterr().out


def test_coverage_cannot_be_seen_from_outside(
    folder: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(replace(write(folder, PASSES), live="http://x", coverage=True), settings) == 2
    assert capsys.readouterr().err.startswith("[E719]")


def test_a_gateway_that_is_not_there_is_an_error(folder: Path, settings: Settings, free_port: Any) -> None:
    with pytest.raises(SignpostError) as error:
        run(replace(write(folder, PASSES), live=f"http://127.0.0.1:{free_port()}"), settings)
    assert error.value.code is Code.E701


def test_while_it_watches_each_change_is_played(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wish = replace(write(folder, PASSES), watch=True)
    changes = iter([(folder / "0.yml", BAD), (folder / "0.yml", FAILS), (settings.approved_dir / "x.yml", None)])

    def wait(*_: object) -> set[Path]:
        try:
            path, text = next(changes)
        except StopIteration:
            raise KeyboardInterrupt from None
        if text:
            path.write_text(text)
        return {path}

    monkeypatch.setattr(watch, "wait", wait)
    assert run(wish, settings) == 1
    captured = capsys.readouterr()
    told = [line.split()[0] for line in captured.out.splitlines() if line.startswith(("passed", "FAILED"))]
    assert told == ["passed", "FAILED", "FAILED"]
    assert "[E712]" in captured.err


@pytest.mark.parametrize("options", [["-k", "holds"], ["--name", "holds"], ["--jobs", "1"]])
def test_options_may_stand_before_and_behind_the_paths(
    folder: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    wishes: list[Wish] = []
    monkeypatch.setattr(running, "run", lambda wish, settings: wishes.append(wish) or 7)
    assert CliRunner().invoke(app, ["stories", str(folder), *options]).exit_code == 7
    assert CliRunner().invoke(app, ["stories", *options, str(folder)]).exit_code == 7
    assert wishes[0] == wishes[1]
    assert wishes[0].paths == (folder,)


def test_without_paths_all_stories_are_played(monkeypatch: pytest.MonkeyPatch) -> None:
    wishes: list[Wish] = []
    monkeypatch.setattr(running, "run", lambda wish, settings: wishes.append(wish) or 0)
    assert CliRunner().invoke(app, ["stories"]).exit_code == 0
    assert wishes[0].sources == (running.FOLDER,)
