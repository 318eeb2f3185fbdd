"""The tables: conversations, turns, the cases that they opened, what stays after an erasure; staff and the audit log.

There is no score of a person or a message in any of them. Deleting a conversation deletes all that hangs on it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, declarative_base

from bot.routes import Level, Route
from bot.triage.columns import StorableText, UtcDateTime
from bot.triage.roles import Role
from bot.triage.states import Kind, State

# Names are fixed, so that a migration can name the constraint that it changes.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

Base: Any = declarative_base(metadata=MetaData(naming_convention=_NAMES))

_ID = String(36)
_OPEN = text("status = 'open'")


def _one_of(column: str, values: list[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _column(*args: Any, **options: Any) -> Any:
    return Column(*args, **options)  # a Column stands where the class promises a Mapped; SQLAlchemy makes it one


def _conversation(*, index: bool) -> Any:
    return Column(_ID, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=index)


class ConversationRow(Base):
    """One chat. Of its token only the sha256 is kept."""

    __tablename__ = "conversations"

    id: Mapped[str] = _column(_ID, primary_key=True)
    reference: Mapped[str] = _column(String(16), nullable=False, unique=True)
    token_sha256: Mapped[str] = _column(String(64), nullable=False, unique=True)
    created_at: Mapped[datetime] = _column(UtcDateTime, nullable=False)
    last_seen_at: Mapped[datetime] = _column(UtcDateTime, nullable=False)
    ended_at: Mapped[datetime | None] = _column(UtcDateTime)


class TurnRow(Base):
    """One message and what was answered: block ids with the hashes of their text, never the text itself."""

    __tablename__ = "turns"
    __table_args__ = (
        UniqueConstraint("conversation_id", "message_id"),
        UniqueConstraint("conversation_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint(_one_of("route", [route.value for route in Route]), name="route"),
    )

    id: Mapped[str] = _column(_ID, primary_key=True)
    conversation_id: Mapped[str] = _conversation(index=False)  # the unique constraint begins with it
    message_id: Mapped[str] = _column(StorableText, nullable=False)
    number: Mapped[int] = _column(Integer, nullable=False)
    at: Mapped[datetime] = _column(UtcDateTime, nullable=False)
    text: Mapped[str | None] = _column(StorableText)
    choice: Mapped[str | None] = _column(StorableText)
    route: Mapped[str] = _column(String(16), nullable=False)
    intent: Mapped[str] = _column(StorableText, nullable=False)
    decision: Mapped[dict[str, Any]] = _column(JSON, nullable=False)
    blocks: Mapped[list[dict[str, Any]]] = _column(JSON, nullable=False)
    choices: Mapped[list[str]] = _column(JSON, nullable=False)


class CaseRow(Base):
    """Something for a person to look at. The database itself refuses a second open case of a conversation."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint(_one_of("level", [level.value for level in Level]), name="level"),
        CheckConstraint(_one_of("status", ["open", "closed"]), name="status"),
        Index("uq_cases_one_open", "conversation_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[str] = _column(_ID, primary_key=True)
    conversation_id: Mapped[str] = _conversation(index=True)
    level: Mapped[str] = _column(String(16), nullable=False)
    status: Mapped[str] = _column(String(16), nullable=False)
    opened_at: Mapped[datetime] = _column(UtcDateTime, nullable=False)
    raised_at: Mapped[datetime] = _column(UtcDateTime, nullable=False)
    first_message_id: Mapped[str] = _column(StorableText, nullable=False)
    reasons: Mapped[list[dict[str, Any]]] = _column(JSON, nullable=False)


class CaseEventRow(Base):
    """What happened to a case. Rows are only ever added.

    A message counts once for each level that it called for: the action may see distress in it, and the gateway's
    screen a crisis. Both must count, in whichever order they come, and each only once.
    """

    __tablename__ = "case_events"
    __table_args__ = (
        UniqueConstraint("case_id", "message_id", "level"),
        CheckConstraint(_one_of("level", [level.value for level in Level]), name="level"),
        CheckConstraint(_one_of("kind", ["opened", "raised", "repeated"]), name="kind"),
    )

    id: Mapped[int] = _column(Integer, primary_key=True)
    case_id: Mapped[str] = _column(_ID, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False)
    kind: Mapped[str] = _column(String(16), nullable=False)
    level: Mapped[str] = _column(String(16), nullable=False)
    message_id: Mapped[str] = _column(StorableText, nullable=False)
    at: Mapped[datetime] = _column(UtcDateTime, nullable=False)
    reasons: Mapped[list[dict[str, Any]]] = _column(JSON, nullable=False)


class TombstoneRow(Base):
    """What stays of an erased conversation: that it was erased, when, and the level of its case if one was open."""

    __tablename__ = "tombstones"

    receipt_sha256: Mapped[str] = _column(String(64), primary_key=True)
    at: Mapped[datetime] = _column(UtcDateTime, nullable=False)
    open_level: Mapped[str | None] = _column(String(16))


class AuditRow(Base):
    """One line of the audit log. The database refuses to change or delete it (see the migration)."""

    __tablename__ = "audit"

    number: Mapped[int] = _column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = _column(UtcDateTime, nullable=False)
    actor: Mapped[str] = _column(String(32), nullable=False, index=True)
    action: Mapped[str] = _column(String(32), nullable=False)
    subject: Mapped[str] = _column(String(64), nullable=False, index=True)
    detail: Mapped[str] = _column(StorableText, nullable=False)
    previous: Mapped[str] = _column(String(64), nullable=False)
    sha256: Mapped[str] = _column(String(64), nullable=False)


class AuditHeadRow(Base):
    """The last line of the audit log: lines are added one at a time by it, and none can be missing at the end."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="id"),)

    id: Mapped[int] = _column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = _column(Integer, nullable=False)
    sha256: Mapped[str] = _column(String(64), nullable=False)


class StaffRow(Base):
    """Somebody of the staff. Nobody is ever deleted, and no user name is given twice: the audit log names them."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint(_one_of("role", [role.value for role in Role]), name="role"),)

    id: Mapped[str] = _column(String(32), primary_key=True)
    name: Mapped[str] = _column(StorableText, nullable=False)
    role: Mapped[str] = _column(String(16), nullable=False)
    password_hash: Mapped[str] = _column(String(256), nullable=False)
    must_change: Mapped[bool] = _column(Boolean, nullable=False)
    totp_secret: Mapped[str] = _column(String(64), nullable=False)
    totp_step: Mapped[int] = _column(Integer, nullable=False, default=0)
    created_at: Mapped[datetime] = _column(UtcDateTime, nullable=False)
    disabled_at: Mapped[datetime | None] = _column(UtcDateTime)


class RecoveryCodeRow(Base):
    """A code to sign in with once, where the authenticator app is lost. Only its sha256 is kept."""

    __tablename__ = "recovery_codes"

    sha256: Mapped[str] = _column(String(64), primary_key=True)
    staff_id: Mapped[str] = _column(String(32), ForeignKey("staff.id"), nullable=False, index=True)
    used_at: Mapped[datetime | None] = _column(UtcDateTime)


class StaffSessionRow(Base):
    """Somebody who is signed in. Of the token only the sha256 is kept."""

    __tablename__ = "staff_sessions"

    token_sha256: Mapped[str] = _column(String(64), primary_key=True)
    staff_id: Mapped[str] = _column(String(32), ForeignKey("staff.id"), nullable=False, index=True)
    created_at: Mapped[datetime] = _column(UtcDateTime, nullable=False)
    last_seen_at: Mapped[datetime] = _column(UtcDateTime, nullable=False)
    ended_at: Mapped[datetime | None] = _column(UtcDateTime)


class ThrottleRow(Base):
    """How many sign-ins failed in a row, under the hash of a user name, an address or both."""

    __tablename__ = "throttle"

    key: Mapped[str] = _column(String(64), primary_key=True)
    failures: Mapped[int] = _column(Integer, nullable=False)
    last_at: Mapped[datetime] = _column(UtcDateTime, nullable=False)


class WorkRow(Base):
    """What the desk knows of a case: by when it is due, who works on it, and how far that has got.

    It is made when the desk first sees the case. `level` and `raised_at` say what the rest was worked out from.
    `seen_event` is the last event of the case when it was put aside or proposed for closing.
    """

    __tablename__ = "work"
    __table_args__ = (
        CheckConstraint(_one_of("level", [level.value for level in Level]), name="level"),
        CheckConstraint(_one_of("state", [state.value for state in State]), name="state"),
    )

    case_id: Mapped[str] = _column(_ID, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[str] = _column(String(16), nullable=False)
    raised_at: Mapped[datetime] = _column(UtcDateTime, nullable=False)
    due_at: Mapped[datetime] = _column(UtcDateTime, nullable=False)
    state: Mapped[str] = _column(String(16), nullable=False, index=True)
    again_at: Mapped[datetime | None] = _column(UtcDateTime)
    seen_event: Mapped[int] = _column(Integer, nullable=False, default=0)
    staff_id: Mapped[str | None] = _column(String(32), ForeignKey("staff.id"), index=True)
    claimed_at: Mapped[datetime | None] = _column(UtcDateTime)
    lease_until: Mapped[datetime | None] = _column(UtcDateTime)
    outcome: Mapped[str | None] = _column(String(32))
    closing_by: Mapped[str | None] = _column(String(32), ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None] = _column(UtcDateTime)


class CaseEntryRow(Base):
    """A note on a case, or a step of its work. The database refuses to change one; it goes only with its chat."""

    __tablename__ = "case_entries"
    __table_args__ = (CheckConstraint(_one_of("kind", [kind.value for kind in Kind]), name="kind"),)

    id: Mapped[int] = _column(Integer, primary_key=True)
    case_id: Mapped[str] = _column(_ID, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True)
    staff_id: Mapped[str] = _column(String(32), ForeignKey("staff.id"), nullable=False)
    at: Mapped[datetime] = _column(UtcDateTime, nullable=False)
    kind: Mapped[str] = _column(String(16), nullable=False)
    code: Mapped[str] = _column(String(32), nullable=False, default="")
    answer: Mapped[str] = _column(String(16), nullable=False, default="")
    text: Mapped[str] = _column(StorableText, nullable=False, default="")
