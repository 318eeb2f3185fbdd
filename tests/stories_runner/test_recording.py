"""Recording: a conversation becomes a story that says what was said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.decision import SpokenBlock
from bot.errors import Code, SignpostError
from bot.routes import Route
from bot.settings import Settings
from bot.stories import recording
from bot.stories.recording import Act, Terminal, acts_of, converse, record, transcript
from bot.stories.story import Key, Story
from bot.triage.service import Triage
from tests.stories_runner.builders import GREETING, OUTLOOK, VOCABULARY, PlayedBot, step
from tests.triage.databases import NOON, decide, sqlite_template, sqlite_triage, sqlite_url  # noqa: F401 - fixtures


def typed(*lines: str) -> tuple[Terminal, list[str]]:
    told: list[str] = []
    rest = iter([f"{line}\n" for line in lines])
    return Terminal(VOCABULARY, lambda: next(rest, ""), told.append), told


async def held(*lines: str) -> tuple[Story, str]:
    terminal, told = typed(*lines)
    visit = await PlayedBot([OUTLOOK, OUTLOOK, OUTLOOK]).visit()
    return await converse(visit, terminal, "A title", told.append), "".join(told)


async def test_what_is_said_is_what_must_be_said() -> None:
    story, told = await held("what's my outlook?", "/2", "/end", "never said")
    checks = (
        step(Key.ROUTE, "answer"),
        step(Key.BLOCKS, "secondary.outlook"),
        step(Key.CHOICES, "ask_treatment", "ask_curable", "ask_uncertainty"),
        step(Key.CASE, "none"),
    )
    asks, presses = step(Key.USER, "what's my outlook?"), step(Key.CHOOSE, "ask_curable")
    assert story == Story("A title", (asks, *checks, presses, *checks))
    assert "  /2  Can it be cured?\n" in told
    assert "[answer, case none]" in told


async def test_an_empty_line_is_an_empty_message_and_the_end_of_input_ends_it() -> None:
    story, _ = await held("", "  ")
    assert [one.value for one in story.steps if one.key is Key.USER] == ["", "  "]


@pytest.mark.parametrize("line", ["/9", "/0", "/x", "/", "/-1"])
async def test_a_choice_that_is_not_there_is_asked_for_again(line: str) -> None:
    story, told = await held(line, "/1")
    assert story.steps[0] == step(Key.CHOOSE, GREETING.choices[0])
    assert "Press a choice with / and its number" in told


async def test_nothing_said_is_no_story() -> None:
    story, _ = await held()
    assert story.steps == ()


async def test_ctrl_c_ends_it_and_keeps_what_was_said() -> None:
    lines = iter(["hello\n"])

    def read() -> str:
        for line in lines:
            return line
        raise KeyboardInterrupt

    terminal = Terminal(VOCABULARY, read, lambda text: None)
    story = await converse(await PlayedBot([OUTLOOK]).visit(), terminal, "A title", lambda text: None)
    assert [one.value for one in story.steps if one.key is Key.USER] == ["hello"]


async def replayed(*acts: Act) -> tuple[Story, str]:
    told: list[str] = []
    rest = iter(acts)
    visit = await PlayedBot([OUTLOOK, OUTLOOK]).visit()
    return await converse(visit, lambda said: next(rest, None), "A title", told.append), "".join(told)


async def test_an_answer_that_was_another_one_then_is_told() -> None:
    same, other = Act(Key.USER, "a", ("secondary.outlook",)), Act(Key.USER, "b", ("secondary.curable",))
    _, told = await replayed(same, other)
    assert told == "Answered otherwise than before: secondary.outlook, not secondary.curable.\n"


async def test_a_choice_that_is_not_offered_any_more_ends_it() -> None:
    story, told = await replayed(Act(Key.USER, "a"), Act(Key.CHOOSE, "menu"), Act(Key.USER, "b"))
    assert [one.value for one in story.steps if one.key.is_act] == ["a"]
    assert "menu is not offered any more" in told


@pytest.fixture
def kept(sqlite_triage: Triage, sqlite_url: str, settings: Settings) -> tuple[Settings, str]:  # noqa: F811
    """A chat in the database, and its reference code."""
    new = sqlite_triage.start_conversation(NOON)
    spoken = (SpokenBlock("secondary.outlook", "0" * 64),)
    for number, (text, choice) in enumerate([(None, None), ("ring me on [phone number]", None), (None, "menu")]):
        sqlite_triage.record_turn(
            new.id,
            message_id=f"m{number}",
            text=text,
            choice=choice,
            decision=decide(Route.ANSWER),
            blocks=spoken,
            choices=(),
            now=NOON + timedelta(seconds=number),
        )
    return Settings.load({"DATABASE_URL": sqlite_url, "SIGNPOST_VAR_DIR": str(settings.var_dir)}), new.reference


def test_a_chat_is_taken_from_the_database_as_it_is_kept(kept: tuple[Settings, str]) -> None:
    settings, reference = kept
    acts = list(acts_of(transcript(settings, reference.lower())))
    said = ("secondary.outlook",)
    assert acts == [Act(Key.USER, "ring me on [phone number]", said), Act(Key.CHOOSE, "menu", said)]


def test_a_code_that_belongs_to_no_chat_is_told(kept: tuple[Settings, str]) -> None:
    with pytest.raises(SignpostError) as error:
        transcript(kept[0], "ZZZ-99")
    assert error.value.code is Code.E716


def test_no_story_is_overwritten(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "x.yml").touch()
    with pytest.raises(SignpostError) as error:
        record(settings, out=tmp_path / "x.yml")
    assert error.value.code is Code.E718


def test_a_file_that_cannot_be_written_is_told_before_the_talk(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(SignpostError) as error:
        record(settings, out=tmp_path / "missing" / "x.yml")
    assert error.value.code is Code.E008


@pytest.mark.parametrize("from_chat", [False, True])
def test_a_story_without_a_name_is_named_after_its_date_and_time(
    kept: tuple[Settings, str], monkeypatch: pytest.MonkeyPatch, from_chat: bool
) -> None:
    titles: list[str] = []

    def hold(settings: Settings, vocabulary: object, ask: object, title: str, say: object) -> Story:
        titles.append(title)
        return Story(title, ())

    monkeypatch.setattr(recording, "_hold", hold)
    record(kept[0], case=kept[1] if from_chat else None)
    assert re.fullmatch(r"Recorded (from a chat )?on \d{4}-\d\d-\d\d at \d\d:\d\d:\d\d UTC", titles[0])


@pytest.fixture
def story(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Story]]:
    """Stands for holding the conversation."""
    stories = [Story("A title", (step(Key.USER, "hello"), step(Key.ROUTE, "chat")))]
    monkeypatch.setattr(recording, "_hold", lambda settings, vocabulary, ask, title, say: stories[-1])
    yield stories


def test_a_file_is_written_and_how_to_play_it_is_told(
    tmp_path: Path, settings: Settings, story: list[Story], capsys: pytest.CaptureFixture[str]
) -> None:
    assert record(settings, out=tmp_path / "x.yml") == 0
    assert (tmp_path / "x.yml").read_text().startswith("test_cases:\n- test_case: A title\n")
    assert f"python -m bot stories {tmp_path / 'x.yml'}" in capsys.readouterr().err


def test_somebody_s_own_words_are_not_kept_without_a_warning(
    kept: tuple[Settings, str], story: list[Story], capsys: pytest.CaptureFixture[str]
) -> None:
    settings, reference = kept
    assert record(settings, case=reference) == 0
    assert capsys.readouterr().out.startswith("# Recorded from a chat. Put the visitor's words into other words")


def test_where_nothing_was_said_nothing_is_written(tmp_path: Path, settings: Settings, story: list[Story]) -> None:
    story.append(Story("A title", ()))
    assert record(settings, out=tmp_path / "x.yml") == 1
    assert not (tmp_path / "x.yml").exists()


def test_the_command_passes_on_what_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(recording, "record", lambda settings, **wish: asked.append(wish) or 5)
    command = ["stories", "record", "--case", "K7Q-42", "--name", "A name", "--out", "x.yml"]
    assert CliRunner().invoke(app, command).exit_code == 5
    assert asked == [{"case": "K7Q-42", "name": "A name", "out": Path("x.yml")}]
