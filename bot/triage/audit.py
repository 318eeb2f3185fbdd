"""The audit log: who did what to which case, and when. Lines are only added, and each holds the hash of the one before.

A line never holds a word of a visitor: ids, codes of actions, numbers and names of fields only. So it stays true, and
stays, when a chat is erased. Whoever can rewrite the whole database can also make up a new chain from any line on:
write the head that `python -m bot audit verify` prints down elsewhere, and give it to a later run.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from enum import Enum
from typing import Any

from sqlalchemy import select

from bot.errors import Code, SignpostError
from bot.triage.database import Database
from bot.triage.models import AuditHeadRow, AuditRow

GENESIS = "0" * 64
"""What stands in place of a hash before the first line."""
CONSOLE = "console"
"""The actor of what is done with `python -m bot` on the machine itself. No user name is this one."""
NOBODY = "nobody"
"""The actor of a sign-in that was refused."""
_HEAD = re.compile(r"(\d+):([0-9a-f]{64})")
_BATCH = 1_000

Detail = Mapping[str, str | int | bool | None]


class Action(str, Enum):
    """What can be done."""

    SIGN_IN = "sign_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_OUT = "sign_out"
    STAFF_ADDED = "staff_added"
    STAFF_DISABLED = "staff_disabled"
    STAFF_CREDENTIALS = "staff_credentials"
    RECOVERY_CODE_USED = "recovery_code_used"
    QUEUE_READ = "queue_read"
    CASE_CLAIMED = "case_claimed"
    CASE_RELEASED = "case_released"
    CASE_HANDED_OVER = "case_handed_over"
    CASE_READ = "case_read"
    CASE_REVEALED = "case_revealed"
    CASE_NOTED = "case_noted"
    CASE_CHECKED = "case_checked"
    CASE_STATE = "case_state"
    CASE_CLOSING = "case_closing"
    CASE_CLOSED = "case_closed"
    SEARCH = "search"
    EXPORT = "export"
    AUDIT_READ = "audit_read"


@dataclass(frozen=True)
class Line:
    """One line of the log.

    Attributes:
        number: 1 for the first, and so on without a gap.
        at: When, UTC.
        actor: The user name, or CONSOLE or NOBODY.
        action: What was done, a value of `Action`.
        subject: What it was done to, such as "case:ID"; may be empty.
        detail: What else counts, as plain values.
    """

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Detail


@dataclass(frozen=True)
class Verification:
    """What a check of the whole log found.

    Attributes:
        lines: How many lines there are.
        head: Number and hash of the last line, to be written down elsewhere.
        problems: One coded sentence for each line that is not what was written; empty when all is well.
    """

    lines: int
    head: str
    problems: tuple[str, ...] = field(default=())


def append(
    session: Any, action: Action, *, actor: str, now: datetime, subject: str = "", detail: Detail | None = None
) -> None:
    """Add a line, inside the transaction of what it tells of: both are kept, or neither.

    Call this last in a transaction. It waits for other lines, and whoever waits for this one must not hold what
    this one needs.

    Args:
        session: The transaction.
        action: What is done.
        actor: Who does it.
        now: When, aware.
        subject: What it is done to.
        detail: What else counts: ids, numbers, names of fields; never words of a visitor or a secret.

    Raises:
        SignpostError: E614, the head of the chain is missing.
    """
    head = session.scalar(select(AuditHeadRow).with_for_update().execution_options(populate_existing=True))
    if head is None:
        raise SignpostError(Code.E614, problem="there is no row of the log's head")
    row = AuditRow(
        number=head.number + 1,
        at=now.astimezone(timezone.utc),
        actor=actor,
        action=action.value,
        subject=subject,
        detail=json.dumps(dict(detail or {}), sort_keys=True),
        previous=head.sha256,
    )
    row.sha256 = digest(row)
    head.number, head.sha256 = row.number, row.sha256
    session.add(row)
    session.flush()


def digest(row: AuditRow) -> str:
    """Return the hash of a line: over all that it holds, its number and the hash of the line before."""
    fields = [row.number, row.at.isoformat(), row.actor, row.action, row.subject, row.detail, row.previous]
    return hashlib.sha256(json.dumps(fields).encode("ascii")).hexdigest()


def verify(database: Database, known_head: str | None = None) -> Verification:
    """Check the whole log.

    Args:
        database: Where it is kept.
        known_head: The head of an earlier check, as NUMBER:SHA256; that line must still be what it was.

    Returns:
        What was found.

    Raises:
        SignpostError: E600, the database cannot be reached; E615, `known_head` has another form.
    """
    known = _parse(known_head) if known_head else None
    return database.read(lambda session: _verify(session, known))


def lines(
    database: Database, *, limit: int, before: int | None = None, actor: str | None = None, subject: str | None = None
) -> list[Line]:
    """Return lines of the log, the latest first. Reading them is an action of its own for whoever shows them.

    Args:
        database: Where it is kept.
        limit: At most so many.
        before: Only lines with smaller numbers, to go on from there.
        actor: Only what this person did.
        subject: Only what was done to this.

    Returns:
        The lines.

    Raises:
        SignpostError: E600, the database cannot be reached.
    """
    query = select(AuditRow).order_by(AuditRow.number.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditRow.number < before)
    if actor is not None:
        query = query.where(AuditRow.actor == actor)
    if subject is not None:
        query = query.where(AuditRow.subject == subject)

    def work(session: Any) -> list[Line]:
        return [
            Line(row.number, row.at, row.actor, row.action, row.subject, json.loads(row.detail))
            for row in session.scalars(query)
        ]

    return database.read(work)


def _parse(head: str) -> tuple[int, str]:
    match = _HEAD.fullmatch(head)
    if match is None:
        raise SignpostError(Code.E615)
    return int(match[1]), match[2]


def _verify(session: Any, known: tuple[int, str] | None) -> Verification:
    if session.get_bind().dialect.name == "postgresql":  # SQLite reads one state of the database anyway
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    head = session.scalar(select(AuditHeadRow))
    problems: list[str] = []
    count, last, last_hash, known_hash = 0, 0, GENESIS, None if known is None or known[0] else GENESIS
    for row in _rows(session):
        if row.number != last + 1:
            problems.append(Code.E612.text(first=last + 1, last=row.number - 1))
        elif row.previous != last_hash:
            problems.append(Code.E613.text(number=last, next=row.number))
        if row.sha256 != digest(row):
            problems.append(Code.E611.text(number=row.number))
        if known is not None and row.number == known[0]:
            known_hash = row.sha256
        count, last, last_hash = count + 1, row.number, row.sha256
    if head is None:
        problems.append(Code.E614.text(problem="there is no row of the log's head"))
    elif last < head.number:
        problems.append(Code.E612.text(first=last + 1, last=head.number))
    elif last_hash != head.sha256:
        problems.append(Code.E613.text(number=last, next="the head"))
    if known is not None and known_hash != known[1]:
        problems.append(Code.E616.text(number=known[0]))
    return Verification(count, f"{last}:{last_hash}", tuple(dict.fromkeys(problems)))


def _rows(session: Any) -> Iterator[AuditRow]:
    """All lines in order, a batch at a time: the log only grows, and must not have to fit into memory."""
    query, last = select(AuditRow).order_by(AuditRow.number).limit(_BATCH), 0
    while batch := session.scalars(query.where(AuditRow.number > last)).all():
        yield from batch
        last = batch[-1].number
        session.expunge_all()
