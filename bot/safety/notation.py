"""The notation of safety patterns: a line that a nurse can read, compiled to rows of word sets.

    @i_am (thinking of|about) ..2 kill+/end+ myself

`a/b` is either word, `(a b|c)` either wording, `word?` may be missing, `..3` is up to three other words, `kill+` is
kill, kills, killed and killing, and `@name` is a wording defined once in words.yml. A gap wider than three, as in
`a ..12 b`, cuts the line into parts that are found one by one, as does `a & b`: both, anywhere, in any order.
A line that begins with `=` counts only where it is a sentence of its own. docs/safety-patterns.md has examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from bot.safety.spelling import Spelling

MOST_GAP = 6
"""How many words the gaps of one part may span together: this bounds spaCy's work on any text."""
MOST_INNER = 3
"""The widest gap inside a part; a wider one cuts the line."""
MOST_SEQUENCES = 600
"""How many token patterns one part may stand for. More is a line that does too much."""
PREFERRED_SEQUENCES = 120
"""A line that stands for more is cut at all its gaps, so that its parts are alternatives side by side."""

_TOKEN = re.compile(r"\.\.\d+|[()|&]|\?|[^\s()|&?]+")
_GAP = re.compile(r"\.\.(\d+)")
_PLAIN = re.compile(r"[a-z0-9]+(?:[.'][a-z0-9]+)*")


class NotationError(ValueError):
    """A pattern that cannot be read; its message says why."""


class TooManyError(NotationError):
    """A pattern that stands for too many wordings."""


@dataclass(frozen=True)
class Words:
    """One word of the message that must be one of these.

    Attributes:
        options: The words.
        optional: Whether it may be missing.
    """

    options: frozenset[str]
    optional: bool = False


@dataclass(frozen=True)
class Gap:
    """Up to so many words that may be anything."""

    most: int


@dataclass(frozen=True)
class Choice:
    """One of several rows; an empty row means that it may be missing."""

    rows: tuple[Row, ...]


Row = tuple[Words | Gap | Choice, ...]
Sequence = tuple[Words | Gap, ...]


@dataclass(frozen=True)
class Line:
    """One compiled line.

    Attributes:
        parts: What must all be found.
        gaps: For each part after the first, how many words may stand between the part before and this one; None where
            it may be anywhere.
        alone: Whether it counts only where it is a sentence of its own.
    """

    parts: tuple[Row, ...]
    gaps: tuple[int | None, ...]
    alone: bool = False


class Notation:
    """Compiles patterns with a given set of named wordings."""

    def __init__(self, wordings: Mapping[str, str], spelling: Spelling) -> None:
        """Make a compiler.

        Args:
            wordings: Named wordings in this notation; one may use another.
            spelling: What the normaliser does to words, so that patterns may say "don't" and "any more".
        """
        self._sources = wordings
        self._spelling = spelling
        self._done: dict[str, Row] = {}
        self._open: list[str] = []

    def compile(self, source: str) -> Line:
        """Compile one line.

        Args:
            source: The line.

        Returns:
            Its parts, and how far they may stand apart.

        Raises:
            NotationError: The line is not of the notation.
        """
        alone, source = source.startswith("="), source.removeprefix("=")
        line = self._cut(source, alone, MOST_INNER)
        if any(count(part) > PREFERRED_SEQUENCES or width(part, gaps=True) > MOST_GAP for part in line.parts):
            line = self._cut(source, alone, 0)
        for part in line.parts:
            _check(part)
        return line

    def options(self, name: str) -> frozenset[str]:
        """Return the single words of a named wording.

        Args:
            name: Its name, without the @.

        Returns:
            All words that are a way of saying it on their own.
        """
        return frozenset(
            word
            for sequence in sequences(self._named(name))
            if len(sequence) == 1 and isinstance(sequence[0], Words)
            for word in sequence[0].options
        )

    def _cut(self, source: str, alone: bool, most: int) -> Line:
        """Cut a line at every & and at the gaps wider than `most` that stand in no bracket."""
        pieces: list[list[str]] = [[]]
        gaps: list[int | None] = []
        depth = 0
        for word in source.split():
            depth += word.count("(") - word.count(")")
            gap = _GAP.fullmatch(word) if depth == 0 else None
            if depth == 0 and (word == "&" or (gap and int(gap[1]) > most)):
                gaps.append(int(gap[1]) if gap else None)
                pieces.append([])
            else:
                pieces[-1].append(word)
        return Line(tuple(self._read(" ".join(piece)) for piece in pieces), tuple(gaps), alone)

    def _read(self, source: str) -> Row:
        tokens = _TOKEN.findall(re.sub(r"/\s+", "/", source))
        if not tokens:
            raise NotationError("it is empty")
        row, end = self._alternatives(tokens, 0)
        if end != len(tokens):
            raise NotationError(f"there is a stray {tokens[end]}")
        return row

    def _alternatives(self, tokens: list[str], at: int) -> tuple[Row, int]:
        rows: list[Row] = []
        while True:
            row, at = self._row(tokens, at)
            rows.append(row)
            if at == len(tokens) or tokens[at] != "|":
                return _either(rows), at
            at += 1

    def _row(self, tokens: list[str], at: int) -> tuple[Row, int]:
        items: list[Row] = []
        while at < len(tokens) and tokens[at] not in ("|", ")"):
            sign = tokens[at]
            at += 1
            if sign in "(":
                item, at = self._alternatives(tokens, at)
                if at == len(tokens):
                    raise NotationError("a bracket is not closed")
                at += 1
            elif sign.startswith(".."):
                item = (Gap(int(sign[2:])),)
            elif sign in "?&":
                raise NotationError(f"a {sign} stands in a wrong place")
            else:
                item = self._word(sign)
            if at < len(tokens) and tokens[at] == "?":
                item = _optional(item)
                at += 1
            items.append(item)
        if not items:
            raise NotationError("an alternative is empty")
        return self._pair(tuple(element for item in items for element in item)), at

    def _pair(self, row: Row) -> Row:
        """Write two words as the one word that the normaliser makes of them."""
        paired: list[Words | Gap | Choice] = []
        for element in row:
            both = (paired[-1], element) if paired else ()
            words = [word for one in both if isinstance(one, Words) and len(one.options) == 1 for word in one.options]
            meant = self._spelling.pair(*words) if len(words) == 2 else None
            if meant:
                paired[-1:] = [Words(frozenset({word})) for word in meant]
            else:
                paired.append(element)
        return tuple(paired)

    def _word(self, token: str) -> Row:
        rows: list[Row] = []
        for word in token.split("/"):
            if not word:
                raise NotationError("a / has nothing beside it")
            if word.startswith("@"):
                rows.append(self._named(word[1:]))
                continue
            for form in inflect(word[:-1]) if word.endswith("+") else (word,):
                if not _PLAIN.fullmatch(form):
                    raise NotationError(f"{form} is not a word in plain lower-case letters")
                rows.append(tuple(Words(frozenset({part})) for part in self._spelling.spell(form)))
        return _either(rows)

    def _named(self, name: str) -> Row:
        if name not in self._done:
            if name not in self._sources:
                raise NotationError(f"@{name} is not defined in words.yml")
            if name in self._open:
                raise NotationError(f"@{name} is defined by itself")
            self._open.append(name)
            self._done[name] = self._read(self._sources[name])
            self._open.pop()
        return self._done[name]


def sequences(row: Row) -> Iterator[Sequence]:
    """Write out all sequences that a row stands for.

    Args:
        row: A row.

    Yields:
        Sequences without choices.
    """
    ways = [
        [way for inner in element.rows for way in sequences(inner)] if isinstance(element, Choice) else [(element,)]
        for element in row
    ]
    for choice in product(*ways):
        yield tuple(element for way in choice for element in way)


def count(row: Row) -> int:
    """Count the sequences that a row stands for.

    Args:
        row: A row.

    Returns:
        Their number.
    """
    return prod(sum(count(inner) for inner in element.rows) for element in row if isinstance(element, Choice))


def width(row: Row, *, gaps: bool = False) -> int:
    """Give how many words a row spans at most.

    Args:
        row: A row.
        gaps: Whether to count only words in gaps.

    Returns:
        The number of words.
    """
    total = 0
    for element in row:
        if isinstance(element, Choice):
            total += max(width(inner, gaps=gaps) for inner in element.rows)
        elif isinstance(element, Gap):
            total += element.most
        elif not gaps:
            total += 1
    return total


def inflect(verb: str) -> tuple[str, ...]:
    """Give a regular verb's forms: kill, kills, killed, killing.

    Args:
        verb: The verb.

    Returns:
        The verb, and its forms in -s, -ed and -ing; e is dropped, y changed and a consonant doubled where that is due.
    """
    stem = verb
    if verb.endswith("e"):
        past, stem = verb + "d", verb[:-1]
    elif re.fullmatch(r"[^aeiou]*[aeiou][bdgmnprt]", verb):
        stem = verb + verb[-1]
        past = stem + "ed"
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        past = verb[:-1] + "ied"
    else:
        past = verb + "ed"
    plural = past[:-1] + "s" if past.endswith("ied") else verb + ("es" if re.search("(s|sh|ch|x)$", verb) else "s")
    return (verb, plural, past, stem + "ing")


def _optional(row: Row) -> Row:
    if len(row) == 1 and isinstance(row[0], Words):
        return (Words(row[0].options, optional=True),)
    return (Choice((row, ())),)


def _either(rows: Iterable[Row]) -> Row:
    """Make a row of alternatives, with all single words in one set."""
    single: set[str] = set()
    others: dict[Row, None] = {}
    for row in rows:
        only = row[0] if len(row) == 1 else None
        if isinstance(only, Words) and not only.optional:
            single |= only.options
        elif isinstance(only, Choice) and () not in only.rows:
            for inner in only.rows:
                if len(inner) == 1 and isinstance(inner[0], Words) and not inner[0].optional:
                    single |= inner[0].options
                else:
                    others[inner] = None
        else:
            others[row] = None
    alternatives: list[Row] = [(Words(frozenset(single)),)] if single else []
    alternatives += others
    return alternatives[0] if len(alternatives) == 1 else (Choice(tuple(alternatives)),)


def _check(row: Row) -> None:
    if (number := count(row)) > MOST_SEQUENCES:
        raise TooManyError(f"it stands for {number} wordings, more than {MOST_SEQUENCES}; split it")
    if width(row, gaps=True) > MOST_GAP:
        raise NotationError(f"its gaps add up to more than {MOST_GAP} words")
    for sequence in sequences(row):
        if not any(isinstance(element, Words) and not element.optional for element in sequence):
            raise NotationError("it can match without a single word")
        if isinstance(sequence[0], Gap) or isinstance(sequence[-1], Gap):
            raise NotationError("a gap stands at its beginning or end")
        if any(isinstance(element, Gap) and element.most > MOST_INNER for element in sequence):
            raise NotationError(f"a gap inside brackets is wider than {MOST_INNER}")
