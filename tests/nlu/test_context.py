"""What a message may lean on, and numbers as picks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.context import Context, picked, topic_of
from tests.nlu.builders import after, turn

OFFERED = ("ask_outlook", "ask_curable", "ask_names")


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("1", 0),
        ("2", 1),
        ("3.", 2),
        ("two", 1),
        ("the second one please", 1),
        ("The Second One, please!", 1),
        ("number 3", 2),
        ("option two", 1),
        ("no. 1", 0),
        ("first", 0),
        ("the last one", 2),
        ("I'd like the first one", 0),
        ("can i have number 2 please", 1),
        ("  2  ", 1),
        ("(2)", 1),
    ],
)
def test_a_message_that_is_nothing_but_a_pick_picks(text: str, which: int) -> None:
    assert picked(text, OFFERED) == OFFERED[which]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4",
        "0",
        "9",
        "22",
        "2 years?",
        "stage 2",
        "is it the first sign",
        "one of my friends died",
        "I can't go on with number two",
        "two please tell me how long",
    ],
)
def test_whatever_says_more_or_was_not_offered_picks_nothing(text: str) -> None:
    assert picked(text, OFFERED) is None


@given(st.text(max_size=40))
def test_nothing_offered_nothing_picked(text: str) -> None:
    assert picked(text, ()) is None


@given(st.text(max_size=40), st.lists(st.sampled_from(OFFERED), unique=True, max_size=3))
def test_only_what_was_offered_is_picked(text: str, offered: list[str]) -> None:
    choice = picked(text, offered)
    assert choice is None or choice in offered


def test_before_the_first_message_there_is_nothing_to_lean_on() -> None:
    context = Context()
    assert (context.last, context.topic, context.in_hard_talk) == (None, None, False)


def test_the_topic_is_the_last_answer_however_long_ago() -> None:
    assert after("ask_names", "ask_outlook", "thanks", "human").topic == "ask_outlook"


def test_an_answer_said_again_keeps_its_topic() -> None:
    context = Context([turn("ask_names"), turn("repeat", topic="ask_names")])
    assert context.topic == "ask_names"


@pytest.mark.parametrize("intent", ["complex", "greet", "unclear", "crisis_self", "distress"])
def test_what_is_no_answer_has_no_topic(intent: str) -> None:
    assert topic_of(turn(intent)) is None


@pytest.mark.parametrize("intent", ["distress", "emergency", "crisis_self", "crisis_other"])
def test_a_hard_talk_stays_one(intent: str) -> None:
    assert after(intent, "ask_names", "thanks").in_hard_talk


def test_asks_in_a_row_are_counted_back_from_the_last() -> None:
    assert after("ask_outlook", "ask_names", "ask_outlook", "ask_outlook").asks_in_a_row("ask_outlook") == 2
    assert after("ask_outlook", "ask_outlook", "thanks").asks_in_a_row("ask_outlook") == 0
    assert Context().asks_in_a_row("ask_outlook") == 0
