"""Conversations as Rasa keeps them, made by hand."""

from __future__ import annotations

from collections.abc import Sequence

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.decision import Decision
from bot.nlu.router import DECISION_KEY


def said(decision: Decision | None, text: str = "words of a visitor") -> UserUttered:
    """A message with the decision on it, or one from before there was a decision."""
    data = {DECISION_KEY: decision.to_dict()} if decision else {}
    intent = {"name": decision.intent if decision else "complex", "confidence": 1.0}
    return UserUttered(text, intent=intent, parse_data={"text": text, "intent": intent, "entities": [], **data})


def replied(*choices: str) -> BotUttered:
    """A reply that offered these choices."""
    return BotUttered("words", metadata={"choices": list(choices)})


def tracker(events: Sequence[Event]) -> DialogueStateTracker:
    """A conversation of these events."""
    return DialogueStateTracker.from_events("a conversation", list(events), domain=Domain.empty())
