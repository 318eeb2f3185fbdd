"""Labelled messages and dialogues, read from JSON Lines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import Code, SignpostError
from bot.testing.labels import known


@dataclass(frozen=True)
class LabelledMessage:
    """A message and the labels under which a reply to it is right.

    Attributes:
        text: What the visitor writes.
        expect: The best label.
        accept: Other labels that are right too.
        tags: What kind of message it is, such as "hard-negative".
        must: Texts that the reply must hold.
        must_not: Texts that the reply must not hold.
    """

    text: str
    expect: str
    accept: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels that are right, the best first."""
        return (self.expect, *self.accept)


@dataclass(frozen=True)
class Dialogue:
    """A conversation of several labelled turns.

    Attributes:
        id: Its name.
        about: What it shows.
        turns: The turns in order.
    """

    id: str
    about: str
    turns: tuple[LabelledMessage, ...]


def read(path: Path) -> tuple[list[LabelledMessage], list[Dialogue]]:
    """Read a file of messages, dialogues or both.

    Args:
        path: JSON Lines; a line with `turns` is a dialogue.

    Returns:
        Messages and dialogues, each in the order of the file.

    Raises:
        SignpostError: E700, a line is not of the right form, with its number.
    """
    messages: list[LabelledMessage] = []
    dialogues: list[Dialogue] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            if isinstance(data, dict) and "turns" in data:
                turns = tuple(_message(turn) for turn in data["turns"])
                dialogues.append(Dialogue(data["id"], data.get("about", ""), turns))
            else:
                messages.append(_message(data))
        except (KeyError, TypeError, ValueError) as error:
            problem = f"{type(error).__name__} {error}"
            raise SignpostError(Code.E700, path=path, line=number, problem=problem) from None
    return messages, dialogues


def _message(data: Any) -> LabelledMessage:
    if not isinstance(data, dict):
        raise TypeError("it is no JSON object")
    if not (isinstance(data["text"], str) and isinstance(data["expect"], str)):
        raise TypeError("text and expect are texts")
    lists = {key: data.get(key) or [] for key in ("accept", "tags", "must", "must_not")}
    if not all(isinstance(value, list) for value in lists.values()):
        raise TypeError(f"{', '.join(lists)} are lists")
    message = LabelledMessage(data["text"], data["expect"], **{key: tuple(value) for key, value in lists.items()})
    unknown = [label for label in message.labels if not known(label)]
    if unknown:
        raise ValueError(f"unknown label {', '.join(unknown)}")
    return message
