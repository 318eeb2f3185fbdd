"""The intent model: the same examples give the same bytes, and a file can never run code."""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.errors import Code, SignpostError
from bot.nlu.encoder import Encoder, Opinions
from bot.nlu.intent_model import IntentModel, weigh

TEXTS = {
    "ask_outlook": ["how long have I got", "how long will I live", "what is my outlook", "how many years have I got"],
    "ask_curable": ["can it be cured", "is there a cure", "can this be cured for good", "is a cure possible"],
    "thanks": ["thank you", "thanks very much", "thank you so much", "many thanks"],
}
EXAMPLES = [(text, intent) for intent, texts in TEXTS.items() for text in texts]
NEW = ["how long do I have", "is it curable", "thank you ever so much"]


@pytest.fixture(scope="module")
def opinions(encoder: Encoder) -> Opinions:
    return encoder.encode([text for text, _ in EXAMPLES]).opinions


@pytest.fixture(scope="module")
def new_opinions(encoder: Encoder) -> Opinions:
    return encoder.encode(NEW).opinions


def fit(opinions: Opinions, head: Sequence[str]) -> IntentModel:
    return IntentModel.fit([text for text, _ in EXAMPLES], opinions, [intent for _, intent in EXAMPLES], head)


@pytest.fixture(scope="module")
def model(opinions: Opinions, encoder: Encoder) -> IntentModel:
    return fit(opinions, encoder.intents)


@pytest.fixture
def saved(model: IntentModel, tmp_path: Path) -> Path:
    model.save(tmp_path)
    return tmp_path


def test_new_words_for_the_same_thing_are_understood(model: IntentModel, new_opinions: Opinions) -> None:
    likeliest = [model.intents[column] for column in model.predict(NEW, new_opinions).argmax(axis=1)]
    assert likeliest == ["ask_outlook", "ask_curable", "thanks"]


def test_the_probabilities_of_a_text_add_up_to_one(model: IntentModel, new_opinions: Opinions) -> None:
    scores = model.predict(NEW, new_opinions)
    assert scores.shape == (len(NEW), len(model.intents))
    assert scores.sum(axis=1) == pytest.approx(np.ones(len(NEW)))
    assert (scores >= 0).all()


def test_a_model_that_is_read_back_scores_the_same(model: IntentModel, saved: Path, new_opinions: Opinions) -> None:
    loaded = IntentModel.load(saved)
    assert loaded.intents == model.intents
    assert loaded.predict(NEW, new_opinions) == pytest.approx(model.predict(NEW, new_opinions), abs=1e-6)


def test_the_same_examples_give_the_same_bytes(
    saved: Path, opinions: Opinions, encoder: Encoder, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    again.mkdir()
    fit(opinions, encoder.intents).save(again)
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


def test_a_text_is_scored_alone_as_it_is_among_others(model: IntentModel, new_opinions: Opinions) -> None:
    together = model.predict(NEW, new_opinions)
    alone = np.vstack([model.predict([text], new_opinions[[row]]) for row, text in enumerate(NEW)])
    assert alone == pytest.approx(together, abs=1e-6)


def test_case_and_typographic_quotes_do_not_matter(model: IntentModel, encoder: Encoder) -> None:
    opinion = encoder.encode(["what's my outlook"]).opinions
    straight, curly = model.predict(["what's my outlook"], opinion), model.predict(["What’s my OUTLOOK"], opinion)
    assert np.array_equal(straight, curly)


def test_an_intent_that_the_head_does_not_know_is_refused_by_name(opinions: Opinions, encoder: Encoder) -> None:
    with pytest.raises(SignpostError, match="ask_outlook") as error:
        fit(opinions, [name for name in encoder.intents if name != "ask_outlook"])
    assert error.value.code is Code.E333


def test_the_view_that_is_right_more_often_counts_for_more() -> None:
    truth = np.array(["a", "b"] * 50)
    guess, noise = np.random.default_rng(1).normal(size=(2, len(truth), 2))
    right = np.where(truth[:, None] == ["a", "b"], 1.0, -1.0) + noise
    assert weigh(right, guess, truth).spelling > 5 * weigh(right, guess, truth).meaning
    assert weigh(guess, right, truth).meaning > 5 * weigh(guess, right, truth).spelling
