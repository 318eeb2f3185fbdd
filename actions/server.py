"""The action server. rasa_sdk's own one listens on every address and answers an error with the whole conversation."""

from __future__ import annotations

import errno
import logging
import socket
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException
from sanic import Sanic, response
from sanic.exceptions import InvalidUsage, SanicException

from bot.errors import Code, SignpostError

HOST = "127.0.0.1"
"""Whoever reaches the server can open cases, so nobody but this machine does."""

_log = logging.getLogger(__name__)


def make_app() -> Any:
    """Make the web application with all actions of this package.

    Returns:
        A Sanic application: `POST /webhook` as Rasa calls it, `GET /health`.
    """
    executor = ActionExecutor()
    executor.register_package("actions")
    app = Sanic("signpost_actions", configure_logging=False)

    async def webhook(request: Any) -> Any:
        call = request.json
        if not _is_action_call(call):
            raise InvalidUsage("not an action call")
        return response.json(await executor.run(call))

    async def health(request: Any) -> Any:
        return response.json({"status": "ok"})

    app.add_route(webhook, "/webhook", methods=["POST"])
    app.add_route(health, "/health", methods=["GET"])
    app.error_handler.add(Exception, _failed)
    return app


def serve(port: int) -> None:
    """Run the action server until it is told to stop.

    Args:
        port: Its port on the loopback address.

    Raises:
        SignpostError: E002, the port is in use.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise SignpostError(
                Code.E002, port=port, service="action server", setting="SIGNPOST_ACTIONS_PORT"
            ) from None
        make_app().run(sock=listener, access_log=False, motd=False)


def _is_action_call(call: Any) -> bool:
    tracker = call.get("tracker") if isinstance(call, dict) else None
    return (
        isinstance(tracker, dict)
        and isinstance(call.get("next_action"), str)
        and isinstance(tracker.get("sender_id"), str)
        and isinstance(tracker.get("latest_message", {}), dict)
    )


def _failed(request: Any, exception: Exception) -> Any:
    """Answer any failure with a code. Neither the answer nor the log holds a word of the request."""
    code, status = _classify(exception)
    _log.error("[%s] The action server failed: %s.", code.name, type(exception).__name__)
    return response.json({"error": {"code": code.name, "message": code.text()}}, status)


def _classify(exception: Exception) -> tuple[Code, int]:
    if isinstance(exception, ActionNotFoundException):
        return Code.E606, 404
    if isinstance(exception, SanicException) and exception.status_code and exception.status_code < 500:
        return Code.E606, exception.status_code
    return Code.E511, 500
