"""`python -m actions`: the action server on the port of the settings, reachable from this machine only."""

from __future__ import annotations

import logging
import sys

from actions.server import serve
from bot.errors import SignpostError
from bot.settings import Settings


def main() -> int:
    """Run the action server.

    Returns:
        The exit code: 1 when it cannot start; the error's one line says why.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        serve(Settings.load().actions_port)
    except SignpostError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
