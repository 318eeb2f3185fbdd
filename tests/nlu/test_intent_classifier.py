"""Sentence encoder and classifier as parts of Rasa: trained, stored, read back, and never silently untrained."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder import DIMENSIONS, MODEL_SHA256, TOKENIZER_SHA256
from bot.nlu.intent_classifier import SCORES_KEY, BlendedIntentClassifier
from bot.nlu.sentence_encoder import SentenceEncoder
from tests.nlu.test_intent_model import EXAMPLES

RESOURCE = Resource("classifier")
CONFIG = BlendedIntentClassifier.get_default_config()


@pytest.fixture
def context() -> ExecutionContext:
    return ExecutionContext(GraphSchema({}), node_name="a node")


@pytest.fixture
def storage(tmp_path: Path) -> ModelStorage:
    folder = tmp_path / "storage"
    folder.mkdir()
    return LocalModelStorage(folder)


@pytest.fixture
def encode(storage: ModelStorage, context: ExecutionContext) -> SentenceEncoder:
    return SentenceEncoder.create(SentenceEncoder.get_default_config(), storage, Resource("encoder"), context)


@pytest.fixture
def data(encode: SentenceEncoder) -> TrainingData:
    examples = TrainingData([Message.build(text, intent) for text, intent in EXAMPLES])
    return encode.process_training_data(examples)


@pytest.fixture
def load(storage: ModelStorage, context: ExecutionContext) -> Callable[[], BlendedIntentClassifier]:
    return lambda: BlendedIntentClassifier.load(CONFIG, storage, RESOURCE, context)


@pytest.fixture
def trained(storage: ModelStorage, context: ExecutionContext, data: TrainingData) -> BlendedIntentClassifier:
    classifier = BlendedIntentClassifier.create(CONFIG, storage, RESOURCE, context)
    assert classifier.train(data) == RESOURCE
    return classifier


class TestSentenceEncoder:
    def test_every_message_gets_one_vector(self, encode: SentenceEncoder) -> None:
        for message in encode.process([Message({"text": "hello"}), Message({"text": ""})]):
            sequence, sentence = message.get_dense_features("text")
            assert sentence is not None
            assert sentence.features.shape == (1, DIMENSIONS)
            assert np.linalg.norm(sentence.features) == pytest.approx(1.0, abs=1e-5)
            assert sequence is not None

    def test_another_encoder_retrains(self) -> None:
        assert SentenceEncoder.fingerprint_addon({}) == MODEL_SHA256 + TOKENIZER_SHA256


class TestClassifier:
    def test_it_scores_every_intent_and_ranks_them(
        self, trained: BlendedIntentClassifier, encode: SentenceEncoder
    ) -> None:
        (message,) = trained.process(encode.process([Message({"text": "how long do I have"})]))
        assert message.get(INTENT)["name"] == "ask_outlook"
        confidences = [entry["confidence"] for entry in message.get(INTENT_RANKING_KEY)]
        assert confidences == sorted(confidences, reverse=True)
        assert sum(message.get(SCORES_KEY).whole.values()) == pytest.approx(1.0)

    def test_a_stored_model_scores_the_same(
        self,
        trained: BlendedIntentClassifier,
        load: Callable[[], BlendedIntentClassifier],
        encode: SentenceEncoder,
    ) -> None:
        loaded = load()
        assert loaded.is_trained
        (first,) = trained.process(encode.process([Message({"text": "is it curable"})]))
        (second,) = loaded.process(encode.process([Message({"text": "is it curable"})]))
        assert first.get(SCORES_KEY).whole == pytest.approx(second.get(SCORES_KEY).whole, abs=1e-6)

    def test_before_training_it_says_so_and_scores_nothing(
        self, storage: ModelStorage, context: ExecutionContext, encode: SentenceEncoder
    ) -> None:
        untrained = BlendedIntentClassifier.create(CONFIG, storage, RESOURCE, context)
        assert not untrained.is_trained
        (message,) = untrained.process(encode.process([Message({"text": "hello"})]))
        assert message.get(SCORES_KEY) is None

    def test_a_missing_model_is_an_error_and_never_an_untrained_part(
        self, load: Callable[[], BlendedIntentClassifier]
    ) -> None:
        with pytest.raises(ValueError, match="classifier"):
            load()

    @pytest.mark.usefixtures("trained")
    @pytest.mark.parametrize("name", ["model.json", "model.npz"])
    def test_a_damaged_model_is_an_error_and_never_an_untrained_part(
        self, load: Callable[[], BlendedIntentClassifier], storage: ModelStorage, name: str
    ) -> None:
        with storage.read_from(RESOURCE) as folder:
            (folder / name).write_bytes(b"\0")
        with pytest.raises(ValueError):
            load()
