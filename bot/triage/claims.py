"""Who has which case: the rules that the queue and the work on cases share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.errors import Code, SignpostError
from bot.triage.models import WorkRow
from bot.triage.roles import Person
from bot.triage.states import State

LOCK = 7446764
"""An arbitrary number: on PostgreSQL claims take turns by it, as SQLite's writers do anyway. So whoever asks gets the
most pressing case, never the next one because somebody else was just looking at the first."""


def take_turns(session: Any) -> None:
    """Let one transaction at a time change who has which case."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))


def theirs(session: Any, case_id: str, person: Person) -> WorkRow:
    """Return what the desk knows of a case that somebody has, and let nobody else change it meanwhile.

    Args:
        session: The transaction.
        case_id: The case.
        person: Who must have it. A lease that has run out is enough, as long as nobody else has taken the case.

    Returns:
        Its row.

    Raises:
        SignpostError: E630, there is no such open case; E632, it is not theirs (any more).
    """
    take_turns(session)
    row: WorkRow | None = session.get(WorkRow, case_id)
    if row is None or row.state == State.CLOSED.value:
        raise SignpostError(Code.E630, case=case_id)
    if row.staff_id != person.id:
        raise SignpostError(Code.E632, case=case_id)
    return row


def holder_of(row: WorkRow, now: datetime) -> str | None:
    """Return who has a case; None where nobody does or the lease has run out."""
    return row.staff_id if row.lease_until is not None and row.lease_until > now else None
