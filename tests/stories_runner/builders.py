"""Stories, replies and a bot that are made up, so that each test says only what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings import Settings
from bot.stories.playing import Result, play
from bot.stories.said import Inside, Message, Said
from bot.stories.story import Key, Slot, Step, Story
from bot.stories.vocabulary import Vocabulary

SETTINGS = Settings.load({})
VOCABULARY = Vocabulary.load(SETTINGS)
FILE = Path("stories.yml")


def step(key: Key, *values: str | Slot, line: int = 0) -> Step:
    return Step(key, values, line)  # type: ignore[arg-type]


def story(*steps: Step, name: str = "A story", line: int = 2) -> Story:
    """A story whose steps stand on the lines below its own."""
    placed = tuple(Step(one.key, one.values, line + 2 + number) for number, one in enumerate(steps))
    return Story(name, placed, FILE, line)


def said(
    route: str = "answer",
    blocks: Sequence[str] = ("secondary.outlook",),
    choices: Sequence[str] = (),
    *,
    utters: Sequence[str] = (),
    inside: Inside | None = None,
) -> Said:
    messages = tuple(Message(block, VOCABULARY.text(block)) for block in blocks)
    return Said(route, messages, tuple(choices), tuple(utters), inside, seconds=0.01)


OUTLOOK = said(
    choices=("ask_treatment", "ask_curable", "ask_uncertainty"),
    utters=("utter_ask_outlook",),
    inside=Inside("none", {}, "ask_outlook", ("classifier ask_outlook 0.98 against 0.40",), ("ask_outlook", "utter_x")),
)
GREETING = said("chat", ("house.greeting",), ("ask_outlook",), utters=("utter_greet",), inside=Inside("none"))


@dataclass
class PlayedBot:
    """A bot that gives the same replies in every conversation, and notes what it was told."""

    replies: Sequence[Said | Exception] = (OUTLOOK,)
    inside: bool = True
    greeting: Said = GREETING
    told: list[tuple[str, str, str | None]] = field(default_factory=list)

    async def visit(self) -> PlayedVisit:
        return PlayedVisit(self, self.greeting)


class PlayedVisit:
    def __init__(self, bot: PlayedBot, greeting: Said) -> None:
        self.greeting = greeting
        self._bot = bot
        self._replies = iter(bot.replies)

    async def write(self, text: str, *, engine: str | None = None) -> Said:
        return self._reply("write", text, engine)

    async def press(self, choice: str, *, engine: str | None = None) -> Said:
        return self._reply("press", choice, engine)

    def _reply(self, kind: str, value: str, engine: str | None) -> Said:
        self._bot.told.append((kind, value, engine))
        reply = next(self._replies)
        if isinstance(reply, Exception):
            raise reply
        return reply


ASKS = step(Key.USER, "what's my outlook?")
HOLDS = story(ASKS, step(Key.ROUTE, "answer"), name="It holds")
FAILS = story(ASKS, step(Key.ROUTE, "crisis"), step(Key.BLOCK, "secondary.curable"), name="It fails", line=12)


async def played(one: Story, *replies: Said, inside: bool = True) -> Result:
    return await play(one, PlayedBot(replies or (OUTLOOK,), inside), VOCABULARY)
