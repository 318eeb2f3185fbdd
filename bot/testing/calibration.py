"""What the threshold for answers costs: risk against coverage, and whether a score means what it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.blocks.library import Library
from bot.blocks.script import Script
from bot.routes import Route
from bot.testing.labels import Reply, is_right
from bot.testing.measures import Outcome
from bot.testing.statistics import Share


@dataclass(frozen=True)
class Candidate:
    """A message that only the threshold keeps from being answered, or lets be answered.

    Attributes:
        score: The score of the likeliest passage.
        right: Whether that passage is a right reply.
    """

    score: float
    right: bool


@dataclass(frozen=True)
class Point:
    """One threshold.

    Attributes:
        threshold: From this score on, the likeliest passage is served.
        coverage: Which share of the candidates that is.
        risk: Which share of the served passages is wrong, or served where no passage is right.
    """

    threshold: float
    coverage: Share
    risk: Share


@dataclass(frozen=True)
class Bin:
    """Candidates of about the same score.

    Attributes:
        low: The lowest score that belongs here.
        high: The score at which the next bin begins.
        score: Mean score of those in it.
        right: How many of them are right.
    """

    low: float
    high: float
    score: float
    right: Share


def candidates(outcomes: Iterable[Outcome], script: Script, library: Library) -> list[Candidate]:
    """Find the messages whose reply hangs on the threshold for answers, and what serving the passage would mean.

    Args:
        outcomes: Messages with their replies.
        script: Which blocks each answer says.
        library: The approved text.

    Returns:
        One candidate for each message that no safety route, person or chat takes, where a passage is likeliest.
    """
    found = []
    for outcome in outcomes:
        nearest = outcome.reply.nearest
        if nearest is not None and nearest.score is not None:
            texts = tuple(library[id_].text for id_ in script.for_intent(nearest.id).blocks)
            served = Reply(Route.ANSWER, texts, texts)
            found.append(Candidate(nearest.score, any(is_right(served, label) for label in outcome.message.labels)))
    return found


def threshold_used(outcomes: Iterable[Outcome]) -> float | None:
    """Return the threshold for answers that the replies were decided with, or None where no reply says so.

    Args:
        outcomes: Messages with their replies.
    """
    found = (outcome.reply.nearest for outcome in outcomes)
    return next((reason.threshold for reason in found if reason is not None), None)


def at(threshold: float, of: Sequence[Candidate]) -> Point:
    """Say what one threshold would mean.

    Args:
        threshold: The threshold.
        of: The candidates.

    Returns:
        Coverage and risk.
    """
    served = [candidate for candidate in of if candidate.score >= threshold]
    wrong = sum(not candidate.right for candidate in served)
    return Point(threshold, Share(len(served), len(of)), Share(wrong, len(served)))


def risk_coverage(of: Sequence[Candidate]) -> list[Point]:
    """Move the threshold down from the highest score to the lowest (El-Yaniv and Wiener, JMLR 11, 2010).

    Args:
        of: The candidates.

    Returns:
        One point for each score that occurs, with growing coverage.
    """
    return [at(score, of) for score in sorted({candidate.score for candidate in of}, reverse=True)]


def reliability(of: Sequence[Candidate], bins: int = 10) -> list[Bin]:
    """Hold scores against the share that is right.

    Args:
        of: The candidates.
        bins: Into how many equal parts the scores from 0 to 1 are cut.

    Returns:
        The bins that are not empty, by rising score.
    """
    found = []
    for number in range(bins):
        inside = [candidate for candidate in of if min(int(candidate.score * bins), bins - 1) == number]
        if inside:
            mean = sum(candidate.score for candidate in inside) / len(inside)
            right = Share(sum(candidate.right for candidate in inside), len(inside))
            found.append(Bin(number / bins, (number + 1) / bins, mean, right))
    return found


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the mean distance between score and share right, weighted by count; 0 is perfect.

    Args:
        bins: From `reliability`.
    """
    total = sum(bin_.right.total for bin_ in bins)
    return sum(bin_.right.total * abs(bin_.score - bin_.right.value) for bin_ in bins) / total if total else 0.0
