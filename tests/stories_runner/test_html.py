"""The page: whole in itself, failures first, and no word of a story is taken for HTML."""

from __future__ import annotations

import re
from datetime import datetime, timezone

from bot.stories.coverage import Coverage, Group
from bot.stories.html import Summary, page
from bot.stories.said import Said
from bot.stories.story import Key, Story
from tests.stories_runner.builders import ASKS, FAILS, HOLDS, OUTLOOK, played, said, step, story

SUMMARY = Summary(2.5, "abc", at=datetime(2026, 3, 2, 12, tzinfo=timezone.utc))
COVERAGE = Coverage((Group("blocks", 12, ("house.menu",)),), 3)


async def written(*stories: Story, reply: Said = OUTLOOK, inside: bool = True, coverage: Coverage | None = None) -> str:
    return page([await played(one, reply, inside=inside) for one in stories], SUMMARY, coverage)


async def test_failures_come_first_with_their_words_side_by_side_and_their_reasons() -> None:
    text = await written(HOLDS, FAILS)
    assert "<h1>1 of 2 stories failed</h1>" in text
    assert text.index("<h2>Failed</h2>") < text.index("<h2>All stories</h2>")
    assert "<mark>secondary.curable</mark>" in text
    assert "classifier ask_outlook 0.98 against 0.40" in text


async def test_when_all_passed_it_says_so() -> None:
    assert "<h1>The story passed</h1>" in await written(HOLDS)
    assert "<h1>The story failed</h1>" in await written(FAILS)
    assert "<h1>All 2 stories passed</h1>" in await written(HOLDS, HOLDS)


async def test_what_no_story_reaches_is_shown_where_it_was_asked_for() -> None:
    assert "house.menu" in await written(HOLDS, coverage=COVERAGE)
    assert "What the stories reach" not in await written(HOLDS)


async def test_what_could_not_be_checked_is_shown() -> None:
    text = await written(story(ASKS, step(Key.CASE, "none")), reply=said(), inside=False)
    assert "<dt>Not checked</dt><dd>1 checks" in text
    assert ">partly<" in text
    assert "Not played" in await written(story(step(Key.ENGINE, "away"), ASKS, step(Key.CASE, "none")), inside=False)


async def test_a_choice_that_was_not_offered_is_shown() -> None:
    text = await written(story(ASKS, step(Key.CHOOSE, "menu"), step(Key.ROUTE, "chat")))
    assert "the choice menu was not offered" in text


async def test_words_of_a_story_are_words_and_never_html() -> None:
    bad = "<script>alert(1)</script>"
    text = await written(story(step(Key.USER, bad), step(Key.BOT, bad), name=bad))
    assert "<script" not in text
    assert "&lt;script&gt;" in text


async def test_the_page_needs_nothing_else() -> None:
    text = await written(HOLDS, FAILS, coverage=COVERAGE)
    assert not re.findall(r"(?:src|href)=|url\(|@import", text)
    assert "default-src 'none'; style-src 'unsafe-inline'" in text
