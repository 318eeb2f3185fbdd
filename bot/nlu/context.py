"""What was said before, as far as the next message may lean on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.decision import Decision
from bot.routes import Route

ASK = "ask_"
AGAIN = 2
"""How many times in a row a topic was asked before the bot says that this is all it has: the third ask gets that."""


@dataclass(frozen=True)
class Context:
    """The turns before this message.

    Attributes:
        decisions: What the messages before were taken to ask, oldest first.
        offered: Ids of the choices that the last reply offered.
    """

    decisions: Sequence[Decision] = ()
    offered: Sequence[str] = ()

    @property
    def last(self) -> Decision | None:
        """The decision on the message before."""
        return self.decisions[-1] if self.decisions else None

    @property
    def topic(self) -> str | None:
        """The answer that was given last, or None before the first one."""
        return next((topic for decision in reversed(self.decisions) if (topic := topic_of(decision))), None)

    @property
    def in_hard_talk(self) -> bool:
        """Whether a safety route was taken earlier in this chat."""
        return any(decision.route.is_safety for decision in self.decisions)

    def asks_in_a_row(self, topic: str) -> int:
        """Return how many messages just before this one asked for the same topic.

        Args:
            topic: An answer's intent.
        """
        count = 0
        for decision in reversed(self.decisions):
            if topic_of(decision) != topic or decision.route is not Route.ANSWER:
                break
            count += 1
        return count


def topic_of(decision: Decision) -> str | None:
    """Return the answer that a message was about.

    Args:
        decision: What was decided on it.

    Returns:
        The answer's intent, or None where it asked for none.
    """
    if decision.topic:
        return decision.topic
    return decision.intent if decision.route is Route.ANSWER else None


_NUMBERS = {"1": 0, "one": 0, "first": 0, "2": 1, "two": 1, "second": 1, "3": 2, "three": 2, "third": 2}
_NUMBERS |= {"4": 3, "four": 3, "fourth": 3, "5": 4, "five": 4, "fifth": 4, "6": 5, "six": 5, "sixth": 5}
_PICK = re.compile(
    r"\W*(?:i(?:'?d| would) like |can i have |i'?ll have |i (?:want|mean|meant) )?"
    r"(?:the |number |no\.? |option |choice )*"
    r"(?P<which>\d|one|two|three|four|five|six|first|second|third|fourth|fifth|sixth|last)"
    r"(?: one| option| choice)?(?:,? (?:please|pls|thanks|ta))?\W*",
    re.IGNORECASE,
)


def picked(text: str, offered: Sequence[str]) -> str | None:
    """Return the choice that a message such as "2" or "the second one please" picks.

    Args:
        text: The message.
        offered: Ids of the choices that the last reply offered, in their order.

    Returns:
        One of them, or None where the message is nothing but a pick of something offered.
    """
    match = _PICK.fullmatch(text)
    if not match or not offered:
        return None
    which = match["which"].lower()
    index = len(offered) - 1 if which == "last" else _NUMBERS.get(which, len(offered))
    return offered[index] if index < len(offered) else None
