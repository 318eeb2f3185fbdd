"""The safety screen: reads one message and says whether it mentions a crisis, an emergency or distress.

It is deterministic and knows no state. Every layer can only raise: no pattern can be switched off by other words,
with one exception: closed lists of plain denials and of calm idioms lower what is found wholly inside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bot.errors import Code, SignpostError
from bot.routes import Route
from bot.safety.matcher import Finder, Found
from bot.safety.normalise import Normaliser, View
from bot.safety.patterns import Pattern, PatternBook

_LOOK_BACK = 8
"""How many words before a match the subject of the sentence is looked for."""


@dataclass(frozen=True)
class Alert:
    """One pattern that fired.

    Attributes:
        route: Where it sends the message: crisis, emergency or distress.
        rule: The id of the pattern.
        about: Whether it is about the writer or somebody else.
        words: The words that matched, normalised. They are the visitor's: keep them out of logs.
    """

    route: Route
    rule: str
    about: Literal["self", "other"]
    words: str = field(repr=False)

    @property
    def intent(self) -> str:
        """The intent of the domain that answers it."""
        return f"crisis_{self.about}" if self.route is Route.CRISIS else self.route.value


class Screen:
    """Checks messages against all patterns."""

    def __init__(self, book: PatternBook) -> None:
        """Make a screen; `Screen.load` is the usual way.

        Args:
            book: The patterns.
        """
        self.patterns = book.patterns
        self._book = book
        self._owners = [pattern for pattern in book.patterns for _ in pattern.lines]
        self._lines = [line for pattern in book.patterns for line in pattern.lines]
        self._finder = Finder(self._lines)
        self._normaliser = Normaliser(book.spelling, self._finder.vocabulary)

    @classmethod
    def load(cls, folder: Path) -> Screen:
        """Read the patterns and make the screen.

        Args:
            folder: Usually `settings.safety_dir`.

        Returns:
            The screen.

        Raises:
            SignpostError: E200 or E201, the patterns are not right.
        """
        return cls(PatternBook.load(folder))

    def check(self, text: str) -> tuple[Alert, ...]:
        """Check a message.

        Args:
            text: Any text: it may be empty, very long or broken.

        Returns:
            What fired, most severe first and each pattern once; empty when nothing did.
        """
        alerts: dict[str, Alert] = {}
        for view in self._normaliser.views(text):
            for pattern, found in self._hits(view):
                if pattern.route and pattern.id not in alerts:
                    alerts[pattern.id] = self._alert(pattern, pattern.route, found, view)
        return tuple(sorted(alerts.values(), key=lambda alert: -alert.route.severity))

    def verify(self) -> None:
        """Check every pattern against its own examples.

        Raises:
            SignpostError: E202, an example does not fire its pattern, or a counter-example does.
        """
        for pattern in self.patterns:
            for kind, texts, wanted in (("example", pattern.examples, True), ("not", pattern.counters, False)):
                for number, text in enumerate(texts, start=1):
                    if self.fires(pattern, text) is not wanted:
                        problem = f"{pattern.path.name} line {pattern.line}, {kind} {number}"
                        raise SignpostError(Code.E202, id=pattern.id, problem=problem)

    def fires(self, pattern: Pattern, text: str) -> bool:
        """Tell whether one pattern fires, also one that only lowers.

        Args:
            pattern: A pattern of this screen.
            text: Any text.

        Returns:
            Whether it does.
        """
        return any(owner is pattern for view in self._normaliser.views(text) for owner, _ in self._hits(view))

    def _hits(self, view: View) -> Iterator[tuple[Pattern, Found]]:
        found = [
            (self._owners[hit.line], hit)
            for hit in self._finder.find(view.words)
            if not self._lines[hit.line].alone or _is_sentence(hit, view)
        ]
        counted = [(pattern, hit) for pattern, hit in found if not pattern.lowers or _lowers(pattern, hit, view)]
        lowering = [(pattern, hit) for pattern, hit in counted if pattern.lowers]
        for pattern, hit in counted:
            if not any(
                by.severity < pattern.severity and span.start <= hit.start and hit.end <= span.end
                for by, span in lowering
            ):
                yield pattern, hit

    def _alert(self, pattern: Pattern, route: Route, found: Found, view: View) -> Alert:
        about = self._subject(found, view.words) if pattern.about == "any" else pattern.about
        return Alert(route, pattern.id, about, " ".join(view.words[found.start : found.end]))

    def _subject(self, found: Found, words: Sequence[str]) -> Literal["self", "other"]:
        """Tell whom a match is about: the first subject inside it, or the nearest one before it."""
        first, third = self._book.first_person, self._book.third_person
        before = words[max(0, found.start - _LOOK_BACK) : found.start]
        for word in (*words[found.start : found.end], *reversed(before)):
            if word in first:
                return "self"
            if word in third:
                return "other"
        return "self"


def _lowers(pattern: Pattern, hit: Found, view: View) -> bool:
    if any(hit.start <= end < hit.end - 1 for end in view.ends):
        return False
    if pattern.lowers == "opening":
        return _begins(hit, view)
    return pattern.lowers == "words" or _is_sentence(hit, view)


def _begins(hit: Found, view: View) -> bool:
    return hit.start == 0 or hit.start - 1 in view.ends


def _is_sentence(hit: Found, view: View) -> bool:
    return _begins(hit, view) and (hit.end == len(view.words) or hit.end - 1 in view.ends)
