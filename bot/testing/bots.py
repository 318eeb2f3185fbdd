"""Two ways to talk to the whole bot: in this process, or over HTTP to a running gateway."""

from __future__ import annotations

import logging
import os
import time
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Protocol

import httpx

from bot.blocks.library import Library
from bot.blocks.script import Script
from bot.decision import Decision, DialogueReply, Reason
from bot.errors import Code, SignpostError
from bot.gateway.answer import Answerer
from bot.gateway.dialogue import DialogueError
from bot.nlu.context import ASK
from bot.routes import Route
from bot.run.environment import QUIET
from bot.safety.screen import Screen
from bot.settings import Settings
from bot.testing.gateway import GatewayClient
from bot.testing.labels import Reply


class Bot(Protocol):
    """Whatever can be written to."""

    async def start(self) -> str:
        """Begin a conversation and return its handle."""
        ...

    async def say(self, conversation: str, text: str) -> Reply:
        """Write a message and return what the visitor reads."""
        ...


class InProcessBot:
    """The trained model, the real rules, the real words and the gateway's own core, without a server."""

    def __init__(self, answerer: Answerer) -> None:
        """Make a bot; `in_process` is the usual way.

        Args:
            answerer: The gateway's core.
        """
        self._answerer = answerer

    async def start(self) -> str:
        """Begin a conversation (see Bot)."""
        return uuid.uuid4().hex

    async def say(self, conversation: str, text: str) -> Reply:
        """Write a message (see Bot)."""
        started = time.perf_counter()
        answer = await self._answerer.answer(conversation, uuid.uuid4().hex, text=text)
        return Reply(
            route=answer.route,
            texts=tuple(block.text for block in answer.blocks),
            leaflet=tuple(block.text for block in answer.blocks if block.kind == "leaflet"),
            choices=answer.choices,
            intent=answer.decision.intent,
            reasons=reasons_of(answer.decision),
            nearest=nearest_passage(answer.decision),
            seconds=time.perf_counter() - started,
        )


def reasons_of(decision: Decision) -> tuple[str, ...]:
    """Return the reasons of a decision as short lines.

    Args:
        decision: Any decision.

    Returns:
        Lines such as "classifier ask_outlook 0.93 against 0.45".
    """
    lines = []
    for reason in decision.reasons:
        score = "" if reason.score is None else f" {reason.score:.2f}"
        against = "" if reason.threshold is None else f" against {reason.threshold:.2f}"
        lines.append(f"{reason.source} {reason.id}{score}{against}")
    return tuple(lines)


def nearest_passage(decision: Decision) -> Reason | None:
    """Return the likeliest passage of a decision that hangs on the threshold for answers alone.

    Args:
        decision: Any decision.

    Returns:
        The classifier's reason for it, with its score; None where a safety route, a person or chat came first.
    """
    if decision.route not in (Route.ANSWER, Route.UNCLEAR, Route.COMPLEX):
        return None
    found = (reason for reason in decision.reasons if reason.source == "classifier" and reason.id.startswith(ASK))
    return next(found, None)


class AgentDialogue:
    """Asks a Rasa agent in this process, through the same channel code that the server uses."""

    def __init__(self, agent: Any, channel: Any) -> None:
        """Make a client.

        Args:
            agent: A loaded rasa.core.agent.Agent.
            channel: A LoopbackChannel.
        """
        self._agent = agent
        self._channel = channel

    async def ask(
        self, conversation: str, message_id: str, *, text: str | None = None, choice: str | None = None
    ) -> DialogueReply:
        """Put one message to the agent (see bot.gateway.dialogue.DialogueClient)."""
        body = {"conversation": conversation, "message_id": message_id, "text": text, "choice": choice}
        reply: DialogueReply | None = await self._channel.answer(self._agent.handle_message, body)
        if reply is None:
            raise DialogueError("empty")
        return reply


@contextmanager
def without_noise() -> Iterator[None]:
    """Keep to itself what Rasa and its dependencies have to say as they load: it is not about the message."""
    os.environ.update({name: value for name, value in QUIET.items() if name not in os.environ})
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("ignore")
        yield


def rasa_agent(settings: Settings, actions: Any = None) -> Any:
    """Load the trained model into this process, with conversations in memory.

    Args:
        settings: The settings.
        actions: A rasa.utils.endpoints.EndpointConfig that runs actions, or None where there is none.

    Returns:
        A rasa.core.agent.Agent.

    Raises:
        SignpostError: E403, there is no model.
    """
    if not settings.model_file.exists():
        raise SignpostError(Code.E403, path=settings.model_file)
    with without_noise():
        # Rasa takes seconds to import, and nothing else here needs it.
        from rasa.core.agent import Agent
        from rasa.core.tracker_store import InMemoryTrackerStore
        from rasa.shared.core.domain import Domain
        from rasa.utils.endpoints import EndpointConfig

        from bot.dialogue.quiet import quiet_rasa

        quiet_rasa()
        return Agent.load(
            str(settings.model_file),
            generator=EndpointConfig(type="bot.dialogue.nlg.VerbatimNLG"),
            tracker_store=InMemoryTrackerStore(Domain.empty()),
            action_endpoint=actions,
        )


def load_agent(settings: Settings) -> AgentDialogue:
    """Load the trained model into this process.

    Args:
        settings: The settings.

    Returns:
        A client of it. Cases are not opened: there is no action server.

    Raises:
        SignpostError: E403, there is no model.
    """
    agent = rasa_agent(settings)
    # There is no action server here, and Rasa says so with a traceback at every turn that would open a case.
    logging.getLogger("rasa.core.processor").setLevel(logging.CRITICAL)
    from bot.dialogue.channel import LoopbackChannel

    return AgentDialogue(agent, LoopbackChannel(settings))


def in_process(settings: Settings) -> InProcessBot:
    """Load the whole bot into this process.

    Args:
        settings: The settings.

    Returns:
        The bot.

    Raises:
        SignpostError: E403, there is no model.
    """
    answerer = Answerer(
        Library.load(settings.approved_dir),
        Script.load(settings.domain_file),
        Screen.load(settings.safety_dir),
        load_agent(settings),
        # Nothing is cut short here: what is measured is what is decided.
        seconds=60.0,
        strict=True,
    )
    return InProcessBot(answerer)


class LiveBot:
    """A running gateway, spoken to as a visitor's browser does."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        """Make a bot; `live` is the usual way.

        Args:
            client: An HTTP client whose base is the gateway's address.
        """
        self._gateway = GatewayClient(client)

    async def start(self) -> str:
        """Begin a conversation (see Bot)."""
        token, _ = await self._gateway.start()
        return token

    async def say(self, conversation: str, text: str) -> Reply:
        """Write a message (see Bot)."""
        spoken = await self._gateway.say(conversation, {"text": text})
        with self._gateway.reading():
            messages = spoken.turn["messages"]
            return Reply(
                route=Route(spoken.turn["route"]),
                texts=tuple(message["text"] for message in messages),
                leaflet=tuple(message["text"] for message in messages if message["kind"] == "leaflet"),
                choices=tuple(choice["id"] for choice in spoken.turn["choices"]),
                seconds=spoken.seconds,
            )


@asynccontextmanager
async def live(url: str) -> AsyncIterator[LiveBot]:
    """Connect to a running gateway.

    Args:
        url: Its address.

    Yields:
        The bot.
    """
    async with httpx.AsyncClient(base_url=url, timeout=10.0) as client:
        yield LiveBot(client)
