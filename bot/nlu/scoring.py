"""Scores of one message: over the whole of it, and over its pieces where it is long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.nlu.encoder import Encoder, Vectors
from bot.nlu.intent_model import IntentModel
from bot.nlu.text import windows


@dataclass(frozen=True)
class Scores:
    """Probabilities of the intents of one message.

    Attributes:
        whole: By intent, over the whole message; they add up to 1.
        pieces: The same for each piece of a long message; empty for a short one.
    """

    whole: dict[str, float]
    pieces: tuple[dict[str, float], ...] = ()

    def total(self, *intents: str) -> float:
        """Return the probability that the whole message has one of these intents."""
        return sum(self.whole.get(intent, 0.0) for intent in intents)

    def in_pieces(self, *intents: str) -> float:
        """Return the highest probability that a piece has one of these intents; 0 for a short message."""
        return max((sum(piece.get(intent, 0.0) for intent in intents) for piece in self.pieces), default=0.0)


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
    return Scores(
        whole=_by_intent(model, whole),
        pieces=tuple(_by_intent(model, row) for row in model.predict(pieces, encoder.encode(pieces))) if pieces else (),
    )


def _by_intent(model: IntentModel, row: npt.NDArray[np.float64]) -> dict[str, float]:
    return {intent: float(value) for intent, value in zip(model.intents, row, strict=True)}
