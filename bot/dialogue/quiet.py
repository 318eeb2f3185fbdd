"""Rasa's logging, when Rasa runs inside another process: without this it prints what visitors write."""

from __future__ import annotations

import logging
import os
import warnings

from rasa.utils.log_utils import configure_structlog


def quiet_rasa() -> None:
    """Let Rasa log warnings and errors only. Below that level it logs messages word for word."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    logging.getLogger("rasa").setLevel(logging.WARNING)
    configure_structlog(logging.WARNING)
    warnings.filterwarnings("ignore", module="rasa")
