"""The report of `python -m bot evaluate --html`: one page that needs nothing else."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from bot.blocks.library import Library
from bot.blocks.script import Script
from bot.paper import render
from bot.routes import Route
from bot.run.fingerprint import trained_fingerprint
from bot.settings import Settings
from bot.testing import calibration, plots
from bot.testing.labelled import LabelledMessage
from bot.testing.labels import Reply
from bot.testing.measures import Outcome, measure
from bot.testing.statistics import Share

if TYPE_CHECKING:
    from bot.testing.evaluate import Result

SLOWEST = 10
STEPS = tuple(step / 10 for step in range(2, 10))
"""Thresholds of the table beside the risk-coverage curve."""


@dataclass(frozen=True)
class Origin:
    """Where the figures of a report come from.

    Attributes:
        at: When they were measured, in UTC.
        model: Fingerprint of the model, or what is known instead.
        files: Name and digest of each file of labelled messages.
    """

    at: datetime
    model: str
    files: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, files: Sequence[Path], url: str | None) -> Origin:
        """Note where the figures come from.

        Args:
            files: The files that were read.
            url: The running gateway, or None where the model was loaded in this process.

        Returns:
            The origin, measured now.
        """
        model = f"that of the gateway at {url}" if url else trained_fingerprint(Settings.load().model_file)
        digests = tuple((path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files)
        return cls(datetime.now(timezone.utc), model or "unknown: the model has no record", digests)


@dataclass(frozen=True)
class Miss:
    """One reply that is not right.

    Attributes:
        place: The dialogue and turn, empty for a single message.
        message: The labelled message.
        reply: What was read.
    """

    place: str
    message: LabelledMessage
    reply: Reply


def page(result: Result, origin: Origin) -> str:
    """Write the report.

    Args:
        result: What was measured.
        origin: Where it comes from.

    Returns:
        A whole HTML page, without scripts and without anything that is fetched.
    """
    outcomes = result.outcomes
    recall = recall_by_route(outcomes)
    scored = _scored(outcomes)
    bins = calibration.reliability(scored)
    used = calibration.threshold_used(outcomes)
    thresholds = sorted({*STEPS, *(() if used is None else (used,))})
    return render(
        Path(__file__).parent / "templates" / "report.html",
        {"percent": lambda share: f"{share:.1%}"},
        origin=origin,
        measures=measure(outcomes),
        recall=recall,
        confusion=confusion(outcomes),
        points=[calibration.at(threshold, scored) for threshold in thresholds],
        used=used,
        scored=len(scored),
        bins=bins,
        error=calibration.calibration_error(bins),
        false_alarms=[outcome for outcome in outcomes if outcome.is_calm and outcome.reply.route.is_safety],
        slowest=sorted(outcomes, key=lambda outcome: -outcome.reply.seconds)[:SLOWEST],
        dialogues=Share(sum(all(turn.right for turn in turns) for _, turns in result.dialogues), len(result.dialogues)),
        misses=list(misses(result)),
        charts=_charts(recall, scored, bins, used),
        messages=len(outcomes),
    )


def route_expected(label: str) -> Route:
    """Return the route that a label stands for.

    Args:
        label: A label such as "answer:outlook", "helpline:crisis" or "chat:greet".

    Returns:
        Its route.
    """
    kind, _, name = label.partition(":")
    return Route.OTHER if label == "chat:other" else Route(name if kind == "helpline" else kind)


def recall_by_route(outcomes: Sequence[Outcome]) -> list[tuple[Route, Share]]:
    """Measure how many of the messages of each route are answered rightly.

    Args:
        outcomes: Messages with their replies.

    Returns:
        Each expected route that occurs, in the order of `Route`, with the share that is right by any of its labels.
    """
    total = Counter(route_expected(outcome.message.expect) for outcome in outcomes)
    right = Counter(route_expected(outcome.message.expect) for outcome in outcomes if outcome.right)
    return [(route, Share(right[route], total[route])) for route in Route if total[route]]


@dataclass(frozen=True)
class Confusion:
    """How often a message of one route got another.

    Attributes:
        expected: The routes of the rows.
        got: The routes of the columns.
        counts: How often, by expected and got route.
    """

    expected: tuple[Route, ...]
    got: tuple[Route, ...]
    counts: Counter[tuple[Route, Route]]


def confusion(outcomes: Sequence[Outcome]) -> Confusion:
    """Count expected against got routes. The best label alone counts as expected.

    Args:
        outcomes: Messages with their replies.

    Returns:
        The matrix, with the routes that occur.
    """
    counts = Counter((route_expected(outcome.message.expect), outcome.reply.route) for outcome in outcomes)
    expected = {expected for expected, _ in counts}
    got = {got for _, got in counts}
    return Confusion(
        tuple(route for route in Route if route in expected),
        tuple(route for route in Route if route in got | expected),
        counts,
    )


def misses(result: Result) -> Iterator[Miss]:
    """Find every reply that is not right, in single messages and then in dialogues.

    Args:
        result: What was measured.

    Yields:
        The misses.
    """
    for outcome in result.outcomes:
        if not outcome.right:
            yield Miss("", outcome.message, outcome.reply)
    for dialogue, turns in result.dialogues:
        for number, turn in enumerate(turns, start=1):
            if not turn.right:
                yield Miss(f"{dialogue.id}, turn {number}", turn.message, turn.reply)


def _scored(outcomes: Sequence[Outcome]) -> list[calibration.Candidate]:
    settings = Settings.load()
    script, library = Script.load(settings.domain_file), Library.load(settings.approved_dir)
    return calibration.candidates(outcomes, script, library)


def _charts(
    recall: Sequence[tuple[Route, Share]],
    scored: Sequence[calibration.Candidate],
    bins: Sequence[calibration.Bin],
    used: float | None,
) -> dict[str, str]:
    charts: dict[str, str] = {}
    if recall:
        charts["recall"] = plots.intervals(
            "recall",
            "Recall of each route",
            "For each expected route a dot at the share of right replies and a line over its 95 % interval."
            " The table has the same figures.",
            [(route.value, share) for route, share in recall],
        )
    if scored:
        charts["risk"] = plots.risk_coverage(
            "risk",
            "Risk against coverage of answers",
            "The share of wrong passages as more and more messages are answered. The table has figures of the curve.",
            calibration.risk_coverage(scored),
            None if used is None else calibration.at(used, scored),
        )
        charts["reliability"] = plots.reliability(
            "reliability",
            "Scores of passages against the share that is right",
            "A dot for each tenth of the scores, with its 95 % interval, beside the diagonal of perfect scores."
            " The table has the same figures.",
            bins,
        )
    return charts
