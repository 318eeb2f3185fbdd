"""The chat page: server-rendered, without JavaScript, with the same answers as the API."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route as Path

from bot.errors import Code
from bot.gateway.answer import words_of
from bot.gateway.chat import Chat, Entry
from bot.gateway.copies import copy_of
from bot.gateway.incoming import Incoming, read_body, read_form
from bot.gateway.refusal import Refused
from bot.gateway.render import HELPLINE, Renderer
from bot.gateway.wishes import wants_deletion
from bot.privacy.redact import WORDS
from bot.settings import Settings
from bot.triage.records import Conversation

COOKIE = "signpost_chat"
RECEIPT_COOKIE = "signpost_receipt"
RECEIPT_SECONDS = 600

CHAT = "/chat"
_LATEST = CHAT + "#latest"

_PROBLEMS = {
    Code.E503: "error_too_long",
    Code.E504: "error_session_ended",
    Code.E505: "error_choice",
    Code.E507: "error_not_found",
    Code.E511: "error_failed",
    Code.E513: "error_not_deleted",
}
_PROBLEM = "error_request"


class Page:
    """The page and what belongs to it."""

    def __init__(self, chat: Chat, renderer: Renderer, settings: Settings) -> None:
        """Make it.

        Args:
            chat: The chats.
            renderer: Words and templates.
            settings: The settings.

        Raises:
            SignpostError: E102, a label is missing.
        """
        self._chat = chat
        self._renderer = renderer
        self._settings = settings
        self._paths = frozenset(route.path for route in self.routes)
        problem = renderer.label("error_failed")
        self.failed = renderer.render("problem.html", problem=problem, turn=chat.helpline())

    @property
    def routes(self) -> list[Path]:
        """The addresses of the page."""
        return [
            Path("/", self.say, methods=["POST"]),
            Path(CHAT, self.show, methods=["GET"]),
            Path(CHAT, self.say, methods=["POST"]),
            Path("/copy", self.copy, methods=["GET"]),
            Path("/delete", self.ask_to_delete, methods=["GET"]),
            Path("/delete", self.delete, methods=["POST"]),
            Path("/deleted", self.deleted, methods=["GET"]),
            Path("/leave", self.leave, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        """Show the chat, or what comes before one."""
        return await self._show(await self._conversation(request))

    async def say(self, request: Request) -> Response:
        """Answer a message, then send the browser on, so that reloading the page sends nothing again."""
        incoming = await read_form(request, self._settings.max_body_bytes)
        conversation = await self._conversation(request)
        if incoming.text is not None and not words_of(incoming.text):
            return await self._show(conversation, problem="error_empty")
        if conversation is not None and incoming.text is not None and wants_deletion(incoming.text):
            return RedirectResponse("/delete", status_code=303)
        token = None
        if conversation is None:
            if incoming.choice is not None and COOKIE in request.cookies:
                raise Refused(Code.E504)
            started = await self._chat.start()
            conversation, token = started.conversation, started.token
        await self._chat.say(conversation, replace(incoming, message_id=_message_id(incoming)))
        response = RedirectResponse(_LATEST, status_code=303)
        if token is not None:
            self._set_cookie(request, response, COOKIE, token)
        return response

    async def copy(self, request: Request) -> Response:
        """Return the chat as a text file for the visitor to keep."""
        conversation = await self._conversation(request)
        if conversation is None:
            return RedirectResponse(CHAT, status_code=303)
        return await copy_of(self._chat, self._renderer, conversation)

    async def ask_to_delete(self, request: Request) -> Response:
        """Ask whether the chat is really to be deleted."""
        if await self._conversation(request) is None:
            return RedirectResponse(CHAT, status_code=303)
        return self._page("delete.html")

    async def delete(self, request: Request) -> Response:
        """Delete the chat, then send the browser on to the receipt."""
        await read_body(request, self._settings.max_body_bytes)
        conversation = await self._conversation(request)
        if conversation is None:
            raise Refused(Code.E504)
        receipt = await self._chat.end(conversation)
        response = RedirectResponse("/deleted", status_code=303)
        response.delete_cookie(COOKIE)
        self._set_cookie(request, response, RECEIPT_COOKIE, receipt, RECEIPT_SECONDS)
        return response

    async def deleted(self, request: Request) -> Response:
        """Show the receipt."""
        receipt = request.cookies.get(RECEIPT_COOKIE)
        return self._page("deleted.html", receipt=receipt) if receipt else RedirectResponse(CHAT, status_code=303)

    async def leave(self, request: Request) -> Response:
        """Close the chat, forget it in this browser and open an everyday page."""
        await self._chat.leave(request.cookies.get(COOKIE, ""))
        response = RedirectResponse(self._settings.leave_url, status_code=303)
        response.delete_cookie(COOKIE)
        response.delete_cookie(RECEIPT_COOKIE)
        return response

    def is_for(self, request: Request) -> bool:
        """Say whether a request wants the page and not the API.

        Args:
            request: The request.

        Returns:
            True for the page's own addresses, and for unknown ones that a browser asks for.
        """
        path = request.scope["path"]
        if path in self._paths:
            return True
        return not path.startswith("/api/") and "text/html" in request.headers.get("accept", "")

    def refuse(self, request: Request, refused: Refused) -> Response:
        """Make the page for a request that was refused.

        Args:
            request: The request.
            refused: Why.

        Returns:
            The page. It always says approved words: the helpline's, or what the refusal brings.
        """
        problem = self._renderer.label(_PROBLEMS.get(refused.code, _PROBLEM))
        turn = refused.turn or self._chat.helpline()
        if refused.status < 500 and not turn.route.is_safety:  # nothing of ours failed, so nothing must say so
            turn = replace(turn, messages=tuple(said for said in turn.messages if said.block.id == HELPLINE))
        response = self._page("problem.html", refused.status, problem=problem, turn=turn)
        if refused.code is Code.E504:
            response.delete_cookie(COOKIE)
        return response

    async def _show(self, conversation: Conversation | None, *, problem: str = "") -> Response:
        entries: Sequence[Entry] = []
        if conversation is not None:
            entries = await self._chat.transcript(conversation)
        return self._page(
            "chat.html",
            422 if problem else 200,
            action=CHAT,
            reference=conversation.reference if conversation else None,
            entries=entries,
            greeting=self._chat.greeting(),
            redacted=tuple(WORDS.values()),
            problem=self._renderer.label(problem) if problem else None,
            form_id=secrets.token_urlsafe(16),
            max_chars=self._settings.max_chars,
        )

    async def _conversation(self, request: Request) -> Conversation | None:
        token = request.cookies.get(COOKIE)
        return await self._chat.ledger.find(token) if token else None

    def _page(self, template: str, status: int = 200, **context: Any) -> Response:
        return HTMLResponse(self._renderer.render(template, **context), status_code=status)

    def _set_cookie(self, request: Request, response: Response, name: str, value: str, age: int | None = None) -> None:
        secure = request.scope["scheme"] == "https"
        response.set_cookie(name, value, max_age=age, path="/", httponly=True, samesite="strict", secure=secure)


def _message_id(incoming: Incoming) -> str | None:
    """Tell a form that was sent twice from one that was sent again with other words."""
    if incoming.message_id is None:
        return None
    content = hashlib.sha256(f"{incoming.text}\0{incoming.choice}".encode()).hexdigest()[:16]
    return f"{incoming.message_id[:40]}-{content}"
