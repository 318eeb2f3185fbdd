"""The public chat API: JSON in, JSON out."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as Path

from bot.errors import Code, SignpostError
from bot.gateway.chat import Chat, Entry
from bot.gateway.incoming import read_body, read_message
from bot.gateway.openapi import openapi
from bot.gateway.refusal import Refused

PREFIX = "/api/"
REDACTED = {"Signpost-Redacted": "yes"}
"""Header of a reply to a message of which personal data was taken out. The transcript shows what was kept."""


class Api:
    """The endpoints of the API."""

    def __init__(self, chat: Chat, *, max_body_bytes: int, max_chars: int) -> None:
        """Make them.

        Args:
            chat: The chats.
            max_body_bytes: The largest body taken.
            max_chars: The longest message taken, for the description.
        """
        self._chat = chat
        self._limit = max_body_bytes
        self._description = openapi(max_chars)

    @property
    def routes(self) -> list[Path]:
        """The addresses of the API."""
        return [
            Path("/api/chat/sessions", self.start, methods=["POST"]),
            Path("/api/chat/messages", self.say, methods=["POST"]),
            Path("/api/chat/transcript", self.transcript, methods=["GET"]),
            Path("/api/chat/session", self.end, methods=["DELETE"]),
            Path("/openapi.json", self.describe, methods=["GET"]),
            Path("/healthz", self.alive, methods=["GET"]),
        ]

    async def start(self, request: Request) -> Response:
        """Begin a chat. A body is neither needed nor looked at."""
        await read_body(request, self._limit)
        started = await self._chat.start()
        reference = started.conversation.reference
        content = {"token": started.token, "reference": reference, "turn": started.turn.to_dict()}
        return JSONResponse(content, status_code=201)

    async def say(self, request: Request) -> Response:
        """Answer a message."""
        incoming = await read_message(request, self._limit)
        conversation = await self._chat.find(bearer(request), incoming)
        turn = await self._chat.say(conversation, incoming)
        return JSONResponse(turn.to_dict(), headers=REDACTED if turn.redacted else None)

    async def transcript(self, request: Request) -> Response:
        """Return all turns of a chat."""
        conversation = await self._chat.find(bearer(request))
        entries = await self._chat.transcript(conversation)
        return JSONResponse({"reference": conversation.reference, "turns": [_entry(entry) for entry in entries]})

    async def end(self, request: Request) -> Response:
        """Delete a chat."""
        conversation = await self._chat.find(bearer(request))
        return JSONResponse({"receipt": await self._chat.end(conversation)})

    async def describe(self, request: Request) -> Response:
        """Describe the API."""
        return JSONResponse(self._description)

    async def alive(self, request: Request) -> Response:
        """Say that the gateway is there."""
        return JSONResponse({"alive": True})

    def refuse(self, refused: Refused) -> Response:
        """Make the reply to a request that was refused.

        Args:
            refused: Why.

        Returns:
            The error, with approved words for the visitor unless nothing but the address was wrong.
        """
        content: dict[str, Any] = {"error": refused.to_dict()}
        if refused.code not in (Code.E507, Code.E508):
            content["turn"] = (refused.turn or self._chat.helpline()).to_dict()
        headers = {"WWW-Authenticate": "Bearer"} if refused.code is Code.E504 else {}
        return JSONResponse(content, status_code=refused.status, headers=headers)


def as_refusal(error: SignpostError) -> Refused:
    """Turn any coded error into what a caller may see of it.

    Args:
        error: The error.

    Returns:
        Itself where it is a refusal; E513 where a chat could not be deleted; otherwise E511.
    """
    if isinstance(error, Refused):
        return error
    return Refused(error.code if error.code is Code.E513 else Code.E511)


def bearer(request: Request) -> str:
    """Return the token that a request shows.

    Args:
        request: The request.

    Returns:
        What follows Bearer in its Authorization header; empty where there is none.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _entry(entry: Entry) -> dict[str, Any]:
    choice = entry.stored.choice
    return {
        **entry.turn.to_dict(),
        "at": entry.stored.at.isoformat(),
        "text": entry.stored.text,
        "choice": None if choice is None else {"id": choice, "title": entry.choice or choice},
    }
