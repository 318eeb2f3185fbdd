"""What a tester sees: a line for each story, and all that is needed to understand a failure."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TextIO

from bot.places import Place
from bot.stories.checks import Finding, State
from bot.stories.compare import side_by_side
from bot.stories.playing import Played, Result
from bot.stories.story import Key, Slot, Step

_OF_WORDS = (Key.UTTER, Key.BLOCK, Key.BLOCKS)
_WIDE = 160
_SHORT = 60
_RED, _GREEN, _YELLOW, _BOLD, _DIM = "31", "32", "33", "1", "2"


class Console:
    """Plain lines; on a terminal with colours and a bar that moves."""

    def __init__(self, out: TextIO | None = None, *, live: bool | None = None, width: int | None = None) -> None:
        """Make a console.

        Args:
            out: Where lines go; standard output by default.
            live: Whether this is a terminal; by default it is asked.
            width: How wide it is; by default it is asked.
        """
        self._out = out or sys.stdout
        self._live = self._out.isatty() if live is None else live
        self._colours = self._live and "NO_COLOR" not in os.environ
        self._width = min(_WIDE, width or shutil.get_terminal_size((112, 24)).columns)
        self._failed = self._done = self._total = 0

    def loading(self, what: str) -> None:
        """Say what takes a while, on a terminal only."""
        if self._live:
            self._write(f"\r{what} …\x1b[K")

    def begin(self, total: int) -> None:
        """Begin to count.

        Args:
            total: How many stories there are.
        """
        self._failed, self._done, self._total = 0, 0, total
        if self._live:
            self._bar()

    def result(self, result: Result) -> None:
        """Show what came of a story.

        Args:
            result: The story as it was played.
        """
        self._done += 1
        self._failed += result.failed
        if result.failed or not self._live:
            self.lines(list(self._story(result)))
        if self._live:
            self._bar()

    def lines(self, lines: Sequence[str]) -> None:
        """Show lines.

        Args:
            lines: The lines.
        """
        clear = "\r\x1b[K" if self._live else ""
        self._write("".join(f"{clear}{line}\n" for line in lines))

    def summary(self, results: Sequence[Result], *, loading: float, seconds: float) -> None:
        """Show the last line.

        Args:
            results: All stories as they were played.
            loading: How long loading took.
            seconds: How long everything took.
        """
        states = Counter(result.state for result in results)
        failed, turns = states["failed"], sum(result.turns for result in results)
        words = [_many(len(results), "story", "stories"), f"{states['passed']} passed", f"{failed} failed"]
        words += [f"{states[state]} {state}" for state in ("partly", "not played") if states[state]]
        if unseen := sum(result.unseen for result in results):
            words.append(f"{_many(unseen, 'check', 'checks')} not made")
        each = sum(result.seconds for result in results) / turns * 1000 if turns else 0.0
        took = f"{_many(turns, 'turn', 'turns')}, {each:.0f} ms a turn, {seconds:.1f} s in all, {loading:.1f} s of it"
        gap = [] if results and results[-1].failed else [""]
        self.lines([*gap, self._paint(", ".join(words) + ".", _RED if failed else _GREEN, _BOLD) + f" {took} loading."])

    def _story(self, result: Result) -> Iterator[str]:
        story = result.story
        state = self._state(result)
        yield f"{state}  {Place(story.path, story.line)}  {story.name}"
        for played in result.played:
            if played.failed:
                yield from (f"        {line}".rstrip() for line in self._exchange(played))
        if result.failed:
            yield ""

    def _state(self, result: Result) -> str:
        if result.failed:
            return self._paint("FAILED", _RED, _BOLD)
        return self._paint(result.state, _GREEN if result.state == "passed" else _YELLOW)

    def _exchange(self, played: Played) -> Iterator[str]:
        act = played.exchange.act
        yield f"line {act.line}: the visitor {did(act)}" if act else "the greeting"
        if played.problem:
            yield f"  {self._paint(played.problem, _RED)}"
        compared = False
        for finding in played.findings:
            if finding.state is State.FAILED:
                # Several checks of the same words fail for one reason: the words are compared once.
                of_words = finding.step.key in _OF_WORDS
                yield from (f"  {line}" for line in self._finding(finding, brief=of_words and compared))
                compared = compared or of_words
        inside = played.said.inside if played.said else None
        if inside:
            yield f"  decided: {played.said.route if played.said else ''} {inside.intent}".rstrip()
            yield from (f"  because: {reason}" for reason in inside.reasons)

    def _finding(self, finding: Finding, *, brief: bool) -> Iterator[str]:
        yield self._paint(f"line {finding.step.line}: {told(finding.step)}", _RED)
        if brief:
            return
        if finding.step.key in (Key.ROUTE, Key.CASE):
            yield f"  expected {finding.expected}, got {finding.said}"
            return
        mark = self._mark if self._colours else None
        yield from (f"  {line}" for line in side_by_side(finding.expected, finding.said, width=self._room, mark=mark))

    @property
    def _room(self) -> int:
        return self._width - 12

    def _mark(self, text: str, left: bool) -> str:
        return self._paint(text, _GREEN if left else _RED)

    def _bar(self) -> None:
        full = round(20 * self._done / self._total)
        failed = f", {self._failed} failed" if self._failed else ""
        bar = f"[{'#' * full}{'.' * (20 - full)}] {self._done} of {self._total}{failed}"
        self._write(f"\r{bar if self._done < self._total else ''}\x1b[K")

    def _paint(self, text: str, *codes: str) -> str:
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if self._colours else text

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def did(act: Step) -> str:
    """Say in words what the visitor does.

    Args:
        act: The step.

    Returns:
        Words such as 'writes "hello"'.
    """
    return f"presses {act.value}" if act.key is Key.CHOOSE else f'writes "{_short(act.value)}"'


def told(step: Step) -> str:
    """Say what a step demands, as it stands in the file.

    Args:
        step: A check.

    Returns:
        Key and value on one line, cut short where it is long.
    """
    return f"{step.key.value}: {_short(', '.join(_spelt(value) for value in step.values) or '[]')}"


def _many(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _spelt(value: str | Slot) -> str:
    return value.name if isinstance(value, Slot) else value


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 2]} …"
