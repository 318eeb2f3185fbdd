"""Rasa inside another process: it would print what visitors write."""

from __future__ import annotations

import subprocess
import sys

from bot.settings import ROOT

SCRIPT = """
import warnings; warnings.simplefilter("ignore")
import logging, structlog
{before}
structlog.get_logger("rasa.core.processor").debug("processor.message.parse", parse_data_text="my name is Zebedee")
structlog.get_logger("rasa.core.processor").warning("something to know")
logging.getLogger("rasa.core.processor").info("my name is Zebedee")
"""


def shown(before: str) -> str:
    """What a process of its own shows, since logging is set up once for all of a process."""
    command = [sys.executable, "-c", SCRIPT.format(before=before)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=100)
    return done.stdout + done.stderr


def test_as_rasa_comes_it_shows_a_visitors_words() -> None:
    assert "Zebedee" in shown("")


def test_quietened_it_shows_warnings_only() -> None:
    told = shown("from bot.dialogue.quiet import quiet_rasa; quiet_rasa(); logging.basicConfig(level=logging.DEBUG)")
    assert "Zebedee" not in told
    assert "something to know" in told
