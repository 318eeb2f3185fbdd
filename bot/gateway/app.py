"""The gateway's application, put together from its parts."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator
from datetime import datetime

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.blocks.library import Library
from bot.blocks.script import Script
from bot.errors import Code, SignpostError
from bot.gateway.answer import Answerer, SafetyScreen
from bot.gateway.api import Api, as_refusal
from bot.gateway.asset import static_routes
from bot.gateway.chat import Chat
from bot.gateway.dialogue import DialogueClient, RasaDialogue
from bot.gateway.example import Example
from bot.gateway.guard import Guard
from bot.gateway.headers import headers_by_path
from bot.gateway.ledger import USUAL, Ledger, Patience
from bot.gateway.page import Page
from bot.gateway.ready import Readiness, load_samples
from bot.gateway.refusal import Refused
from bot.gateway.render import Renderer
from bot.gateway.widget import Widget
from bot.privacy.erasure import erase
from bot.privacy.retention import delete_old_chats, keep_deleting
from bot.safety.screen import Screen
from bot.settings import Settings
from bot.triage.service import Triage
from bot.triage.spool import Spool


def create_app(
    settings: Settings,
    *,
    dialogue: DialogueClient | None = None,
    screen: SafetyScreen | None = None,
    ledger: Ledger | None = None,
) -> Starlette:
    """Make the gateway's application.

    Args:
        settings: The settings.
        dialogue: The dialogue engine; Rasa through its loopback channel where none is given.
        screen: The safety screen; read from the settings' folder where none is given.
        ledger: What keeps the chats; the settings' database and spool where none is given.

    Returns:
        An ASGI application. It serves without Rasa and without the database.

    Raises:
        SignpostError: Approved text, script, patterns or samples are not right; the gateway must not start then.
    """
    rasa = RasaDialogue(settings.rasa_url, settings.channel_secret, settings.deadline_seconds)
    answerer = Answerer(
        Library.load(settings.approved_dir),
        Script.load(settings.domain_file),
        screen or Screen.load(settings.safety_dir),
        dialogue or rasa,
        seconds=settings.deadline_seconds,
    )
    kept = ledger or open_ledger(settings)
    chat = Chat(answerer, kept, max_chars=settings.max_chars, seconds=settings.deadline_seconds)
    api = Api(chat, max_body_bytes=settings.max_body_bytes, max_chars=settings.max_chars)
    renderer = Renderer(answerer.library, settings.approved_dir)
    page = Page(chat, renderer, settings)
    widget = Widget(chat, renderer, settings)
    example = Example(renderer)
    readiness = Readiness(answerer, kept.healthy, load_samples())

    def refuse(request: Request, refused: Refused) -> Response:
        return page.refuse(request, refused) if page.is_for(request) else api.refuse(refused)

    def last_resort(request: Request) -> Response:
        if page.is_for(request):
            return HTMLResponse(page.failed, status_code=500)
        return api.refuse(Refused(Code.E511))

    async def on_refusal(request: Request, error: Exception) -> Response:
        return refuse(request, as_refusal(error if isinstance(error, SignpostError) else SignpostError(Code.E511)))

    async def on_address(request: Request, error: Exception) -> Response:
        wrong_method = isinstance(error, HTTPException) and error.status_code == 405
        response = refuse(request, Refused(Code.E508 if wrong_method else Code.E507))
        if isinstance(error, HTTPException) and error.headers:
            response.headers.update(error.headers)
        return response

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await kept.healthy()
        delete_old = functools.partial(delete_old_chats, settings)
        tasks = [asyncio.create_task(kept.replay()), asyncio.create_task(keep_deleting(delete_old))]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await rasa.close()
            kept.close()

    return Starlette(
        routes=[
            *(*api.routes, *readiness.routes),
            *(*example.routes, *page.routes, *widget.routes, *static_routes()),
        ],
        middleware=[
            Middleware(Guard, refuse=refuse, last_resort=last_resort, headers=headers_by_path(settings.allowed_sites))
        ],
        exception_handlers={SignpostError: on_refusal, HTTPException: on_address},
        lifespan=lifespan,
    )


def open_ledger(settings: Settings, patience: Patience = USUAL) -> Ledger:
    """Open the ledger of the settings' database and spool. Neither has to be there yet.

    Args:
        settings: The settings.
        patience: How long to wait for them.

    Returns:
        The ledger.

    Raises:
        SignpostError: E001, the database's address is not of the right form; E008, the spool cannot be made.
    """
    triage = Triage.connect(
        settings.database_url, idle_hours=settings.session_idle_hours, max_hours=settings.session_max_hours
    )
    spool = Spool(settings.var_dir / "spool")

    def erase_everywhere(conversation_id: str, now: datetime) -> str:
        return erase(triage, conversation_id, settings.tracker_db, spool, now=now)

    return Ledger(triage, spool, erase_everywhere, patience=patience)
