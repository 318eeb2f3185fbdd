"""Finds patterns in a message with spaCy, and tries only those whose words are all there.

spaCy never sees a word that no pattern knows: such words become one placeholder, so that nothing a visitor wrote
stays in spaCy's store of strings, and the store does not grow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
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

    def __init__(self, lines: Sequence[tuple[notation.Part, ...]]) -> None:
        """Index the lines.

        Args:
            lines: Compiled lines; each is found where all its parts are.
        """
        self._lines = lines
        self._vocab = Vocab()
        self._parts: list[notation.Part] = []
        self._matchers: dict[int, Any] = {}
        self._lines_of: list[int] = []
        self._parts_of: list[range] = []
        self._by_word: dict[str, list[tuple[int, tuple[frozenset[str], ...]]]] = defaultdict(list)
        for number, parts in enumerate(lines):
            first = len(self._parts)
            self._parts_of.append(range(first, first + len(parts)))
            for part in parts:
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
            Each place of a line of one part; for a line of several, the first place of each part.
        """
        present = self.vocabulary.intersection(words)
        candidates = self._candidates(present)
        if not candidates:
            return
        doc = Doc(self._vocab, words=[word if word in present else UNKNOWN for word in words])
        for line in sorted({self._lines_of[part] for part in candidates}):
            parts = self._parts_of[line]
            if not all(part in candidates for part in parts):
                continue
            places: list[tuple[int, int]] = []
            for part in parts:
                found = [(start, end) for _, start, end in self._matcher(part)(doc)]
                if not found:
                    break
                places += found if len(parts) == 1 else [min(found)]
            else:
                for start, end in places:
                    yield Found(line, start, end)

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
