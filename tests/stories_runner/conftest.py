"""The whole bot, loaded once for all tests that need it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from bot.stories.players import OneByOne, here
from tests.rasa_imported import without_warnings
from tests.stories_runner.builders import SETTINGS, VOCABULARY


@pytest.fixture(scope="session")
def player() -> Iterator[OneByOne]:
    """Plays stories against the bot in this process."""
    with ExitStack() as stack:
        with without_warnings():  # Rasa imports more as it loads
            one = stack.enter_context(here(SETTINGS, VOCABULARY))
        yield one
