"""The table of `python -m bot evaluate`, with a bot that is played."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.testing import evaluate as evaluate_module
from bot.testing.evaluate import Result, TurnOutcome, evaluate_files, table
from bot.testing.labelled import Dialogue, LabelledMessage
from bot.testing.labels import Reply
from tests.testing.replies import outcome, reply

GREETING = LabelledMessage("hello", "chat:greet")


class PlayedBot:
    """Takes every message for a greeting, and remembers in which conversation it came."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self._started = 0

    async def start(self) -> str:
        self._started += 1
        return f"c{self._started}"

    async def say(self, conversation: str, text: str) -> Reply:
        self.heard.append((conversation, text))
        return reply("greet", intent="greet", reasons=("classifier greet 0.91 against 0.40",), seconds=0.004)


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch) -> PlayedBot:
    played = PlayedBot()
    monkeypatch.setattr(evaluate_module, "in_process", lambda settings: played)
    return played


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "labelled.jsonl"
        path.write_text(text)
        return path

    return write


def test_each_message_is_said_in_a_conversation_of_its_own_and_a_dialogue_in_one(bot: PlayedBot) -> None:
    dialogue = Dialogue("d", "", (replace(GREETING, text="two"), replace(GREETING, text="three")))
    asyncio.run(evaluate_module.run([GREETING, replace(GREETING, text="one")], [dialogue], None))
    assert bot.heard == [("c1", "hello"), ("c2", "one"), ("c3", "two"), ("c3", "three")]


def test_figures_and_misses_are_printed(
    bot: PlayedBot, file: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = file('{"text": "hi", "expect": "chat:greet"}\n{"text": "I want to die", "expect": "helpline:crisis"}\n')
    assert evaluate_files([path]) == 0
    printed = capsys.readouterr().out
    for line in (
        "crisis noticed                        0.0%     0.0% –  79.3%  0/1",
        "chat                                100.0%    20.7% – 100.0%  1/1",
        "expected helpline:crisis, got chat greet (classifier greet 0.91 against 0.40): I want to die",
        "median 4.0 ms",
    ):
        assert line in printed


def test_without_a_miss_it_says_so() -> None:
    assert "Misses:\nnone" in table(Result((outcome("chat:greet", "greet"),), ()))


def test_a_dialogue_is_whole_when_all_its_turns_are_right() -> None:
    good = TurnOutcome(GREETING, reply("greet"))
    bad = TurnOutcome(replace(GREETING, text="I want to die", expect="helpline:crisis"), reply("greet"))
    printed = table(Result((), ((Dialogue("d-1", "", ()), (good,)), (Dialogue("d-2", "", ()), (good, bad)))))
    assert "dialogues whole" in printed
    assert "1/2" in printed
    assert "d-2, turn 2:" in printed
    assert "d-1" not in printed


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        ({}, True),
        ({"must": ("chatbot",)}, True),
        ({"must": ("words that are not said",)}, False),
        ({"must_not": ("words that are not said",)}, True),
        ({"must_not": ("chatbot",)}, False),
        ({"expect": "helpline:crisis"}, False),
        ({"expect": "helpline:crisis", "accept": ("chat:greet",)}, True),
    ],
)
def test_a_turn_is_right_when_its_label_holds_and_what_must_and_must_not_be_said(
    changes: dict[str, object], right: bool
) -> None:
    assert TurnOutcome(replace(GREETING, **changes), reply("greet")).right is right  # type: ignore[arg-type]
