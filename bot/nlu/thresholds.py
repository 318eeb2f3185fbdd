"""Thresholds of the router, from a file that is reviewed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, fields
from pathlib import Path

from bot.blocks.library import read_mapping
from bot.errors import Code, SignpostError
from bot.settings import ROOT

THRESHOLDS_FILE = ROOT / "data" / "routing" / "thresholds.yml"


@dataclass(frozen=True)
class Thresholds:
    """From which probability on the router acts. Each is between 0 and 1.

    Attributes:
        crisis: Crisis, over the whole message.
        emergency: Emergency, over the whole message.
        distress: Distress, over the whole message.
        crisis_piece: Crisis, in one piece of a long message.
        emergency_piece: Emergency, in one piece of a long message.
        distress_piece: Distress, in one piece of a long message.
        piece_floor: What the whole message must have before one piece of it counts.
        human: The visitor wants a person.
        answer: One passage is served, where `answers` does not name it.
        answers: The same for single answers, by intent.
        out_of_scope: No passage is served for a message that lies further than this from what its answer was learned
            from; a quarter of the squared distance.
        unclear: Two or three passages are offered, when together they reach it.
        chat: Greeting, thanks and the like.
        other: Off-topic.
        follow_up: Yes, no, again and the like.
    """

    crisis: float
    emergency: float
    distress: float
    crisis_piece: float
    emergency_piece: float
    distress_piece: float
    piece_floor: float
    human: float
    answer: float
    out_of_scope: float
    unclear: float
    chat: float
    other: float
    follow_up: float
    answers: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path = THRESHOLDS_FILE) -> Thresholds:
        """Read the thresholds.

        Args:
            path: A YAML file with one number for each.

        Returns:
            The thresholds.

        Raises:
            SignpostError: E306, one is missing, unknown or no probability.
        """
        data = read_mapping(path)
        answers = data.pop("answers", None) or {}
        by_intent = isinstance(answers, dict) and all(str(intent).startswith("ask_") for intent in answers)
        names = {field.name for field in fields(cls)} - {"answers"}
        wrong = wrong_numbers(data, names, lambda value: 0 <= value <= 1) or (
            wrong_numbers(answers, set(answers), lambda value: 0 <= value <= 1) if by_intent else ["answers"]
        )
        if wrong:
            raise SignpostError(Code.E306, path=path, names=", ".join(wrong))
        return cls(
            **{name: float(value) for name, value in data.items()},
            answers={intent: float(value) for intent, value in answers.items()},
        )

    def for_answer(self, intent: str) -> float:
        """Return the score from which on one answer is served.

        Args:
            intent: The answer's intent.
        """
        return self.answers.get(intent, self.answer)


def wrong_numbers(data: Mapping[str, object], names: Set[str], fits: Callable[[float], bool]) -> list[str]:
    """Find what is wrong with a mapping of numbers.

    Args:
        data: As a file has it.
        names: The names that it must have, and no others.
        fits: Says whether a number is in its range.

    Returns:
        Names that are missing or unknown; or else, names whose value is no number or does not fit.
    """
    return sorted(names ^ set(data)) or sorted(
        name
        for name, value in data.items()
        # YAML reads "yes" and "off" as truth values, which Python counts as numbers.
        if isinstance(value, bool) or not (isinstance(value, (int, float)) and fits(value))
    )
