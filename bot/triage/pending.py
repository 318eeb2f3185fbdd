"""What must reach the database although it is away: records that can be written down as one line and applied later."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from bot.decision import Decision, Reason, SpokenBlock
from bot.routes import Route
from bot.triage.records import NewConversation, decision_to_json, reasons_to_json
from bot.triage.service import Triage


@dataclass(frozen=True)
class ConversationStarted:
    """A conversation began. Its token stands here only as sha256.

    Attributes:
        conversation: The conversation's id.
        reference: The reference code that the visitor was told.
        token_sha256: The sha256 of its token.
        at: When, aware.
    """

    kind: ClassVar[str] = "conversation"

    conversation: str
    reference: str
    token_sha256: str
    at: datetime

    @classmethod
    def of(cls, new: NewConversation, at: datetime) -> ConversationStarted:
        """Note a conversation that was drafted without the database.

        Args:
            new: From `NewConversation.draft()`.
            at: When it began, aware.

        Returns:
            The record.
        """
        return cls(new.id, new.reference, new.token_sha256, at)

    def apply(self, triage: Triage) -> None:
        """Put it into the database (see `Triage.import_conversation`)."""
        triage.import_conversation(
            self.conversation, reference=self.reference, token_sha256=self.token_sha256, started=self.at
        )

    def to_json(self) -> dict[str, Any]:
        """Return the fields after `conversation` and `at` as plain JSON data."""
        return {"reference": self.reference, "token_sha256": self.token_sha256}

    @classmethod
    def from_json(cls, data: dict[str, Any], at: datetime) -> ConversationStarted:
        """Read what `to_json` wrote."""
        return cls(data["conversation"], data["reference"], data["token_sha256"], at)


@dataclass(frozen=True)
class TurnTaken:
    """A message was answered. The attributes are those of `Triage.record_turn`.

    Attributes:
        conversation: The conversation's id.
        message_id: The message's id.
        text: The message, already redacted; None for a choice.
        choice: The id of the choice; None for text.
        decision: What the message was taken to ask.
        blocks: What was said, in order.
        choices: Ids of the choices offered with it.
        at: When the message came in, aware.
    """

    kind: ClassVar[str] = "turn"

    conversation: str
    message_id: str
    text: str | None = field(repr=False)
    choice: str | None
    decision: Decision
    blocks: tuple[SpokenBlock, ...]
    choices: tuple[str, ...]
    at: datetime

    def apply(self, triage: Triage) -> None:
        """Put it into the database (see `Triage.record_turn`)."""
        triage.record_turn(
            self.conversation,
            message_id=self.message_id,
            text=self.text,
            choice=self.choice,
            decision=self.decision,
            blocks=self.blocks,
            choices=self.choices,
            now=self.at,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the fields after `conversation` and `at` as plain JSON data."""
        return {
            "message_id": self.message_id,
            "text": self.text,
            "choice": self.choice,
            "decision": decision_to_json(self.decision),
            "blocks": [asdict(block) for block in self.blocks],
            "choices": list(self.choices),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any], at: datetime) -> TurnTaken:
        """Read what `to_json` wrote."""
        return cls(
            conversation=data["conversation"],
            message_id=data["message_id"],
            text=data["text"],
            choice=data["choice"],
            decision=Decision.from_dict(data["decision"]),
            blocks=tuple(SpokenBlock(**block) for block in data["blocks"]),
            choices=tuple(data["choices"]),
            at=at,
        )


@dataclass(frozen=True)
class CaseNeeded:
    """A message needs a person. The attributes are those of `Triage.open_case`.

    Attributes:
        conversation: The conversation's id.
        message_id: The message's id.
        route: Where the message went.
        reasons: Why.
        at: When the message came in, aware.
    """

    kind: ClassVar[str] = "case"

    conversation: str
    message_id: str
    route: Route
    reasons: tuple[Reason, ...]
    at: datetime

    def apply(self, triage: Triage) -> None:
        """Put it into the database (see `Triage.open_case`)."""
        triage.open_case(
            self.conversation, message_id=self.message_id, route=self.route, reasons=self.reasons, now=self.at
        )

    def to_json(self) -> dict[str, Any]:
        """Return the fields after `conversation` and `at` as plain JSON data."""
        return {
            "message_id": self.message_id,
            "route": self.route.value,
            "reasons": reasons_to_json(self.reasons),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any], at: datetime) -> CaseNeeded:
        """Read what `to_json` wrote."""
        reasons = tuple(Reason(**reason) for reason in data["reasons"])
        return cls(data["conversation"], data["message_id"], Route(data["route"]), reasons, at)


@dataclass(frozen=True)
class ConversationLeft:
    """A visitor has left: the token opens the chat no more. The token stands here only as sha256.

    Attributes:
        conversation: The conversation's id; empty where only the database could tell whose token it is.
        token_sha256: The sha256 of its token.
        at: When, aware.
    """

    kind: ClassVar[str] = "left"

    conversation: str
    token_sha256: str
    at: datetime

    def apply(self, triage: Triage) -> None:
        """Put it into the database (see `Triage.end_token`)."""
        triage.end_token(self.token_sha256, self.at)

    def to_json(self) -> dict[str, Any]:
        """Return the fields after `conversation` and `at` as plain JSON data."""
        return {"token_sha256": self.token_sha256}

    @classmethod
    def from_json(cls, data: dict[str, Any], at: datetime) -> ConversationLeft:
        """Read what `to_json` wrote."""
        return cls(data["conversation"], data["token_sha256"], at)


Record = ConversationStarted | TurnTaken | CaseNeeded | ConversationLeft
_KINDS: dict[str, type[ConversationStarted] | type[TurnTaken] | type[CaseNeeded] | type[ConversationLeft]] = {
    kind.kind: kind for kind in (ConversationStarted, TurnTaken, CaseNeeded, ConversationLeft)
}


def to_line(record: Record) -> bytes:
    """Write a record as one line of JSON. The id comes first, so that even a torn line can be told whose it is.

    Args:
        record: The record.

    Returns:
        ASCII bytes that end with the only line break.
    """
    head = {"conversation": record.conversation, "kind": record.kind, "at": record.at.isoformat()}
    return json.dumps({**head, **record.to_json()}).encode("ascii") + b"\n"


def from_line(line: bytes) -> Record:
    """Read a record from its line.

    Args:
        line: What `to_line` wrote.

    Returns:
        The record.

    Raises:
        ValueError: It is not such a line; the error does not say what it holds.
    """
    try:
        data = json.loads(line)
        return _KINDS[data["kind"]].from_json(data, datetime.fromisoformat(data["at"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(type(error).__name__) from None
