"""`python -m bot stories record`: turns a conversation into a story that passes at once.

The conversation is held here and now with the bot in this process, typed at a terminal or taken from a transcript, and
what is said becomes what must be said.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from bot.errors import Code, SignpostError
from bot.settings import Settings
from bot.stories.bots import Visit
from bot.stories.said import Said
from bot.stories.story import Key, Step, Story
from bot.stories.vocabulary import Vocabulary
from bot.stories.writable import check_writable
from bot.stories.writing import steps_of, write
from bot.triage.records import StoredTurn

PRESS, END = "/", "/end"


@dataclass(frozen=True)
class Act:
    """What a visitor did.

    Attributes:
        key: USER or CHOOSE.
        value: The text, or the id of the choice.
        before: What was said to it before, by id of the block; empty where that is not known.
    """

    key: Key
    value: str
    before: tuple[str, ...] = ()


Ask = Callable[[Said], Act | None]
"""Gives the visitor's next act after a reply, or None at the end."""


def record(settings: Settings, *, case: str | None = None, name: str | None = None, out: Path | None = None) -> int:
    """Record a story.

    Args:
        settings: The settings.
        case: Reference code of the conversation to take from the database; None to hold one at the terminal.
        name: The story's name; one is made up where it is left out.
        out: The file to write; standard output where it is left out.

    Returns:
        The exit code: 0, or 1 where nothing was said.

    Raises:
        SignpostError: E008, the file cannot be written; E403, there is no model; E600, the database is away;
            E716, it has no such conversation; E718, the file is there already.
    """
    if out is not None:
        if out.exists():
            raise SignpostError(Code.E718, path=out)
        check_writable(out)  # before the talk, which would be lost
    vocabulary = Vocabulary.load(settings)
    acts = iter(acts_of(transcript(settings, case))) if case is not None else None
    say = sys.stderr.write  # what is recorded goes to standard output
    ask: Ask = (lambda said: next(acts, None)) if acts is not None else Terminal(vocabulary, sys.stdin.readline, say)
    when = f"{datetime.now(timezone.utc):%Y-%m-%d at %H:%M:%S} UTC"  # to the second: no two stories share a name
    title = name or (f"Recorded from a chat on {when}" if case else f"Recorded on {when}")
    story = _hold(settings, vocabulary, ask, title, say)
    if not story.steps:
        say("Nothing was said, so nothing is recorded.\n")
        return 1
    about = [
        "Recorded from a chat. Put the visitor's words into other words before you keep this file:",
        "a chat is deleted after some days, and these are somebody's own words.",
    ]
    content = write([story], about=about if case else ())
    if out is None:
        sys.stdout.write(content)
    else:
        out.write_text(content, encoding="utf-8")
        say(f"Written to {out}. Play it: python -m bot stories {out}\n")
    return 0


def _hold(settings: Settings, vocabulary: Vocabulary, ask: Ask, title: str, say: Callable[[str], object]) -> Story:
    import asyncio

    from bot.stories.in_process import in_process  # takes seconds

    say("Loading the bot …\n")
    with in_process(settings, vocabulary) as bot:

        async def hold() -> Story:
            return await converse(await bot.visit(), ask, title, say)

        return asyncio.run(hold())


async def converse(visit: Visit, ask: Ask, title: str, say: Callable[[str], object]) -> Story:
    """Hold a conversation and make a story of it.

    Args:
        visit: The conversation, just begun.
        ask: Gives each act.
        title: The story's name.
        say: Tells of a turn that is answered otherwise than before.

    Returns:
        The story; without steps where nothing was said.
    """
    steps: list[Step] = []
    said = visit.greeting
    while act := ask(said):
        if act.key is Key.CHOOSE and act.value not in said.choices:
            say(f"The choice {act.value} is not offered any more here, so the rest is left out.\n")
            break
        said = await (visit.press if act.key is Key.CHOOSE else visit.write)(act.value)
        if act.before and act.before != said.blocks:
            say(f"Answered otherwise than before: {', '.join(said.blocks)}, not {', '.join(act.before)}.\n")
        steps += [*steps_of((act.key, act.value)), *checks_of(said)]
    return Story(title, tuple(steps))


def checks_of(said: Said) -> tuple[Step, ...]:
    """Make checks of a reply.

    Args:
        said: The reply, seen from inside.

    Returns:
        Steps that demand its route, blocks, choices and case.
    """
    case = ((Key.CASE, said.inside.case),) if said.inside else ()
    return steps_of((Key.ROUTE, said.route), (Key.BLOCKS, said.blocks), (Key.CHOICES, said.choices), *case)


def transcript(settings: Settings, reference: str) -> list[StoredTurn]:
    """Find a conversation in the database.

    Args:
        settings: The settings.
        reference: Its reference code, as a caller reads it out.

    Returns:
        Its turns, redacted as they are stored.

    Raises:
        SignpostError: E600, the database is away; E716, it has no such conversation.
    """
    from bot.triage.service import Triage

    triage = Triage.connect(settings.database_url)
    try:
        found = triage.find_reference(reference)
        if found is None:
            raise SignpostError(Code.E716, where=triage.database.where)
        return triage.transcript(found.id)
    finally:
        triage.close()


def acts_of(turns: Sequence[StoredTurn]) -> Iterator[Act]:
    """Take what a visitor did from a transcript.

    Args:
        turns: The turns; the greeting, to which nobody wrote, is among them.

    Yields:
        The acts, each with what was said to it then.
    """
    for turn in turns:
        blocks = tuple(block.id for block in turn.blocks)
        if turn.choice is not None:
            yield Act(Key.CHOOSE, turn.choice, blocks)
        elif turn.text is not None:
            yield Act(Key.USER, turn.text, blocks)


class Terminal:
    """Asks somebody at a terminal for the next message, after showing the last reply."""

    def __init__(self, vocabulary: Vocabulary, read: Callable[[], str], say: Callable[[str], object]) -> None:
        """Make it.

        Args:
            vocabulary: Titles of choices.
            read: Gives the next line with its end, or nothing at the end.
            say: Shows text.
        """
        self._vocabulary = vocabulary
        self._read = read
        self._say = say
        self._begun = False

    def __call__(self, said: Said) -> Act | None:
        """Show a reply and ask (see Ask)."""
        self._show(said)
        while True:
            self._say("\nvisitor> ")
            try:
                line = self._read()
            except KeyboardInterrupt:
                line = ""  # Ctrl-C ends it as Ctrl-D does: what was said so far is kept
            text = line.removesuffix("\n")
            if not line or text.strip() == END:
                self._say("\n" if not line else "")
                return None
            if not text.startswith(PRESS):
                return Act(Key.USER, text)
            number = text[len(PRESS) :].strip()
            if number.isdecimal() and 1 <= int(number) <= len(said.choices):
                return Act(Key.CHOOSE, said.choices[int(number) - 1])
            self._say(f"Press a choice with {PRESS} and its number, such as {PRESS}1; end with {END}.\n")

    def _show(self, said: Said) -> None:
        if not self._begun:
            self._say(f"Write as a visitor. {PRESS}1 presses the first choice, {END} ends the story.\n")
            self._begun = True
        inside = f", case {said.inside.case}" if said.inside else ""
        self._say(f"\n[{said.route}{inside}]\n")
        for message in said.messages:
            self._say(f"-- {message.block} --\n{message.text}\n")
        for number, choice in enumerate(said.choices, start=1):
            self._say(f"  {PRESS}{number}  {self._vocabulary.title(choice)}\n")
