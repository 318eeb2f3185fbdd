"""Rasa component: the sentence encoder as a dense featurizer, with the opinion of its head beside the vector."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder import MODEL_SHA256, TOKENIZER_SHA256, Encoder
from bot.nlu.text import plain

OPINION_KEY = "opinion"
"""Key of the message under which the head's logits lie for the intent classifier, shape (classes of the head,)."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Gives every message one vector of 384 numbers that stands for its meaning, and an opinion on its intent."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the component's default config (see parent class for full docstring)."""
        return {**DenseFeaturizer.get_default_config()}

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        """Creates the featurizer (see parent class for full docstring)."""
        super().__init__(name, config)
        self._encoder = Encoder.load()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Creates the component (see parent class for full docstring)."""
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Validates the config; nothing can be set (see parent class for full docstring)."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Makes another encoder retrain whatever was trained on its vectors (see parent class for full docstring)."""
        return MODEL_SHA256 + TOKENIZER_SHA256

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds vectors to all examples (see parent class for full docstring)."""
        self.process([message for message in training_data.training_examples if message.get(TEXT)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds a vector and an opinion to each message.

        Args:
            messages: Messages with a text.

        Returns:
            The same messages, each with a sentence feature of shape (1, 384) and an opinion.
        """
        vectors, opinions = self._encoder.encode([plain(message.get(TEXT) or "") for message in messages])
        for message, vector, opinion in zip(messages, vectors, opinions, strict=True):
            sentence = np.expand_dims(vector, axis=0)
            # One row for the only "token": Rasa wants sequence and sentence features side by side.
            self.add_features_to_message(sentence, sentence, TEXT, message)
            message.set(OPINION_KEY, opinion)
        return messages
