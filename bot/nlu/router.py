"""Rasa component, the last of ours: turns scores, alerts and context into the one decision that the rules act on."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.decision import Decision
from bot.nlu.context import Context
from bot.nlu.intent_classifier import SCORES_KEY, BlendedIntentClassifier
from bot.nlu.routing import Decider
from bot.nlu.safety_net import ALERTS_KEY, SafetyNet
from bot.nlu.scoring import Scores
from bot.settings import Settings

DECISION_KEY = "decision"
"""Key of the parse data under which the decision lies, and so of the tracker and of every reply's metadata."""

# Turns that a decision may lean on. More is never needed: the third ask looks at two, a topic at the last answer.
LOOK_BACK = 20


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Router(IntentClassifier, GraphComponent):
    """Sets the intent to what was decided, and keeps the decision with its reasons on the message."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that must stand before this one (see parent class for full docstring)."""
        return [BlendedIntentClassifier, SafetyNet]

    def __init__(self, decider: Decider) -> None:
        """Creates the component around a decider."""
        self._decider = decider

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Router:
        """Creates the component (see parent class for full docstring)."""
        return cls(Decider.load(Settings.load().domain_file))

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        """Decides about each message.

        Args:
            messages: Messages with scores and alerts.
            tracker: The conversation, where there is one.

        Returns:
            The same messages with the decision, and with its intent put first.
        """
        context = context_of(tracker)
        for message in messages:
            scores = message.get(SCORES_KEY) or Scores({})
            decision = self._decider.decide(message.get(TEXT) or "", scores, message.get(ALERTS_KEY) or (), context)
            write_decision(message, decision)
        return messages


def write_decision(message: Message, decision: Decision) -> None:
    """Put a decision on a message, in the form that Rasa's policies and tracker take over.

    Args:
        message: The message.
        decision: What was decided.
    """
    intent = {"name": decision.intent, "confidence": 1.0}
    ranking = [entry for entry in message.get(INTENT_RANKING_KEY) or [] if entry["name"] != decision.intent]
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [intent, *ranking], add_to_output=True)
    message.set(DECISION_KEY, decision.to_dict(), add_to_output=True)


def context_of(tracker: DialogueStateTracker | None) -> Context:
    """Read from a conversation what the next message may lean on.

    Args:
        tracker: The conversation, or None where a message stands alone.

    Returns:
        The context.
    """
    if tracker is None:
        return Context()
    decisions: list[Decision] = []
    offered: tuple[str, ...] | None = None
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            data = event.parse_data.get(DECISION_KEY)
            # The replies to the last message lie between it and the end: past it, nothing is on offer any more.
            offered = offered if offered is not None else ()
            if data:
                decisions.append(Decision.from_dict(data))
            if len(decisions) == LOOK_BACK:
                break
        elif isinstance(event, BotUttered) and offered is None and event.metadata.get("choices"):
            offered = tuple(event.metadata["choices"])
    return Context(decisions=tuple(reversed(decisions)), offered=offered or ())
