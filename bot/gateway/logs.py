"""Logging of the gateway: what happened and when, never a word of a visitor, whatever level is set."""

from __future__ import annotations

import logging

QUIET = ("sqlalchemy", "httpx", "httpcore")
"""Libraries that log what they carry: SQLAlchemy writes whole rows at DEBUG, httpx a line for every message."""


def set_up(level: int = logging.INFO) -> None:
    """Send the logs to standard error, each line with its time.

    Args:
        level: The least level that is logged. The libraries in QUIET log warnings and errors at any level.
    """
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
