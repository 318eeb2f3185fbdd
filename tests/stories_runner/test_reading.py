"""Reading stories: every text as it is written, every mistake with its line, all of them at once."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import Code, SignpostError
from bot.stories.reading import Read, read_stories, story_files
from bot.stories.story import ANY, Key, Slot, Step
from tests.stories_runner.builders import VOCABULARY, step

GOOD = """\
test_cases:
- test_case: Someone asks about their outlook
  steps:
  - user: "what's my outlook?"
  - route: answer
  - utter: utter_ask_outlook
  - block: secondary.outlook
  - blocks: [secondary.outlook]
  - bot: "exact text"
  - choices: [ask_treatment, menu]
  - case: none
  - must_not_say: [months, years]
  - engine: away
  - choose: ask_treatment
  - choices: []
  - must_not_say: "cured"
  - slot_was_set:
    - requested_slot
    - requested_slot: yes
  - slot_was_not_set:
    - requested_slot: 3
"""


def read(tmp_path: Path, *texts: str) -> Read:
    paths = [tmp_path / f"{number}.yml" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return read_stories(paths, VOCABULARY)


def with_steps(steps: str) -> str:
    return "test_cases:\n- test_case: A story\n  steps:\n" + indent(dedent(steps), "  ")


def only_step(tmp_path: Path, text: str) -> Step:
    result = read(tmp_path, with_steps(text + "\n- route: answer\n"))
    assert result.problems == ()
    return result.stories[0].steps[0]


def problem(tmp_path: Path, text: str) -> str:
    (found,) = read(tmp_path, text).problems
    return str(found).replace(str(tmp_path), "")


def test_a_story_is_read_with_all_its_steps_and_lines(tmp_path: Path) -> None:
    result = read(tmp_path, GOOD)
    assert result.problems == ()
    (story,) = result.stories
    assert (story.name, story.line) == ("Someone asks about their outlook", 2)
    assert story.steps == (
        step(Key.USER, "what's my outlook?"),
        step(Key.ROUTE, "answer"),
        step(Key.UTTER, "utter_ask_outlook"),
        step(Key.BLOCK, "secondary.outlook"),
        step(Key.BLOCKS, "secondary.outlook"),
        step(Key.BOT, "exact text"),
        step(Key.CHOICES, "ask_treatment", "menu"),
        step(Key.CASE, "none"),
        step(Key.MUST_NOT_SAY, "months", "years"),
        step(Key.ENGINE, "away"),
        step(Key.CHOOSE, "ask_treatment"),
        step(Key.CHOICES),
        step(Key.MUST_NOT_SAY, "cured"),
        step(Key.SLOT_WAS_SET, Slot("requested_slot", ANY), Slot("requested_slot", True)),
        step(Key.SLOT_WAS_NOT_SET, Slot("requested_slot", 3)),
    )
    assert [one.line for one in story.steps] == [*range(4, 18), 20]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("no", "no"),
        ("12", "12"),
        ("2:30", "2:30"),
        ("1990-01-02", "1990-01-02"),
        ("null", "null"),
        ('""', ""),
        ('"  "', "  "),
        ('"\\U0001F622 \\0"', "😢 \0"),
        ("${HOME}", "${HOME}"),
        ("|\n    two\n    lines", "two\nlines\n"),
    ],
)
def test_a_text_is_what_was_written_and_nothing_else(tmp_path: Path, written: str, text: str) -> None:
    assert only_step(tmp_path, f"- user: {written}").value == text


@pytest.mark.parametrize(
    ("steps", "line", "words"),
    [
        ("- usr: hello\n- route: chat", 4, "not the key usr, and a step has none of that name. Did you mean user?"),
        ("- user: hello\n- route: crises", 5, "there is not the route crises. Did you mean crisis?"),
        ("- user: hello\n- block: house.distres", 5, "not the block house.distres. Did you mean house.distress"),
        ("- user: hello\n- utter: utter_ask_outlok", 5, "there is not the reply utter_ask_outlok. Did you mean"),
        ("- user: hello\n- case: null", 5, "there is not the level of a case null. Known here: immediate, urgent,"),
        ("- user: hello\n- choices: [menu, ask_outlok]", 5, "there is not the choice ask_outlok. Did you mean"),
        ("- user: hello\n- slot_was_set: [nme]", 5, "there is not the slot nme. Known here: requested_slot,"),
        ("- user:\n- route: chat", 4, '`user:` has no text; an empty message is written ""'),
        ("- user: [a]\n- route: chat", 4, "`user:` takes one text"),
        ('- user: "\\ud83d"\n- route: chat', 4, "holds half a character"),
        ("- user: hello\n- route: [chat]", 5, "`route:` takes one id"),
        ("- user: hello\n- blocks: house.menu", 5, "`blocks:` takes a list of ids in brackets"),
        ("- user: hello\n- blocks: []", 5, "`blocks:` has an empty list; a reply is never empty"),
        ("- user: hello\n- must_not_say: []", 5, "`must_not_say:` has an empty list"),
        ('- user: hello\n- must_not_say: " "', 5, "`must_not_say:` has a blank text, which everything holds"),
        ("- user: hello\n- slot_was_set: name", 5, "`slot_was_set:` takes a list of slots"),
        ("- user: hello\n- slot_was_set: [requested_slot: [a]]", 5, "a slot's value is a text, a number,"),
        ("- user: hello\n  route: chat", 4, "a step has one key, this one has 2"),
        ("- hello\n- route: chat", 4, "a step has keys, such as `user:`"),
        ("- user: hello", 2, "a story that checks nothing"),
        ("- engine: away\n- route: chat", 5, "`engine:` stands just before a `user:` or `choose:` step"),
        ("- route: chat\n- engine: away", 5, "`engine:` stands just before a `user:` or `choose:` step"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_what_was_meant(tmp_path: Path, steps: str, line: int, words: str) -> None:
    told = problem(tmp_path, with_steps(steps))
    assert f"/0.yml:{line}: " in told
    assert words in told


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "it is empty; it begins with `test_cases:`"),
        ("- a", 1, "the file has keys, such as `test_cases:`"),
        ("tests: []", 1, "there is not the key tests, and the file has none of that name"),
        ("test_cases: []", 1, "test_cases holds a list of stories"),
        ("test_cases:\n- test_case: [a]\n  steps:\n  - route: chat", 2, "test_case is the story's name, a sentence"),
        ("test_cases:\n- test_case: a\n  test_case: b\n  steps:\n  - route: chat", 3, "the key test_case stands twice"),
        ("test_cases:\n- hello", 2, "a story has keys, such as `test_case:`"),
        ("test_cases:\n- test_case: a: b\n", 2, "this is not YAML"),
        ("test_cases: \x00", 1, "a character that YAML does not allow"),
        ("[" * 2_000, 1, ""),
    ],
)
def test_a_file_of_another_form_is_told_apart(tmp_path: Path, text: str, line: int, words: str) -> None:
    told = [str(one).replace(str(tmp_path), "") for one in read(tmp_path, text).problems]
    assert any(f"/0.yml:{line}: " in one and words in one for one in told)


def test_a_file_that_is_no_text_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_bytes(b"\xff\xfe")
    (found,) = read_stories([tmp_path / "x.yml"], VOCABULARY).problems
    assert "UnicodeDecodeError" in str(found)


def test_all_mistakes_of_all_files_are_told_at_once_and_right_stories_are_read(tmp_path: Path) -> None:
    result = read(tmp_path, with_steps("- usr: a\n- rout: b"), GOOD, with_steps("- user: hello\n- case: x"))
    places = [str(error).replace(str(tmp_path), "").split(": ")[0] for error in result.problems]
    assert places == ["[E712] /0.yml:4", "[E712] /0.yml:5", "[E713] /2.yml:2", "[E712] /2.yml:5"]
    assert [story.name for story in result.stories] == ["Someone asks about their outlook"]


def test_a_name_belongs_to_one_story_over_all_files(tmp_path: Path) -> None:
    result = read(tmp_path, GOOD, "# a comment\n" + GOOD)
    (found,) = result.problems
    assert found.code is Code.E713
    assert str(found).replace(str(tmp_path), "").startswith("[E713] /1.yml:3: the name Someone asks")
    assert "/0.yml:2" in str(found)


@given(st.text(st.characters(codec="utf-8"), max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_a_file_holds_reading_it_ends_with_stories_or_mistakes(tmp_path: Path, text: str) -> None:
    result = read(tmp_path, text, with_steps(text))
    assert result.stories or result.problems


def test_folders_are_looked_through_and_each_file_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("b.yml", "deep/a.yaml", "notes.txt"):
        (tmp_path / name).write_text(GOOD)
    names = [path.name for path in story_files([tmp_path, tmp_path / "b.yml"])]
    assert names == ["b.yml", "a.yaml"]


@pytest.mark.parametrize("name", ["absent", "."])
def test_a_place_without_stories_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(SignpostError) as error:
        story_files([tmp_path / name])
    assert error.value.code is Code.E714
