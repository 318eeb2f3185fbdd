"""Explaining a message: what is shown of a decision, and nothing beside it."""

from __future__ import annotations

import warnings

import pytest

from bot.routes import Route
from bot.settings import Settings
from bot.testing import bots
from bot.testing import explain as explaining
from bot.testing.explain import explain, lines_of
from bot.testing.labels import Reply
from tests.testing.replies import reply


def test_texts_are_shown_whole() -> None:
    answer = reply("ask_names")
    shown = "\n".join(line[9:] for line in lines_of(answer) if line[:9] in ("says     ", " " * 9, ""))
    assert shown == "\n".join(answer.texts)


def test_reasons_stand_with_score_and_threshold_as_they_were() -> None:
    reasons = ("classifier ask_outlook 0.35 against 0.60", "classifier ask_curable 0.31 against 0.60")
    lines = list(lines_of(reply("unclear", reasons=reasons, choices=("ask_outlook", "ask_curable"))))
    assert [line for line in lines if line.startswith("because")] == [f"because  {reason}" for reason in reasons]
    assert lines[-2:] == ["offers   ask_outlook", "offers   ask_curable"]


@pytest.mark.parametrize(
    ("intent", "level"),
    [
        ("crisis_self", "immediate"),
        ("emergency", "urgent"),
        ("distress", "soon"),
        ("human", "routine"),
        ("ask_outlook", "none"),
    ],
)
def test_the_level_of_the_case_is_told(intent: str, level: str) -> None:
    assert f"case     {level}" in lines_of(reply(intent))


def test_warnings_of_libraries_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    class Bot:
        async def start(self) -> str:
            return "a conversation"

        async def say(self, conversation: str, text: str) -> Reply:
            return reply("greet")

    def load(settings: Settings) -> Bot:
        warnings.warn("old", DeprecationWarning, stacklevel=1)  # an error, if it came through
        return Bot()

    monkeypatch.setattr(explaining, "in_process", load)
    monkeypatch.setattr(bots, "QUIET", {})
    assert explain("hello").startswith(f"route    {Route.CHAT.value}\n")
