"""What the encoder said about each training example before it had seen it.

An encoder that was trained on an example is too sure of it. To learn how far its opinion can be trusted, the intent
model needs opinions on what was not seen: those of five encoders that were each trained without a fifth of the
examples, as scripts/encoder/README.md says. An example that was written later needs none: nothing has seen it.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.errors import Code, SignpostError
from bot.nlu.encoder import FOLDER, Opinions
from bot.nlu.text import plain

HELD_OUT_FILE = FOLDER / "held_out.csv"
DECIMALS = 10
"""Logits are kept in whole tenths: they run from -10 to 10, and finer digits change no probability by a hundredth."""

KEY_LENGTH = 12


class HeldOut:
    """Opinions by example."""

    def __init__(self, intents: Sequence[str], opinions: dict[str, Opinions]) -> None:
        """Make it; `load` is the usual way.

        Args:
            intents: What the head knows, in the order of its opinions.
            opinions: By key of the example, arrays of shape (len(intents),).
        """
        self.intents = tuple(intents)
        self._opinions = opinions

    def __len__(self) -> int:
        """Return how many examples there are opinions about."""
        return len(self._opinions)

    def __contains__(self, text: str) -> bool:
        """Whether the encoder that serves has seen an example."""
        return key(text) in self._opinions

    def replace(self, texts: Sequence[str], opinions: Opinions) -> Opinions:
        """Put opinions by encoders that have not seen an example in place of those by one that has.

        Args:
            texts: Examples.
            opinions: What the encoder that serves says about them, shape (len(texts), len(intents)).

        Returns:
            The same, replaced where the encoder that serves has seen the example.
        """
        keys = [key(text) for text in texts]
        return np.vstack([self._opinions.get(at, row) for at, row in zip(keys, opinions, strict=True)])

    @classmethod
    def load(cls, path: Path = HELD_OUT_FILE) -> HeldOut:
        """Read the file.

        Args:
            path: A table with a first line of intents, and one line for each example: its key and its opinions.

        Returns:
            The opinions.

        Raises:
            SignpostError: E330, the file is missing or has another form.
        """
        try:
            with path.open(encoding="utf-8", newline="") as file:
                first, *rows = csv.reader(file)
            opinions = {row[0]: np.array([*map(int, row[1:])], dtype=np.float32) / DECIMALS for row in rows}
        except (OSError, ValueError, IndexError) as error:
            raise SignpostError(Code.E330, path=path, problem=error.__class__.__name__) from None
        if any(len(row) != len(first) - 1 for row in opinions.values()):
            raise SignpostError(Code.E330, path=path, problem="a line is too short or too long")
        return cls(first[1:], opinions)

    @staticmethod
    def write(path: Path, intents: Sequence[str], texts: Sequence[str], opinions: Opinions) -> None:
        """Write the file.

        Args:
            path: Where to.
            intents: What the head knows.
            texts: The examples.
            opinions: What was said about each, shape (len(texts), len(intents)).
        """
        whole = np.rint(opinions * DECIMALS).astype(int)
        lines = sorted([key(text), *map(str, row)] for text, row in zip(texts, whole, strict=True))
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([["example", *intents], *lines])


def key(text: str) -> str:
    """Return what stands for an example in the file.

    Args:
        text: The example.

    Returns:
        The beginning of the digest of its cleaned text.
    """
    return hashlib.sha256(plain(text).encode()).hexdigest()[:KEY_LENGTH]
