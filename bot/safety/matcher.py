"""Finds patterns in a message: the sieve says where a pattern may end, and spaCy looks closely there.

spaCy never sees a word that no pattern knows: such words become one placeholder, so that nothing a visitor wrote
stays in spaCy's store of strings, and the store does not grow.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.safety import notation
from bot.safety.notation import Gap, Line, sequences
from bot.safety.sieve import Sieve

UNKNOWN = "-"
_KEY = "part"

Place = tuple[int, int]
"""The first word of a match, and one past its last word."""


@dataclass(frozen=True)
class Found:
    """Where one line of patterns was found.

    Attributes:
        line: Its number, as given to the finder.
        start: The first word.
        end: One past the last word.
    """

    line: int
    start: int
    end: int


class Finder:
    """Finds many lines at once in the words of a message."""

    def __init__(self, lines: Sequence[Line]) -> None:
        """Index the lines.

        Args:
            lines: Compiled lines; each is found where all its parts are.
        """
        self._lines = lines
        self._sieve = Sieve(lines)
        self._vocab = Vocab()
        self._matchers: dict[tuple[int, int], Any] = {}
        self._widths = [tuple(notation.width(part) for part in line.parts) for line in lines]
        self.vocabulary = self._sieve.vocabulary

    def find(self, words: Sequence[str]) -> Iterator[Found]:
        """Find all lines in a message.

        Args:
            words: The message's normalised words.

        Yields:
            Each place of a line; where parts may stand anywhere, the place of the last part and one of each other.
        """
        ends = self._sieve.ends(words)
        if not ends:
            return
        known = [word if word in self.vocabulary else UNKNOWN for word in words]
        for number in sorted(ends):
            found = [self._look(number, part, bits, known) for part, bits in enumerate(ends[number])]
            for start, end in _put_together(found, self._lines[number].gaps):
                yield Found(number, start, end)

    def _look(self, line: int, part: int, ends: int, words: Sequence[str]) -> set[Place]:
        """Let spaCy find the matches of a part that end at the given places."""
        matcher, width = self._matcher(line, part), self._widths[line][part]
        places: set[Place] = set()
        while ends:
            end = ends.bit_length() - 1
            ends ^= 1 << end
            start = max(0, end - width)
            found = matcher(Doc(self._vocab, words=words[start:end]))
            places.update((start + first, end) for _, first, last in found if start + last == end)
        return places

    def _matcher(self, line: int, part: int) -> Any:
        matcher = self._matchers.get((line, part))
        if matcher is None:
            matcher = Matcher(self._vocab, validate=False)
            matcher.add(_KEY, [token_pattern(way) for way in sequences(self._lines[line].parts[part])])
            self._matchers[line, part] = matcher
        return matcher


def token_pattern(sequence: notation.Sequence) -> list[dict[str, Any]]:
    """Write a sequence as a spaCy token pattern.

    Args:
        sequence: Word sets and gaps.

    Returns:
        What `spacy.matcher.Matcher.add` takes.
    """
    pattern: list[dict[str, Any]] = []
    for element in sequence:
        if isinstance(element, Gap):
            pattern.append({"OP": f"{{0,{element.most}}}"})
            continue
        options = sorted(element.options)
        token: dict[str, Any] = {"ORTH": options[0] if len(options) == 1 else {"IN": options}}
        pattern.append({**token, "OP": "?"} if element.optional else token)
    return pattern


def _put_together(found: Sequence[set[Place]], gaps: Sequence[int | None]) -> list[Place]:
    """Join the parts of a line that must be near each other; give all places where every part is found."""
    places: set[Place] = found[0]
    done: list[Place] = []
    for gap, after in zip(gaps, found[1:], strict=True):
        if not places:
            return []
        if gap is None:
            done.append(min(places))
            places = after
        else:
            places = _join(places, after, gap)
    return sorted(places) + done if places else []


def _join(before: set[Place], after: set[Place], gap: int) -> set[Place]:
    """Join each place with the nearest one that ends before it, if that is near enough."""
    latest = sorted((end, start) for start, end in before)
    joined: set[Place] = set()
    for start, end in after:
        at = bisect_right(latest, (start, start)) - 1
        if at >= 0 and start - latest[at][0] <= gap:
            joined.add((latest[at][1], end))
    return joined
