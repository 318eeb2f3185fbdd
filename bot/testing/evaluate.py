"""`python -m bot evaluate`: score labelled messages and dialogues, with intervals, and list every miss."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings
from bot.testing.bots import Bot, in_process, live
from bot.testing.labelled import Dialogue, LabelledMessage, read
from bot.testing.labels import Reply, is_right
from bot.testing.measures import Outcome, measure
from bot.testing.statistics import Share


@dataclass(frozen=True)
class TurnOutcome:
    """One turn of a dialogue.

    Attributes:
        message: The labelled turn.
        reply: What was read.
    """

    message: LabelledMessage
    reply: Reply

    @property
    def right(self) -> bool:
        """Whether the label holds, and everything that must or must not be said."""
        return (
            any(is_right(self.reply, label) for label in self.message.labels)
            and self.reply.holds(*self.message.must)
            and not any(text in self.reply.words for text in self.message.must_not)
        )


@dataclass(frozen=True)
class Result:
    """All that was measured.

    Attributes:
        outcomes: Each message with its reply.
        dialogues: Each dialogue with its turns.
    """

    outcomes: tuple[Outcome, ...]
    dialogues: tuple[tuple[Dialogue, tuple[TurnOutcome, ...]], ...]


def evaluate_files(files: Sequence[Path], *, url: str | None = None, html: Path | None = None) -> int:
    """Score files and print the result.

    Args:
        files: JSON Lines of messages, dialogues or both.
        url: A running gateway, or None to evaluate in this process.
        html: Where to write the report as a page too.

    Returns:
        Exit status: 0, whatever the figures are; judging them is for the reader and for tests.

    Raises:
        SignpostError: E700, a file is not of the right form; E701, nothing answers at the address.
    """
    messages: list[LabelledMessage] = []
    dialogues: list[Dialogue] = []
    for path in files:
        of_messages, of_dialogues = read(path)
        messages += of_messages
        dialogues += of_dialogues
    result = asyncio.run(run(messages, dialogues, url))
    sys.stdout.write(table(result))
    if html is not None:
        from bot.testing.report import Origin, page

        html.write_text(page(result, Origin.of(files, url)), encoding="utf-8")
    return 0


async def run(messages: Sequence[LabelledMessage], dialogues: Sequence[Dialogue], url: str | None) -> Result:
    """Put all messages and dialogues to the bot.

    Args:
        messages: Each is said in a conversation of its own.
        dialogues: Each is one conversation.
        url: A running gateway, or None for this process.

    Returns:
        What was read.
    """
    if url is None:
        return await ask_all(in_process(Settings.load()), messages, dialogues)
    async with live(url) as bot:
        return await ask_all(bot, messages, dialogues)


async def ask_all(bot: Bot, messages: Sequence[LabelledMessage], dialogues: Sequence[Dialogue]) -> Result:
    """Put all messages and dialogues to a bot.

    Args:
        bot: The bot.
        messages: Each is said in a conversation of its own.
        dialogues: Each is one conversation.

    Returns:
        What was read.
    """
    outcomes = [Outcome(message, await bot.say(await bot.start(), message.text)) for message in messages]
    talks = []
    for dialogue in dialogues:
        conversation = await bot.start()
        turns = [TurnOutcome(turn, await bot.say(conversation, turn.text)) for turn in dialogue.turns]
        talks.append((dialogue, tuple(turns)))
    return Result(tuple(outcomes), tuple(talks))


def table(result: Result) -> str:
    """Write the result as text.

    Args:
        result: What was measured.

    Returns:
        A table with 95 % intervals and every miss with its reasons.
    """
    lines: list[str] = []
    if result.outcomes:
        lines += ["", f"{'measure':34} {'share':>7}  {'95 % interval':>16}  count"]
        lines += [row(name, share) for name, share in measure(result.outcomes)]
        seconds = sorted(outcome.reply.seconds for outcome in result.outcomes)
        middle, late = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.95)]
        lines += [f"{'time for a message':34} median {middle * 1000:.1f} ms, 95th percentile {late * 1000:.1f} ms"]
        lines += ["", "Misses:"]
        lines += [_miss(outcome.message, outcome.reply) for outcome in result.outcomes if not outcome.right] or ["none"]
    if result.dialogues:
        whole = sum(all(turn.right for turn in turns) for _, turns in result.dialogues)
        lines += ["", row("dialogues whole", Share(whole, len(result.dialogues)))]
        for dialogue, turns in result.dialogues:
            for number, turn in enumerate(turns, start=1):
                if not turn.right:
                    lines.append(f"{dialogue.id}, turn {number}: {_miss(turn.message, turn.reply)}")
    return "\n".join(lines) + "\n"


def row(name: str, share: Share) -> str:
    """Write one measure as a line: its name, share, 95 % interval and counts.

    Args:
        name: Of the measure.
        share: Its value.
    """
    low, high = share.interval
    return f"{name:34} {share.value:7.1%}  {low:7.1%} – {high:6.1%}  {share.hits}/{share.total}"


def _miss(message: LabelledMessage, reply: Reply) -> str:
    reasons = "; ".join(reply.reasons)
    return f"  expected {message.expect}, got {reply.route.value} {reply.intent} ({reasons}): {message.text}"
