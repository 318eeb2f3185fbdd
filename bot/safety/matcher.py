"""Finds patterns in a message with spaCy, and tries only those whose words are all there.

spaCy never sees a word that no pattern knows: such words become one placeholder, so that nothing a visitor wrote
stays in spaCy's store of strings, and the store does not grow.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.safety import notation
from bot.safety.notation import Gap, Words

UNKNOWN = "-"
_KEY = "part"

# The commonest words of English chat: a pattern is looked up by its rarest word, so these are the last choice.
_COMMON = frozenset(
    "i a the and to is it my of in that was me not have for on you do am be with but she so this are he her can at "
    "just all they what now if no been s or will had up as has from we his would get how about out when there an by "
    "go know like one time more because".split()
)


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

    def __init__(self, lines: Sequence[notation.Line]) -> None:
        """Index the lines.

        Args:
            lines: Compiled lines; each is found where all its parts are.
        """
        self._gaps = [line.gaps for line in lines]
        self._vocab = Vocab()
        self._parts: list[notation.Part] = []
        self._matchers: dict[int, Any] = {}
        self._lines_of: list[int] = []
        self._parts_of: list[range] = []
        self._by_word: dict[str, list[tuple[int, tuple[frozenset[str], ...]]]] = defaultdict(list)
        for number, line in enumerate(lines):
            first = len(self._parts)
            self._parts_of.append(range(first, first + len(line.parts)))
            for part in line.parts:
                self._index(len(self._parts), part)
                self._parts.append(part)
                self._lines_of.append(number)
        self.vocabulary = frozenset(
            word
            for part in self._parts
            for sequence in part
            for element in sequence
            if isinstance(element, Words)
            for word in element.options
        )

    def _index(self, part: int, sequences: notation.Part) -> None:
        seen: set[tuple[frozenset[str], ...]] = set()
        for sequence in sequences:
            needed = [e.options for e in sequence if isinstance(e, Words) and not e.optional]
            needed.sort(key=lambda options: len(options) + 40 * len(options & _COMMON))
            key = tuple(dict.fromkeys(needed))
            if key not in seen:
                seen.add(key)
                for word in key[0]:
                    self._by_word[word].append((part, key[1:]))

    def find(self, words: Sequence[str]) -> Iterator[Found]:
        """Find all lines in a message.

        Args:
            words: The message's normalised words.

        Yields:
            Each place of a line; where parts may stand anywhere, one place for each of them.
        """
        present = self.vocabulary.intersection(words)
        candidates = self._candidates(present)
        if not candidates:
            return
        doc = Doc(self._vocab, words=[word if word in present else UNKNOWN for word in words])
        for line in sorted({self._lines_of[part] for part in candidates}):
            if all(part in candidates for part in self._parts_of[line]):
                for start, end in self._places(line, doc):
                    yield Found(line, start, end)

    def _places(self, line: int, doc: Doc) -> Iterable[tuple[int, int]]:
        """Find the parts of a line one after another, and join those that must be near each other."""
        first, *others = self._parts_of[line]
        places: set[tuple[int, int]] = self._find_part(first, doc)
        done: list[tuple[int, int]] = []
        for gap, part in zip(self._gaps[line], others, strict=True):
            if not places:
                return ()
            found = self._find_part(part, doc)
            if gap is None:
                done.append(min(places))
                places = found
            else:
                places = _join(places, found, gap)
        return sorted(places) + done if places else ()

    def _find_part(self, part: int, doc: Doc) -> set[tuple[int, int]]:
        return {(start, end) for _, start, end in self._matcher(part)(doc)}

    def _candidates(self, present: frozenset[str]) -> set[int]:
        parts: set[int] = set()
        for word in present:
            for part, needed in self._by_word.get(word, ()):
                if part not in parts and not any(options.isdisjoint(present) for options in needed):
                    parts.add(part)
        return parts

    def _matcher(self, part: int) -> Any:
        matcher = self._matchers.get(part)
        if matcher is None:
            matcher = Matcher(self._vocab, validate=False)
            matcher.add(_KEY, [token_pattern(sequence) for sequence in self._parts[part]])
            self._matchers[part] = matcher
        return matcher


def _join(before: set[tuple[int, int]], after: set[tuple[int, int]], gap: int) -> set[tuple[int, int]]:
    """Join each place with the nearest one that ends before it, if that is near enough."""
    latest = sorted((end, start) for start, end in before)
    joined: set[tuple[int, int]] = set()
    for start, end in after:
        at = bisect_right(latest, (start, start)) - 1
        if at >= 0 and start - latest[at][0] <= gap:
            joined.add((latest[at][1], end))
    return joined


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
