"""`python -m bot calibrate`: picks the router's thresholds by what mistakes cost.

Each threshold has a cost curve of its own: what acting from a score on would cost over the messages whose fate hangs on
it. The training examples are scored by models that have not seen them, the labelled messages by the model that serves;
both sets count the same. No threshold is tuned to single lines: it is the median of the cheapest ones of many samples
(bootstrap, Efron and Tibshirani, 1993), rounded to a twentieth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.blocks.library import read_mapping
from bot.errors import Code, SignpostError
from bot.nlu.context import ASK
from bot.nlu.routing import CHAT, HUMAN, OTHER, SAFETY_INTENTS, Decider
from bot.nlu.thresholds import Thresholds, wrong_numbers
from bot.routes import Route
from bot.settings import ROOT
from bot.testing.measures import SAFETY_LABELS
from bot.testing.unseen import Unseen

COSTS_FILE = ROOT / "data" / "routing" / "costs.yml"
GRID = np.round(np.arange(0.05, 0.951, 0.05), 2)
SAMPLES = 200
SEED = 1
LEAST_EVIDENCE = 40
"""Fewer messages than this that hang on the threshold of one answer say nothing; it keeps the common one."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Costs:
    """What each mistake costs, set against the others.

    Attributes:
        missed_crisis: A crisis that is not answered as one.
        missed_emergency: An emergency that is not answered as one.
        wrong_passage: A passage that does not answer what was asked.
        missed_distress: Distress that is not answered as such.
        not_answered: A question that the leaflet answers, and that got the helpline; chat or a wish for a person that
            was not seen.
        alarm_too_many: A safety route for a calm message.
    """

    missed_crisis: float
    missed_emergency: float
    wrong_passage: float
    missed_distress: float
    not_answered: float
    alarm_too_many: float

    @classmethod
    def load(cls, path: Path = COSTS_FILE) -> Costs:
        """Read the costs.

        Args:
            path: A YAML file with one number for each.

        Returns:
            The costs.

        Raises:
            SignpostError: E332, one is missing, unknown or no number above 0.
        """
        data = read_mapping(path)
        wrong = wrong_numbers(data, {field.name for field in fields(cls)}, lambda value: value > 0)
        if wrong:
            raise SignpostError(Code.E332, path=path, names=", ".join(wrong))
        return cls(**data)


@dataclass(frozen=True)
class Case:
    """A message whose fate hangs on one threshold.

    Attributes:
        score: What is held against the threshold.
        acted: What it costs to act.
        left: What it costs not to.
        weight: How much it counts.
    """

    score: float
    acted: float
    left: float
    weight: float


@dataclass(frozen=True)
class Choice:
    """A threshold with its reasons.

    Attributes:
        name: Of the threshold.
        value: What was picked.
        cases: How many messages hang on it.
        curve: Cost of each threshold of the grid.
    """

    name: str
    value: float
    cases: int
    curve: tuple[float, ...]


def pick(name: str, cases: Sequence[Case], otherwise: float) -> Choice:
    """Pick one threshold.

    Args:
        name: Of the threshold.
        cases: The messages that hang on it.
        otherwise: Its value where there are none.

    Returns:
        The choice.
    """
    if not cases:
        return Choice(name, otherwise, 0, ())
    scores, acted, left, weights = (
        np.array([getattr(case, field) for case in cases]) for field in ("score", "acted", "left", "weight")
    )
    # Rows are messages, columns the thresholds of the grid.
    costs = np.where(scores[:, None] >= GRID, acted[:, None], left[:, None]) * weights[:, None]
    rng = np.random.default_rng(SEED)
    drawn = rng.multinomial(len(cases), np.full(len(cases), 1 / len(cases)), size=SAMPLES)
    cheapest = GRID[(drawn @ costs).argmin(axis=1)]
    value = float(np.round(np.round(np.median(cheapest) * 20) / 20, 2))
    return Choice(name, value, len(cases), tuple(costs.sum(axis=0)))


def calibrate(sets: Sequence[Sequence[Unseen]], decider: Decider, before: Thresholds, costs: Costs) -> list[Choice]:
    """Pick every threshold that whole messages hang on.

    Args:
        sets: Messages; each set counts the same, however large.
        decider: For the details that take a question from its passage.
        before: The thresholds so far, for what no message hangs on.
        costs: What mistakes cost.

    Returns:
        The choices: safety routes first, since what they take no other threshold sees.
    """
    weighed = [(one, 1 / len(messages)) for messages in sets for one in messages]
    chosen: list[Choice] = []
    missed = {
        Route.CRISIS: costs.missed_crisis,
        Route.EMERGENCY: costs.missed_emergency,
        Route.DISTRESS: costs.missed_distress,
    }
    for route, intents in SAFETY_INTENTS.items():
        cases = [
            Case(one.scores.total(*intents), acted, left, weight)
            for one, weight in weighed
            # What the screen takes, it takes whatever the classifier says.
            if not one.alerts
            for acted, left in [_safety_costs(one, route, missed[route], costs)]
            if acted or left
        ]
        chosen.append(pick(route.value, cases, getattr(before, route.value)))
    limits = {choice.name: choice.value for choice in chosen}
    calm = [(one, weight) for one, weight in weighed if not one.alerts and not _taken(one, limits)]
    wishes = [Case(one.scores.total(HUMAN), *_wish_costs(one, costs), weight) for one, weight in calm]
    chosen.append(pick(HUMAN, wishes, before.human))
    calm = [(one, weight) for one, weight in calm if one.scores.total(HUMAN) < chosen[-1].value]
    by_class: dict[str, list[Case]] = {}
    for one, weight in calm:
        intent, score = decider.likeliest(one.scores)
        kind = _kind(intent)
        if kind and not decider.details_in(one.message.text, intent):
            acted, left = _calm_costs(one, intent, costs)
            case = Case(score, acted, left, weight)
            by_class.setdefault(kind, []).append(case)
            if kind == "answer":
                by_class.setdefault(intent, []).append(case)
    for kind in ("chat", OTHER, "answer"):
        chosen.append(pick(kind, by_class.get(kind, []), getattr(before, kind)))
    common = chosen[-1].value
    for intent in sorted(name for name in by_class if name.startswith(ASK)):
        choice = pick(intent, by_class[intent], common)
        chosen.append(choice if choice.cases >= LEAST_EVIDENCE else Choice(intent, common, choice.cases, choice.curve))
    return chosen


def _safety_costs(one: Unseen, route: Route, missed: float, costs: Costs) -> tuple[float, float]:
    """What it costs to take a message to a safety route, and not to."""
    if f"helpline:{route.value}" in one.message.labels:
        return 0.0, missed
    # A message of another safety route hangs on that one's threshold.
    calm = not set(SAFETY_LABELS) & set(one.message.labels)
    return (costs.alarm_too_many if calm else 0.0), 0.0


def _taken(one: Unseen, limits: Mapping[str, float]) -> bool:
    return any(one.scores.total(*intents) >= limits[route.value] for route, intents in SAFETY_INTENTS.items())


def _kind(intent: str) -> str | None:
    if intent.startswith(ASK):
        return "answer"
    if intent in CHAT:
        return "chat"
    return OTHER if intent == OTHER else None


def _wish_costs(one: Unseen, costs: Costs) -> tuple[float, float]:
    """What it costs to take a calm message for a wish to talk to a person, and not to."""
    if "helpline:human" in one.message.labels:
        return 0.0, costs.not_answered
    answered = any(label.startswith(("answer:", "chat:")) for label in one.message.labels)
    return (costs.not_answered if answered else 0.0), 0.0


def _calm_costs(one: Unseen, intent: str, costs: Costs) -> tuple[float, float]:
    """What it costs to act on the likeliest intent of a calm message, and to give it to people instead."""
    labels = one.message.labels
    own = f"answer:{intent.removeprefix(ASK)}" if intent.startswith(ASK) else None
    answered = any(label.startswith(("answer:", "chat:")) for label in labels)
    left = costs.not_answered if answered else 0.0
    if own:
        return (0.0 if own in labels else costs.wrong_passage), left
    right = "chat:other" in labels if intent == OTHER else any(label.startswith("chat:") for label in labels)
    return (0.0 if right else costs.not_answered), left


def thresholds_of(choices: Sequence[Choice], before: Thresholds) -> Thresholds:
    """Put choices into the form that the router reads.

    Args:
        choices: What was picked.
        before: The thresholds so far, for those that nothing was picked for.

    Returns:
        The thresholds.
    """
    values = {choice.name: choice.value for choice in choices}
    answers = {name: value for name, value in values.items() if name.startswith(ASK)}
    common = {name: value for name, value in values.items() if not name.startswith(ASK)}
    return Thresholds(**{**asdict(before), **common, "answers": {**before.answers, **answers}})


def write(path: Path, before: Thresholds, choices: Sequence[Choice]) -> None:
    """Put new numbers into the file, and leave its comments and everything else as they are.

    Args:
        path: The thresholds.
        before: What stands there.
        choices: What was picked.
    """
    after = thresholds_of(choices, before)
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        name = line.partition(":")[0].strip()
        if line.startswith(" ") and name in after.answers:
            continue
        value = getattr(after, name, None)
        lines.append(f"{name}: {value:.2f}" if isinstance(value, float) else line)
        if name == "answers":
            lines += [f"  {intent}: {value:.2f}" for intent, value in sorted(after.answers.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
