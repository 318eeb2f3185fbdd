"""Examples of two intents that say nearly the same are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import Code
from bot.nlu.encoder import Encoder
from bot.nlu.examples import Example
from bot.nlu.near_duplicates import near_duplicates
from bot.settings import Settings
from bot.testing.training_data import check_training_data


def example(text: str, intent: str, line: int = 1) -> Example:
    return Example(text, intent, Path(f"{intent}.yml"), line)


ASKED = example("Can secondary breast cancer be cured?", "ask_curable", 12)
SAME = example("can secondary breast cancer be cured", "ask_treatment", 34)


def test_nearly_the_same_under_two_intents_is_found_with_both_places(encoder: Encoder) -> None:
    (pair,) = near_duplicates([example("hello there", "greet"), ASKED, SAME], encoder)
    assert (pair.first, pair.second) == (ASKED, SAME)
    error = pair.error()
    assert error.code is Code.E307
    for part in ("ask_curable.yml line 12", "ask_treatment.yml line 34"):
        assert part in str(error)


def test_the_error_repeats_no_example(encoder: Encoder) -> None:
    (pair,) = near_duplicates([ASKED, SAME], encoder)
    assert ASKED.text not in str(pair.error())


def test_nearly_the_same_under_one_intent_is_no_problem(encoder: Encoder) -> None:
    assert near_duplicates([ASKED, example(SAME.text, "ask_curable")], encoder) == []


def test_questions_that_only_share_words_are_no_problem(encoder: Encoder) -> None:
    other = example("What is secondary breast cancer?", "ask_what_is")
    assert near_duplicates([ASKED, other], encoder) == []


def test_emoji_which_the_encoder_cannot_tell_apart_are_left_out(encoder: Encoder) -> None:
    assert near_duplicates([example("👍", "affirm"), example("👎", "deny")], encoder) == []


def test_the_most_alike_come_first(encoder: Encoder) -> None:
    less = example("Can secondary breast cancer ever be cured?", "complex")
    pairs = near_duplicates([ASKED, less, SAME], encoder, least_cosine=0.8)
    assert [pair.cosine for pair in pairs] == sorted((pair.cosine for pair in pairs), reverse=True)
    assert len(pairs) == 3


@pytest.mark.model
@pytest.mark.timeout(600)
def test_no_two_intents_of_our_data_hold_nearly_the_same() -> None:
    assert [str(problem) for problem in check_training_data(Settings.load({}), near=True)] == []
