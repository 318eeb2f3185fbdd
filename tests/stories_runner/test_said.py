"""Which reply of domain.yml a visitor can have read, seen from outside."""

from __future__ import annotations

from typing import Any

import pytest

from bot.blocks.script import DECIDED, TOPIC, Line
from bot.stories.said import fitting
from tests.stories_runner.builders import VOCABULARY, said

SCRIPT = VOCABULARY.script


def spelt_out(line: Line, topic: str = "utter_ask_outlook", decided: tuple[str, ...] = ("ask_curable",)) -> list[Any]:
    """What a visitor gets with a line of the script."""
    blocks = [block for name in line.blocks for block in (SCRIPT[topic].blocks if name == TOPIC else (name,))]
    choices = [choice for name in line.choices for choice in (decided if name == DECIDED else (name,))]
    return [line.route.value, blocks, list(dict.fromkeys(choices))]


@pytest.mark.parametrize("line", list(SCRIPT), ids=lambda line: line.utter)
def test_every_reply_is_recognised_by_what_it_says(line: Line) -> None:
    assert line.utter in fitting(SCRIPT, *spelt_out(line))


def test_a_topic_that_is_offered_anyway_stands_once() -> None:
    distress = spelt_out(SCRIPT["utter_distress"], decided=("ask_talking",))
    assert fitting(SCRIPT, *distress) == ("utter_distress",)


@pytest.mark.parametrize(
    ("route", "blocks", "choices"),
    [
        ("crisis", ["secondary.outlook"], ["ask_treatment", "ask_curable", "ask_uncertainty"]),
        ("answer", ["secondary.curable"], ["ask_treatment", "ask_curable", "ask_uncertainty"]),
        ("answer", ["secondary.outlook"], ["ask_treatment"]),
        ("distress", ["house.distress", "house.helpline"], ["ask_outlook"]),
        ("answer", [], []),
    ],
)
def test_what_no_reply_says_is_none_of_them(route: str, blocks: list[str], choices: list[str]) -> None:
    assert fitting(SCRIPT, route, blocks, choices) == ()


def test_the_blocks_of_a_reply_are_in_the_order_that_they_were_said() -> None:
    assert said("crisis", ["house.crisis_self", "house.helpline"]).blocks == ("house.crisis_self", "house.helpline")
