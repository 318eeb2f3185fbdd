"""`python -m bot stories`: plays stories and says what came of them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.errors import Code, SignpostError
from bot.run.fingerprint import combine, digests, trained_fingerprint
from bot.settings import ROOT, Settings
from bot.stories import coverage, watch
from bot.stories.console import Console
from bot.stories.html import Summary, page
from bot.stories.junit import junit
from bot.stories.players import Player, here, jobs_for, live, side_by_side
from bot.stories.playing import Result
from bot.stories.reading import read_stories, story_files
from bot.stories.story import Story
from bot.stories.vocabulary import Vocabulary, hint
from bot.stories.writable import check_writable

FOLDER = ROOT / "tests" / "stories"
OK, FAILED, BAD_FILES = 0, 1, 2


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line.

    Attributes:
        paths: Files and folders.
        name: Only stories with this in their name.
        live: Address of a running gateway, or None.
        watch: Whether to go on whenever a file changes.
        junit: Where to write JUnit XML, or None.
        html: Where to write a page, or None.
        coverage: Whether to say what no story reaches.
        require_full: Whether it is a failure where blocks or rules are not reached.
        jobs: How many processes, or None for as many as are worth it.
    """

    paths: tuple[Path, ...] = ()
    name: str | None = None
    live: str | None = None
    watch: bool = False
    junit: Path | None = None
    html: Path | None = None
    coverage: bool = False
    require_full: bool = False
    jobs: int | None = None

    @property
    def sources(self) -> tuple[Path, ...]:
        """Where the stories stand."""
        return self.paths or (FOLDER,)


class BadFiles(Exception):
    """Files, or wishes, that are not right.

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


def run(wish: Wish, settings: Settings) -> int:
    """Play stories.

    Args:
        wish: What was asked for.
        settings: The settings.

    Returns:
        The exit code: 0 where all passed, 1 where one failed or coverage that is required is not full,
        2 where files are not right, a report cannot be written or there are no stories.

    Raises:
        SignpostError: E403, there is no model; E701 or E717, no gateway answers.
    """
    try:
        _sensible(wish)
        return _watch(wish, settings) if wish.watch else _once(wish, settings)
    except BadFiles as error:
        _complain(error)
        return BAD_FILES


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
        read = read_stories(story_files(wish.sources), vocabulary)
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


def _sensible(wish: Wish) -> None:
    if wish.live and (wish.coverage or wish.require_full):
        problem = "rules and intents cannot be seen from outside"
        raise BadFiles([SignpostError(Code.E719, options="--live and --coverage", problem=problem)])
    for report in (wish.junit, wish.html):
        if report is not None:
            try:
                check_writable(report)
            except SignpostError as error:
                raise BadFiles([error]) from None


def _once(wish: Wish, settings: Settings) -> int:
    vocabulary = Vocabulary.load(settings)
    stories = selected(wish, vocabulary)
    console = Console()
    began = time.monotonic()
    with _player(wish, settings, vocabulary, jobs_for(stories, wish.jobs), console) as player:
        return _round(player, stories, wish, settings, vocabulary, console, began)


def _watch(wish: Wish, settings: Settings) -> int:
    """Play again whenever a file changes, until Ctrl-C. The bot is loaded anew only where its words changed."""
    console = Console()
    words = (settings.approved_dir, settings.domain_file)
    status = OK
    try:
        while True:
            before = watch.stamps((*wish.sources, *words))
            began = time.monotonic()
            vocabulary = Vocabulary.load(settings)
            with _player(wish, settings, vocabulary, 1, console) as player:
                changed: set[Path] = set()
                while not any(path.is_relative_to(place) for path in changed for place in words):
                    try:
                        stories = selected(wish, vocabulary)
                        status = _round(player, stories, wish, settings, vocabulary, console, began)
                    except BadFiles as error:
                        _complain(error)
                        status = BAD_FILES
                    console.lines(["", "Waiting for a change. Ctrl-C ends this."])
                    changed = watch.wait((*wish.sources, *words), before)
                    before, began = watch.stamps((*wish.sources, *words)), time.monotonic()
    except KeyboardInterrupt:
        console.lines([""])
    return status


def _round(
    player: Player,
    stories: Sequence[Story],
    wish: Wish,
    settings: Settings,
    vocabulary: Vocabulary,
    console: Console,
    began: float,
) -> int:
    """Play the stories once and report."""
    loaded = time.monotonic()
    results: list[Result] = []
    console.begin(len(stories))
    for result in player.play_all(stories):
        results.append(result)
        console.result(result)
    ended = time.monotonic()
    reached = None
    if wish.coverage or wish.require_full:
        reached = coverage.measure(results, vocabulary, settings)
        console.lines(list(coverage.lines(reached)))
    if wish.junit:
        wish.junit.write_text(junit(results), encoding="utf-8")
    if wish.html:
        model = "that of " + wish.live if wish.live else trained_fingerprint(settings.model_file)
        summary = Summary(ended - began, model or "unknown: it has no record", wish.live is not None)
        wish.html.write_text(page(results, summary, reached), encoding="utf-8")
    console.summary(results, loading=loaded - began, seconds=ended - began)
    incomplete = wish.require_full and reached is not None and not reached.full
    if incomplete:
        console.lines(["Not all blocks and rules are reached."])
    return FAILED if incomplete or any(result.failed for result in results) else OK


@contextmanager
def _player(wish: Wish, settings: Settings, vocabulary: Vocabulary, jobs: int, console: Console) -> Iterator[Player]:
    if wish.live is not None:
        with live(wish.live, vocabulary) as player:
            yield player
        return
    if not settings.model_file.exists():
        raise SignpostError(Code.E403, path=settings.model_file)
    found, expected = trained_fingerprint(settings.model_file), combine(digests())
    if found != expected:
        sys.stderr.write(Code.E402.text(found=found[:12] or "none", expected=expected[:12]) + "\n")
    console.loading("Loading the bot")
    if jobs > 1:
        with side_by_side(settings, vocabulary, jobs) as several:
            yield several
    else:
        with here(settings, vocabulary) as one:
            yield one


def _complain(error: BadFiles, write: Callable[[str], object] | None = None) -> None:
    (write or sys.stderr.write)("".join(f"{problem}\n" for problem in error.problems))
