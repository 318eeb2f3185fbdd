"""How people spell in a chat: contractions, short forms and known mistakes, read from data/safety/spelling.yml."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ENDINGS = {"m": "am", "ll": "will", "ve": "have", "re": "are", "d": "would", "s": "s"}
_SHORT_IN = 4
"""Words of so many letters in -in are words of their own: a bin, a pin, to win; not "thinkin"."""
_RUN = re.compile(r"([^\W\d_])\1{2,}")


@dataclass(frozen=True)
class Spelling:
    """The tables. All words are lower case without apostrophes.

    Attributes:
        words: What one word stands for, such as "dont" for "do not".
        pairs: What two words stand for, by the second and then the first, such as "my self" for "myself".
        takes_s: Words that an s without its apostrophe may hang on, as in "shes" and "mums".
        keys: Key words that fuzzy spelling looks for.
        neighbours: Real words that look like key words.
        censored: Words that people write with stars in them.
        joined: Words that people write without a space between them.
    """

    words: dict[str, tuple[str, ...]]
    pairs: dict[str, dict[str, tuple[str, ...]]]
    takes_s: frozenset[str]
    keys: frozenset[str]
    neighbours: frozenset[str]
    censored: frozenset[str]
    joined: frozenset[str]

    def spell(self, token: str, vocabulary: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """Give the plain words that one written word stands for.

        Args:
            token: Lower-case letters and digits, with apostrophes inside.
            vocabulary: All words that patterns know: chooses among readings of "killlll" and "thinkin".

        Returns:
            One word, or several for a contraction.
        """
        stem, apostrophe, ending = token.rpartition("'")
        if apostrophe:
            if ending in _ENDINGS:
                return (*self.spell(stem, vocabulary), _ENDINGS[ending])
            token = token.replace("'", "")
        known = self.words.get(token)
        if known is not None:
            return known
        if token in vocabulary:
            return (token,)
        if token[-1:] == "s" and token[:-1] in self.takes_s:
            return (token[:-1], "s")
        if len(token) > _SHORT_IN and token.endswith("in") and token + "g" in vocabulary:
            return (token + "g",)
        if _RUN.search(token):
            return self._squeeze(token, vocabulary)
        return (token,)

    def pair(self, first: str, second: str) -> tuple[str, ...] | None:
        """Give what two words stand for together, such as "myself" for "my self".

        Args:
            first: A plain word.
            second: The one after it.

        Returns:
            The words meant, or None where the two mean nothing else.
        """
        return self.pairs.get(second, {}).get(first)

    def _squeeze(self, token: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
        single, double = _RUN.sub(r"\1", token), _RUN.sub(r"\1\1", token)
        for reading in (single, double):
            if reading in self.words:
                return self.words[reading]
            if reading in vocabulary:
                return (reading,)
        return (single,)
