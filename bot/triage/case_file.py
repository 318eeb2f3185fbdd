"""The file of a case: what was said, why it was flagged, and what staff have done; found by reference code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.errors import Code, SignpostError
from bot.triage import audit, cases, turns
from bot.triage.audit import Action
from bot.triage.database import Database
from bot.triage.models import CaseEntryRow, CaseEventRow, CaseRow, ConversationRow, TurnRow, WorkRow
from bot.triage.records import Case, StoredTurn
from bot.triage.reference import normalise
from bot.triage.roles import Person, Right
from bot.triage.states import Kind, Outcome, State


@dataclass(frozen=True)
class HistoryEntry:
    """A note on a case, or a step of its work.

    Attributes:
        at: When, UTC.
        staff_id: Who.
        kind: What it tells of.
        code: An item of the checklist, or an outcome.
        answer: What was said of the item.
        text: What was written.
    """

    at: datetime
    staff_id: str
    kind: Kind
    code: str
    answer: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class CaseFile:
    """All that staff see of a case.

    Attributes:
        case: The case and why it was flagged.
        reference: The chat's reference code.
        state: How far the work has got.
        outcome: How it ended, or is proposed to end.
        closing_by: Who proposed to close it, where a second person has to agree.
        last_event: The last thing that the visitor's messages did to the case. Whoever closes it says that they have
            read as far as this.
        transcript: The chat, redacted as it is stored.
        history: Notes and steps, the oldest first.
    """

    case: Case
    reference: str
    state: State
    outcome: Outcome | None
    closing_by: str | None
    last_event: int
    transcript: tuple[StoredTurn, ...] = field(repr=False)
    history: tuple[HistoryEntry, ...] = field(repr=False)


@dataclass(frozen=True)
class Found:
    """What a reference code led to.

    Attributes:
        conversation_id: The chat.
        reference: Its code.
        case_ids: Its cases, an open one first, then the latest.
    """

    conversation_id: str
    reference: str
    case_ids: tuple[str, ...]


def find(database: Database, spoken: str, person: Person, now: datetime) -> Found | None:
    """Find a chat by its reference code. The audit log says who searched and what was found, not what was typed.

    Args:
        database: Where cases are kept.
        spoken: The code as a caller reads it out.
        person: Who searches.
        now: The time, aware.

    Returns:
        The chat and its cases, or None where there is no such chat.

    Raises:
        SignpostError: E600, the database cannot be reached; E620, this person may not work on cases.
    """
    person.require(Right.WORK)
    code = normalise(spoken)

    def work(session: Any) -> Found | None:
        chat = None if code is None else session.scalar(select(ConversationRow).filter_by(reference=code))
        subject = "" if chat is None else f"chat:{chat.id}"
        found = None
        if chat is not None:
            query = select(CaseRow.id).filter_by(conversation_id=chat.id)
            ids = session.scalars(query.order_by(CaseRow.status.desc(), CaseRow.opened_at.desc()))
            found = Found(chat.id, chat.reference, tuple(ids))
        audit.append(session, Action.SEARCH, actor=person.id, now=now, subject=subject, detail={"found": bool(found)})
        return found

    return database.write(work)


def read(database: Database, case_id: str, person: Person, now: datetime) -> CaseFile:
    """Open the file of a case. A line of the audit log says so.

    Args:
        database: Where cases are kept.
        case_id: The case, open or closed.
        person: Who reads.
        now: The time, aware.

    Returns:
        The file.

    Raises:
        SignpostError: E600, the database cannot be reached; E620, this person may not work on cases; E639, there is
            no such case.
    """
    person.require(Right.WORK)

    def work(session: Any) -> CaseFile:
        opened = session.get(CaseRow, case_id)
        if opened is None:
            raise SignpostError(Code.E639, case=case_id)
        row = session.get(WorkRow, case_id)
        told = select(TurnRow).filter_by(conversation_id=opened.conversation_id).order_by(TurnRow.at, TurnRow.number)
        written = select(CaseEntryRow).filter_by(case_id=case_id).order_by(CaseEntryRow.id)
        file = CaseFile(
            case=cases.record_of(opened),
            reference=session.get(ConversationRow, opened.conversation_id).reference,
            state=State.NEW if row is None else State(row.state),
            outcome=Outcome(row.outcome) if row is not None and row.outcome else None,
            closing_by=None if row is None else row.closing_by,
            last_event=last_event(session, case_id),
            transcript=tuple(turns.record_of(turn) for turn in session.scalars(told)),
            history=tuple(_history(entry) for entry in session.scalars(written)),
        )
        detail = {"turns": len(file.transcript), "entries": len(file.history)}
        audit.append(session, Action.CASE_READ, actor=person.id, now=now, subject=f"case:{case_id}", detail=detail)
        return file

    return database.write(work)


def last_event(session: Any, case_id: str) -> int:
    """Return the number of the last thing that a visitor's message did to a case; 0 where there is none."""
    return int(session.scalar(select(func.max(CaseEventRow.id)).filter_by(case_id=case_id)) or 0)


def _history(row: CaseEntryRow) -> HistoryEntry:
    return HistoryEntry(row.at, row.staff_id, Kind(row.kind), row.code, row.answer, row.text)
