"""Training examples of two intents that say nearly the same: each pulls the border between them its own way.

Encoding all examples takes minutes, so only those are encoded that share much of their spelling with one of another
intent. Two texts that the encoder can hardly tell apart always do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.errors import Code, SignpostError
from bot.nlu.encoder import Encoder
from bot.nlu.examples import Example
from bot.nlu.text import plain

LEAST_COSINE = 0.97
"""From here on two texts differ by little more than a word that carries no meaning, or by punctuation."""

LEAST_SPELLING = 0.5
"""Cosine of letter triples, for a pair to be looked at; of 14,000 examples the alikest pairs had 0.6 and more."""

ROWS = 1_024
"""Examples that are compared with all others at once: a matrix of 60 MB with 14,000 examples."""


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
        encoder: The general encoder, loaded where it is left out: the one that serves was trained to tell them apart.
        least_cosine: From which likeness on a pair counts.

    Returns:
        The pairs, the most alike first.

    Raises:
        SignpostError: E004 or E303, the encoder cannot be loaded.
    """
    # The encoder's vocabulary holds no emoji: to it they are all one and the same unknown sign.
    worded = [example for example in examples if any(map(str.isalnum, example.text))]
    candidates = [*_alike_in_spelling(worded)] if worded else []
    if not candidates:
        return []
    rows = {row: place for place, row in enumerate(sorted({row for pair in candidates for row in pair}))}
    vectors = (encoder or Encoder.general()).encode([worded[row].text for row in rows]).vectors
    pairs = [
        NearDuplicate(worded[one], worded[other], float(vectors[rows[one]] @ vectors[rows[other]]))
        for one, other in candidates
    ]
    return sorted((pair for pair in pairs if pair.cosine >= least_cosine), key=lambda pair: -pair.cosine)


def _alike_in_spelling(examples: Sequence[Example]) -> Iterator[tuple[int, int]]:
    intents = np.array([example.intent for example in examples])
    triples = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), dtype=np.float32)
    spelling = triples.fit_transform([plain(example.text) for example in examples])
    for start in range(0, len(examples), ROWS):
        alike = (spelling[start : start + ROWS] @ spelling.T).toarray() >= LEAST_SPELLING
        alike &= intents[start : start + ROWS, None] != intents
        for row, column in zip(*np.nonzero(alike), strict=True):
            if start + row < column:
                yield int(start + row), int(column)
