"""The two bots that stories are played against: the whole bot in this process, and a running gateway."""

from __future__ import annotations

from typing import Protocol

import httpx

from bot.stories.said import Message, Said, fitting
from bot.stories.vocabulary import Vocabulary
from bot.testing.gateway import GatewayClient, Spoken


class Visit(Protocol):
    """One conversation, from the visitor's side."""

    greeting: Said

    async def write(self, text: str, *, engine: str | None = None) -> Said:
        """Write a message; the engine may go "away" or come "back" just before."""
        ...

    async def press(self, choice: str, *, engine: str | None = None) -> Said:
        """Press a choice; the engine may go "away" or come "back" just before."""
        ...


class Bot(Protocol):
    """Whatever stories can be played against.

    Attributes:
        inside: Whether all that happens can be seen, and the engine be sent away.
    """

    inside: bool

    async def visit(self) -> Visit:
        """Begin a conversation."""
        ...


class LiveVisit:
    """A conversation with a running gateway."""

    def __init__(self, gateway: GatewayClient, token: str, greeting: Said, vocabulary: Vocabulary) -> None:
        """Make it; `LiveBot.visit` is the usual way.

        Args:
            gateway: The gateway.
            token: The conversation's token.
            greeting: What was said first.
            vocabulary: Which replies there are.
        """
        self.greeting = greeting
        self._gateway = gateway
        self._token = token
        self._vocabulary = vocabulary

    async def write(self, text: str, *, engine: str | None = None) -> Said:
        """Write a message (see Visit). The engine stays as it is."""
        return await self._send({"text": text})

    async def press(self, choice: str, *, engine: str | None = None) -> Said:
        """Press a choice (see Visit). The engine stays as it is."""
        return await self._send({"choice": choice})

    async def _send(self, message: dict[str, str]) -> Said:
        spoken = await self._gateway.say(self._token, message)
        with self._gateway.reading():
            return _said(spoken, self._vocabulary)


class LiveBot:
    """A running gateway, spoken to as a visitor's browser does."""

    inside = False

    def __init__(self, client: httpx.AsyncClient, vocabulary: Vocabulary) -> None:
        """Make it.

        Args:
            client: A client whose base is the gateway's address.
            vocabulary: Which replies there are.
        """
        self._gateway = GatewayClient(client)
        self._vocabulary = vocabulary

    async def visit(self) -> LiveVisit:
        """Begin a conversation (see Bot).

        Raises:
            SignpostError: E701, nothing answers; E717, what answers is no gateway.
        """
        token, spoken = await self._gateway.start()
        with self._gateway.reading():
            greeting = _said(spoken, self._vocabulary)
        return LiveVisit(self._gateway, token, greeting, self._vocabulary)


def _said(spoken: Spoken, vocabulary: Vocabulary) -> Said:
    turn = spoken.turn
    messages = tuple(Message(message["block"], message["text"]) for message in turn["messages"])
    choices = tuple(choice["id"] for choice in turn["choices"])
    blocks = [message.block for message in messages]
    utters = fitting(vocabulary.script, turn["route"], blocks, choices)
    return Said(turn["route"], messages, choices, utters, refused=spoken.refused, seconds=spoken.seconds)
