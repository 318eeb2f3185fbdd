"""Spelling mistakes in key words: one letter wrong, missing, doubled or swapped with its neighbour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from rapidfuzz.distance import OSA

LEAST_LETTERS = 5
"""Shorter words have too many real neighbours."""


class Fuzzy:
    """Looks key words up by what is left when a letter is dropped, so that most words cost a few look-ups only."""

    def __init__(self, keys: Collection[str], neighbours: Collection[str]) -> None:
        """Index the key words.

        Args:
            keys: Key words of at least five letters; shorter ones are left out.
            neighbours: Real words that are never taken for a mistake.
        """
        self._known = frozenset(neighbours) | frozenset(keys)
        self._index: dict[str, list[str]] = defaultdict(list)
        for key in sorted(keys):
            if len(key) >= LEAST_LETTERS:
                for rest in _deletions(key):
                    self._index[rest].append(key)

    def correct(self, word: str) -> str:
        """Return the key word that this is a misspelling of.

        Args:
            word: A normalised word.

        Returns:
            The key word at distance one, the first in the alphabet where there are several; the word itself otherwise.
        """
        if len(word) < LEAST_LETTERS - 1 or len(word) > 20 or word in self._known:
            return word
        for rest in _deletions(word):
            for key in self._index.get(rest, ()):
                if OSA.distance(word, key, score_cutoff=1) <= 1:
                    return key
        return word


def _deletions(word: str) -> Iterator[str]:
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
