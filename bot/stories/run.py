"""`python -m bot stories`: plays stories and says what came of them."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.errors import Code, SignpostError
from bot.settings import ROOT, Settings
from bot.stories.bots import Bot, LiveBot
from bot.stories.console import Console
from bot.stories.playing import Result, play
from bot.stories.reading import read_stories, story_files
from bot.stories.story import Story
from bot.stories.vocabulary import Vocabulary, hint

FOLDER = ROOT / "tests" / "stories"
OK, FAILED, BAD_FILES = 0, 1, 2
LIVE_SECONDS = 20.0
"""How long a running gateway may take; it answers within 4 seconds, and a busy machine is given more."""


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line.

    Attributes:
        paths: Files and folders.
        name: Only stories with this in their name.
        live: Address of a running gateway, or None.
    """

    paths: Sequence[Path] = ()
    name: str | None = None
    live: str | None = None


def run(wish: Wish, settings: Settings) -> int:
    """Play stories.

    Args:
        wish: What was asked for.
        settings: The settings.

    Returns:
        The exit code: 0 where all passed, 1 where one failed, 2 where files are not right or there are no stories.
    """
    console = Console()
    vocabulary = Vocabulary.load(settings)
    try:
        stories = selected(wish, vocabulary)
    except BadFiles as error:
        sys.stderr.write("".join(f"{problem}\n" for problem in error.problems))
        return BAD_FILES
    return asyncio.run(_play(stories, wish, settings, vocabulary, console))


class BadFiles(Exception):
    """Files that are not right.

    Attributes:
        problems: All that is wrong.
    """

    def __init__(self, problems: Sequence[SignpostError]) -> None:
        """Make it.

        Args:
            problems: All that is wrong.
        """
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def selected(wish: Wish, vocabulary: Vocabulary) -> tuple[Story, ...]:
    """Read the stories that were asked for.

    Args:
        wish: What was asked for.
        vocabulary: The ids that may be named.

    Returns:
        At least one story.

    Raises:
        BadFiles: Something is wrong with a file, or there is no such story.
    """
    try:
        read = read_stories(story_files(wish.paths or [FOLDER]), vocabulary)
    except SignpostError as error:
        raise BadFiles([error]) from None
    if read.problems:
        raise BadFiles(read.problems)
    wanted = (wish.name or "").casefold()
    stories = tuple(story for story in read.stories if wanted in story.name.casefold())
    if not stories:
        names = hint(wish.name or "", [story.name for story in read.stories])
        raise BadFiles([SignpostError(Code.E715, name=wish.name, hint=names)])
    return stories


async def _play(
    stories: Sequence[Story], wish: Wish, settings: Settings, vocabulary: Vocabulary, console: Console
) -> int:
    began = time.monotonic()
    console.loading("Loading the bot")
    results: list[Result] = []
    async with _bot(wish, settings, vocabulary) as bot:
        loading = time.monotonic() - began
        for number, story in enumerate(stories, start=1):
            results.append(await play(story, bot, vocabulary))
            console.result(results[-1], number, len(stories))
    console.summary(results, loading=loading, seconds=time.monotonic() - began)
    return FAILED if any(result.failed for result in results) else OK


@asynccontextmanager
async def _bot(wish: Wish, settings: Settings, vocabulary: Vocabulary) -> AsyncIterator[Bot]:
    if wish.live is not None:
        async with httpx.AsyncClient(base_url=wish.live, timeout=LIVE_SECONDS, trust_env=False) as client:
            yield LiveBot(client, vocabulary)
        return
    from bot.stories.in_process import in_process  # takes seconds

    with in_process(settings, vocabulary) as bot:
        yield bot
