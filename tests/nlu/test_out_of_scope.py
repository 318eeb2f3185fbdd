"""The out-of-scope score: the further a text is from what its intent was learned from, the higher."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.encoder import Encoder, Vectors
from bot.nlu.out_of_scope import OutOfScope

EXAMPLES = {
    "ask_outlook": ["how long have I got", "how long will I live", "what is my outlook"],
    "thanks": ["thank you", "thanks very much", "many thanks"],
}
INTENTS = [intent for intent, texts in EXAMPLES.items() for _ in texts]


@pytest.fixture(scope="module")
def vectors(encoder: Encoder) -> Vectors:
    return encoder.encode([text for texts in EXAMPLES.values() for text in texts]).vectors


@pytest.fixture(scope="module")
def distance(vectors: Vectors) -> OutOfScope:
    return OutOfScope.fit(vectors, INTENTS)


def on_circle(*angles: float) -> Vectors:
    """Vectors of length 1 that can be pictured."""
    return np.array([[np.cos(angle), np.sin(angle)] for angle in angles], dtype=np.float32)


def test_a_text_like_the_examples_scores_lower_than_one_about_something_else(
    distance: OutOfScope, encoder: Encoder
) -> None:
    like, unlike = encoder.encode(["how long do I have", "which platform does the train leave from"]).vectors
    assert distance.score(like, "ask_outlook") < distance.score(unlike, "ask_outlook")


def test_the_score_is_about_the_intent_that_was_named(distance: OutOfScope, encoder: Encoder) -> None:
    vector = encoder.encode(["thank you ever so much"]).vectors
    assert distance.score(vector, "thanks") < distance.score(vector, "ask_outlook")


def test_the_score_is_the_squared_distance_to_the_mean_of_the_examples() -> None:
    distance = OutOfScope.fit(on_circle(0, np.pi / 2, np.pi), ["right", "up_or_left", "up_or_left"])
    assert distance.scores(on_circle(0, np.pi), ["right", "right"]) == pytest.approx([0, 4], abs=1e-6)
    assert distance.score(on_circle(np.pi / 2), "up_or_left") == pytest.approx(0.5, abs=1e-6)


@given(st.lists(st.floats(-3.2, 3.2), min_size=2, max_size=6), st.floats(-3.2, 3.2))
def test_the_score_lies_between_0_and_4(angles: list[float], angle: float) -> None:
    distance = OutOfScope.fit(on_circle(*angles), ["a"] * len(angles))
    assert 0 <= distance.score(on_circle(angle), "a") <= 4 + 1e-6


def test_a_text_is_scored_alone_as_it_is_among_others(distance: OutOfScope, vectors: Vectors) -> None:
    alone = [distance.score(vector, intent) for vector, intent in zip(vectors, INTENTS, strict=True)]
    assert distance.scores(vectors, INTENTS) == pytest.approx(alone)


def test_an_intent_without_examples_has_no_score(distance: OutOfScope, vectors: Vectors) -> None:
    with pytest.raises(KeyError):
        distance.score(vectors[0], "greet")


def test_a_score_that_is_read_back_is_the_same(distance: OutOfScope, vectors: Vectors, tmp_path: Path) -> None:
    distance.save(tmp_path / "out_of_scope.npz")
    loaded = OutOfScope.load(tmp_path / "out_of_scope.npz")
    assert loaded.intents == distance.intents
    assert np.array_equal(loaded.scores(vectors, INTENTS), distance.scores(vectors, INTENTS))


def test_the_same_examples_give_the_same_bytes(vectors: Vectors, tmp_path: Path) -> None:
    for name in ("first.npz", "second.npz"):
        OutOfScope.fit(vectors, INTENTS).save(tmp_path / name)
    assert (tmp_path / "first.npz").read_bytes() == (tmp_path / "second.npz").read_bytes()


def test_a_file_that_would_run_code_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "out_of_scope.npz"
    np.savez(file, intents=np.array([object()]), prototypes=np.zeros((1, 2)))
    with pytest.raises(ValueError, match="allow_pickle"):
        OutOfScope.load(file)
