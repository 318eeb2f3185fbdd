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

from bot.nlu.encoder import Encoded, Encoder
from bot.nlu.intent_model import ModelOptions
from bot.nlu.scoring import Scorer, Scores
from bot.nlu.sentence_encoder import OPINION_KEY, SentenceEncoder

SCORES_KEY = "scores"
"""Key of the message under which the scores lie for the router."""

RANKING_LENGTH = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class BlendedIntentClassifier(IntentClassifier, GraphComponent):
    """A linear SVM over n-grams and the encoder's opinion, weighed into probabilities."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that must stand before this one (see parent class for full docstring)."""
        return [SentenceEncoder]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the component's default config (see parent class for full docstring)."""
        # C of the SVM: the larger, the closer it follows the examples.
        return {"softness": ModelOptions().softness}

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, scorer: Scorer | None = None
    ) -> None:
        """Creates the classifier, trained when a scorer is given."""
        self._config = config
        self._storage = storage
        self._resource = resource
        self._scorer = scorer
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
            return cls(config, model_storage, resource, Scorer.load(folder, Encoder.load()))

    @property
    def is_trained(self) -> bool:
        """Whether there is a model; without one every message would go to the helpline."""
        return self._scorer is not None

    def train(self, training_data: TrainingData) -> Resource:
        """Trains the model on all examples.

        Args:
            training_data: Examples with a text, an intent, a sentence vector and the encoder's opinion.

        Returns:
            Where the model was written to.

        Raises:
            SignpostError: E330, the opinions on unseen examples cannot be read; E333, the head does not know an intent.
        """
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        rows = [_encoded(example) for example in examples]
        self._scorer = Scorer.fit(
            [example.get(TEXT) for example in examples],
            Encoded(np.vstack([row.vectors for row in rows]), np.vstack([row.opinions for row in rows])),
            [example.get(INTENT) for example in examples],
            self._encoder,
            ModelOptions(softness=self._config["softness"]),
        )
        with self._storage.write_to(self._resource) as folder:
            self._scorer.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Scores each message.

        Args:
            messages: Messages with a text, a sentence vector and the encoder's opinion.

        Returns:
            The same messages with intent, ranking and, for the router, all scores.
        """
        if self._scorer is None:
            return messages
        for message in messages:
            scores = self._scorer.score(message.get(TEXT) or "", _encoded(message))
            message.set(SCORES_KEY, scores)
            ranking = _ranking(scores)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def _encoded(message: Message) -> Encoded:
    _, sentence = message.get_dense_features(TEXT)
    return Encoded(sentence.features, message.get(OPINION_KEY).reshape(1, -1))


def _ranking(scores: Scores) -> list[dict[str, Any]]:
    ordered = sorted(scores.whole.items(), key=lambda item: -item[1])[:RANKING_LENGTH]
    return [{"name": intent, "confidence": float(value)} for intent, value in ordered]
