"""Two texts side by side, the words that differ marked, so that one wrong word in a page is seen at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

CONTEXT = 2
"""How many equal lines are shown before and after a difference."""
ALIKE = 0.5
"""Two lines that share less than this are different lines; to mark single words in them would only confuse."""
_VISIBLE = str.maketrans({" ": "·", "\u00a0": "⍽", "\t": "⇥", "\r": "␍", "\u200b": "◌", "\ufeff": "◌"})


@dataclass(frozen=True)
class Part:
    """A run of a text.

    Attributes:
        text: The words.
        differs: Whether the other text has something else here.
    """

    text: str
    differs: bool = False


@dataclass(frozen=True)
class Row:
    """A line of each text.

    Attributes:
        expected: The line of the left text; None where it has none.
        said: The line of the right text; None where it has none.
        left_out: How many equal lines stand here that are not shown; the row then has no text.
    """

    expected: tuple[Part, ...] | None
    said: tuple[Part, ...] | None
    left_out: int = 0

    @property
    def differs(self) -> bool:
        """Whether the two lines differ."""
        return self.left_out == 0 and _text(self.expected) != _text(self.said)


def rows(expected: str, said: str) -> list[Row]:
    """Put two texts side by side, line by line.

    Args:
        expected: The left text.
        said: The right text.

    Returns:
        Rows. Joined again, each side is its text to the character.
    """
    left, right = expected.split("\n"), said.split("\n")
    found: list[Row] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [Row((Part(line),), (Part(line),)) for line in left[a:b]]
        else:
            found += [_row(one, other) for one, other in zip_longest(left[a:b], right[c:d])]
    return found


def shortened(of: Sequence[Row], context: int = CONTEXT) -> list[Row]:
    """Leave out equal lines that are far from any difference.

    Args:
        of: All rows.
        context: How many equal lines stay beside a difference.

    Returns:
        The rows, with one that counts in the place of those that are left out.
    """
    changed = [number for number, row in enumerate(of) if row.differs]
    near = {number + step for number in changed for step in range(-context, context + 1)}
    kept: list[Row] = []
    for shown, group in groupby(range(len(of)), key=lambda number: number in near):
        numbers = list(group)
        if shown or len(numbers) == 1:
            kept += [of[number] for number in numbers]
        else:
            kept.append(Row(None, None, left_out=len(numbers)))
    return kept


def side_by_side(
    expected: str, said: str, *, width: int = 110, mark: Callable[[str, bool], str] | None = None
) -> list[str]:
    """Lay two texts out in two columns.

    Args:
        expected: The left text.
        said: The right text.
        width: How wide both columns may be together.
        mark: Marks words that differ: gets the words, and whether they stand on the left. It may add only what takes
            no room on a terminal. By default the words stand in brackets as they are.

    Returns:
        Lines: a heading, then the rows. Between the columns stands "|" where a row differs, "<" where it stands on
        the left only and ">" where it stands on the right only.
    """
    column = max(20, (width - 3) // 2)
    lines = [f"{'expected':{column}}   said", f"{'-' * column}   {'-' * column}"]
    for row in shortened(rows(expected, said)):
        if row.left_out:
            lines.append(f"  … {row.left_out} equal lines")
            continue
        paired = row.expected is not None and row.said is not None
        left, right = (
            _wrapped(side, column, mark, left=left, brackets=mark is None and paired)
            for side, left in ((row.expected, True), (row.said, False))
        )
        sign = _sign(row)
        for (one, size), (other, _) in zip_longest(left, right, fillvalue=("", 0)):
            lines.append(f"{one}{' ' * (column - size)} {sign} {other}".rstrip())
    return lines


def _sign(row: Row) -> str:
    if row.expected is None or row.said is None:
        return ">" if row.expected is None else "<"
    return "|" if row.differs else " "


def _row(one: str | None, other: str | None) -> Row:
    if one is None or other is None:
        return Row(
            None if one is None else (Part(one, differs=True),), None if other is None else (Part(other, differs=True),)
        )
    words, others = _tokens(one), _tokens(other)
    matcher = difflib.SequenceMatcher(None, words, others, autojunk=False)
    if matcher.ratio() < ALIKE:
        return Row((Part(one, differs=True),), (Part(other, differs=True),))
    left: list[Part] = []
    right: list[Part] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        left.append(Part("".join(words[a:b]), differs=kind != "equal"))
        right.append(Part("".join(others[c:d]), differs=kind != "equal"))
    return Row(_joined(left), _joined(right))


def _joined(parts: list[Part]) -> tuple[Part, ...]:
    """Words that differ, with only a space between them, are marked as one."""
    joined: list[Part] = []
    for part in parts:
        before = joined[-1] if joined else None
        if before and part.differs and not before.text.strip() and len(joined) > 1:
            joined[-2:] = [Part(joined[-2].text + before.text + part.text, differs=True)]
        elif before and before.differs == part.differs:
            joined[-1] = Part(before.text + part.text, part.differs)
        elif part.text:
            joined.append(part)
    return tuple(joined)


def _tokens(text: str) -> list[str]:
    return re.findall(r"\s|[^\s]+", text)


def _text(parts: tuple[Part, ...] | None) -> str | None:
    return None if parts is None else "".join(part.text for part in parts)


def visible(text: str) -> str:
    """Show the white space of a difference that is in nothing else.

    Args:
        text: What differs.

    Returns:
        The text, with signs for white space where it is nothing but that.
    """
    return text.translate(_VISIBLE) if not text.strip() else text.translate(_VISIBLE).replace("·", " ")


def _wrapped(
    parts: tuple[Part, ...] | None, column: int, mark: Callable[[str, bool], str] | None, *, left: bool, brackets: bool
) -> list[tuple[str, int]]:
    """Break a line into pieces of a column's width; give each with the room that it takes."""
    if parts is None:
        return []
    lines: list[tuple[str, int]] = []
    line, size = "", 0
    for word, differs in _words(parts, column, brackets=brackets):
        if size and size + len(word) > column:
            lines.append((line, size))
            line, size = "", 0
            word = word.lstrip(" ")
        line += mark(word, left) if differs and mark and word else word
        size += len(word)
    return [*lines, (line, size)]


def _words(parts: tuple[Part, ...], column: int, *, brackets: bool) -> Iterator[tuple[str, bool]]:
    for part in parts:
        text = visible(part.text) if part.differs else part.text
        if part.differs and brackets:
            text = f"[{text}]"
        for word in re.findall(r" *[^ ]+| +$", text):
            for start in range(0, len(word), column):
                yield word[start : start + column], part.differs
