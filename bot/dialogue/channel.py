"""Rasa channel: a loopback door for the gateway that carries block ids, route, choices and reasons, and no words.

Rasa's own REST channel splits a reply at blank lines, answers 200 and `[]` when anything fails, writes the visitor's
text to the log at the same time, and lets the caller choose any conversation. This one does none of that.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import re
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.decision import Decision, DialogueReply, SpokenBlock
from bot.dialogue.self_check import EXIT_STATUS, check, check_addresses
from bot.errors import Code, SignpostError
from bot.gateway.dialogue import SECRET_HEADER
from bot.nlu.router import DECISION_KEY
from bot.nlu.routing import Decider
from bot.routes import most_severe
from bot.settings import Settings

logger = logging.getLogger(__name__)

# Words before records: once the words are there, the reply waits no longer than this for actions that come after them.
GRACE_SECONDS = 0.5
# A turn that takes this long never ends: the gateway has long since answered by itself.
GIVE_UP_SECONDS = 30.0

# Rasa strips a message and takes one that then begins with "/" for a command.
_NO_WORDS = re.compile(r"^[\s/]+")

OnMessage = Callable[[UserMessage], Awaitable[Any]]


class LoopbackChannel(InputChannel):
    """The way in for the gateway."""

    def __init__(self, settings: Settings) -> None:
        """Creates the channel.

        Args:
            settings: The settings, for the shared secret.
        """
        self._settings = settings
        self._decider = Decider.load(settings.domain_file)
        self._fingerprint: str | None = None
        self._running: set[asyncio.Future[Any]] = set()

    @classmethod
    def name(cls) -> str:
        """Name of the channel, and so of its address below /webhooks/."""
        return "signpost"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> LoopbackChannel:
        """Creates the channel (see parent class for full docstring). Its credentials come from the settings."""
        return cls(Settings.load())

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """Returns the addresses of the channel (see parent class for full docstring)."""
        blueprint = Blueprint("signpost_channel")

        async def prove(app: Sanic, _: Any) -> None:
            try:
                check_addresses(route.path for route in app.router.routes)
                self._fingerprint = check(getattr(app.ctx, "agent", None), self._settings)
            except SignpostError as error:
                logger.error(str(error))
                logging.shutdown()
                # Sanic turns SystemExit in a listener into a hanging server; the supervisor needs the exit status.
                os._exit(EXIT_STATUS)

        async def ready(request: Request) -> HTTPResponse:
            if self._fingerprint is None:
                return json({"ready": False}, status=503)
            return json({"ready": True, "fingerprint": self._fingerprint})

        async def messages(request: Request) -> HTTPResponse:
            if not self._knows(request.headers.get(SECRET_HEADER, "")):
                return json({"error": {"code": Code.E405.name, "message": Code.E405.text()}}, status=403)
            try:
                reply = await self.answer(on_new_message, request.json)
            except Exception as error:  # noqa: BLE001 - whatever went wrong, no word of the visitor may reach a log
                logger.error("A message could not be read: %s.", type(error).__name__)
                reply = None
            if reply is None:
                return json({"error": {"code": Code.E511.name, "message": Code.E511.text()}}, status=500)
            return json(reply.to_dict())

        blueprint.after_server_start(prove)
        blueprint.add_route(ready, "/ready", methods=["GET"])
        blueprint.add_route(messages, "/messages", methods=["POST"])
        return blueprint

    async def answer(self, on_new_message: OnMessage, body: dict[str, Any]) -> DialogueReply | None:
        """Put one message through Rasa.

        Args:
            on_new_message: Rasa's handler of messages.
            body: `conversation`, `message_id`, and `text` or `choice`.

        Returns:
            The reply, or None where Rasa said nothing.
        """
        collector = ReplyCollector()
        message = self._message(body, collector)
        turn = asyncio.ensure_future(_bounded(on_new_message(message)))
        # The loop keeps only weak references to tasks.
        self._running.add(turn)
        turn.add_done_callback(self._ended)
        said = asyncio.ensure_future(collector.said.wait())
        await asyncio.wait({turn, said}, return_when=asyncio.FIRST_COMPLETED)
        said.cancel()
        await asyncio.wait({turn}, timeout=GRACE_SECONDS)
        return collector.reply()

    def _ended(self, turn: asyncio.Future[Any]) -> None:
        """Take note of a turn that failed. An error that nobody asks for would be logged by the loop, words and all."""
        self._running.discard(turn)
        if not turn.cancelled() and (error := turn.exception()):
            logger.error("A turn failed with %s.", type(error).__name__)

    def _knows(self, secret: str) -> bool:
        """Whether this is the secret. Where none is set there is no right one."""
        expected = self._settings.channel_secret
        return bool(expected) and hmac.compare_digest(secret.encode(), expected.encode())

    def _message(self, body: dict[str, Any], collector: ReplyCollector) -> UserMessage:
        choice = body.get("choice")
        return UserMessage(
            text=None if choice else _NO_WORDS.sub("", body["text"]),
            output_channel=collector,
            sender_id=_id(body, "conversation"),
            input_channel=self.name(),
            message_id=_id(body, "message_id"),
            metadata={"message_id": _id(body, "message_id")},
            parse_data=self._taken(choice) if choice else None,
        )

    def _taken(self, choice: str) -> dict[str, Any]:
        """A choice is certain: it passes by the classifier."""
        decision = self._decider.choose(choice)
        return {
            TEXT: f"/{choice}",
            INTENT: {"name": decision.intent, "confidence": 1.0},
            ENTITIES: [],
            DECISION_KEY: decision.to_dict(),
        }


def _id(body: dict[str, Any], key: str) -> str:
    """Rasa would put a message without a conversation into one that all such messages share."""
    id_ = body[key]
    if not (isinstance(id_, str) and id_):
        raise ValueError(key)
    return id_


async def _bounded(turn: Awaitable[Any]) -> None:
    await asyncio.wait_for(turn, GIVE_UP_SECONDS)


class ReplyCollector(CollectingOutputChannel):
    """Collects whole replies with their metadata, before Rasa would split them."""

    def __init__(self) -> None:
        """Creates an empty collector."""
        super().__init__()
        self.replies: list[dict[str, Any]] = []
        self.said = asyncio.Event()

    @classmethod
    def name(cls) -> str:
        """Name of the channel."""
        return "signpost"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Takes a whole reply (see parent class for full docstring)."""
        self.replies.append(message)
        self.said.set()

    def reply(self) -> DialogueReply | None:
        """Return all that was said in this turn as one reply, or None when nothing was."""
        if not self.replies:
            return None
        decisions = [Decision.from_dict(message["decision"]) for message in self.replies]
        route = most_severe(*(decision.route for decision in decisions))
        return DialogueReply(
            decision=next(decision for decision in decisions if decision.route is route),
            blocks=tuple(SpokenBlock(**block) for message in self.replies for block in message["blocks"]),
            choices=tuple(dict.fromkeys(choice for message in self.replies for choice in message["choices"])),
        )
