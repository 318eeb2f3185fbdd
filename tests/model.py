"""The trained model, loaded once for all tests that need it, and a visitor who talks to it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import lru_cache

import pytest

from bot.blocks.library import Library
from bot.blocks.script import Script
from bot.gateway.answer import Answer, Answerer
from bot.safety.screen import Screen
from bot.settings import Settings
from bot.testing.bots import AgentDialogue, load_agent
from tests.rasa_imported import without_warnings

SETTINGS = Settings.load({})
LIBRARY = Library.load(SETTINGS.approved_dir)
SCRIPT = Script.load(SETTINGS.domain_file)


class Talk:
    """One conversation with the whole bot: screen, channel, understanding, rules and words, without servers."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer
        self.conversation = uuid.uuid4().hex

    async def say(self, text: str) -> Answer:
        return await self._answerer.answer(self.conversation, uuid.uuid4().hex, text=text)

    async def choose(self, choice: str) -> Answer:
        return await self._answerer.answer(self.conversation, uuid.uuid4().hex, choice=choice)


@lru_cache(maxsize=1)
def loaded() -> AgentDialogue:
    """The trained model of this project; `make train` makes it."""
    with without_warnings():  # Rasa imports more as it loads
        return load_agent(SETTINGS)


@lru_cache(maxsize=1)
def answerer() -> Answerer:
    """The gateway's core round it, in no hurry, and strict about what is offered."""
    screen = Screen.load(SETTINGS.safety_dir)
    return Answerer(LIBRARY, SCRIPT, screen, loaded(), seconds=60.0, strict=True)


@pytest.fixture(scope="session")
def dialogue() -> AgentDialogue:
    """The dialogue engine as the gateway asks it."""
    return loaded()


@pytest.fixture
def arrive() -> Callable[[], Talk]:
    """Begins a conversation."""
    return lambda: Talk(answerer())


@pytest.fixture
def talk(arrive: Callable[[], Talk]) -> Talk:
    """A conversation that has just begun."""
    return arrive()


def ids(answer: Answer) -> list[str]:
    """The blocks that were said."""
    return [block.id for block in answer.blocks]
