"""Round the whole application: headers for every reply, no foreign pages, and a last resort when all else fails."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import Code
from bot.gateway.headers import HTTPS, STRICT
from bot.gateway.refusal import Refused

_log = logging.getLogger(__name__)

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

Refuse = Callable[[Request, Refused], Response]


class Guard:
    """ASGI middleware. It logs what failed and where, never what a visitor wrote or an error says about it."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        refuse: Refuse,
        last_resort: Callable[[Request], Response],
        headers: Mapping[str, Mapping[str, str]],
    ) -> None:
        """Make it.

        Args:
            app: What is guarded.
            refuse: Makes the reply to a refused request.
            last_resort: Makes the reply when anything failed; it must not depend on what may have.
            headers: Headers by path, where they are not the strict ones.
        """
        self._app = app
        self._refuse = refuse
        self._last_resort = last_resort
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (see the ASGI specification)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers.update(self._headers.get(scope["path"], STRICT))
                if scope["scheme"] == "https":
                    headers.update(HTTPS)
            await send(message)

        request = Request(scope)
        try:
            if is_foreign(request):
                await self._refuse(request, Refused(Code.E510))(scope, receive, send_with_headers)
            else:
                await self._app(scope, receive, send_with_headers)
        except Exception as error:  # noqa: BLE001 - the last resort
            _log.error("%s %s", Code.E511.text(), _where(error))
            if not started:
                await self._last_resort(request)(scope, receive, send_with_headers)


def is_foreign(request: Request) -> bool:
    """Say whether another site's page sent a request that changes something.

    Browsers say so themselves in Sec-Fetch-Site. Older ones send Origin, which our referrer policy turns into "null"
    for our own forms too; there the cookie's SameSite=Strict is what keeps other sites out.

    Args:
        request: The request.

    Returns:
        True where it is to be refused.
    """
    if request.method in _SAFE_METHODS:
        return False
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin", "null")
    return origin != "null" and origin.partition("://")[2] != request.headers.get("host")


def _where(error: BaseException) -> str:
    """Name an error and the lines that led to it, without its message, which may hold what was sent."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return f"{type(error).__name__} at " + " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
