"""The public API, spoken as a visitor's browser speaks it; evaluation and stories use it against a running gateway."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from bot.errors import Code, SignpostError


@dataclass(frozen=True)
class Spoken:
    """What a gateway answered.

    Attributes:
        turn: The turn as the API describes it.
        refused: Code of the refusal, or None.
        seconds: How long it took.
    """

    turn: Mapping[str, Any]
    refused: str | None
    seconds: float


class GatewayClient:
    """A running gateway."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        """Make it.

        Args:
            client: An HTTP client whose base is the gateway's address.
        """
        self._client = client

    async def start(self) -> tuple[str, Spoken]:
        """Begin a conversation.

        Returns:
            Its token, and the greeting.

        Raises:
            SignpostError: E701, nothing answers; E717, what answers is no gateway.
        """
        body, spoken = await self._post("/api/chat/sessions", None, {})
        if not isinstance(body.get("token"), str):
            raise self._strange("it gave no token")
        return body["token"], spoken

    async def say(self, token: str, message: Mapping[str, str]) -> Spoken:
        """Send a message.

        Args:
            token: The conversation's token.
            message: "text" or "choice".

        Returns:
            The answer.

        Raises:
            SignpostError: E701, nothing answers; E717, what answers is no gateway.
        """
        _, spoken = await self._post("/api/chat/messages", message, {"Authorization": f"Bearer {token}"})
        return spoken

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read an answer's turn: what is not there makes E717, since no gateway answers so."""
        try:
            yield
        except (KeyError, TypeError, AttributeError, ValueError):
            raise self._strange("its answer holds no turn") from None

    async def _post(
        self, path: str, message: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> tuple[dict[str, Any], Spoken]:
        began = time.perf_counter()
        try:
            response = await self._client.post(path, json=message, headers=headers)
            body = response.json()
        except httpx.TransportError:
            raise SignpostError(Code.E701, url=self._client.base_url) from None
        except ValueError:
            raise self._strange("its answer is not JSON") from None
        if not isinstance(body, dict):
            raise self._strange("its answer is not an object")
        with self.reading():
            refused = body["error"]["code"] if "error" in body else None
        return body, Spoken(body.get("turn") or body, refused, time.perf_counter() - began)

    def _strange(self, problem: str) -> SignpostError:
        return SignpostError(Code.E717, url=self._client.base_url, problem=problem)
