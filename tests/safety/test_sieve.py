"""The sieve finds what spaCy finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.safety.matcher import UNKNOWN, Finder, token_pattern
from bot.safety.notation import Notation, sequences
from bot.safety.sieve import Sieve
from tests.safety.test_notation import SPELLING

LINES = [
    "a b",
    "a ..2 b",
    "a b? c",
    "a (b c|d)? e",
    "(a b|c) ..1 (d|e a) b?",
    "a/b/c ..3 a ..1 b",
    "(a|b c) (d ..2 a|e)",
    "a? b c?",
]
NOTATION = Notation({}, SPELLING)
COMPILED = [NOTATION.compile(line) for line in LINES]


@given(st.lists(st.sampled_from("abcdex"), max_size=24))
def test_every_end_that_spacy_finds_is_found_by_the_sieve_and_no_other(words: list[str]) -> None:
    vocab = Vocab()
    doc = Doc(vocab, words=[word if word != "x" else UNKNOWN for word in words])
    found = Sieve(COMPILED).ends(words)
    for number, line in enumerate(COMPILED):
        matcher = Matcher(vocab)
        matcher.add("line", [token_pattern(sequence) for sequence in sequences(line.parts[0])])
        ends = {end for _, _, end in matcher(doc)}
        bits = found.get(number, (0,))[0]
        assert {end for end in range(len(words) + 1) if bits >> end & 1} == ends


@given(st.lists(st.sampled_from("abcdex"), max_size=24))
def test_every_place_that_spacy_finds_is_found_by_the_finder(words: list[str]) -> None:
    vocab = Vocab()
    doc = Doc(vocab, words=words)
    found = {(found.line, found.start, found.end) for found in Finder(COMPILED).find(words)}
    expected = set()
    for number, line in enumerate(COMPILED):
        matcher = Matcher(vocab)
        matcher.add("line", [token_pattern(sequence) for sequence in sequences(line.parts[0])])
        expected |= {(number, start, end) for _, start, end in matcher(doc)}
    assert found == expected


@pytest.mark.parametrize(
    ("line", "text", "is_found"),
    [
        ("a ..5 b", "a x x x x x b", True),
        ("a ..5 b", "a x x x x x x b", False),
        ("a ..5 b", "b a", False),
        ("a & b", "b x x x x x x x x x a", True),
        ("a & b", "a a", False),
        ("a ..4 b ..4 c", "a x b x c", True),
        ("a ..4 b ..4 c", "a x c x b", False),
    ],
)
def test_parts_of_a_line_are_found_within_their_distance(line: str, text: str, is_found: bool) -> None:
    assert bool(list(Finder([NOTATION.compile(line)]).find(text.split()))) is is_found


def test_a_place_reaches_from_the_first_part_to_the_last() -> None:
    (found,) = Finder([NOTATION.compile("a ..5 b")]).find(["x", "a", "x", "x", "b"])
    assert (found.start, found.end) == (1, 5)


def test_no_word_of_a_visitor_stays_in_spacys_store() -> None:
    finder = Finder([NOTATION.compile("a b")])
    list(finder.find(["a", "b"]))
    before = len(finder._vocab.strings)
    list(finder.find(["a", "b", "rumpelstiltskin"]))
    assert len(finder._vocab.strings) == before
    assert "rumpelstiltskin" not in finder._vocab.strings
