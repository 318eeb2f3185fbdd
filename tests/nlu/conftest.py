"""What the tests of understanding share."""

from __future__ import annotations

import pytest

import tests.rasa_imported  # noqa: F401 - before any test module imports it
from bot.nlu.details import Details
from bot.nlu.encoder import Encoder
from bot.nlu.routing import Decider
from bot.nlu.thresholds import Thresholds
from tests.nlu.builders import SCRIPT


@pytest.fixture(scope="session")
def thresholds() -> Thresholds:
    """The thresholds that are reviewed and served."""
    return Thresholds.load()


@pytest.fixture(scope="session")
def decider(thresholds: Thresholds) -> Decider:
    return Decider(SCRIPT, thresholds, Details.load())


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return Encoder.load()
