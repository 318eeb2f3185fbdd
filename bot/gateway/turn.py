"""What a visitor gets for one message, in the form of the public chat API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.blocks.block import Block
from bot.blocks.library import Library
from bot.routes import Route

CHOICE = "choice."
"""The title of a choice is the block with this before the choice's id."""


@dataclass(frozen=True)
class Message:
    """One approved block, said.

    Attributes:
        block: The block.
    """

    block: Block

    def to_dict(self) -> dict[str, Any]:
        """Return the message as the API gives it."""
        source = self.block.source
        return {
            "block": self.block.id,
            "kind": self.block.kind,
            "text": self.block.text,
            "source": source
            and {"title": source.title, "last_reviewed": source.last_reviewed, "next_review": source.next_review},
        }


@dataclass(frozen=True)
class Choice:
    """A topic that is offered.

    Attributes:
        id: Its id, an intent.
        title: Its title, an approved text.
    """

    id: str
    title: str

    def to_dict(self) -> dict[str, str]:
        """Return the choice as the API gives it."""
        return {"id": self.id, "title": self.title}


@dataclass(frozen=True)
class Turn:
    """The reply to one message.

    Attributes:
        id: Its id.
        route: Where the message went.
        messages: What is said, never nothing.
        choices: What is offered with it.
        reference: The chat's reference code; None where there is no chat.
        redacted: Whether personal data was taken out of the message before it was kept.
    """

    id: str
    route: Route
    messages: tuple[Message, ...]
    choices: tuple[Choice, ...]
    reference: str | None
    redacted: bool = False

    @classmethod
    def of(
        cls,
        library: Library,
        id_: str,
        route: Route,
        blocks: Iterable[Block],
        choices: Sequence[str],
        reference: str | None,
    ) -> Turn:
        """Put a turn together.

        Args:
            library: Where titles of choices stand.
            id_: The turn's id.
            route: Where the message went.
            blocks: What is said, in order.
            choices: Ids of what is offered; each has a title.
            reference: The chat's reference code.

        Returns:
            The turn.

        Raises:
            SignpostError: E102, a choice has no title.
        """
        titled = tuple(Choice(choice, library.get(CHOICE + choice, where="a turn").text) for choice in choices)
        return cls(id_, route, tuple(map(Message, blocks)), titled, reference)

    def to_dict(self) -> dict[str, Any]:
        """Return the turn as the API gives it."""
        return {
            "id": self.id,
            "route": self.route.value,
            "messages": [message.to_dict() for message in self.messages],
            "choices": [choice.to_dict() for choice in self.choices],
            "reference": self.reference,
        }
