"""Scores of one message: over the whole of it, and over its pieces where it is long."""

from __future__ import annotations

from dataclasses import dataclass

from bot.nlu.encoder import Encoder, Vectors
from bot.nlu.intent_model import IntentModel
from bot.nlu.text import windows


@dataclass(frozen=True)
class Scores:
    """Probabilities of the intents of one message.

    Attributes:
        whole: By intent, over the whole message; they add up to 1.
        pieces: By intent, the highest over the pieces of a long message; empty for a short one.
    """

    whole: dict[str, float]
    pieces: dict[str, float]

    def total(self, *intents: str) -> float:
        """Return the probability that the whole message has one of these intents."""
        return sum(self.whole.get(intent, 0.0) for intent in intents)

    def in_pieces(self, *intents: str) -> float:
        """Return the highest probability that some piece has one of these intents; 0 for a short message."""
        return sum(self.pieces.get(intent, 0.0) for intent in intents)


def score(model: IntentModel, encoder: Encoder, text: str, vector: Vectors) -> Scores:
    """Score one message.

    Args:
        model: The trained model.
        encoder: The sentence encoder, for the pieces.
        text: The message.
        vector: Its sentence vector, shape (1, 384).

    Returns:
        The scores.
    """
    whole = model.predict([text], vector)[0]
    pieces = windows(text)
    highest = model.predict(pieces, encoder.encode(pieces)).max(axis=0) if pieces else []
    return Scores(
        whole={intent: float(value) for intent, value in zip(model.intents, whole)},
        pieces={intent: float(value) for intent, value in zip(model.intents, highest)},
    )
