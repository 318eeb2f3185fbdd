"""The report of `python -m bot stories --html`: one page that needs nothing else, failures first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bot.paper import render
from bot.places import Place
from bot.stories.checks import Finding, State
from bot.stories.compare import Row, rows, shortened
from bot.stories.console import told
from bot.stories.coverage import Coverage
from bot.stories.playing import Result
from bot.stories.story import Key


@dataclass(frozen=True)
class Summary:
    """What the head of the page says.

    Attributes:
        seconds: How long everything took.
        model: Fingerprint of the model, or what is known instead.
        live: Whether a running gateway was played against.
        at: When, in UTC.
    """

    seconds: float
    model: str
    live: bool = False
    at: datetime = field(default_factory=lambda: datetime.now(timezone.utc))


TEMPLATE = Path(__file__).parent / "templates" / "stories.html"


def page(results: Sequence[Result], summary: Summary, coverage: Coverage | None = None) -> str:
    """Write the report.

    Args:
        results: The stories as they were played.
        summary: What the head says.
        coverage: What the stories reach, where that was asked for.

    Returns:
        A whole HTML page, without scripts and without anything that is fetched.
    """
    filters: dict[str, Callable[..., Any]] = {
        "told": told,
        "place": lambda result: str(Place(result.story.path, result.story.line)),
        "compared": compared,
    }
    return render(
        TEMPLATE,
        filters,
        results=results,
        failed=[result for result in results if result.failed],
        turns=sum(result.turns for result in results),
        unseen=sum(result.unseen for result in results),
        summary=summary,
        coverage=coverage,
        Key=Key,
        State=State,
    )


def compared(finding: Finding) -> list[Row]:
    """Put the words of a failed check side by side.

    Args:
        finding: The check.

    Returns:
        Rows.
    """
    return shortened(rows(finding.expected, finding.said))
