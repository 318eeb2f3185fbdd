"""Conversations inside a transaction: begin one, lock one, find out whether one is still open."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.errors import Code, SignpostError
from bot.triage.models import ConversationRow
from bot.triage.records import Conversation
from bot.triage.reference import make_reference

TRIES_PER_LENGTH = 5
"""How many codes in use are met before the code gets a digit longer: by then most of its length are taken."""


def add(session: Any, conversation_id: str, *, reference: str, token_sha256: str, now: datetime) -> None:
    """Add a conversation.

    Args:
        session: The transaction.
        conversation_id: Its id.
        reference: Its reference code, free as far as is known.
        token_sha256: The sha256 of its token.
        now: When it began, aware.
    """
    row = ConversationRow(
        id=conversation_id, reference=reference, token_sha256=token_sha256, created_at=now, last_seen_at=now
    )
    session.add(row)


def free_reference(session: Any, tail: int) -> str:
    """Make up a reference code that is not in use.

    Args:
        session: The transaction.
        tail: How many digits follow the dash, unless too many of such codes are taken.

    Returns:
        The code.
    """
    tries = 0
    while True:
        reference = make_reference(tail + tries // TRIES_PER_LENGTH)
        if session.scalar(select(ConversationRow.id).filter_by(reference=reference)) is None:
            return reference
        tries += 1


def lock(session: Any, conversation_id: str) -> ConversationRow:
    """Let one transaction at a time at a conversation: by its row on PostgreSQL; SQLite has one writer anyway.

    Args:
        session: The transaction.
        conversation_id: The conversation.

    Returns:
        Its row.

    Raises:
        SignpostError: E602, there is no such conversation.
    """
    row: ConversationRow | None = session.scalar(
        select(ConversationRow).filter_by(id=conversation_id).with_for_update()
    )
    if row is None:
        raise SignpostError(Code.E602, id=conversation_id)
    return row


def is_open(row: ConversationRow, now: datetime, *, idle: timedelta, longest: timedelta) -> bool:
    """Return whether a conversation goes on.

    Args:
        row: The conversation.
        now: The time, aware.
        idle: It ends after so long without a message.
        longest: It ends after so long in any case.

    Returns:
        Whether it has neither ended nor run out.
    """
    return row.ended_at is None and now - row.last_seen_at <= idle and now - row.created_at <= longest


def record_of(row: ConversationRow) -> Conversation:
    """Return a row as the record that leaves the database."""
    return Conversation(row.id, row.reference)
