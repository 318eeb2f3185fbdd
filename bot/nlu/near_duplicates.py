"""Training examples of two intents that say nearly the same: each pulls the border between them its own way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.errors import Code, SignpostError
from bot.nlu.encoder import Encoder
from bot.nlu.examples import Example

LEAST_COSINE = 0.97
"""From here on two texts differ by little more than a word that carries no meaning, or by punctuation."""

ROWS = 1_024
"""Examples that are compared with all others at once: a matrix of 50 MB with 12,000 examples."""


@dataclass(frozen=True)
class NearDuplicate:
    """Two examples of different intents that say nearly the same.

    Attributes:
        first: The one that stands first.
        second: The other one.
        cosine: How alike the encoder finds them, up to 1.
    """

    first: Example
    second: Example
    cosine: float

    def error(self) -> SignpostError:
        """Return the coded error for it, without the texts: the places are enough to find them."""
        first, second = self.first, self.second
        return SignpostError(
            Code.E307,
            cosine=f"{self.cosine:.3f}",
            first=first.intent,
            first_path=first.path,
            first_line=first.line,
            second=second.intent,
            second_path=second.path,
            second_line=second.line,
        )


def near_duplicates(
    examples: Sequence[Example], encoder: Encoder | None = None, least_cosine: float = LEAST_COSINE
) -> list[NearDuplicate]:
    """Find pairs of examples across intents that say nearly the same.

    Args:
        examples: All examples.
        encoder: The sentence encoder; loaded where it is left out.
        least_cosine: From which likeness on a pair counts.

    Returns:
        The pairs, the most alike first.

    Raises:
        SignpostError: E004 or E303, the encoder cannot be loaded.
    """
    pairs = _pairs(examples, encoder or Encoder.load(), least_cosine)
    return sorted(pairs, key=lambda pair: -pair.cosine)


def _pairs(examples: Sequence[Example], encoder: Encoder, least_cosine: float) -> Iterator[NearDuplicate]:
    # The encoder's vocabulary holds no emoji: to it they are all one and the same unknown sign.
    examples = [example for example in examples if any(map(str.isalnum, example.text))]
    vectors = encoder.encode([example.text for example in examples])
    for start in range(0, len(examples), ROWS):
        cosines = vectors[start : start + ROWS] @ vectors.T
        for row, column in zip(*np.nonzero(cosines >= least_cosine), strict=True):
            first, second = examples[start + row], examples[column]
            if start + row < column and first.intent != second.intent:
                yield NearDuplicate(first, second, float(cosines[row, column]))
