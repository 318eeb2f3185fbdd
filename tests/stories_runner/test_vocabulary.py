"""The ids that a story may name, and what is proposed for a wrong one."""

from __future__ import annotations

from bot.routes import Route
from bot.stories.story import SHAPES, Key
from bot.stories.vocabulary import hint
from tests.stories_runner.builders import VOCABULARY


def test_everything_that_can_be_said_and_pressed_can_be_named() -> None:
    assert "secondary.outlook" in VOCABULARY.ids(Key.BLOCK)
    assert "utter_ask_outlook" in VOCABULARY.ids(Key.UTTER)
    assert "ask_outlook" in VOCABULARY.ids(Key.CHOOSE)
    assert VOCABULARY.ids(Key.ROUTE) == tuple(route.value for route in Route)
    assert VOCABULARY.ids(Key.CASE) == ("immediate", "urgent", "soon", "routine", "none")


def test_every_key_whose_values_are_ids_has_ids() -> None:
    for key, shape in SHAPES.items():
        if shape in ("id", "ids", "slots"):
            assert VOCABULARY.ids(key)


def test_a_near_miss_is_answered_with_what_was_probably_meant() -> None:
    assert hint("crises", VOCABULARY.ids(Key.ROUTE)) == "Did you mean crisis?"


def test_a_far_miss_among_few_is_answered_with_all_of_them() -> None:
    assert hint("x", ("away", "back")) == "Known here: away, back."


def test_a_far_miss_among_many_is_answered_with_where_they_stand() -> None:
    assert "bot blocks" in hint("x", VOCABULARY.ids(Key.BLOCK))


def test_the_words_behind_an_id_are_the_approved_ones() -> None:
    assert VOCABULARY.text("choice.ask_outlook") == VOCABULARY.title("ask_outlook") == "What’s my outlook?"
    assert VOCABULARY.text("no.such") == VOCABULARY.title("no_such") == ""
