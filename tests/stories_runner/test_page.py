"""What docs/testing.md shows is what a tester sees who does as it says."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from bot.routes import Route
from bot.settings import ROOT
from bot.stories.console import Console
from bot.stories.players import OneByOne
from bot.stories.reading import read_stories
from bot.stories.story import SHAPES
from bot.stories.vocabulary import NO_CASE
from tests.stories_runner.builders import VOCABULARY

PAGE = (ROOT / "docs" / "testing.md").read_text()
FILE = "tests/stories/my_first.yml"


def shown(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


STORIES, OUTPUTS = shown("yaml"), shown("text")


@pytest.mark.model
@pytest.mark.parametrize(("story", "output"), list(zip(STORIES[:2], OUTPUTS[:2], strict=True)), ids=["fails", "passes"])
def test_the_stories_of_the_page_give_the_output_of_the_page(
    player: OneByOne, tmp_path: Path, story: str, output: str
) -> None:
    path = tmp_path / "my_first.yml"
    path.write_text(story)
    out = io.StringIO()
    console = Console(out, live=False, width=112)
    results = []
    console.begin(1)
    for result in player.play_all(read_stories([path], VOCABULARY).stories):
        results.append(result)
        console.result(result)
    console.summary(results, loading=0, seconds=0)
    told = re.sub(r" \d+ turns, .*", "", out.getvalue().replace(str(path), FILE))
    assert told == output


@pytest.mark.model
def test_the_story_with_a_whole_text_passes(player: OneByOne, tmp_path: Path) -> None:
    path = tmp_path / "whole.yml"
    path.write_text(STORIES[2])
    (result,) = player.play_all(read_stories([path], VOCABULARY).stories)
    assert not result.failed


def test_the_mistake_of_the_page_is_told_as_on_the_page(tmp_path: Path) -> None:
    path = tmp_path / "my_first.yml"
    path.write_text(STORIES[0].replace("route: answer", "route: answr"))
    (problem,) = read_stories([path], VOCABULARY).problems
    assert f"{problem}\n".replace(str(path), FILE) == OUTPUTS[2]


def test_the_page_names_every_route_with_the_level_of_its_case() -> None:
    told = re.findall(r"^\| `(\w+)` \| [^|]+ \| (\w+) \|$", PAGE, re.MULTILINE)
    assert told == [(route.value, route.level.value if route.level else NO_CASE) for route in Route]


def test_the_page_names_every_step() -> None:
    assert not [key.value for key in SHAPES if f"`{key.value}:" not in PAGE]
