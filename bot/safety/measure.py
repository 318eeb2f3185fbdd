"""Measures the screen on labelled messages: `python -m bot.safety.measure FILES...`.

Prints, for each label, how many messages went where, and for each rule, on how many messages it fired and on how many
calm ones. With --misses ROUTE or --alarms it lists message numbers and texts, for work on training examples only.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time

from bot.errors import Code, SignpostError
from bot.routes import Route
from bot.safety.screen import Alert, Screen
from bot.settings import Settings

_SAFETY = {f"helpline:{route.value}": route for route in (Route.CRISIS, Route.EMERGENCY, Route.DISTRESS)}
_CALM = "calm"
_ORDER = (*(route.value for route in (Route.CRISIS, Route.EMERGENCY, Route.DISTRESS)), _CALM)


@dataclass(frozen=True)
class Measured:
    """What the screen said about one labelled message."""

    text: str
    label: str
    alerts: tuple[Alert, ...]

    @property
    def group(self) -> str:
        """The safety route that the label names, or calm."""
        return _SAFETY[self.label].value if self.label in _SAFETY else _CALM

    @property
    def said(self) -> str:
        """The most severe route that fired, or calm."""
        return self.alerts[0].route.value if self.alerts else _CALM


def read_messages(paths: Iterable[Path]) -> list[tuple[str, str]]:
    """Read labelled messages.

    Args:
        paths: JSON Lines files of {"text", "label"} or, as messages kept for measuring are, {"text", "expect"}.

    Returns:
        Text and label of each line.

    Raises:
        SignpostError: E700, a line is not a labelled message.
    """
    rows: list[tuple[str, str]] = []
    for path in paths:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            try:
                row = json.loads(line)
                rows.append((str(row["text"]), str(row["label"] if "label" in row else row["expect"])))
            except (ValueError, KeyError, TypeError) as error:
                raise SignpostError(Code.E700, path=path, line=number, problem=error.__class__.__name__) from None
    return rows


def measure(screen: Screen, rows: Iterable[tuple[str, str]]) -> list[Measured]:
    """Run the screen on labelled messages.

    Args:
        screen: The screen.
        rows: Text and label of each message.

    Returns:
        What it said about each.
    """
    return [Measured(text, label, screen.check(text)) for text, label in rows]


def table(results: Sequence[Measured]) -> str:
    """Write how many messages of each group went where.

    Args:
        results: What `measure` gives.

    Returns:
        Lines of text: a group in each, with its size and the share that each route got, and the 95 % interval of the
        share that was said rightly (Wilson).
    """
    lines = [f"{'label':12}{'n':>6}" + "".join(f"{name:>12}" for name in _ORDER) + "   right, 95 % interval"]
    for group in _ORDER:
        said = Counter(result.said for result in results if result.group == group)
        total = sum(said.values())
        if total:
            low, high = wilson(said[group], total)
            shares = "".join(f"{said[name] / total:12.1%}" for name in _ORDER)
            lines.append(f"{group:12}{total:6}{shares}   {low:.1%} to {high:.1%}")
    return "\n".join(lines)


def by_label(results: Sequence[Measured]) -> str:
    """Write, for each calm label that raised an alarm, how many of which.

    Args:
        results: What `measure` gives.

    Returns:
        Lines of text, most alarms first.
    """
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        if result.group == _CALM:
            said[result.label][result.said] += 1
    rows = sorted(said.items(), key=lambda item: item[1][_CALM] - item[1].total())
    return "\n".join(
        f"{label:20}{counts.total():6}" + "".join(f"  {name} {counts[name]}" for name in _ORDER[:-1])
        for label, counts in rows
        if counts.total() > counts[_CALM]
    )


def by_rule(results: Sequence[Measured]) -> str:
    """Write, for each rule, on how many messages of each group it fired.

    Args:
        results: What `measure` gives.

    Returns:
        Lines of text, most false alarms first.
    """
    fired: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        for alert in result.alerts:
            fired[alert.rule][result.group] += 1
    rows = sorted(fired.items(), key=lambda item: (-item[1][_CALM], -item[1].total()))
    return "\n".join(f"{rule:36}" + "".join(f"  {name} {counts[name]:4}" for name in _ORDER) for rule, counts in rows)


def speed(screen: Screen, texts: Sequence[str]) -> str:
    """Time the screen on messages, each the best of three, and on 2,000 characters made of them.

    Args:
        screen: The screen.
        texts: At least one message.

    Returns:
        A line of text with milliseconds of processor time.
    """
    joined = " ".join(texts)
    long = [joined[at : at + 2_000] for at in range(0, max(1, len(joined) - 2_000), 10_000)]
    short_times, long_times = (sorted(_best_of_three(screen, text) for text in some) for some in (texts, long))
    return (
        f"median {median(short_times):.2f} ms, 95 % below {short_times[int(len(short_times) * 0.95)]:.2f} ms; "
        f"2,000 characters: median {median(long_times):.2f} ms, longest {long_times[-1]:.2f} ms"
    )


def _best_of_three(screen: Screen, text: str) -> float:
    times = []
    for _ in range(3):
        start = process_time()
        screen.check(text)
        times.append(process_time() - start)
    return min(times) * 1_000


def wilson(hits: int, total: int) -> tuple[float, float]:
    """Give the 95 % interval of a share (Wilson 1927).

    Args:
        hits: How many of them.
        total: Of how many; at least one.

    Returns:
        Its lower and upper end.
    """
    z = 1.96
    share = hits / total
    middle = share + z * z / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return (middle - half) / (1 + z * z / total), (middle + half) / (1 + z * z / total)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure from the command line.

    Args:
        arguments: Arguments instead of the command line's.
    """
    parser = argparse.ArgumentParser(prog="python -m bot.safety.measure", description="Measure the safety screen.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--rules", action="store_true", help="a table by rule")
    parser.add_argument("--misses", choices=_ORDER[:-1], help="list messages of this label that went elsewhere")
    parser.add_argument("--alarms", action="store_true", help="list calm messages that raised an alarm")
    parser.add_argument("--speed", action="store_true", help="times of this machine")
    chosen = parser.parse_args(arguments)
    screen, rows = Screen.load(Settings.load().safety_dir), read_messages(chosen.files)
    results = measure(screen, rows)
    lines = [table(results), by_label(results)]
    if chosen.speed:
        lines.append(speed(screen, [text for text, _ in rows]))
    if chosen.rules:
        lines.append(by_rule(results))
    if chosen.misses:
        missed = [r for r in results if r.group == chosen.misses and r.said != r.group]
        lines += [f"{result.said:10} {result.text}" for result in missed]
    if chosen.alarms:
        for result in results:
            if result.group == _CALM and result.alerts:
                alert = result.alerts[0]
                lines.append(f"{alert.route.value:10} {alert.rule} [{alert.words}] {result.label}: {result.text}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
