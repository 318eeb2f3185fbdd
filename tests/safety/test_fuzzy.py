"""Spelling mistakes in key words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.fuzzy import Fuzzy

FUZZY = Fuzzy({"suicide", "overdose", "killing", "kill"}, {"willing", "suicides"})


@pytest.mark.parametrize("written", ["suicde", "siucide", "suicidee", "suixide", "uicide", "sucide"])
def test_one_wrong_missing_doubled_or_swapped_letter_is_mended(written: str) -> None:
    assert FUZZY.correct(written) == "suicide"


@pytest.mark.parametrize("word", ["willing", "suicides", "suicide", "kil", "kilt", "decided", "", "side", "suicddee"])
def test_real_words_short_words_and_words_further_off_are_left(word: str) -> None:
    assert FUZZY.correct(word) == word


@given(st.text(max_size=40))
def test_any_word_gives_a_key_word_or_itself(word: str) -> None:
    assert FUZZY.correct(word) in {word, "suicide", "overdose", "killing"}
