"""A story: what a visitor writes or presses, and what must hold of each reply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

Scalar = str | int | float | bool | None
ANY = "(any value)"
"""Stands for the value of a slot where a story only says that it was set."""


class Key(str, Enum):
    """The keys of a step, as they stand in a file."""

    USER = "user"
    CHOOSE = "choose"
    ENGINE = "engine"
    ROUTE = "route"
    UTTER = "utter"
    BLOCK = "block"
    BLOCKS = "blocks"
    BOT = "bot"
    CHOICES = "choices"
    CASE = "case"
    MUST_NOT_SAY = "must_not_say"
    SLOT_WAS_SET = "slot_was_set"
    SLOT_WAS_NOT_SET = "slot_was_not_set"

    @property
    def is_act(self) -> bool:
        """Whether the visitor does this, so that a new turn begins."""
        return self in (Key.USER, Key.CHOOSE)


@dataclass(frozen=True)
class Slot:
    """A slot that a story speaks of.

    Attributes:
        name: Its name.
        value: The value that it must have, or ANY.
    """

    name: str
    value: Scalar = ANY


@dataclass(frozen=True)
class Step:
    """One step of a story.

    Attributes:
        key: What kind of step it is.
        values: What stands there: one text or id, or several; or slots.
        line: Its line in the file; 0 where it does not come from a file.
    """

    key: Key
    values: tuple[str, ...] | tuple[Slot, ...]
    line: int = field(default=0, compare=False)

    @property
    def value(self) -> str:
        """The one text or id of a step that has just one."""
        (value,) = self.values
        return str(value)

    @property
    def ids(self) -> tuple[str, ...]:
        """The texts or ids of a step that has several."""
        return tuple(value for value in self.values if isinstance(value, str))

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots of a step that speaks of slots."""
        return tuple(value for value in self.values if isinstance(value, Slot))


@dataclass(frozen=True)
class Exchange:
    """What a visitor does once, and what must hold of the reply.

    Attributes:
        act: What the visitor writes or presses; None for the greeting with which each chat begins.
        checks: What must hold of the reply.
        engine: "away" or "back" where the dialogue engine goes away or comes back just before; otherwise None.
    """

    act: Step | None
    checks: tuple[Step, ...]
    engine: str | None = None


@dataclass(frozen=True)
class Story:
    """A conversation with what must hold of it.

    Attributes:
        name: Its name, a sentence; unique over all files.
        steps: Its steps in order.
        path: The file that it stands in.
        line: Its line there.
    """

    name: str
    steps: tuple[Step, ...]
    path: Path = field(default=Path(), compare=False)
    line: int = field(default=0, compare=False)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The steps by exchange. The first is the greeting; it has no checks where the story says nothing of it."""
        return tuple(_exchanges(self.steps))


def _exchanges(steps: tuple[Step, ...]) -> Iterator[Exchange]:
    act: Step | None = None
    checks: list[Step] = []
    engine = coming = None
    for step in steps:
        if step.key is Key.ENGINE:
            coming = step.value
        elif step.key.is_act:
            yield Exchange(act, tuple(checks), engine)
            act, checks, engine, coming = step, [], coming, None
        else:
            checks.append(step)
    yield Exchange(act, tuple(checks), engine)


SHAPES: Mapping[Key, str] = {
    Key.USER: "text",
    Key.CHOOSE: "id",
    Key.ENGINE: "id",
    Key.ROUTE: "id",
    Key.UTTER: "id",
    Key.BLOCK: "id",
    Key.BLOCKS: "ids",
    Key.BOT: "text",
    Key.CHOICES: "ids",
    Key.CASE: "id",
    Key.MUST_NOT_SAY: "texts",
    Key.SLOT_WAS_SET: "slots",
    Key.SLOT_WAS_NOT_SET: "slots",
}
"""What stands behind each key."""
