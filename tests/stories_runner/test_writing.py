"""Writing stories: what is written is read again as the same stories, whatever a visitor wrote."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.stories.reading import read_stories
from bot.stories.story import ANY, SHAPES, Key, Slot, Step, Story
from bot.stories.writing import steps_of, write
from tests.stories_runner.builders import VOCABULARY

texts = st.text(st.characters(codec="utf-8"), max_size=80)
spoken = texts.filter(str.strip)
values = st.one_of(st.just(ANY), texts, st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False))


def steps(key: Key) -> st.SearchStrategy[Step]:
    shape = SHAPES[key]
    if shape == "text":
        found = st.tuples(texts)
    elif shape == "texts":
        found = st.lists(spoken, min_size=1, max_size=3).map(tuple)
    elif shape == "slots":
        slot = st.builds(Slot, st.sampled_from(VOCABULARY.ids(key)), values)
        found = st.lists(slot, min_size=1, max_size=3).map(tuple)
    else:
        ids = st.sampled_from(VOCABULARY.ids(key))
        least = 0 if key is Key.CHOICES else 1
        found = st.tuples(ids) if shape == "id" else st.lists(ids, min_size=least, max_size=4).map(tuple)
    return st.builds(Step, st.just(key), found)


checks = st.one_of(*[steps(key) for key in Key if not key.is_act and key is not Key.ENGINE])
acts = st.one_of(steps(Key.USER), steps(Key.CHOOSE))
turns = st.tuples(acts, checks).map(list) | st.tuples(steps(Key.ENGINE), acts, checks).map(list)
names = texts.map(str.strip).filter(bool)
of_turns = st.lists(turns, min_size=1, max_size=4).map(lambda of: tuple(chain.from_iterable(of)))
stories = st.builds(Story, names, of_turns)


@given(st.lists(stories, min_size=1, max_size=3, unique_by=lambda story: story.name))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=50
)
def test_what_is_written_is_read_again_to_the_character(tmp_path: Path, written: list[Story]) -> None:
    path = tmp_path / "written.yml"
    path.write_bytes(write(written).encode())
    read = read_stories([path], VOCABULARY)
    assert read.problems == ()
    assert list(read.stories) == written


def test_a_file_looks_as_a_tester_would_write_it() -> None:
    story = Story(
        "Someone asks",
        steps_of(
            (Key.USER, "what's my outlook?"),
            (Key.ROUTE, "answer"),
            (Key.BLOCKS, ["secondary.outlook"]),
            (Key.CHOICES, []),
            (Key.MUST_NOT_SAY, "months"),
        ),
    )
    assert write([story], about=["Two lines", "of a comment"]) == (
        "# Two lines\n"
        "# of a comment\n"
        "test_cases:\n"
        "- test_case: Someone asks\n"
        "  steps:\n"
        '  - user: "what\'s my outlook?"\n'
        "  - route: answer\n"
        "  - blocks: [secondary.outlook]\n"
        "  - choices: []\n"
        '  - must_not_say: "months"\n'
    )
