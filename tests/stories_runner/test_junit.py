"""JUnit XML: what continuous-integration tools read of it."""

from __future__ import annotations

from datetime import datetime, timezone
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.stories.junit import junit
from bot.stories.playing import Played, Result
from bot.stories.story import Exchange, Key
from tests.stories_runner.builders import ASKS, FAILS, HOLDS, played, said, step, story

AT = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
ELSEWHERE = story(step(Key.ENGINE, "away"), ASKS, step(Key.CASE, "none"), name="Not from outside")
UNSEEN = story(ASKS, step(Key.CASE, "none"), name="Not all of it")


async def test_each_file_is_a_suite_and_each_story_a_case() -> None:
    results = [await played(HOLDS), await played(FAILS), await played(ELSEWHERE, inside=False)]
    results.append(await played(UNSEEN, said(), inside=False))
    root = ElementTree.fromstring(junit(results, at=AT))
    (suite,) = root
    for element in (root, suite):
        assert {name: element.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
            "tests": "4",
            "failures": "1",
            "errors": "0",
            "skipped": "1",
        }
    assert (suite.get("name"), suite.get("timestamp")) == ("stories.yml", "2026-03-02T12:00:00")
    holds, fails, elsewhere, unseen = suite
    assert (holds.get("classname"), holds.get("name"), holds.get("line")) == ("stories", "It holds", "2")
    assert list(holds) == []
    (failure,) = fails
    assert (failure.tag, failure.get("message")) == ("failure", "line 15: route: crisis")
    assert "because: classifier ask_outlook" in (failure.text or "")
    assert elsewhere[0].tag == "skipped"
    assert unseen[0].text == "1 checks cannot be made from outside."


@given(st.text())
@settings(deadline=None)
def test_whatever_a_story_says_it_is_xml(text: str) -> None:
    tale = story(step(Key.USER, text), name=f"x{text}")
    result = Result(tale, (Played(Exchange(tale.steps[0], ()), None, (), f"problem {text}"),))
    document = junit([result])
    assert ElementTree.fromstring(document.encode("utf-8")).get("failures") == "1"
