"""Plays many stories: in this process, in several at once, or against a running gateway."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing.util import Finalize
from typing import Protocol

import httpx

from bot.settings import Settings
from bot.stories.bots import Bot, LiveBot
from bot.stories.playing import Result, play
from bot.stories.story import Story
from bot.stories.vocabulary import Vocabulary

LIVE_SECONDS = 20.0
"""How long a running gateway may take; it answers within 4 seconds, and a busy machine is given more."""
TURNS_A_JOB = 600
"""Another process is started for so many turns: they take some ten seconds, and it needs seven to load the bot anew."""
CHUNK = 4
"""How many stories a process is given at a time."""


class Player(Protocol):
    """Whatever plays stories."""

    def play_all(self, stories: Sequence[Story]) -> Iterator[Result]:
        """Play stories and give what came of them in their order, each as soon as it is there."""
        ...


class OneByOne:
    """Plays one story after the other with one bot."""

    def __init__(self, bot: Bot, vocabulary: Vocabulary, loop: asyncio.AbstractEventLoop) -> None:
        """Make it; `here` and `live` are the usual ways.

        Args:
            bot: The bot.
            vocabulary: The words behind ids.
            loop: Where the bot runs.
        """
        self.bot = bot
        self._vocabulary = vocabulary
        self._loop = loop

    def play_all(self, stories: Sequence[Story]) -> Iterator[Result]:
        """Play stories (see Player)."""
        for story in stories:
            yield self._loop.run_until_complete(play(story, self.bot, self._vocabulary))


@contextmanager
def here(settings: Settings, vocabulary: Vocabulary) -> Iterator[OneByOne]:
    """Load the whole bot into this process.

    Args:
        settings: The settings.
        vocabulary: The approved text and the script.

    Yields:
        A player.

    Raises:
        SignpostError: E403, there is no model.
    """
    from bot.stories.in_process import in_process  # takes seconds

    with in_process(settings, vocabulary) as bot, _loop() as loop:
        yield OneByOne(bot, vocabulary, loop)


@contextmanager
def live(url: str, vocabulary: Vocabulary) -> Iterator[OneByOne]:
    """Connect to a running gateway.

    Args:
        url: Its address.
        vocabulary: The approved text and the script.

    Yields:
        A player.
    """
    with _loop() as loop:
        client = httpx.AsyncClient(base_url=url, timeout=LIVE_SECONDS, trust_env=False)
        try:
            yield OneByOne(LiveBot(client, vocabulary), vocabulary, loop)
        finally:
            loop.run_until_complete(client.aclose())


class SideBySide:
    """Plays stories in several processes, each with a bot and a database of its own."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        """Make it; `side_by_side` is the usual way.

        Args:
            pool: Processes that were prepared.
        """
        self._pool = pool

    def play_all(self, stories: Sequence[Story]) -> Iterator[Result]:
        """Play stories (see Player)."""
        chunks = [stories[start : start + CHUNK] for start in range(0, len(stories), CHUNK)]
        for results in self._pool.map(_work, chunks):
            yield from results


@contextmanager
def side_by_side(settings: Settings, vocabulary: Vocabulary, jobs: int) -> Iterator[SideBySide]:
    """Start processes that load the bot.

    Args:
        settings: The settings.
        vocabulary: The approved text and the script.
        jobs: How many processes.

    Yields:
        A player.
    """
    # A process that is forked would share threads and locks of libraries that do not allow for that.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_start, initargs=(settings, vocabulary))
    try:
        yield SideBySide(pool)
    finally:
        pool.shutdown(cancel_futures=True)


def jobs_for(stories: Sequence[Story], asked: int | None) -> int:
    """Say how many processes are worth it.

    Args:
        stories: The stories to play.
        asked: What was asked for, or None.

    Returns:
        At least 1.
    """
    turns = sum(len(story.exchanges) - 1 for story in stories)
    worth = 1 + turns // TURNS_A_JOB if asked is None else asked
    cores = len(os.sched_getaffinity(0)) if asked is None else worth
    return max(1, min(worth, cores, -(-len(stories) // CHUNK)))


_player: OneByOne | None = None
"""In a process of `side_by_side`: its bot."""


def _start(settings: Settings, vocabulary: Vocabulary) -> None:
    global _player
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the process that started this one, and is enough
    logging.basicConfig(level=logging.ERROR)
    stack = ExitStack()
    _player = stack.enter_context(here(settings, vocabulary))
    Finalize(None, stack.close, exitpriority=10)


def _work(stories: Sequence[Story]) -> list[Result]:
    assert _player is not None
    return list(_player.play_all(stories))


@contextmanager
def _loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    try:
        yield loop
    finally:
        with contextlib.suppress(RuntimeError):
            loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
