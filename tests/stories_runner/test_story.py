"""Stories: what a visitor does, and the checks that belong to it."""

from __future__ import annotations

import pytest

from bot.stories.story import SHAPES, Key
from tests.stories_runner.builders import step, story

WRITES, PRESSES, ROUTE = step(Key.USER, "hello"), step(Key.CHOOSE, "menu"), step(Key.ROUTE, "chat")


def keys(one: object) -> list[str]:
    return [check.key.value for check in one.checks]  # type: ignore[attr-defined]


def test_checks_belong_to_the_message_before_them() -> None:
    greeting, first, second = story(WRITES, ROUTE, PRESSES, step(Key.CASE, "none"), ROUTE).exchanges
    assert (greeting.act, greeting.checks) == (None, ())
    assert first.act == WRITES
    assert keys(first) == ["route"]
    assert second.act == PRESSES
    assert keys(second) == ["case", "route"]


def test_checks_before_the_first_message_are_of_the_greeting() -> None:
    greeting, _ = story(ROUTE, WRITES).exchanges
    assert keys(greeting) == ["route"]


def test_the_engine_goes_away_just_before_the_next_message() -> None:
    exchanges = story(step(Key.ENGINE, "away"), WRITES, ROUTE, WRITES, step(Key.ENGINE, "back"), WRITES).exchanges
    assert [exchange.engine for exchange in exchanges] == [None, "away", None, "back"]


def test_every_key_has_a_shape() -> None:
    assert set(SHAPES) == set(Key)


def test_the_line_of_a_step_is_no_part_of_what_it_says() -> None:
    assert step(Key.USER, "hello", line=3) == step(Key.USER, "hello", line=9)


def test_a_step_of_several_values_has_not_one_value() -> None:
    with pytest.raises(ValueError, match="too many"):
        _ = step(Key.BLOCKS, "a", "b").value
