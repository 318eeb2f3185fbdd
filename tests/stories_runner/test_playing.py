"""Playing a story: the visitor's part is said, and each reply is checked."""

from __future__ import annotations

import pytest

from bot.errors import Code, SignpostError
from bot.stories.playing import play
from bot.stories.story import Key
from tests.stories_runner.builders import (
    ASKS,
    FAILS,
    GREETING,
    HOLDS,
    OUTLOOK,
    VOCABULARY,
    PlayedBot,
    played,
    said,
    step,
    story,
)

PRESSES = step(Key.CHOOSE, "ask_treatment")


async def test_a_story_that_holds_passes() -> None:
    result = await played(HOLDS)
    assert (result.failed, result.unseen, result.turns, result.seconds) == (False, 0, 1, 0.01)


async def test_a_story_that_does_not_hold_fails_and_all_its_checks_are_made() -> None:
    result = await played(FAILS)
    assert result.failed
    assert [finding.state.value for finding in result.played[-1].findings] == ["failed", "failed"]


async def test_what_the_visitor_does_is_said_in_order() -> None:
    bot = PlayedBot([OUTLOOK, OUTLOOK])
    await play(story(ASKS, step(Key.ENGINE, "away"), PRESSES, step(Key.ROUTE, "answer")), bot, VOCABULARY)
    assert bot.told == [("write", "what's my outlook?", None), ("press", "ask_treatment", "away")]


async def test_the_greeting_can_be_checked() -> None:
    assert not (await played(story(step(Key.BLOCK, "house.greeting")))).failed
    assert (await played(story(step(Key.BLOCK, "house.menu")))).failed


async def test_only_a_choice_that_was_offered_can_be_pressed() -> None:
    result = await played(story(ASKS, step(Key.CHOOSE, "menu"), step(Key.ROUTE, "chat"), ASKS))
    assert result.failed
    assert result.played[-1].problem == (
        "the choice menu was not offered; offered were: ask_treatment, ask_curable, ask_uncertainty"
    )
    assert len(result.played) == 3, "what comes after it cannot be played"


async def test_a_choice_of_the_greeting_can_be_pressed() -> None:
    assert "ask_outlook" in GREETING.choices
    assert not (await played(story(step(Key.CHOOSE, "ask_outlook"), step(Key.ROUTE, "answer")))).failed


async def test_what_goes_wrong_with_one_story_is_told_there() -> None:
    error = SignpostError(Code.E102, id="choice.x", where="a reply's choices", hint="")
    result = await play(HOLDS, PlayedBot([error]), VOCABULARY)
    assert result.failed
    assert result.played[-1].problem == str(error)


async def test_a_gateway_that_is_gone_ends_everything() -> None:
    with pytest.raises(SignpostError):
        await play(HOLDS, PlayedBot([SignpostError(Code.E701, url="x")]), VOCABULARY)


async def test_from_outside_checks_that_cannot_be_made_have_not_passed() -> None:
    result = await played(story(ASKS, step(Key.CASE, "none"), step(Key.ROUTE, "answer")), said(), inside=False)
    assert (result.failed, result.unseen) == (False, 1)


async def test_from_outside_the_engine_cannot_be_sent_away() -> None:
    result = await played(story(step(Key.ENGINE, "away"), ASKS, step(Key.ROUTE, "unavailable")), inside=False)
    assert result.unplayable is not None
    assert (result.failed, result.unseen, result.turns) == (False, 1, 0)
