"""Text as the classifier sees it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.text import plain, windows

SENTENCE = "I want to thank the ward for the tea and the kind words that they gave us when we came in."
HIDDEN = "I do not want to be here."


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("What’s my OUTLOOK?", "what's my outlook?"),
        ("“quoted”", '"quoted"'),
        ("  two\n\n words\t ", "two words"),
        ("zero\u200bwidth", "zerowidth"),
        ("ｆｕｌｌ width", "full width"),
        ("", ""),
    ],
)
def test_forms_that_mean_the_same_become_one(text: str, cleaned: str) -> None:
    assert plain(text) == cleaned


@given(st.text())
def test_cleaning_twice_changes_nothing_more_about_spaces_and_quotes(text: str) -> None:
    cleaned = plain(text)
    assert cleaned == cleaned.strip()
    assert not set(cleaned) & set("\u2018\u2019\u201c\u201d\u200b\n\t")


def test_a_short_message_is_looked_at_whole_only() -> None:
    assert windows("What is my outlook? How long have I got?") == []
    assert windows("") == []


def test_each_sentence_of_a_long_message_is_a_piece() -> None:
    pieces = windows(f"{SENTENCE} {HIDDEN} {SENTENCE}")
    assert HIDDEN in pieces


def test_a_line_break_ends_a_piece_too() -> None:
    assert HIDDEN[:-1] in windows(f"{SENTENCE[:-1]}\n{HIDDEN[:-1]}\n{SENTENCE}")


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8), min_size=25, max_size=200))
def test_no_word_of_a_long_message_is_left_out(words: list[str]) -> None:
    pieces = windows(" ".join(words))
    assert set(" ".join(pieces).split()) == set(" ".join(words).split())


@given(st.integers(0, 150), st.integers(0, 150))
def test_a_short_phrase_stands_whole_in_some_piece_however_it_is_buried(before: int, behind: int) -> None:
    phrase = "i want to be dead now please"
    text = " ".join(["word"] * before + [phrase] + ["word"] * behind)
    pieces = windows(text)
    assert any(phrase in piece for piece in pieces or [text])


@given(st.text(max_size=2_000))
def test_no_text_breaks_it(text: str) -> None:
    assert all(piece.strip() for piece in windows(text))
