"""Plays a story: says what the visitor says, one exchange after the other, and checks each reply."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import Code, SignpostError
from bot.stories.bots import Bot, Visit
from bot.stories.checks import Finding, State, check_reply
from bot.stories.said import Said
from bot.stories.story import Exchange, Key, Story
from bot.stories.vocabulary import Vocabulary


@dataclass(frozen=True)
class Played:
    """One exchange as it was played.

    Attributes:
        exchange: The exchange.
        said: The reply; None where it was not played.
        findings: What came of each check.
        problem: Why it could not be played, or None.
    """

    exchange: Exchange
    said: Said | None
    findings: tuple[Finding, ...]
    problem: str | None = None

    @property
    def failed(self) -> bool:
        """Whether a check failed, or the visitor could not do what the story says."""
        return self.problem is not None or any(finding.state is State.FAILED for finding in self.findings)


@dataclass(frozen=True)
class Result:
    """A story as it was played.

    Attributes:
        story: The story.
        played: Its exchanges, up to the one that could not be played.
        unplayable: Why it cannot be played against this bot at all, or None.
    """

    story: Story
    played: tuple[Played, ...]
    unplayable: str | None = None

    @property
    def failed(self) -> bool:
        """Whether anything failed."""
        return any(played.failed for played in self.played)

    @property
    def unseen(self) -> int:
        """How many checks could not be made."""
        if self.unplayable:
            return sum(len(exchange.checks) for exchange in self.story.exchanges)
        return sum(finding.state is State.UNSEEN for played in self.played for finding in played.findings)

    @property
    def state(self) -> str:
        """What came of it: "failed", "not played", "partly" where some checks could not be made, or "passed"."""
        if self.failed:
            return "failed"
        if self.unplayable:
            return "not played"
        return "partly" if self.unseen else "passed"

    @property
    def turns(self) -> int:
        """How many messages were answered."""
        return sum(played.exchange.act is not None and played.said is not None for played in self.played)

    @property
    def seconds(self) -> float:
        """How long all replies took together."""
        return sum(played.said.seconds for played in self.played if played.exchange.act and played.said)


async def play(story: Story, bot: Bot, vocabulary: Vocabulary) -> Result:
    """Play a story.

    Args:
        story: The story.
        bot: Whom to talk to.
        vocabulary: The words behind ids.

    Returns:
        What came of it.

    Raises:
        SignpostError: E701 or E717, a gateway does not answer.
    """
    if not bot.inside and any(exchange.engine for exchange in story.exchanges):
        return Result(story, (), "`engine:` cannot be done from outside")
    visit = await bot.visit()
    played: list[Played] = []
    said = visit.greeting
    for exchange in story.exchanges:
        if exchange.act is not None:
            if exchange.act.key is Key.CHOOSE and exchange.act.value not in said.choices:
                offered = ", ".join(said.choices) or "nothing"
                problem = f"the choice {exchange.act.value} was not offered; offered were: {offered}"
                played.append(Played(exchange, None, (), problem))
                break
            try:
                said = await _act(visit, exchange)
            except SignpostError as error:
                if error.code in (Code.E701, Code.E717):  # nobody is there, which is no fault of this story
                    raise
                played.append(Played(exchange, None, (), str(error)))
                break
        played.append(Played(exchange, said, check_reply(exchange.checks, said, vocabulary)))
    return Result(story, tuple(played))


async def _act(visit: Visit, exchange: Exchange) -> Said:
    assert exchange.act is not None
    do = visit.press if exchange.act.key is Key.CHOOSE else visit.write
    return await do(exchange.act.value, engine=exchange.engine)
