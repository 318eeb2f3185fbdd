"""What a tester sees: plain lines in a log; on a terminal a bar, colours and the failures."""

from __future__ import annotations

import io

import pytest

from bot.stories.console import Console
from bot.stories.said import Said
from bot.stories.story import Key, Story
from tests.stories_runner.builders import ASKS, FAILS, HOLDS, OUTLOOK, played, said, step, story


async def shown(*stories: Story, live: bool = False, reply: Said = OUTLOOK, inside: bool = True) -> str:
    out = io.StringIO()
    console = Console(out, live=live, width=100)
    results = [await played(one, reply, inside=inside) for one in stories]
    console.begin(len(stories))
    for result in results:
        console.result(result)
    console.summary(results, loading=1.5, seconds=2.5)
    return out.getvalue()


async def test_in_a_log_each_story_has_a_line_and_the_last_line_counts() -> None:
    assert await shown(HOLDS) == (
        "passed  stories.yml:2  It holds\n"
        "\n"
        "1 story, 1 passed, 0 failed. 1 turn, 10 ms a turn, 2.5 s in all, 1.5 s of it loading.\n"
    )


async def test_a_failure_tells_where_what_and_why() -> None:
    text = await shown(FAILS)
    for line in (
        "FAILED  stories.yml:12  It fails",
        '        line 14: the visitor writes "what\'s my outlook?"',
        "          line 15: route: crisis",
        "            expected crisis, got answer",
        "          line 16: block: secondary.curable",
        "          decided: answer ask_outlook",
        "          because: classifier ask_outlook 0.98 against 0.40",
    ):
        assert f"{line}\n" in text
    assert "-- [secondary.curable] --" in text
    assert "1 story, 0 passed, 1 failed." in text


async def test_the_same_words_are_compared_once() -> None:
    twice = story(ASKS, step(Key.BLOCK, "secondary.curable"), step(Key.BLOCKS, "secondary.curable"))
    text = await shown(twice)
    assert text.count("expected    ") == 1
    assert "line 6: blocks: secondary.curable" in text


async def test_a_choice_that_was_not_offered_is_told() -> None:
    text = await shown(story(ASKS, step(Key.CHOOSE, "menu"), step(Key.ROUTE, "chat")))
    assert "line 5: the visitor presses menu" in text
    assert "the choice menu was not offered" in text


async def test_a_failing_greeting_is_told() -> None:
    assert "        the greeting\n" in await shown(story(step(Key.ROUTE, "crisis")))


async def test_what_could_not_be_checked_is_counted_and_not_called_passed() -> None:
    text = await shown(story(ASKS, step(Key.CASE, "none"), step(Key.CASE, "soon")), reply=said(), inside=False)
    assert text.startswith("partly  stories.yml:2  A story\n")
    assert "1 story, 0 passed, 0 failed, 1 partly, 2 checks not made." in text
    assert "not played" in await shown(story(step(Key.ENGINE, "away"), ASKS, step(Key.CASE, "none")), inside=False)


async def test_a_log_has_no_colours_and_no_bar() -> None:
    assert "\x1b" not in await shown(HOLDS, FAILS)


async def test_on_a_terminal_a_bar_moves_and_only_failures_are_lines() -> None:
    text = await shown(HOLDS, FAILS, live=True)
    assert "[....................] 0 of 2" in text
    assert "[##########..........] 1 of 2" in text
    assert "It holds" not in text
    assert "\x1b[31;1mFAILED\x1b[0m" in text


async def test_who_wants_no_colours_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[31" not in await shown(FAILS, live=True)


def test_loading_is_told_on_a_terminal_only() -> None:
    for live, text in ((True, "\rLoading …\x1b[K"), (False, "")):
        out = io.StringIO()
        Console(out, live=live).loading("Loading")
        assert out.getvalue() == text
