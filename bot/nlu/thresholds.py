"""Thresholds of the router, from a file that is reviewed."""

from __future__ import annotations

from dataclasses import dataclass, fields
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
        answer: One passage is served.
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
    unclear: float
    chat: float
    other: float
    follow_up: float

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
        names = {field.name for field in fields(cls)}
        wrong = sorted(names ^ set(data)) or sorted(
            name
            for name, value in data.items()
            # YAML reads "yes" and "off" as truth values, which Python counts as numbers.
            if isinstance(value, bool) or not (isinstance(value, (int, float)) and 0 <= value <= 1)
        )
        if wrong:
            raise SignpostError(Code.E306, path=path, names=", ".join(wrong))
        return cls(**{name: float(value) for name, value in data.items()})
