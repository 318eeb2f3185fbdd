"""The two bots that stories are played against: the whole bot in this process, and a running gateway."""

from __future__ import annotations

import time
from typing import Any, Protocol

import httpx

from bot.errors import Code, SignpostError
from bot.stories.said import Message, Said, fitting
from bot.stories.vocabulary import Vocabulary


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

    def __init__(self, client: httpx.AsyncClient, token: str, greeting: Said, vocabulary: Vocabulary) -> None:
        """Make it; `LiveBot.visit` is the usual way.

        Args:
            client: A client of the gateway.
            token: The conversation's token.
            greeting: What was said first.
            vocabulary: Which replies there are.
        """
        self.greeting = greeting
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}
        self._vocabulary = vocabulary

    async def write(self, text: str, *, engine: str | None = None) -> Said:
        """Write a message (see Visit). The engine stays as it is."""
        return await self._send({"text": text})

    async def press(self, choice: str, *, engine: str | None = None) -> Said:
        """Press a choice (see Visit). The engine stays as it is."""
        return await self._send({"choice": choice})

    async def _send(self, message: dict[str, str]) -> Said:
        body, seconds = await _post(self._client, "/api/chat/messages", message, self._headers)
        return _said(body, self._vocabulary, seconds, self._client)


class LiveBot:
    """A running gateway, spoken to as a visitor's browser does."""

    inside = False

    def __init__(self, client: httpx.AsyncClient, vocabulary: Vocabulary) -> None:
        """Make it.

        Args:
            client: A client whose base is the gateway's address.
            vocabulary: Which replies there are.
        """
        self._client = client
        self._vocabulary = vocabulary

    async def visit(self) -> LiveVisit:
        """Begin a conversation (see Bot).

        Raises:
            SignpostError: E710, nothing answers; E717, what answers is no gateway.
        """
        body, seconds = await _post(self._client, "/api/chat/sessions", None, {})
        if not isinstance(body.get("token"), str):
            raise SignpostError(Code.E717, url=self._client.base_url, problem="it gave no token")
        greeting = _said(body, self._vocabulary, seconds, self._client)
        return LiveVisit(self._client, body["token"], greeting, self._vocabulary)


async def _post(
    client: httpx.AsyncClient, path: str, message: dict[str, str] | None, headers: dict[str, str]
) -> tuple[dict[str, Any], float]:
    began = time.perf_counter()
    try:
        response = await client.post(path, json=message, headers=headers)
        body = response.json()
    except httpx.TransportError:
        raise SignpostError(Code.E710, url=client.base_url) from None
    except ValueError:
        raise SignpostError(Code.E717, url=client.base_url, problem="its answer is not JSON") from None
    if not isinstance(body, dict):
        raise SignpostError(Code.E717, url=client.base_url, problem="its answer is not an object")
    return body, time.perf_counter() - began


def _said(body: dict[str, Any], vocabulary: Vocabulary, seconds: float, client: httpx.AsyncClient) -> Said:
    try:
        turn = body.get("turn") or body
        messages = tuple(Message(message["block"], message["text"]) for message in turn["messages"])
        choices = tuple(choice["id"] for choice in turn["choices"])
        blocks = [message.block for message in messages]
        refused = body["error"]["code"] if "error" in body else None
        utters = fitting(vocabulary.script, turn["route"], blocks, choices)
        return Said(turn["route"], messages, choices, utters, refused=refused, seconds=seconds)
    except (KeyError, TypeError, AttributeError):
        raise SignpostError(Code.E717, url=client.base_url, problem="its answer holds no turn") from None
