"""What a visitor got for one message, as far as it can be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.blocks.script import DECIDED, TOPIC, Line, Script


@dataclass(frozen=True)
class Message:
    """One block as it was said.

    Attributes:
        block: Its id.
        text: Its words.
    """

    block: str
    text: str


@dataclass(frozen=True)
class Inside:
    """What can only be seen from inside, where the bot runs in this process.

    Attributes:
        case: Level of the open case, or "none".
        slots: Slots of Rasa's tracker with their values.
        intent: What the message was taken to ask.
        reasons: Why, as short lines.
        fired: The intent that reached the rules and the actions that they called; empty where Rasa was not asked.
    """

    case: str
    slots: Mapping[str, object] = field(default_factory=dict)
    intent: str = ""
    reasons: tuple[str, ...] = ()
    fired: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """The reply to one message.

    Attributes:
        route: Where the message went.
        messages: What was said, in order.
        choices: Ids of what was offered.
        utters: Names of the replies that this can be: one in process, from outside each one that fits.
        inside: What can only be seen in process; None over HTTP.
        refused: The code with which the gateway refused the message; None where it was answered.
        seconds: How long it took.
    """

    route: str
    messages: tuple[Message, ...]
    choices: tuple[str, ...]
    utters: tuple[str, ...] = ()
    inside: Inside | None = None
    refused: str | None = None
    seconds: float = 0.0

    @property
    def blocks(self) -> tuple[str, ...]:
        """Ids of the blocks that were said."""
        return tuple(message.block for message in self.messages)


def fitting(script: Script, route: str, blocks: Sequence[str], choices: Sequence[str]) -> tuple[str, ...]:
    """Find the replies of the script that a reply can be, seen from outside.

    Args:
        script: The script.
        route: The route of the reply.
        blocks: What was said.
        choices: What was offered.

    Returns:
        Names of replies.
    """
    return tuple(
        line.utter
        for line in script
        if line.route.value == route
        and _fits(_spelt_out(line, script), blocks)
        and _fits((line.choices,), choices, DECIDED)
    )


def _spelt_out(line: Line, script: Script) -> tuple[tuple[str, ...], ...]:
    """All the blocks that a reply may say: where it says a topic's, those of each topic."""
    if TOPIC not in line.blocks:
        return (line.blocks,)
    at = line.blocks.index(TOPIC)
    topics = [other.blocks for other in script if TOPIC not in other.blocks]
    return tuple((*line.blocks[:at], *topic, *line.blocks[at + 1 :]) for topic in topics)


def _fits(patterns: Sequence[Sequence[str]], ids: Sequence[str], wildcard: str = "") -> bool:
    for pattern in patterns:
        if wildcard in pattern:
            at = list(pattern).index(wildcard)
            before, after = tuple(pattern[:at]), tuple(pattern[at + 1 :])
            # A topic that is offered may be one that the reply offers anyway; it then stands once.
            if tuple(ids[:at]) == before and set(after) <= set(ids):
                return True
        elif tuple(pattern) == tuple(ids):
            return True
    return False
