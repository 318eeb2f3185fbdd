"""The intent model: the same examples give the same bytes, and a file can never run code."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.encoder import Encoder, Vectors
from bot.nlu.intent_model import IntentModel

TEXTS = {
    "ask_outlook": ["how long have I got", "how long will I live", "what is my outlook", "how many years have I got"],
    "ask_curable": ["can it be cured", "is there a cure", "can this be cured for good", "is a cure possible"],
    "thanks": ["thank you", "thanks very much", "thank you so much", "many thanks"],
}
EXAMPLES = [(text, intent) for intent, texts in TEXTS.items() for text in texts]
NEW = ["how long do I have", "is it curable", "thank you ever so much"]


@pytest.fixture(scope="module")
def vectors(encoder: Encoder) -> Vectors:
    return encoder.encode([text for text, _ in EXAMPLES])


@pytest.fixture(scope="module")
def new_vectors(encoder: Encoder) -> Vectors:
    return encoder.encode(NEW)


def fit(vectors: Vectors) -> IntentModel:
    return IntentModel.fit([text for text, _ in EXAMPLES], vectors, [intent for _, intent in EXAMPLES])


@pytest.fixture(scope="module")
def model(vectors: Vectors) -> IntentModel:
    return fit(vectors)


@pytest.fixture
def saved(model: IntentModel, tmp_path: Path) -> Path:
    model.save(tmp_path)
    return tmp_path


def test_new_words_for_the_same_thing_are_understood(model: IntentModel, new_vectors: Vectors) -> None:
    likeliest = [model.intents[column] for column in model.predict(NEW, new_vectors).argmax(axis=1)]
    assert likeliest == ["ask_outlook", "ask_curable", "thanks"]


def test_the_probabilities_of_a_text_add_up_to_one(model: IntentModel, new_vectors: Vectors) -> None:
    scores = model.predict(NEW, new_vectors)
    assert scores.shape == (len(NEW), len(model.intents))
    assert scores.sum(axis=1) == pytest.approx(np.ones(len(NEW)))
    assert (scores >= 0).all()


def test_a_model_that_is_read_back_scores_the_same(model: IntentModel, saved: Path, new_vectors: Vectors) -> None:
    loaded = IntentModel.load(saved)
    assert loaded.intents == model.intents
    assert loaded.predict(NEW, new_vectors) == pytest.approx(model.predict(NEW, new_vectors), abs=1e-6)


def test_the_same_examples_give_the_same_bytes(saved: Path, vectors: Vectors, tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    fit(vectors).save(again)
    first = {path.name: path.read_bytes() for path in saved.iterdir() if path.is_file()}
    assert first == {path.name: path.read_bytes() for path in again.iterdir()}


def test_a_saved_model_is_numbers_and_words_only(saved: Path) -> None:
    for path in saved.iterdir():
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        else:
            with np.load(path, allow_pickle=False) as arrays:
                assert all(arrays[name].dtype.kind == "f" for name in arrays.files)


def test_a_file_that_would_run_code_is_refused(saved: Path) -> None:
    (saved / "model.npz").write_bytes(pickle.dumps({"weights": object()}))
    with pytest.raises(ValueError, match="pickle"):
        IntentModel.load(saved)


def test_a_text_is_scored_alone_as_it_is_among_others(model: IntentModel, new_vectors: Vectors) -> None:
    together = model.predict(NEW, new_vectors)
    alone = np.vstack([model.predict([text], new_vectors[[row]]) for row, text in enumerate(NEW)])
    assert alone == pytest.approx(together, abs=1e-6)


def test_case_and_typographic_quotes_do_not_matter(model: IntentModel, encoder: Encoder) -> None:
    vector = encoder.encode(["what's my outlook"])
    straight, curly = model.predict(["what's my outlook"], vector), model.predict(["What’s my OUTLOOK"], vector)
    assert np.array_equal(straight, curly)
