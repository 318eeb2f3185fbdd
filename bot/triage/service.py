"""Triage: the one way to conversations, turns and cases. It is synchronous; the gateway calls it in a thread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.decision import Decision, Reason, SpokenBlock
from bot.errors import SignpostError
from bot.routes import Route
from bot.triage import cases, conversations, turns
from bot.triage.database import Database
from bot.triage.models import CaseRow, ConversationRow, TombstoneRow, TurnRow
from bot.triage.records import Case, Conversation, NewConversation, StoredTurn, hash_token
from bot.triage.reference import OFFLINE_TAIL, SHORTEST_TAIL, make_receipt, normalise


class Triage:
    """Conversations, turns and cases in a database."""

    def __init__(self, database: Database, *, idle_hours: float = 24, max_hours: float = 168) -> None:
        """Use a database; `Triage.connect` is the usual way.

        Args:
            database: Where all is kept.
            idle_hours: A conversation ends after so long without a message (Settings.session_idle_hours).
            max_hours: A conversation ends after so long in any case (Settings.session_max_hours).
        """
        self.database = database
        self._idle = timedelta(hours=idle_hours)
        self._longest = timedelta(hours=max_hours)

    @classmethod
    def connect(cls, database_url: str, *, idle_hours: float = 24, max_hours: float = 168) -> Triage:
        """Use the database at an address. It is reached at the first call, so it may be away now.

        Args:
            database_url: A URL of SQLite or PostgreSQL (Settings.database_url).
            idle_hours: A conversation ends after so long without a message (Settings.session_idle_hours).
            max_hours: A conversation ends after so long in any case (Settings.session_max_hours).

        Returns:
            The service.

        Raises:
            SignpostError: E001, the address is not of the right form.
        """
        return cls(Database(database_url), idle_hours=idle_hours, max_hours=max_hours)

    def close(self) -> None:
        """Let all connections go."""
        self.database.engine.dispose()

    def healthy(self) -> bool:
        """Return whether the database can be reached and has our tables."""
        try:
            self.database.read(lambda session: session.scalar(select(ConversationRow.id).limit(1)))
        except SignpostError:
            return False
        return True

    def start_conversation(self, now: datetime) -> NewConversation:
        """Begin a conversation.

        Args:
            now: The time, aware.

        Returns:
            Its id, its token and its reference code.

        Raises:
            SignpostError: E600, the database cannot be reached.
        """

        def work(session: Any) -> NewConversation:
            new = NewConversation.draft(conversations.free_reference(session, SHORTEST_TAIL))
            conversations.add(session, new.id, reference=new.reference, token_sha256=new.token_sha256, now=now)
            return new

        return self.database.write(work)

    def import_conversation(self, conversation_id: str, *, reference: str, token_sha256: str, started: datetime) -> str:
        """Take over a conversation that began while the database was away. A repetition changes nothing.

        Args:
            conversation_id: The id that it was given.
            reference: The reference code that it was given.
            token_sha256: The sha256 of its token.
            started: When it began, aware.

        Returns:
            Its reference code: another one only where the given one is in use.

        Raises:
            SignpostError: E600, the database cannot be reached; E603, it refuses the values.
        """

        def work(session: Any) -> str:
            known = session.get(ConversationRow, conversation_id)
            if known is not None:
                return str(known.reference)
            code = reference
            if session.scalar(select(ConversationRow.id).filter_by(reference=code)) is not None:
                code = conversations.free_reference(session, OFFLINE_TAIL)
            conversations.add(session, conversation_id, reference=code, token_sha256=token_sha256, now=started)
            return code

        return self.database.write(work)

    def find(self, token: str, now: datetime) -> Conversation | None:
        """Find the open conversation of a token.

        Args:
            token: What the visitor's browser sent; anything at all.
            now: The time, aware.

        Returns:
            The conversation, or None where there is none, it has ended, was idle too long or is too old.

        Raises:
            SignpostError: E600, the database cannot be reached.
        """
        query = select(ConversationRow).filter_by(token_sha256=hash_token(token))
        row = self.database.read(lambda session: session.scalar(query))
        if row is None or not conversations.is_open(row, now, idle=self._idle, longest=self._longest):
            return None
        return conversations.record_of(row)

    def end_conversation(self, conversation_id: str, now: datetime) -> None:
        """Close a conversation for whoever holds its token. What was said stays, for staff.

        Args:
            conversation_id: The conversation. That there is none, or that it has ended, is no error.
            now: The time, aware.

        Raises:
            SignpostError: E600, the database cannot be reached.
        """

        def work(session: Any) -> None:
            row = session.get(ConversationRow, conversation_id)
            if row is not None and row.ended_at is None:
                row.ended_at = now

        self.database.write(work)

    def end_token(self, token_sha256: str, now: datetime) -> None:
        """Close the conversation of a token, as `end_conversation` does.

        Args:
            token_sha256: The sha256 of the token. That it is nobody's is no error.
            now: The time, aware.

        Raises:
            SignpostError: E600, the database cannot be reached.
        """
        query = select(ConversationRow.id).filter_by(token_sha256=token_sha256)
        conversation_id = self.database.read(lambda session: session.scalar(query))
        if conversation_id is not None:
            self.end_conversation(conversation_id, now)

    def find_reference(self, spoken: str) -> Conversation | None:
        """Find a conversation by its reference code, whether it is still open or not.

        Args:
            spoken: The code as a caller reads it out.

        Returns:
            The conversation, or None where there is none.

        Raises:
            SignpostError: E600, the database cannot be reached.
        """
        query = select(ConversationRow).filter_by(reference=normalise(spoken))
        row = self.database.read(lambda session: session.scalar(query))
        return None if row is None else conversations.record_of(row)

    def find_turn(self, conversation_id: str, message_id: str) -> StoredTurn | None:
        """Find the turn of a message, so that a resend is answered as the first time.

        Args:
            conversation_id: The conversation.
            message_id: The message's id.

        Returns:
            The turn, or None.

        Raises:
            SignpostError: E600, the database cannot be reached.
        """
        query = select(TurnRow).filter_by(conversation_id=conversation_id, message_id=message_id)
        row = self.database.read(lambda session: session.scalar(query))
        return None if row is None else turns.record_of(row)

    def last_turn(self, conversation_id: str) -> StoredTurn | None:
        """Return the latest turn of a conversation, or None (see `transcript`)."""
        query = select(TurnRow).filter_by(conversation_id=conversation_id)
        latest = query.order_by(TurnRow.at.desc(), TurnRow.number.desc()).limit(1)
        row = self.database.read(lambda session: session.scalar(latest))
        return None if row is None else turns.record_of(row)

    def transcript(self, conversation_id: str) -> list[StoredTurn]:
        """Return all turns of a conversation in the order of time.

        Args:
            conversation_id: The conversation.

        Returns:
            Its turns. One that was recorded late, after the database was away, stands at its time.

        Raises:
            SignpostError: E600, the database cannot be reached.
        """
        query = select(TurnRow).filter_by(conversation_id=conversation_id).order_by(TurnRow.at, TurnRow.number)
        return self.database.read(lambda session: [turns.record_of(row) for row in session.scalars(query)])

    def record_turn(
        self,
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
        """Record a message and what was answered. The same message again changes nothing.

        Args:
            conversation_id: The conversation.
            message_id: The message's id.
            text: The message, already redacted; None for a choice.
            choice: The id of the choice; None for text.
            decision: What the message was taken to ask. Scores are left out.
            blocks: What was said, in order.
            choices: Ids of the choices offered with it.
            now: When the message came in, aware.

        Returns:
            The turn as it stands: the first one recorded for this message.

        Raises:
            SignpostError: E600, the database cannot be reached; E602, there is no such conversation;
                E603, it refuses the values.
        """
        return self.database.write(
            lambda session: turns.record(
                session,
                conversation_id,
                message_id=message_id,
                text=text,
                choice=choice,
                decision=decision,
                blocks=blocks,
                choices=choices,
                now=now,
            )
        )

    def open_case(
        self, conversation_id: str, *, message_id: str, route: Route, reasons: Sequence[Reason], now: datetime
    ) -> Case | None:
        """Make sure that a person will look at a message, where its route calls for that.

        A conversation has one open case. Its level rises with a more pressing message and never falls.
        The same message again changes nothing, even after its case was closed, unless it is now taken as more pressing.

        Args:
            conversation_id: The conversation.
            message_id: The message's id.
            route: Where the message went.
            reasons: Why. Scores are left out.
            now: When the message came in, aware.

        Returns:
            The case, or None for a route that opens none.

        Raises:
            SignpostError: E600, the database cannot be reached; E602, there is no such conversation;
                E603, it refuses the values.
        """
        level = route.level
        if level is None:
            return None
        return self.database.write(
            lambda session: cases.count(
                session, conversation_id, message_id=message_id, level=level, reasons=reasons, now=now
            )
        )

    def cases(self, conversation_id: str) -> list[Case]:
        """Return all cases of a conversation, the oldest first.

        Args:
            conversation_id: The conversation.

        Returns:
            Its cases, at most one of them open.

        Raises:
            SignpostError: E600, the database cannot be reached.
        """
        query = select(CaseRow).filter_by(conversation_id=conversation_id).order_by(CaseRow.opened_at)
        return self.database.read(lambda session: [cases.record_of(row) for row in session.scalars(query)])

    def last_seen(self) -> dict[str, datetime]:
        """Return when each conversation had its latest message.

        Returns:
            Times, UTC, by conversation.

        Raises:
            SignpostError: E600, the database cannot be reached.
        """
        query = select(ConversationRow.id, ConversationRow.last_seen_at)
        return self.database.read(lambda session: dict(session.execute(query).all()))

    def erase(self, conversation_id: str, now: datetime) -> str:
        """Delete a conversation with its turns and cases from this database, for good.

        `bot.privacy.erasure.erase` does this for every place where a conversation leaves a trace; use that one.

        Args:
            conversation_id: The conversation. That there is none (any more) is no error.
            now: The time, aware.

        Returns:
            The code of a receipt. It has no link to the conversation or the person.

        Raises:
            SignpostError: E600, the database cannot be reached.
        """

        def work(session: Any) -> str:
            query = select(CaseRow.level).filter_by(conversation_id=conversation_id, status="open")
            open_level = session.scalar(query)
            conversation = session.get(ConversationRow, conversation_id)
            if conversation is not None:
                session.delete(conversation)
            receipt = make_receipt()
            session.add(TombstoneRow(receipt_sha256=hash_token(receipt), at=now, open_level=open_level))
            return receipt

        return self.database.write(work)
