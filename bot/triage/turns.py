"""Turns inside a transaction: each message is recorded once, and numbered without a gap."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.decision import Decision, SpokenBlock
from bot.triage import conversations
from bot.triage.models import TurnRow
from bot.triage.records import StoredTurn, decision_to_json


def record(
    session: Any,
    conversation_id: str,
    *,
    message_id: str,
    text: str | None,
    choice: str | None,
    decision: Decision,
    blocks: Sequence[SpokenBlock],
    choices: Sequence[str],
    now: datetime,
) -> StoredTurn:
    """Record a turn, unless its message has one (see `bot.triage.service.Triage.record_turn`)."""
    conversation = conversations.lock(session, conversation_id)
    turns = select(TurnRow).filter_by(conversation_id=conversation_id)
    row = session.scalar(turns.filter_by(message_id=message_id))
    if row is None:
        last = session.scalar(turns.order_by(TurnRow.number.desc()).limit(1))
        row = TurnRow(
            id=str(uuid.uuid4()),
            conversation_id=conversation_id,
            message_id=message_id,
            number=1 if last is None else last.number + 1,
            at=now,
            text=text,
            choice=choice,
            route=decision.route.value,
            intent=decision.intent,
            decision=decision_to_json(decision),
            blocks=[asdict(block) for block in blocks],
            choices=list(choices),
        )
        session.add(row)
        conversation.last_seen_at = max(conversation.last_seen_at, now)
        session.flush()
        session.refresh(row)  # as it is stored, not as it was given
    return record_of(row)


def record_of(row: TurnRow) -> StoredTurn:
    """Return a row as the record that leaves the database."""
    return StoredTurn(
        id=row.id,
        message_id=row.message_id,
        number=row.number,
        at=row.at,
        text=row.text,
        choice=row.choice,
        decision=Decision.from_dict(row.decision),
        blocks=tuple(SpokenBlock(**block) for block in row.blocks),
        choices=tuple(row.choices),
    )
