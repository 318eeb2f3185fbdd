"""Rasa component: the safety screen once more inside the pipeline, so that shell and story tests behave the same."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.safety.screen import Screen
from bot.settings import Settings

ALERTS_KEY = "alerts"
"""Key of the message under which the screen's alerts lie for the router."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SafetyNet(IntentClassifier, GraphComponent):
    """Notes what the safety screen finds; what follows from it is for the router to decide."""

    def __init__(self, screen: Screen) -> None:
        """Creates the component around a screen."""
        self._screen = screen

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SafetyNet:
        """Creates the component. The patterns are read at each start, not kept in the model, so none can be stale."""
        return cls(Screen.load(Settings.load().safety_dir))

    def process(self, messages: list[Message]) -> list[Message]:
        """Screens each message.

        Args:
            messages: Messages with a text.

        Returns:
            The same messages with the alerts, most severe first.
        """
        for message in messages:
            message.set(ALERTS_KEY, self._screen.check(message.get(TEXT) or ""))
        return messages
