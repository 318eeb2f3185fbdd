"""How far a text lies from the intent that the classifier names: a score of its own for what is out of scope.

A classifier must name one of its intents, also for a text that has none of them, and can be sure of it. The distance
to the middle of that intent's examples, in the encoder's space, says whether anything like it was ever seen. It needs
no examples out of scope. Prototypes as in Snell et al., "Prototypical Networks for Few-shot Learning", 2017; how it
compares with neighbours, probability and energy stands in docs/experiments.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.nlu.encoder import Vectors


class OutOfScope:
    """Scores texts: the higher, the less they are like what their intent was learned from."""

    def __init__(self, intents: Sequence[str], prototypes: Vectors) -> None:
        """Make a score; `fit` and `load` are the usual ways.

        Args:
            intents: Names of the intents.
            prototypes: The mean vector of each, shape (intents, dimensions).
        """
        self.intents = tuple(intents)
        self._prototypes = prototypes.astype(np.float32)
        self._rows = {intent: row for row, intent in enumerate(self.intents)}

    @classmethod
    def fit(cls, vectors: Vectors, intents: Sequence[str]) -> OutOfScope:
        """Learn where each intent lies.

        Args:
            vectors: Sentence vectors of the examples, each of length 1.
            intents: The intent of each example.

        Returns:
            The score. The same input gives the same score.
        """
        truth = np.array([*intents])
        names = sorted(set(intents))
        return cls(names, np.stack([vectors[truth == name].mean(axis=0) for name in names]))

    def score(self, vector: Vectors, intent: str) -> float:
        """Score one text.

        Args:
            vector: Its sentence vector, shape (dimensions,) or (1, dimensions).
            intent: What the classifier names.

        Returns:
            The squared distance, from 0 (the middle of the intent's examples) to 4.

        Raises:
            KeyError: No example had this intent.
        """
        return float(self.scores(vector.reshape(1, -1), [intent])[0])

    def scores(self, vectors: Vectors, intents: Sequence[str]) -> npt.NDArray[np.float64]:
        """Score many texts.

        Args:
            vectors: Their sentence vectors.
            intents: What the classifier names for each.

        Returns:
            Array of shape (len(intents),), as `score` gives them.

        Raises:
            KeyError: No example had one of these intents.
        """
        rows = [self._rows[intent] for intent in intents]
        apart: npt.NDArray[np.float64] = vectors.astype(np.float64) - self._prototypes[rows]
        distances: npt.NDArray[np.float64] = np.square(apart).sum(axis=1)
        return distances

    def from_all(self, vector: Vectors) -> dict[str, float]:
        """Score one text against every intent, between 0 and 1.

        Args:
            vector: Its sentence vector, shape (1, dimensions).

        Returns:
            By intent, a quarter of the squared distance: two vectors of length 1 are at most 2 apart.
        """
        return dict(zip(self.intents, (self.scores(vector, self.intents) / 4).tolist(), strict=True))

    def save(self, file: Path) -> None:
        """Write the score.

        Args:
            file: A path that ends in .npz.
        """
        np.savez(file, intents=np.array(self.intents, dtype=np.str_), prototypes=self._prototypes)

    @classmethod
    def load(cls, file: Path) -> OutOfScope:
        """Read a score back.

        Args:
            file: What `save` wrote. It holds numbers and words only, so that loading can never run code.

        Returns:
            The score.
        """
        with np.load(file, allow_pickle=False) as arrays:
            return cls([str(intent) for intent in arrays["intents"]], arrays["prototypes"])
