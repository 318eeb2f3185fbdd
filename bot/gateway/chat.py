"""Chats: every message is answered once, recorded, and its case made sure of before the reply leaves."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

from bot.blocks.block import Block
from bot.errors import Code
from bot.gateway.answer import Answer, Answerer
from bot.gateway.incoming import Incoming
from bot.gateway.ledger import Ledger
from bot.gateway.refusal import Refused
from bot.gateway.turn import CHOICE, Turn
from bot.triage.records import Conversation, StoredTurn

LEAST_SECONDS = 0.05
"""What the dialogue engine gets where a message had to wait for the one before it until the time was nearly up."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Started:
    """A chat that has just begun.

    Attributes:
        token: What the visitor's browser has to show from now on.
        conversation: The conversation.
        turn: The greeting.
    """

    token: str
    conversation: Conversation
    turn: Turn


@dataclass(frozen=True)
class Entry:
    """A turn as it stands in the transcript, with what the visitor sent.

    Attributes:
        stored: The turn as it is kept.
        turn: The turn as the visitor saw it.
        choice: The title of the choice that was made, or None.
    """

    stored: StoredTurn
    turn: Turn
    choice: str | None


class Chat:
    """All chats of this gateway."""

    def __init__(self, answerer: Answerer, ledger: Ledger, *, max_chars: int, seconds: float) -> None:
        """Make it.

        Args:
            answerer: Answers one message.
            ledger: Keeps what was said.
            max_chars: The longest message taken, in characters.
            seconds: How long a message may wait for the one before it and the dialogue engine together.
        """
        self.answerer = answerer
        self.ledger = ledger
        self._library = answerer.library
        self._max_chars = max_chars
        self._seconds = seconds
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def start(self) -> Started:
        """Begin a chat with the greeting.

        Returns:
            The chat.
        """
        new, stored = await self.ledger.start(self.answerer.greeting())
        conversation = Conversation(new.id, new.reference)
        return Started(new.token, conversation, self._turn(stored, new.reference))

    def greeting(self) -> Turn:
        """Return the greeting of a chat that has not begun; nothing is recorded."""
        return self._unrecorded(self.answerer.greeting(), None)

    async def find(self, token: str, incoming: Incoming | None = None) -> Conversation:
        """Find the chat of a token.

        Args:
            token: What was sent; anything at all.
            incoming: The message that came with it. The screen reads it even where there is no chat.

        Returns:
            The conversation.

        Raises:
            Refused: E504, there is no open chat for the token.
        """
        conversation = await self.ledger.find(token)
        if conversation is None:
            raise Refused(Code.E504, self.helpline(incoming.text if incoming else None))
        return conversation

    async def say(self, conversation: Conversation, incoming: Incoming) -> Turn:
        """Answer a message, once: a message with the same id gets the same turn.

        Args:
            conversation: The chat.
            incoming: The message.

        Returns:
            The turn.

        Raises:
            Refused: E503, the text is too long; E505, the choice was not offered. Both say the helpline's words,
                or the screen's, all the same.
        """
        message_id = incoming.message_id or secrets.token_urlsafe(16)
        async with self._alone(conversation.id) as until:
            same, last = await self.ledger.before(conversation.id, message_id)
            if same is not None:
                return self._turn(same, conversation.reference, incoming)
            if incoming.choice is not None and (last is None or incoming.choice not in last.choices):
                raise Refused(Code.E505, self.helpline(reference=conversation.reference))
            if incoming.text is not None and len(incoming.text) > self._max_chars:
                raise await self._too_long(conversation, message_id, incoming.text)
            seconds = max(LEAST_SECONDS, until - asyncio.get_running_loop().time())
            answer = await self.answerer.answer(
                conversation.id, message_id, text=incoming.text, choice=incoming.choice, seconds=seconds
            )
            stored = await self.ledger.keep(conversation.id, message_id, answer)
        return self._turn(stored, conversation.reference, incoming)

    async def transcript(self, conversation: Conversation) -> list[Entry]:
        """Return all turns of a chat.

        Args:
            conversation: The chat.

        Returns:
            Its turns in the order of time.
        """
        turns = await self.ledger.transcript(conversation.id)
        return [Entry(turn, self._turn(turn, conversation.reference), self._title(turn.choice)) for turn in turns]

    async def end(self, conversation: Conversation) -> str:
        """Delete a chat everywhere.

        Args:
            conversation: The chat.

        Returns:
            The receipt.

        Raises:
            SignpostError: E513, it could not be deleted just now.
        """
        async with self._alone(conversation.id):
            return await self.ledger.erase(conversation.id)

    async def leave(self, token: str) -> None:
        """Close a chat for whoever sits at that browser next. What was said stays for staff.

        Args:
            token: What was sent; anything at all.
        """
        await self.ledger.end(token)

    def helpline(self, text: str | None = None, *, reference: str | None = None) -> Turn:
        """Say what can always be said: the screen's words where it fires on the text, otherwise the helpline's.

        Args:
            text: What the visitor wrote, where that is known.
            reference: The chat's reference code, where there is a chat.

        Returns:
            A turn that is recorded nowhere. It offers no choices: none of them could be taken up.
        """
        return self._unrecorded(replace(self.answerer.without_dialogue(text), choices=()), reference)

    async def _too_long(self, conversation: Conversation, message_id: str, text: str) -> Refused:
        """Refuse a text that is too long. Where the screen fires on it, it is recorded like any other message."""
        answer = self.answerer.without_dialogue(text)
        if not answer.route.is_safety:
            return Refused(Code.E503, self.helpline(reference=conversation.reference), limit=self._max_chars)
        stored = await self.ledger.keep(conversation.id, message_id, answer)
        return Refused(Code.E503, self._turn(stored, conversation.reference), limit=self._max_chars)

    def _unrecorded(self, answer: Answer, reference: str | None) -> Turn:
        id_ = secrets.token_urlsafe(16)
        return Turn.of(self._library, id_, answer.route, answer.blocks, answer.choices, reference)

    @asynccontextmanager
    async def _alone(self, conversation_id: str) -> AsyncIterator[float]:
        """Let one message at a time at a chat; give the loop's time by which the dialogue engine has to answer."""
        until = asyncio.get_running_loop().time() + self._seconds
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        try:
            await asyncio.wait_for(lock.acquire(), self._seconds)
        except asyncio.TimeoutError:  # the message before still waits: this one is answered without waiting for it
            yield until
            return
        try:
            yield until
        finally:
            lock.release()

    def _turn(self, stored: StoredTurn, reference: str, incoming: Incoming | None = None) -> Turn:
        """Turn a record back into words: today's library must hold them to the byte, or the helpline's are said."""
        blocks: list[Block] = []
        for spoken in stored.blocks:
            if spoken.id in self._library and self._library[spoken.id].sha256 == spoken.sha256:
                blocks.append(self._library[spoken.id])
            else:
                _log.warning("The words of an earlier turn have changed: block %s.", spoken.id)
                blocks = []
                break
        known = blocks or self.answerer.without_dialogue().blocks
        choices = [choice for choice in stored.choices if CHOICE + choice in self._library]
        turn = Turn.of(self._library, stored.id, stored.decision.route, known, choices, reference)
        return replace(turn, redacted=incoming is not None and incoming.text != stored.text)

    def _title(self, choice: str | None) -> str | None:
        if choice is None or CHOICE + choice not in self._library:
            return None
        return self._library[CHOICE + choice].text
