"""`python -m bot.gateway` serves the gateway."""

from __future__ import annotations

import sys

import uvicorn

from bot.errors import SignpostError
from bot.gateway.app import create_app
from bot.gateway.logs import set_up
from bot.settings import Settings


def main() -> int:
    """Serve until stopped.

    Returns:
        The exit status.
    """
    set_up()
    try:
        settings = Settings.load()
        app = create_app(settings)
    except SignpostError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.gateway_port,
        access_log=False,
        server_header=False,
        ws="none",  # no address of ours speaks it, and Rasa pins a version that uvicorn cannot load
        log_config=None,
        timeout_graceful_shutdown=5,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
