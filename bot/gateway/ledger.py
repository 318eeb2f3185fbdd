"""The ledger: what the gateway keeps of chats. Whatever the database does, it answers in a fraction of a second.

Every call to the database runs in a thread and has its own short time. Where the database is away, or too slow, what
must not be lost goes to the spool and the chat goes on from memory; the spool is replayed when the database is back.
A call that was given up may still come through: everything is idempotent, so it then counts once.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TypeVar

from bot.decision import SpokenBlock
from bot.errors import Code, SignpostError
from bot.gateway.answer import Answer
from bot.gateway.memory import Memory
from bot.triage.pending import CaseNeeded, ConversationLeft, ConversationStarted, Record, TurnTaken
from bot.triage.records import Conversation, NewConversation, StoredTurn, hash_token
from bot.triage.service import Triage
from bot.triage.spool import Spool

T = TypeVar("T")

PAUSE_SECONDS = 2.0
"""How long the database is left alone after it failed, so that not every message waits for it in vain."""
REPLAY_SECONDS = 5.0
"""How often the spool is looked at."""
HEALTH_SECONDS = 1.0
"""How long the database may take to show that it is there."""
ERASE_SECONDS = 10.0
"""How long an erasure may take: nothing else waits for it."""

_NOT_AWAY = (Code.E602, Code.E603)
"""What the database refuses while it works: a conversation that only the spool knows yet, values that do not fit."""

_TOKEN = re.compile("[A-Za-z0-9_-]{20,128}")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """How long a message waits for what keeps it.

    One read, the dialogue engine's 3 seconds with a second read in them, one write and the spool stay below 4 seconds.

    Attributes:
        read: Seconds in which the database must find something.
        write: Seconds in which it must record something.
        spool: Seconds in which the spool must keep something.
    """

    read: float = 0.25
    write: float = 0.4
    spool: float = 0.25


USUAL = Patience()


class DatabaseAway(Exception):
    """The database did not do what was asked, in time."""


class Ledger:
    """Conversations and turns in the database, with the spool and memory behind it."""

    def __init__(
        self,
        triage: Triage,
        spool: Spool,
        erase: Callable[[str, datetime], str],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
        patience: Patience = USUAL,
    ) -> None:
        """Make a ledger.

        Args:
            triage: The database.
            spool: Where records wait for it.
            erase: Deletes a conversation everywhere and returns the receipt.
            clock: Says the time, aware.
            patience: How long to wait for them.
        """
        self._triage = triage
        self._spool = spool
        self._erase = erase
        self._clock = clock
        self._patience = patience
        self._memory = Memory()
        self._erased: set[str] = set()  # what a message that was still on its way must not put into the spool again
        self._left: set[str] = set()  # sha256 of tokens whose chats are closed here and, before a replay, not yet there
        self._threads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="database")
        self._away_until = 0.0

    async def start(self, answer: Answer) -> tuple[NewConversation, StoredTurn]:
        """Begin a conversation with a first turn.

        Args:
            answer: The greeting.

        Returns:
            The conversation and the turn.
        """
        now = self._clock()
        try:
            new = await self._database(self._patience.write, self._triage.start_conversation, now)
            unsaved = False
        except DatabaseAway:
            new = await self._draft(now)
            unsaved = True
        conversation = Conversation(new.id, new.reference)
        self._memory.remember(new.token, conversation, now, unsaved=unsaved)
        return new, await self.keep(new.id, "greeting", answer)

    async def find(self, token: str) -> Conversation | None:
        """Find the open conversation of a token.

        Where the database cannot say, and the token could be one, the chat goes on under a new reference code:
        a visitor in need is not turned away because our database is.

        Args:
            token: What was sent; anything at all.

        Returns:
            The conversation, or None.
        """
        if not _TOKEN.fullmatch(token) or hash_token(token) in self._left:
            return None
        now = self._clock()
        try:
            found = await self._database(self._patience.read, self._triage.find, token, now)
        except DatabaseAway:
            known = self._memory.find(token, now, unsaved=False)
            if known is None:
                draft = await self._draft(now)
                known = Conversation(draft.id, draft.reference)
                self._memory.remember(token, known, now, unsaved=True)
            return known
        if found is None:
            return self._memory.find(token, now, unsaved=True)
        self._memory.remember(token, found, now)
        return found

    async def before(self, conversation_id: str, message_id: str) -> tuple[StoredTurn | None, StoredTurn | None]:
        """Look up what went before a message.

        Args:
            conversation_id: The conversation.
            message_id: The message's id.

        Returns:
            The turn of this very message, where it was answered already, and the last turn.
        """
        turns = self._memory.turns(conversation_id)
        try:
            same, last = await self._database(self._patience.read, self._before, conversation_id, message_id)
        except DatabaseAway:
            same = last = None
        remembered = next((turn for turn in turns if turn.message_id == message_id), None)
        latest = max((turn for turn in (last, *turns) if turn), key=lambda turn: turn.at, default=None)
        return same or remembered, latest

    async def keep(self, conversation_id: str, message_id: str, answer: Answer) -> StoredTurn:
        """Record a turn and make sure of its case. When this returns, both are on a disk wherever one can be written.

        Args:
            conversation_id: The conversation.
            message_id: The message's id.
            answer: The answer.

        Returns:
            The turn as it stands: the first one of this message.
        """
        now = self._clock()
        spoken = tuple(SpokenBlock(block.id, block.sha256) for block in answer.blocks)
        decision = answer.decision
        turn = TurnTaken(conversation_id, message_id, answer.text, answer.choice, decision, spoken, answer.choices, now)
        needed = CaseNeeded(conversation_id, message_id, decision.route, decision.reasons, now)
        try:
            stored = await self._database(self._patience.write, self._keep, turn, needed)
        except DatabaseAway:
            number = len(self._memory.turns(conversation_id)) + 1
            stored = StoredTurn(
                str(uuid.uuid4()), message_id, number, now, answer.text, answer.choice, decision, spoken, answer.choices
            )
            await self._to_spool(*([turn, needed] if decision.route.level else [turn]))
        self._memory.add(conversation_id, stored)
        return stored

    async def transcript(self, conversation_id: str) -> list[StoredTurn]:
        """Return all turns of a conversation in the order of time; those in memory where the database is away.

        Args:
            conversation_id: The conversation.

        Returns:
            Its turns.
        """
        try:
            turns = await self._database(self._patience.read, self._triage.transcript, conversation_id)
        except DatabaseAway:
            turns = []
        known = {turn.message_id for turn in turns}
        waiting = [turn for turn in self._memory.turns(conversation_id) if turn.message_id not in known]
        return sorted([*turns, *waiting], key=lambda turn: turn.at)

    async def erase(self, conversation_id: str) -> str:
        """Delete a conversation everywhere.

        Args:
            conversation_id: The conversation.

        Returns:
            The receipt.

        Raises:
            SignpostError: E513, it could not be deleted just now.
        """
        self._erased.add(conversation_id)
        try:
            erasure = self._in_thread(self._erase, conversation_id, self._clock())
            receipt = await asyncio.wait_for(erasure, ERASE_SECONDS)
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing must be called deleted that is not
            self._erased.discard(conversation_id)
            _log.error("A chat could not be deleted: %s.", _name(error))
            raise SignpostError(Code.E513) from None
        self._memory.forget(conversation_id)
        return receipt

    async def end(self, token: str) -> None:
        """Close the conversation of a token for whoever holds it; it stays for staff.

        Where the database is away it is closed here at once, and there when it is back.

        Args:
            token: What was sent; anything at all.
        """
        if not _TOKEN.fullmatch(token):
            return
        now = self._clock()
        remembered = self._memory.find(token, now, unsaved=False)
        waits = self._memory.find(token, now, unsaved=True) is not None  # the database may not know yet that it began
        if remembered is not None:
            self._memory.forget(remembered.id)
        left = ConversationLeft(remembered.id if remembered else "", hash_token(token), now)
        try:
            await self._database(self._patience.write, left.apply, self._triage)
        except DatabaseAway:
            waits = True
        if waits:
            self._left.add(left.token_sha256)
            await self._to_spool(left)

    async def healthy(self) -> bool:
        """Return whether the database can be reached now."""
        try:
            return await asyncio.wait_for(self._in_thread(self._triage.healthy), HEALTH_SECONDS)
        except Exception:  # noqa: BLE001 - whatever it is, it is not healthy
            return False

    async def replay(self) -> None:
        """Put what waits in the spool into the database, again and again, until this is cancelled."""
        while True:
            try:
                if await self._in_thread(self._spool.waiting):
                    applied = await self._in_thread(self._spool.replay, self._triage)
                    _log.info("%d records of the spool were put into the database.", applied)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next look may go better
                _log.error("The spool could not be replayed: %s.", type(error).__name__)
            await asyncio.sleep(REPLAY_SECONDS)

    def close(self) -> None:
        """Let all threads go. What a thread is still waiting for is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._triage.close()

    def _before(self, conversation_id: str, message_id: str) -> tuple[StoredTurn | None, StoredTurn | None]:
        return self._triage.find_turn(conversation_id, message_id), self._triage.last_turn(conversation_id)

    def _keep(self, turn: TurnTaken, needed: CaseNeeded) -> StoredTurn:
        turn.apply(self._triage)
        needed.apply(self._triage)
        stored = self._triage.find_turn(turn.conversation, turn.message_id)
        if stored is None:
            raise SignpostError(Code.E602, id=turn.conversation)
        return stored

    async def _draft(self, now: datetime) -> NewConversation:
        draft = NewConversation.draft()
        await self._to_spool(ConversationStarted.of(draft, now))
        return draft

    async def _to_spool(self, *records: Record) -> None:
        def append() -> None:
            for record in records:
                if record.conversation not in self._erased:
                    self._spool.append(record)

        try:
            await asyncio.wait_for(self._in_thread(append), self._patience.spool)
        except Exception as error:  # noqa: BLE001 - the visitor's reply must not depend on it
            kinds = " and ".join(record.kind for record in records)
            _log.critical("A %s is in no database, and perhaps not in the spool (%s).", kinds, _name(error))

    async def _database(self, seconds: float, call: Callable[..., T], *args: object) -> T:
        """Call the database in a thread, unless it has just failed."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._away_until:
            raise DatabaseAway
        try:
            return await asyncio.wait_for(self._in_thread(call, *args), seconds)
        except asyncio.TimeoutError:
            self._leave_alone("it took too long")
        except Exception as error:  # noqa: BLE001 - the chat goes on, whatever it is
            if not (isinstance(error, SignpostError) and error.code in _NOT_AWAY):
                self._leave_alone(_name(error))
        raise DatabaseAway

    def _leave_alone(self, why: str) -> None:
        _log.error("The database failed (%s); the chat goes on from memory.", why)
        self._away_until = asyncio.get_running_loop().time() + PAUSE_SECONDS

    def _in_thread(self, call: Callable[..., T], *args: object) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self._threads, functools.partial(call, *args))


def _name(error: Exception) -> str:
    """Name an error without what it says: only our own errors are known to hold no word of a visitor."""
    return error.code.name if isinstance(error, SignpostError) else type(error).__name__
