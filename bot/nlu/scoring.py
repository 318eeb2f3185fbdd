"""Scores of one message: over the whole of it, and over its pieces where it is long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.nlu.encoder import Encoded, Encoder
from bot.nlu.held_out import HeldOut
from bot.nlu.intent_model import IntentModel, ModelOptions
from bot.nlu.out_of_scope import OutOfScope
from bot.nlu.text import plain, windows

DISTANCE_FILE = "out_of_scope.npz"


@dataclass(frozen=True)
class Scores:
    """Probabilities of the intents of one message.

    Attributes:
        whole: By intent, over the whole message; they add up to 1.
        pieces: The same for each piece of a long message; empty for a short one.
        far: By intent, how far the message lies from what the intent was learned from: 0 is in the middle of it.
    """

    whole: dict[str, float]
    pieces: tuple[dict[str, float], ...] = ()
    far: dict[str, float] = field(default_factory=dict)

    def total(self, *intents: str) -> float:
        """Return the probability that the whole message has one of these intents."""
        return sum(self.whole.get(intent, 0.0) for intent in intents)

    def in_pieces(self, *intents: str) -> float:
        """Return the highest probability that a piece has one of these intents; 0 for a short message."""
        return max((sum(piece.get(intent, 0.0) for intent in intents) for piece in self.pieces), default=0.0)


class Scorer:
    """Scores messages: the intent model, the distances and the encoder that both were trained with."""

    def __init__(self, model: IntentModel, distance: OutOfScope, encoder: Encoder) -> None:
        """Make a scorer; `fit` and `load` are the usual ways.

        Args:
            model: Gives each intent a probability.
            distance: Says how far a text lies from an intent.
            encoder: The encoder.
        """
        self.model = model
        self._distance = distance
        self._encoder = encoder

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        encoded: Encoded,
        intents: Sequence[str],
        encoder: Encoder,
        options: ModelOptions | None = None,
    ) -> Scorer:
        """Train on examples.

        Args:
            texts: The examples.
            encoded: What the encoder says about them.
            intents: The intent of each.
            encoder: The encoder.
            options: Of the intent model.

        Returns:
            The scorer.

        Raises:
            SignpostError: E330, the opinions on unseen examples cannot be read; E333, the head does not know an intent.
        """
        opinions = HeldOut.load().replace(texts, encoded.opinions)
        model = IntentModel.fit(texts, opinions, intents, encoder.intents, options)
        return cls(model, OutOfScope.fit(encoded.vectors, intents), encoder)

    def score(self, text: str, encoded: Encoded | None = None) -> Scores:
        """Score one message.

        Args:
            text: The message.
            encoded: What the encoder says about it, one row each, where it was asked already.

        Returns:
            The scores.
        """
        encoded = encoded or self._encoder.encode([plain(text)])
        whole = self.model.predict([text], encoded.opinions)[0]
        pieces = windows(text)
        of_pieces = self.model.predict(pieces, self._encoder.encode([*map(plain, pieces)]).opinions) if pieces else ()
        return Scores(
            whole=self._by_intent(whole),
            pieces=tuple(self._by_intent(row) for row in of_pieces),
            far=self._distance.from_all(encoded.vectors),
        )

    def save(self, folder: Path) -> None:
        """Write what was trained.

        Args:
            folder: An existing folder.
        """
        self.model.save(folder)
        self._distance.save(folder / DISTANCE_FILE)

    @classmethod
    def load(cls, folder: Path, encoder: Encoder) -> Scorer:
        """Read a scorer back.

        Args:
            folder: What `save` wrote to.
            encoder: The encoder.

        Returns:
            The scorer.
        """
        return cls(IntentModel.load(folder), OutOfScope.load(folder / DISTANCE_FILE), encoder)

    def _by_intent(self, row: npt.NDArray[np.float64]) -> dict[str, float]:
        return {intent: float(value) for intent, value in zip(self.model.intents, row, strict=True)}
