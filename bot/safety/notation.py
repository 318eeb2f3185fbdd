"""The notation of safety patterns: a line that a nurse can read, compiled to sequences of word sets.

    @i_am (thinking of|about) ..2 kill+/end+ myself

`a/b` is either word, `(a b|c)` either wording, `word?` may be missing, `..3` is up to three other words, `kill+` is
kill, kills, killed and killing, and `@name` is a wording defined once in words.yml. A gap wider than three, as in
`a ..12 b`, cuts the line into parts that are found one by one, as does `a & b`: both, anywhere, in any order.
A line that begins with `=` counts only where it is a sentence of its own. Narrower gaps are left to spaCy unless the line stands for very many wordings.
docs/safety-patterns.md explains it with examples.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product

MOST_SEQUENCES = 600
"""How many wordings one part of a line may stand for. More is a line that does too much, and slows loading."""
PREFERRED_SEQUENCES = 120
"""A line that stands for more is cut at all its gaps, so that its parts are alternatives side by side."""
MOST_GAP = 6
"""How many words the gaps of one sequence may span together: this bounds the matcher's work on any text."""
MOST_INNER = 3
"""The widest gap inside a sequence; a wider one cuts the line."""

_TOKEN = re.compile(r"\.\.\d+|[()|&]|\?|[^\s()|&?]+")
_CUT = re.compile(r"\s(&|\.\.(?:\d\d+|[4-9]))\s")
_CUT_ALL = re.compile(r"\s(&|\.\.\d+)\s")


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


Sequence = tuple[Words | Gap, ...]
Part = tuple[Sequence, ...]
"""Ways of saying one thing: it is found where one of the sequences is."""


@dataclass(frozen=True)
class Line:
    """One compiled line.

    Attributes:
        parts: What must all be found.
        gaps: For each part after the first, how many words may stand between the part before and this one; None where
            it may be anywhere.
        alone: Whether it counts only where it is a sentence of its own.
    """

    parts: tuple[Part, ...]
    gaps: tuple[int | None, ...]
    alone: bool = False


class Notation:
    """Compiles patterns with a given set of named wordings."""

    def __init__(self, wordings: Mapping[str, str], spell: Callable[[str], tuple[str, ...]]) -> None:
        """Make a compiler.

        Args:
            wordings: Named wordings in this notation; one may use another.
            spell: Gives the words that the normaliser makes of one word, so that patterns may say "don't".
        """
        self._sources = wordings
        self._spell = spell
        self._done: dict[str, list[Sequence]] = {}
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
        try:
            line = self._cut(_CUT, source, most=PREFERRED_SEQUENCES)
        except TooManyError:
            line = self._cut(_CUT_ALL, source, most=MOST_SEQUENCES)
        return replace(line, alone=alone)

    def _cut(self, where: re.Pattern[str], source: str, most: int) -> Line:
        pieces = where.split(f" {source} ")
        parts = tuple(tuple(self._read(piece)) for piece in pieces[::2])
        for part in parts:
            if len(part) > most or any(_width(sequence) > MOST_GAP for sequence in part):
                raise TooManyError(f"it stands for {len(part)} wordings, or its gaps are too wide; split it")
            for sequence in part:
                _check(sequence)
        return Line(parts, tuple(None if cut == "&" else int(cut[2:]) for cut in pieces[1::2]))

    def options(self, name: str) -> frozenset[str]:
        """Return the single words of a named wording.

        Args:
            name: Its name, without the @.

        Returns:
            All words that are a way of saying it on their own.
        """
        return frozenset(
            word
            for sequence in self._named(name)
            if len(sequence) == 1 and isinstance(sequence[0], Words)
            for word in sequence[0].options
        )

    def _read(self, source: str) -> list[Sequence]:
        tokens = _TOKEN.findall(re.sub(r"/\s+", "/", source))
        if not tokens:
            raise NotationError("it is empty")
        ways, end = self._alternatives(tokens, 0)
        if end != len(tokens):
            raise NotationError(f"there is a stray {tokens[end]}")
        return ways

    def _alternatives(self, tokens: list[str], at: int) -> tuple[list[Sequence], int]:
        ways: list[Sequence] = []
        while True:
            row, at = self._row(tokens, at)
            ways += row
            if at == len(tokens) or tokens[at] != "|":
                return _merge(ways), at
            at += 1

    def _row(self, tokens: list[str], at: int) -> tuple[list[Sequence], int]:
        items: list[list[Sequence]] = []
        while at < len(tokens) and tokens[at] not in ("|", ")"):
            token = tokens[at]
            at += 1
            if token == "(":
                item, at = self._alternatives(tokens, at)
                if at == len(tokens):
                    raise NotationError("a bracket is not closed")
                at += 1
            elif token.startswith(".."):
                item = [(Gap(int(token[2:])),)]
            elif token == "?":
                raise NotationError("a ? stands alone")
            else:
                item = self._word(token)
            if at < len(tokens) and tokens[at] == "?":
                item = _optional(item)
                at += 1
            items.append(item)
        if not items:
            raise NotationError("an alternative is empty")
        return _join(items), at

    def _word(self, token: str) -> list[Sequence]:
        ways: list[Sequence] = []
        for word in token.split("/"):
            if not word:
                raise NotationError("a / has nothing beside it")
            if word.startswith("@"):
                ways += self._named(word[1:])
                continue
            for form in inflect(word[:-1]) if word.endswith("+") else (word,):
                spelt = self._spell(form)
                if not spelt:
                    raise NotationError(f"{form} holds no word")
                ways.append(tuple(Words(frozenset({part})) for part in spelt))
        return _merge(ways)

    def _named(self, name: str) -> list[Sequence]:
        if name not in self._done:
            if name not in self._sources:
                raise NotationError(f"@{name} is not defined in words.yml")
            if name in self._open:
                raise NotationError(f"@{name} is defined by itself")
            self._open.append(name)
            self._done[name] = self._read(self._sources[name])
            self._open.pop()
        return self._done[name]


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


def _optional(ways: list[Sequence]) -> list[Sequence]:
    if len(ways) == 1 and len(ways[0]) == 1 and isinstance(ways[0][0], Words):
        return [(Words(ways[0][0].options, optional=True),)]
    return [*ways, ()]


def _join(items: list[list[Sequence]]) -> list[Sequence]:
    total = 1
    for item in items:
        total *= len(item)
    if total > MOST_SEQUENCES:
        raise TooManyError(f"it stands for {total} wordings, more than {MOST_SEQUENCES}; split it")
    return _merge(tuple(element for way in ways for element in way) for ways in product(*items))


def _merge(ways: Iterable[Sequence]) -> list[Sequence]:
    """Put all single words into one set, and drop what stands twice."""
    single: set[str] = set()
    rest: dict[Sequence, None] = {}
    for way in ways:
        if len(way) == 1 and isinstance(way[0], Words) and not way[0].optional:
            single |= way[0].options
        else:
            rest[way] = None
    return ([(Words(frozenset(single)),)] if single else []) + list(rest)


def _check(sequence: Sequence) -> None:
    if not any(isinstance(element, Words) and not element.optional for element in sequence):
        raise NotationError("it can match without a single word")
    if isinstance(sequence[0], Gap) or isinstance(sequence[-1], Gap):
        raise NotationError("a gap stands at its beginning or end")
    if any(isinstance(element, Gap) and element.most > MOST_INNER for element in sequence):
        raise NotationError(f"a gap inside brackets is wider than {MOST_INNER}")


def _width(sequence: Sequence) -> int:
    return sum(element.most for element in sequence if isinstance(element, Gap))
