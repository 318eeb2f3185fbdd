"""Reading what comes in: bodies with a limit, JSON and forms that are checked, text that is cleaned."""

from __future__ import annotations

import asyncio
import json
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from bot.errors import Code
from bot.gateway.refusal import Refused

BODY_SECONDS = 10
"""How long a body may take to arrive; the reply's own time begins after it."""
DRAINED_BYTES = 8 * 1024 * 1024
"""How much of a body that is too large is read and thrown away, so that the sender gets to read the refusal."""

_MESSAGE_ID = re.compile("[A-Za-z0-9_-]{1,64}")
_CHOICE_LENGTH = 64


@dataclass(frozen=True)
class Incoming:
    """One message of a visitor: text or a choice.

    Attributes:
        text: What the visitor wrote, cleaned; None for a choice.
        choice: The id of a choice; None for text.
        message_id: The sender's id of the message, or None.
    """

    text: str | None = field(default=None, repr=False)
    choice: str | None = field(default=None, repr=False)
    message_id: str | None = None


def clean(text: str) -> str:
    """Make any string into text that can be stored and sent.

    Args:
        text: Any string: it may hold lone surrogates, NUL and other control characters.

    Returns:
        The text with U+FFFD for lone surrogates, line feeds for line ends, and no other control characters but tabs.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines = whole.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in lines if char in "\n\t" or unicodedata.category(char) != "Cc")


async def read_message(request: Request, limit: int) -> Incoming:
    """Read a message of the API from a request's body.

    Args:
        request: The request.
        limit: The largest body taken, in bytes.

    Returns:
        The message.

    Raises:
        Refused: E500, E501, E502, E506 or E509.
    """
    _require(request, "application/json", Code.E506)
    return parse_message(await read_body(request, limit))


async def read_form(request: Request, limit: int) -> Incoming:
    """Read a message from a form of the page.

    Args:
        request: The request.
        limit: The largest body taken, in bytes.

    Returns:
        The message. A choice wins over text, as the button that was pressed.

    Raises:
        Refused: E501, E502, E506 or E509.
    """
    _require(request, "application/x-www-form-urlencoded", Code.E506)
    body = await read_body(request, limit)
    try:
        fields = dict(parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=10))
    except ValueError:
        raise Refused(Code.E501, problem="there are too many fields") from None
    if "choice" in fields:
        fields.pop("text", None)
    return _message(fields)


def parse_message(body: bytes) -> Incoming:
    """Read a message from JSON.

    Args:
        body: Any bytes.

    Returns:
        The message.

    Raises:
        Refused: E500, it is no JSON; E501, it is not of the right shape.
    """
    try:
        data = json.loads(body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refused(Code.E500) from None
    if not isinstance(data, dict):
        raise Refused(Code.E501, problem="it is not an object")
    return _message(data)


async def read_body(request: Request, limit: int) -> bytes:
    """Read a request's body.

    Args:
        request: The request.
        limit: The largest body taken, in bytes.

    Returns:
        The body.

    Raises:
        Refused: E502, it is too large; E509, it took too long.
    """
    try:
        return await asyncio.wait_for(_read_body(request, limit), BODY_SECONDS)
    except asyncio.TimeoutError:
        raise Refused(Code.E509) from None
    except ClientDisconnect:
        raise Refused(Code.E500) from None


async def _read_body(request: Request, limit: int) -> bytes:
    body = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= limit:
            body += chunk
        elif size > DRAINED_BYTES:
            break
    if size > limit:
        raise Refused(Code.E502, limit=limit)
    return bytes(body)


def _require(request: Request, content_type: str, code: Code) -> None:
    found = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if found != content_type:
        raise Refused(code)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice: which of the two was meant cannot be known."""
    data = dict(pairs)
    if len(data) < len(pairs):
        raise Refused(Code.E501, problem="a key stands twice")
    return data


def _no_constant(name: str) -> float:
    raise ValueError("NaN and Infinity are no JSON")


def _message(data: dict[str, Any]) -> Incoming:
    text, choice, message_id = data.get("text"), data.get("choice"), data.get("message_id")
    if (text is None) == (choice is None):
        raise Refused(Code.E501, problem="exactly one of text and choice is needed")
    if not isinstance(text, str | None) or not isinstance(choice, str | None):
        raise Refused(Code.E501, problem="text and choice are strings")
    if choice is not None and len(choice) > _CHOICE_LENGTH:
        raise Refused(Code.E505)
    if message_id is not None and not (isinstance(message_id, str) and _MESSAGE_ID.fullmatch(message_id)):
        raise Refused(Code.E501, problem="message_id has 1 to 64 characters of A-Z, a-z, 0-9, _ and -")
    return Incoming(None if text is None else clean(text), choice, message_id)
