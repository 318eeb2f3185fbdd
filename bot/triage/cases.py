"""Cases inside a transaction: one open case of a conversation, whose level only ever rises."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.decision import Reason
from bot.routes import Level
from bot.triage import conversations
from bot.triage.models import CaseEventRow, CaseRow
from bot.triage.records import Case, reasons_to_json


def count(
    session: Any, conversation_id: str, *, message_id: str, level: Level, reasons: Sequence[Reason], now: datetime
) -> Case:
    """Let a message count towards the case of its conversation (see `bot.triage.service.Triage.open_case`).

    Args:
        session: The transaction.
        conversation_id: The conversation.
        message_id: The message.
        level: How soon the message calls for a person.
        reasons: Why.
        now: When the message came in, aware.

    Returns:
        The case that the message counts in.

    Raises:
        SignpostError: E602, there is no such conversation.
    """
    conversations.lock(session, conversation_id)
    cases = select(CaseRow).filter_by(conversation_id=conversation_id)
    counted = cases.join(CaseEventRow, CaseEventRow.case_id == CaseRow.id).where(CaseEventRow.message_id == message_id)
    for case in session.scalars(counted.order_by(CaseRow.opened_at.desc())):
        if Level(case.level).rank <= level.rank:
            return record_of(case)  # a repetition, perhaps after the case was closed
    why = reasons_to_json(reasons)
    row = session.scalar(cases.filter_by(status="open"))
    if row is None:
        kind = "opened"
        row = CaseRow(
            id=str(uuid.uuid4()),
            conversation_id=conversation_id,
            level=level.value,
            status="open",
            opened_at=now,
            raised_at=now,
            first_message_id=message_id,
            reasons=why,
        )
        session.add(row)
        session.flush()
    elif level.rank < Level(row.level).rank:
        kind = "raised"
        row.level, row.raised_at, row.reasons = level.value, now, why
    else:
        kind = "repeated"
    session.add(CaseEventRow(case_id=row.id, kind=kind, level=level.value, message_id=message_id, at=now, reasons=why))
    session.flush()
    session.refresh(row)  # as it is stored, not as it was given
    return record_of(row)


def record_of(row: CaseRow) -> Case:
    """Return a row as the record that leaves the database."""
    return Case(
        id=row.id,
        conversation_id=row.conversation_id,
        level=Level(row.level),
        status="open" if row.status == "open" else "closed",
        opened_at=row.opened_at,
        raised_at=row.raised_at,
        first_message_id=row.first_message_id,
        reasons=tuple(Reason(**reason) for reason in row.reasons),
    )
