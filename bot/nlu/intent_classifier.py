"""Rasa component: scores every intent for a message, and the safety intents for each piece of a long one too."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder import Encoder, Vectors
from bot.nlu.intent_model import IntentModel, ModelOptions
from bot.nlu.scoring import Scores, score
from bot.nlu.sentence_encoder import SentenceEncoder

SCORES_KEY = "scores"
"""Key of the message under which the scores lie for the router."""

RANKING_LENGTH = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class BlendedIntentClassifier(IntentClassifier, GraphComponent):
    """A calibrated linear SVM over n-grams and the sentence vector."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that must stand before this one (see parent class for full docstring)."""
        return [SentenceEncoder]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the component's default config (see parent class for full docstring)."""
        defaults = ModelOptions()
        return {
            # Factor on the sentence vector beside the n-grams.
            "vector_weight": defaults.vector_weight,
            # C of the SVM: the larger, the closer it follows the examples.
            "softness": defaults.softness,
        }

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: IntentModel | None = None
    ) -> None:
        """Creates the classifier, trained when a model is given."""
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model
        self._encoder = Encoder.load()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> BlendedIntentClassifier:
        """Creates an untrained component (see parent class for full docstring)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> BlendedIntentClassifier:
        """Loads a trained component. A missing or damaged model is an error, never an untrained component."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.load(folder))

    @property
    def is_trained(self) -> bool:
        """Whether there is a model; without one every message would go to the helpline."""
        return self._model is not None

    def train(self, training_data: TrainingData) -> Resource:
        """Trains the model on all examples.

        Args:
            training_data: Examples with a text, an intent and a sentence vector.

        Returns:
            Where the model was written to.
        """
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        self._model = IntentModel.fit(
            [example.get(TEXT) for example in examples],
            np.vstack([_vector(example) for example in examples]),
            [example.get(INTENT) for example in examples],
            ModelOptions(vector_weight=self._config["vector_weight"], softness=self._config["softness"]),
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Scores each message.

        Args:
            messages: Messages with a text and a sentence vector.

        Returns:
            The same messages with intent, ranking and, for the router, all scores.
        """
        if self._model is None:
            return messages
        for message in messages:
            scores = score(self._model, self._encoder, message.get(TEXT) or "", _vector(message))
            message.set(SCORES_KEY, scores)
            ranking = _ranking(scores)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def _vector(message: Message) -> Vectors:
    _, sentence = message.get_dense_features(TEXT)
    vector: Vectors = sentence.features
    return vector


def _ranking(scores: Scores) -> list[dict[str, Any]]:
    ordered = sorted(scores.whole.items(), key=lambda item: -item[1])[:RANKING_LENGTH]
    return [{"name": intent, "confidence": float(value)} for intent, value in ordered]
