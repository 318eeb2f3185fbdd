"""Reading the patterns, and what every pattern must have."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import Code, SignpostError
from bot.routes import Route
from bot.safety.patterns import PatternBook
from tests.safety.conftest import FOLDER, SCREEN, WORDS

PATTERN = """
- id: test.one
  comment: Says it.
  match:
  - kill myself
  examples:
  - I could kill my self
"""
CRISIS = f"route: crisis\npatterns:{PATTERN}"


def test_a_folder_is_read_with_routes_lines_and_examples(folder_with: Callable[..., Path]) -> None:
    (pattern,) = PatternBook.load(folder_with(crisis=CRISIS)).patterns
    assert pattern.id == "test.one"
    assert pattern.route is Route.CRISIS
    assert pattern.about == "any"
    assert pattern.line == 3
    assert pattern.examples == ("I could kill my self",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- a\n- b", "not a mapping"),
        ("route: [", "line 2"),
        ("patterns: []", "keys route and patterns"),
        ("route: answer\npatterns: []", "line 1: route is none of"),
        ("route: crisis\npatterns: a", "patterns is not a list"),
        ("route: crisis\nlowers: often\npatterns: []", "none of sentence, opening, words"),
        (CRISIS.replace("crisis", "calm"), "only patterns that lower"),
        (CRISIS.replace("  comment: Says it.\n", ""), "a pattern has the keys"),
        (CRISIS + "  colour: red\n", "a pattern has the keys"),
        (CRISIS + "  about: dogs\n", "about is none of"),
        (CRISIS + "  not: never\n", "not is not a list of texts"),
        (CRISIS.replace("  - kill myself\n", "  - ' '\n"), "match is not a list of texts"),
        (CRISIS.replace("match:\n  - kill myself", "match: []"), "at least one line"),
        (
            CRISIS.replace("- kill myself", "- (kill myself"),
            "line 3: test.one, `.kill myself`: a bracket is not closed",
        ),
        (CRISIS.replace("- kill myself", '- "= kill myself"'), "punctuation must not decide"),
    ],
)
def test_a_file_of_another_form_is_refused_with_its_line(
    folder_with: Callable[..., Path], text: str, problem: str
) -> None:
    with pytest.raises(SignpostError, match=problem) as caught:
        PatternBook.load(folder_with(crisis=text))
    assert caught.value.code is Code.E200


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("spelling", "words: {}", "lacks a table"),
        ("words", "self: [a]", "not a mapping from words to words"),
        ("words", WORDS.replace("i: i/me", "i: (i"), "bracket is not closed"),
    ],
)
def test_tables_of_another_form_are_refused(
    folder_with: Callable[..., Path], name: str, text: str, problem: str
) -> None:
    with pytest.raises(SignpostError, match=problem) as caught:
        PatternBook.load(folder_with(**{"crisis": CRISIS, name: text}))
    assert caught.value.code is Code.E200


def test_an_unreadable_file_is_refused(folder_with: Callable[..., Path]) -> None:
    folder = folder_with(crisis=CRISIS)
    (folder / "crisis.yml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(SignpostError, match="UnicodeDecodeError"):
        PatternBook.load(folder)


def test_a_folder_without_patterns_is_refused(folder_with: Callable[..., Path]) -> None:
    with pytest.raises(SignpostError, match="not one pattern"):
        PatternBook.load(folder_with())


def test_an_id_that_stands_twice_is_refused_with_both_places(folder_with: Callable[..., Path]) -> None:
    with pytest.raises(SignpostError, match=r"in a\.yml line 3 and in b\.yml line 3") as caught:
        PatternBook.load(folder_with(a=CRISIS, b=CRISIS))
    assert caught.value.code is Code.E201


@pytest.mark.parametrize("pattern", SCREEN.patterns, ids=lambda pattern: pattern.id)
def test_every_pattern_is_named_after_its_route_and_says_why_in_a_sentence(pattern) -> None:
    assert re.fullmatch(r"(crisis|emergency|distress|denial|idiom)\.[a-z_]+", pattern.id)
    if pattern.id.startswith(("crisis", "emergency", "distress")):
        assert pattern.route is not None
        assert pattern.id.startswith(pattern.route.value)
    assert pattern.comment.endswith(".")
    assert len(pattern.comment) > 25
    assert pattern.examples
    assert pattern.counters or pattern.lowers


def test_no_file_of_patterns_is_longer_than_400_lines() -> None:
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in FOLDER.glob("*.yml")}
    assert {name: length for name, length in lengths.items() if length >= 400} == {}


def test_no_pattern_names_suicide_as_a_crime() -> None:
    texts = [f"{pattern.comment} {pattern.id}" for pattern in SCREEN.patterns]
    assert not [text for text in texts if "commit" in text.casefold()]
