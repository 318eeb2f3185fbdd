"""Opinions on unseen examples: written and read back, and put in place of those by an encoder that knows too much."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.errors import Code, SignpostError
from bot.nlu.encoder import Encoder
from bot.nlu.held_out import HeldOut

INTENTS = ("greet", "thanks")
OPINIONS = np.array([[1.04, -2.0], [0.0, 3.26]], dtype=np.float32)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "held_out.csv"
    HeldOut.write(path, INTENTS, ["Hello there", "Thanks!"], OPINIONS)
    return path


def test_what_was_written_is_read_back_in_tenths(file: Path) -> None:
    held_out = HeldOut.load(file)
    assert held_out.intents == INTENTS
    assert len(held_out) == 2
    found = held_out.replace(["Thanks!", "Hello there"], np.zeros((2, 2), dtype=np.float32))
    assert found == pytest.approx(np.array([[0.0, 3.3], [1.0, -2.0]]))


def test_an_example_that_was_written_later_keeps_the_opinion_of_the_encoder_that_serves(file: Path) -> None:
    held_out = HeldOut.load(file)
    assert "a later one" not in held_out
    later = np.array([[7.0, 8.0]], dtype=np.float32)
    assert np.array_equal(held_out.replace(["a later one"], later), later)


def test_case_and_quotes_do_not_make_another_example(file: Path) -> None:
    assert "HELLO there" in HeldOut.load(file)


def test_the_file_holds_no_words_of_an_example(file: Path) -> None:
    assert "hello" not in file.read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("content", ["", "example,greet\nabc,x\n", "example,greet,thanks\nabc,1\n"])
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "held_out.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SignpostError) as error:
        HeldOut.load(path)
    assert error.value.code is Code.E330


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SignpostError) as error:
        HeldOut.load(tmp_path / "nothing.csv")
    assert error.value.code is Code.E330


def test_head_and_opinions_speak_of_the_same_intents(encoder: Encoder) -> None:
    assert HeldOut.load().intents == encoder.intents
