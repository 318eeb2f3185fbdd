"""What the triage database gives out: plain frozen records, free of SQLAlchemy."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.decision import Decision, Reason, SpokenBlock
from bot.routes import Level
from bot.triage.reference import OFFLINE_TAIL, make_reference


def hash_token(token: str) -> str:
    """Return what is kept of a session token.

    Args:
        token: The token as the visitor's browser sends it.

    Returns:
        Hex digest of its sha256. A token has 256 random bits, so it needs no salt.
    """
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def reasons_to_json(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Write reasons down as they are kept: who says so and what fired, never a score about a person.

    Args:
        reasons: The reasons of a decision.

    Returns:
        Plain JSON data.
    """
    return [{"source": reason.source, "id": reason.id} for reason in reasons]


def decision_to_json(decision: Decision) -> dict[str, Any]:
    """Write a decision down as it is kept, without scores.

    Args:
        decision: The decision.

    Returns:
        Plain JSON data that `Decision.from_dict` reads.
    """
    return {**decision.to_dict(), "reasons": reasons_to_json(decision.reasons)}


@dataclass(frozen=True)
class NewConversation:
    """A conversation that has just begun. Only here does its token stand in clear.

    Attributes:
        id: The conversation's id, also Rasa's sender id. It never leaves the server.
        token: What the visitor's browser shows to go on with the chat.
        reference: The code to quote on the phone.
    """

    id: str
    token: str = field(repr=False)
    reference: str

    @classmethod
    def draft(cls, reference: str | None = None) -> NewConversation:
        """Make a conversation up without asking the database.

        Args:
            reference: Its reference code; by default a longer one, made while the database is away.

        Returns:
            The conversation.
        """
        return cls(str(uuid.uuid4()), secrets.token_urlsafe(32), reference or make_reference(OFFLINE_TAIL))

    @property
    def token_sha256(self) -> str:
        """What is kept of the token."""
        return hash_token(self.token)


@dataclass(frozen=True)
class Conversation:
    """A conversation that is open.

    Attributes:
        id: Its id, also Rasa's sender id.
        reference: The code to quote on the phone.
    """

    id: str
    reference: str


@dataclass(frozen=True)
class StoredTurn:
    """One message of a visitor and what was answered.

    Attributes:
        id: Its id, part of the public API.
        message_id: The id of the visitor's message; a resend carries the same.
        number: 1 for the first turn that was recorded of a conversation, and so on without a gap.
        at: When the message came in, UTC.
        text: The message, redacted; None for a choice.
        choice: The id of the choice that was pressed; None for text.
        decision: What the message was taken to ask, without scores.
        blocks: What was said, in order.
        choices: Ids of the choices that were offered with it.
    """

    id: str
    message_id: str
    number: int
    at: datetime
    text: str | None = field(repr=False)
    choice: str | None
    decision: Decision
    blocks: tuple[SpokenBlock, ...]
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """Something for a person of the helpline to look at.

    Attributes:
        id: Its id.
        conversation_id: The conversation that it is about; it has at most one open case.
        level: How soon it should be looked at. It only ever rises while the case is open.
        status: "open" or "closed".
        opened_at: When it was opened, UTC.
        raised_at: When it reached its level, UTC.
        first_message_id: The message that opened it.
        reasons: Why it has its level, without scores.
    """

    id: str
    conversation_id: str
    level: Level
    status: Literal["open", "closed"]
    opened_at: datetime
    raised_at: datetime
    first_message_id: str
    reasons: tuple[Reason, ...]
