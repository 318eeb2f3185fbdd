"""The sieve: tells with bits where a part of a pattern may end in a message.

There are thousands of token patterns, and a message matches none or a few. The sieve moves through a part's words with
one bit for each word of the message, all places at once, so that a part costs about a microsecond or two whatever the
length of the message, and nothing that a visitor writes makes it slow. It finds exactly the ends that spaCy finds (a
test compares them), only without telling where a match began.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from bot.safety.notation import Choice, Gap, Line, Row, Words, width

# The commonest words of English chat. A line is looked up by its rarest word, so these are the last choice.
_COMMON = frozenset(
    {"i", "a", "the", "and", "to", "is", "it", "my", "of", "in", "that", "was", "me", "not", "have", "for", "on", "you"}
    | {"do", "am", "be", "with", "but", "she", "so", "this", "are", "he", "her", "can", "at", "just", "all", "they"}
    | {"what", "now", "if", "no", "been", "s", "or", "will", "had", "up", "as", "has", "from", "we", "his", "would"}
    | {
        "get",
        "how",
        "about",
        "out",
        "when",
        "there",
        "an",
        "by",
        "go",
        "know",
        "like",
        "one",
        "time",
        "more",
        "because",
    }
)
_COMMON_COST = 40

# Steps of a program: what it does, and a set of words, a number of words, or inner programs.
_WORD, _OPTIONAL, _GAP, _CHOICE = range(4)
_Program = tuple[tuple[int, Any], ...]


class Sieve:
    """Holds the programs of all lines, and the words that each line cannot do without."""

    def __init__(self, lines: Sequence[Line]) -> None:
        """Index the lines.

        Args:
            lines: Compiled lines.
        """
        self._parts = [tuple((_program(part), _needed(part), width(part)) for part in line.parts) for line in lines]
        self._lines_of: dict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(lines):
            for word in min((_needed(part) for part in line.parts), key=_cost):
                self._lines_of[word].append(number)
        self.vocabulary = frozenset(word for line in lines for part in line.parts for word in _words(part))

    def ends(self, words: Sequence[str]) -> dict[int, tuple[int, ...]]:
        """Find the lines all of whose parts are somewhere in a message.

        Args:
            words: The message's normalised words.

        Returns:
            For each such line, by its number, the ends of each part: bit n is set where a match ends before word n.
        """
        bits: dict[str, int] = {}
        for number, word in enumerate(words):
            if word in self.vocabulary:
                bits[word] = bits.get(word, 0) | 1 << number
        everywhere = (1 << len(words) + 1) - 1
        masks: dict[frozenset[str], int] = {}
        found: dict[int, tuple[int, ...]] = {}
        for number in {number for word in bits for number in self._lines_of.get(word, ())}:
            ends: list[int] = []
            for program, needed, reach in self._parts[number]:
                start = _before(_mask(needed, bits, masks), reach)
                state = _run(program, start, bits, masks, everywhere) if start else 0
                if not state:
                    break
                ends.append(state)
            else:
                found[number] = tuple(ends)
        return found


def _mask(words: frozenset[str], bits: dict[str, int], masks: dict[frozenset[str], int]) -> int:
    """Set the bits of all words of the message that are among these."""
    mask = masks.get(words)
    if mask is None:
        mask = 0
        for word in words if len(words) < len(bits) else bits:
            if word in bits and word in words:
                mask |= bits[word]
        masks[words] = mask
    return mask


def _before(mask: int, reach: int) -> int:
    """Set also the bits up to so many places before each bit: where a match with this word in it may begin."""
    done = 1
    while done < reach:
        step = min(done, reach - done)
        mask |= mask >> step
        done += step
    return mask


def _run(program: _Program, state: int, bits: dict[str, int], masks: dict[frozenset[str], int], everywhere: int) -> int:
    """Move through a program: bit n of the state says that what came so far may end before word n."""
    for kind, what in program:
        if kind <= _OPTIONAL:
            mask = _mask(what, bits, masks)
            state = (state & mask) << 1 if kind == _WORD else state | (state & mask) << 1
        elif kind == _GAP:
            for _ in range(what):
                state |= state << 1 & everywhere
        else:
            reached = 0
            for inner in what:
                reached |= _run(inner, state, bits, masks, everywhere)
            state = reached
        if not state:
            return 0
    return state


def _program(row: Row) -> _Program:
    steps: list[tuple[int, Any]] = []
    for element in row:
        if isinstance(element, Words):
            steps.append((_OPTIONAL if element.optional else _WORD, element.options))
        elif isinstance(element, Gap):
            steps.append((_GAP, element.most))
        else:
            steps.append((_CHOICE, tuple(_program(inner) for inner in element.rows)))
    return tuple(steps)


def _needed(row: Row) -> frozenset[str]:
    """Give words one of which is in every match of a row: the rarest such set; empty where there is none."""
    sets: list[frozenset[str]] = []
    for element in row:
        if isinstance(element, Words) and not element.optional:
            sets.append(element.options)
        elif isinstance(element, Choice):
            inner = [_needed(way) for way in element.rows]
            if all(inner):
                sets.append(frozenset().union(*inner))
    return min(sets, key=_cost, default=frozenset())


def _cost(words: frozenset[str]) -> float:
    return len(words) + _COMMON_COST * len(words & _COMMON) if words else float("inf")


def _words(row: Row) -> set[str]:
    found: set[str] = set()
    for element in row:
        if isinstance(element, Words):
            found |= element.options
        elif isinstance(element, Choice):
            found = found.union(*map(_words, element.rows))
    return found
