"""The chat for other websites: the loader, the panel that it opens in a frame, and what the panel alone asks for."""

from __future__ import annotations

import json
import re

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route as Path

from bot.gateway.api import bearer
from bot.gateway.asset import STATIC, Asset
from bot.gateway.chat import Chat
from bot.gateway.copies import copy_of
from bot.gateway.headers import LOADER, PANEL
from bot.gateway.incoming import read_body
from bot.gateway.render import Renderer, sources
from bot.gateway.wishes import DELETE
from bot.gateway.words import parts
from bot.privacy.redact import WORDS
from bot.settings import Settings

_PLACE = "SIGNPOST_WORDS"
"""What the server fills in, in the loader's file."""
_LEFT_OUT = re.compile(r"^[ \t]*//.*\n|^[ \t]+", re.MULTILINE)


class Widget:
    """The addresses of the chat for other websites.

    Attributes:
        loader: The loader, filled in.
    """

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
        self.loader = Asset(loader(renderer, settings.leave_url).encode("ascii"), ".js")
        self._panel = renderer.render(
            "panel.html",
            greeting=chat.greeting(),
            sources=sources(renderer.library),
            numbers=renderer.numbers,
            sites=settings.allowed_sites,
            leave_url=settings.leave_url,
            marks=tuple(WORDS.values()),
            delete_pattern=DELETE,
        )

    @property
    def routes(self) -> list[Path]:
        """The addresses."""
        return [
            Path(LOADER, self.loader.serve, methods=["GET"]),
            Path(PANEL, self.show, methods=["GET"]),
            Path("/widget/copy", self.copy, methods=["GET"]),
            Path("/widget/leave", self.leave, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Show the panel. It is the same for everybody; its script asks for a chat where there is one."""
        return HTMLResponse(self._panel)

    async def copy(self, request: Request) -> Response:
        """Return a chat as a text file for the visitor to keep."""
        return await copy_of(self._chat, self._renderer, await self._chat.find(bearer(request)))

    async def leave(self, request: Request) -> Response:
        """Close the chat whose token is the body. A page that is being left can send no more than a plain text."""
        token = await read_body(request, self._settings.max_body_bytes)
        await self._chat.leave(token.decode("ascii", "replace"))
        return Response(status_code=204)


def loader(renderer: Renderer, leave_url: str) -> str:
    """Fill the loader's words in, and leave out its comments and indents, which its readers have in the repository.

    Args:
        renderer: Words.
        leave_url: Where "Leave now" leads.

    Returns:
        JavaScript in ASCII, so that it reads the same whatever a website says of its own files.
    """
    label = renderer.label
    lines = (label("card_text"), label("header_helpline"), label("header_emergency"), label("call_samaritans"))
    words = {
        "launcher": label("launcher"),
        "title": label("widget_title"),
        "close": label("close"),
        "heading": label("card_heading"),
        "retry": label("card_retry"),
        "page": label("card_page"),
        "readyHeading": label("card_ready_heading"),
        "ready": label("card_ready"),
        "lines": [
            [
                piece if isinstance(piece, str) else {"number": piece[0], "href": piece[1]}
                for piece in parts(line, renderer.numbers)
            ]
            for line in lines
        ],
        "leave": leave_url,
    }
    source = (STATIC / "signpost.js").read_text("utf-8")
    return _LEFT_OUT.sub("", source).replace(_PLACE, json.dumps(words, separators=(",", ":")))
