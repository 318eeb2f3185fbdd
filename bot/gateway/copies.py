"""A copy of a chat for the visitor to keep: one text file, made where it is asked for and kept nowhere."""

from __future__ import annotations

from datetime import datetime, timezone

from starlette.responses import PlainTextResponse, Response

from bot.gateway.chat import Chat
from bot.gateway.render import Renderer
from bot.triage.records import Conversation

FILE_NAME = "copy.txt"
"""A name that tells nothing to whoever looks over a shoulder."""


async def copy_of(chat: Chat, renderer: Renderer, conversation: Conversation) -> Response:
    """Write a chat down.

    Args:
        chat: The chats.
        renderer: Words and templates.
        conversation: The chat.

    Returns:
        A text file that a browser saves and does not show.
    """
    entries = await chat.transcript(conversation)
    now = datetime.now(timezone.utc)
    text = renderer.render("copy.txt", reference=conversation.reference, entries=entries, now=now)
    return PlainTextResponse(text, headers={"Content-Disposition": f'attachment; filename="{FILE_NAME}"'})
