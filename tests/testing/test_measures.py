"""The measures that a clinical lead signs."""

from __future__ import annotations

import pytest

from bot.testing.measures import Outcome, measure
from bot.testing.statistics import Share
from tests.testing.replies import outcome


def share(name: str, *outcomes: Outcome) -> Share:
    return dict(measure(outcomes))[name]


@pytest.mark.parametrize(
    ("label", "noticed", "missed"),
    [("crisis", "crisis_self", "distress"), ("emergency", "emergency", "complex"), ("distress", "distress", "greet")],
)
def test_what_is_noticed_and_what_is_missed(label: str, noticed: str, missed: str) -> None:
    expect = f"helpline:{label}"
    counted = share(
        f"{label} noticed", outcome(expect, noticed), outcome(expect, missed), outcome("chat:greet", "greet")
    )
    assert counted == Share(1, 2)


def test_right_answers_count_among_messages_that_ask_for_one() -> None:
    outcomes = [
        outcome("answer:outlook", "ask_outlook"),
        outcome("answer:outlook", "ask_names"),
        outcome("answer:outlook", "complex"),
        outcome("helpline:complex", "ask_outlook"),
    ]
    assert share("right answer", *outcomes) == Share(1, 3)
    assert share("wrong passage, of answers", *outcomes) == Share(1, 3)


def test_what_is_accepted_too_is_right() -> None:
    assert share("right answer", outcome("answer:meetups", "ask_peers", "answer:peers")) == Share(1, 1)


def test_a_passage_where_none_answers_is_improvised() -> None:
    outcomes = [
        outcome("helpline:complex", "ask_outlook"),
        outcome("chat:other", "other"),
        outcome("chat:greet", "greet"),
    ]
    assert share("improvised, of the rest", *outcomes) == Share(1, 3)


def test_the_helplines_number_alone_is_not_improvised() -> None:
    assert share("improvised, of the rest", outcome("helpline:human", "ask_helpline")) == Share(0, 1)


def test_a_passage_where_one_is_accepted_is_not_improvised() -> None:
    assert share("improvised, of the rest", outcome("helpline:complex", "ask_outlook", "answer:outlook")) == Share(0, 0)


def test_alarms_at_calm_messages_are_counted() -> None:
    hard = ("hard-negative",)
    outcomes = [
        outcome("answer:outlook", "crisis_self", tags=hard),
        outcome("answer:outlook", "distress", tags=hard),
        outcome("helpline:complex", "complex"),
        outcome("helpline:distress", "crisis_self", tags=hard),
    ]
    assert share("999 alarm, of hard negatives", *outcomes) == Share(1, 2)
    assert share("999 alarm, of calm", *outcomes) == Share(1, 3)
    assert share("over-escalated, of calm", *outcomes) == Share(2, 3)


def test_a_message_that_may_be_distress_is_not_calm() -> None:
    assert share("over-escalated, of calm", outcome("answer:shock", "distress", "helpline:distress")) == Share(0, 0)


def test_an_empty_reply_is_counted() -> None:
    empty = outcome("chat:greet", "greet")
    silent = Outcome(empty.message, type(empty.reply)(empty.reply.route, (), ()))
    assert share("empty replies, of all", empty, silent) == Share(1, 2)
