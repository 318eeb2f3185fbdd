"""Reference codes: easy to read out, hard to mishear, never a word."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.reference import DIGITS, INNER_DIGITS, LETTERS, OFFLINE_TAIL, make_receipt, make_reference, normalise

CODES = st.builds(lambda _: make_reference(), st.integers())


@pytest.mark.parametrize("pair", ["0O", "1I", "1L", "2Z", "5S", "8B"])
def test_no_two_signs_of_the_alphabet_look_alike(pair: str) -> None:
    assert len(set(pair) & set(LETTERS + DIGITS)) <= 1


@given(CODES)
def test_a_code_is_letter_digit_letter_dash_two_digits(code: str) -> None:
    assert re.fullmatch(f"[{LETTERS}][{DIGITS}][{LETTERS}]-[{DIGITS}]{{2}}", code)


@given(CODES)
def test_a_code_spells_no_word_and_ends_in_no_frightening_number(code: str) -> None:
    assert code[1] not in "34"
    assert code[-1] != code[-2]


def test_a_code_made_while_the_database_is_away_is_longer_so_that_it_is_not_given_twice() -> None:
    assert re.fullmatch(r"\w{3}-\d{4}", make_reference(OFFLINE_TAIL))


@given(CODES, st.sampled_from(["", " ", "-", "\u2013", " - ", "."]))
def test_a_code_is_understood_in_small_letters_with_any_dash_or_none(code: str, dash: str) -> None:
    assert normalise(f" {code.lower().replace('-', dash)} ") == code


@given(CODES)
def test_z_s_and_b_are_taken_for_two_five_and_eight_where_only_a_digit_can_stand(code: str) -> None:
    misread = code[0] + code[1:].translate(str.maketrans("258", "ZSB"))
    assert normalise(misread) == code


@pytest.mark.parametrize(
    "spoken", ["", "K7Q", "K7Q-4", "KQ7-42", "O7Q-42", "K7Q-40", "K7Q-4O", "K1Q-42", "27Q-42", "K7Q-42X", "\u0130" * 6]
)
def test_what_cannot_be_a_code_is_not_guessed_at(spoken: str) -> None:
    assert normalise(spoken) is None


@given(st.text())
def test_any_text_is_either_a_code_or_nothing(spoken: str) -> None:
    code = normalise(spoken)
    assert code is None or normalise(code) == code


def test_a_receipt_cannot_be_taken_for_a_reference_code() -> None:
    receipt = make_receipt()
    assert re.fullmatch(f"([{LETTERS}][{INNER_DIGITS}]){{2}}-([{LETTERS}][{INNER_DIGITS}]){{2}}", receipt)
    assert normalise(receipt) is None
