"""The whole bot in this process: the gateway's chat, ledger and screen, the engine, and a temporary database."""

from __future__ import annotations

import logging
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

from bot.gateway.answer import Answer, Answerer
from bot.gateway.app import open_ledger
from bot.gateway.chat import Chat
from bot.gateway.incoming import Incoming, clean
from bot.gateway.ledger import Patience
from bot.gateway.refusal import Refused
from bot.gateway.turn import Turn
from bot.safety.screen import Screen
from bot.settings import Settings
from bot.stories.engine import Engine, loaded_engine
from bot.stories.said import Inside, Message, Said
from bot.stories.vocabulary import NO_CASE, Vocabulary
from bot.testing.bots import reasons_of
from bot.triage.migrate import upgrade
from bot.triage.records import Conversation
from bot.triage.service import Triage

PATIENT = Patience(read=30.0, write=30.0, spool=30.0)
ENGINE_SECONDS = 60.0
"""Nothing is cut short here: on a busy machine a story must still see what would be said."""


class Watched(Answerer):
    """The gateway's core, which remembers its last answer: what is stored of it has no scores."""

    last: Answer | None = None

    async def answer(self, *args: Any, **kwargs: Any) -> Answer:
        """Answer one message (see parent class for full docstring)."""
        self.last = await super().answer(*args, **kwargs)
        return self.last


class InProcessVisit:
    """A conversation with the bot in this process."""

    def __init__(self, bot: InProcessBot, conversation: Conversation, greeting: Said) -> None:
        """Make it; `InProcessBot.visit` is the usual way.

        Args:
            bot: The bot.
            conversation: The conversation.
            greeting: What was said first.
        """
        self.conversation = conversation
        self.greeting = greeting
        self._bot = bot
        bot.engine.away = False

    async def write(self, text: str, *, engine: str | None = None) -> Said:
        """Write a message (see bot.stories.bots.Visit)."""
        return await self._send(Incoming(text=clean(text), message_id=secrets.token_urlsafe(12)), engine)

    async def press(self, choice: str, *, engine: str | None = None) -> Said:
        """Press a choice (see bot.stories.bots.Visit)."""
        return await self._send(Incoming(choice=choice, message_id=secrets.token_urlsafe(12)), engine)

    async def _send(self, incoming: Incoming, engine: str | None) -> Said:
        if engine is not None:
            self._bot.engine.away = engine == "away"
        return await self._bot.send(self.conversation, incoming)


class InProcessBot:
    """The whole bot, looked into as it talks."""

    inside = True

    def __init__(self, chat: Chat, answerer: Watched, engine: Engine, triage: Triage) -> None:
        """Make it; `in_process` is the usual way.

        Args:
            chat: The gateway's chats.
            answerer: The core that they use.
            engine: The dialogue engine that it asks.
            triage: The database that they keep everything in.
        """
        self.engine = engine
        self._chat = chat
        self._answerer = answerer
        self._triage = triage

    async def visit(self) -> InProcessVisit:
        """Begin a conversation (see bot.stories.bots.Bot)."""
        started = await self._chat.start()
        decision = self._answerer.greeting().decision
        inside = Inside(NO_CASE, {}, decision.intent, reasons_of(decision))
        greeting = replace(_said(started.turn), utters=(f"utter_{decision.intent}",), inside=inside)
        return InProcessVisit(self, started.conversation, greeting)

    async def send(self, conversation: Conversation, incoming: Incoming) -> Said:
        """Put a message to the gateway.

        Args:
            conversation: The conversation.
            incoming: The message.

        Returns:
            What the visitor gets, and what can be seen of how it came about.
        """
        self._answerer.last, self.engine.reply = None, None
        began = time.perf_counter()
        try:
            turn, refused = await self._chat.say(conversation, incoming), None
        except Refused as refusal:
            turn, refused = refusal.turn or self._chat.helpline(), refusal.code.name
        said = replace(_said(turn), refused=refused, seconds=time.perf_counter() - began)
        return await self._seen(conversation, said)

    async def _seen(self, conversation: Conversation, said: Said) -> Said:
        cases = self._triage.cases(conversation.id)
        case = next((case.level.value for case in cases if case.status == "open"), NO_CASE)
        asked = self.engine.reply is not None
        fired, slots = await self.engine.last_turn(conversation.id)
        decision = self._answerer.last.decision if self._answerer.last else None
        if decision is None:  # refused before it was answered, with the words that can always be said
            utters: tuple[str, ...] = ("utter_unavailable",) if said.route == "unavailable" else ()
            return replace(said, utters=utters, inside=Inside(case, slots))
        inside = Inside(case, slots, decision.intent, reasons_of(decision), fired if asked else ())
        reply = self.engine.reply
        by_engine = reply is not None and tuple(block.id for block in reply.blocks) == said.blocks
        names = [name for name in fired if name.startswith("utter_")] if by_engine else [f"utter_{decision.intent}"]
        return replace(said, utters=tuple(names), inside=inside)


def _said(turn: Turn) -> Said:
    messages = tuple(Message(message.block.id, message.block.text) for message in turn.messages)
    return Said(turn.route.value, messages, tuple(choice.id for choice in turn.choices))


@contextmanager
def in_process(settings: Settings, vocabulary: Vocabulary) -> Iterator[InProcessBot]:
    """Load the whole bot into this process, with an installation of its own in a temporary folder.

    Args:
        settings: The settings, for the model.
        vocabulary: The approved text and the script.

    Yields:
        The bot.

    Raises:
        SignpostError: E403, there is no model.
    """
    with TemporaryDirectory(prefix="signpost-stories-") as folder, ExitStack() as patches:
        # What the gateway logs when the engine is away is what such a story is about.
        logging.getLogger("bot.gateway").setLevel(logging.ERROR)
        own = _own(settings, Path(folder))
        patches.enter_context(hasty(Path(folder)))
        upgrade(own.database_url)
        screen = Screen.load(own.safety_dir)  # first: what is wrong with a pattern, Rasa would hide in a traceback
        engine = patches.enter_context(loaded_engine(own))
        answerer = Watched(vocabulary.library, vocabulary.script, screen, engine, seconds=ENGINE_SECONDS, strict=True)
        ledger = open_ledger(own, PATIENT)
        triage = Triage.connect(own.database_url)
        try:
            chat = Chat(answerer, ledger, max_chars=own.max_chars, seconds=ENGINE_SECONDS)
            yield InProcessBot(chat, answerer, engine, triage)
        finally:
            ledger.close()
            triage.close()


@contextmanager
def hasty(folder: Path) -> Iterator[None]:
    """Let SQLite databases below a folder not wait for the disk, which is most of their time.

    Args:
        folder: A temporary folder: what is in it need not outlive a power cut.

    Yields:
        Nothing. Databases that are opened meanwhile are hasty.
    """

    def on_connect(connection: Any, _: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            with closing(connection.execute("PRAGMA database_list")) as rows:
                files = [Path(row[2]) for row in rows if row[2]]
            if any(file.is_relative_to(folder.resolve()) for file in files):
                connection.execute("PRAGMA synchronous = OFF")

    event.listen(Pool, "connect", on_connect)
    try:
        yield
    finally:
        event.remove(Pool, "connect", on_connect)


def _own(settings: Settings, folder: Path) -> Settings:
    return replace(
        settings,
        var_dir=folder.resolve(),
        database_url=f"sqlite:///{folder / 'signpost.db'}",
        tracker_db=folder / "rasa.db",
        channel_secret="stories",  # noqa: S106 - no server runs
    )
