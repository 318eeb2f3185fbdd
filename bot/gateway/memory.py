"""Chats in memory: what the gateway needs to go on with a chat while the database is away."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.triage.records import Conversation, StoredTurn, hash_token

MOST_CHATS = 2_000
MOST_TURNS = 100
LONGEST = timedelta(hours=4)
"""A chat is forgotten after so long without a message. The database, or the spool, keeps it."""


@dataclass
class _Chat:
    conversation: Conversation
    unsaved: bool
    seen: datetime
    turns: list[StoredTurn] = field(default_factory=list)


class Memory:
    """The chats that this process saw last, and their turns. Tokens stand in it only as sha256."""

    def __init__(self) -> None:
        """Begin with none."""
        self._chats: OrderedDict[str, _Chat] = OrderedDict()
        self._tokens: dict[str, str] = {}

    def remember(self, token: str, conversation: Conversation, now: datetime, *, unsaved: bool = False) -> None:
        """Keep a chat in mind.

        Args:
            token: Its token.
            conversation: The conversation.
            now: The time, aware.
            unsaved: Whether only the spool knows it yet.
        """
        chat = self._chats.setdefault(conversation.id, _Chat(conversation, unsaved, now))
        chat.seen, chat.unsaved = now, unsaved
        self._tokens[hash_token(token)] = conversation.id
        self._chats.move_to_end(conversation.id)
        while len(self._chats) > MOST_CHATS or next(iter(self._chats.values())).seen < now - LONGEST:
            self.forget(next(iter(self._chats)))

    def find(self, token: str, now: datetime, *, unsaved: bool) -> Conversation | None:
        """Find a chat by its token.

        Args:
            token: The token.
            now: The time, aware.
            unsaved: Whether only a chat that the database does not know yet will do.

        Returns:
            The conversation, or None.
        """
        chat = self._chats.get(self._tokens.get(hash_token(token), ""))
        if chat is None or chat.seen < now - LONGEST or (unsaved and not chat.unsaved):
            return None
        return chat.conversation

    def add(self, conversation_id: str, turn: StoredTurn) -> None:
        """Keep a turn in mind.

        Args:
            conversation_id: The conversation; where it is not in mind, nor is the turn.
            turn: The turn.
        """
        chat = self._chats.get(conversation_id)
        if chat is not None and all(turn.message_id != known.message_id for known in chat.turns):
            chat.turns = [*chat.turns, turn][-MOST_TURNS:]
            chat.seen = max(chat.seen, turn.at)

    def turns(self, conversation_id: str) -> list[StoredTurn]:
        """Return the turns of a conversation that are in mind, in the order of time."""
        chat = self._chats.get(conversation_id)
        return list(chat.turns) if chat else []

    def forget(self, conversation_id: str) -> None:
        """Forget a conversation and all that belongs to it."""
        self._chats.pop(conversation_id, None)
        self._tokens = {token: id_ for token, id_ in self._tokens.items() if id_ != conversation_id}
