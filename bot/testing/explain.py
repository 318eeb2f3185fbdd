"""`python -m bot explain`: how one message is decided, step by step."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from bot.settings import Settings
from bot.testing.bots import in_process, without_noise
from bot.testing.labels import Reply

_INDENT = 9


def explain(text: str) -> str:
    """Decide one message and say why.

    Args:
        text: The message.

    Returns:
        Route, level of the case that it opens, intent, reasons, whole texts and choices, each with its label.

    Raises:
        SignpostError: E403, there is no model.
    """

    async def ask() -> Reply:
        with without_noise():
            bot = in_process(Settings.load())
            return await bot.say(await bot.start(), text)

    return "\n".join(lines_of(asyncio.run(ask())))


def lines_of(reply: Reply) -> Iterator[str]:
    """Write down a reply and why it is given.

    Args:
        reply: The reply, seen from inside.

    Yields:
        Lines, each with its label; the further lines of a text are indented.
    """
    level = reply.route.level
    yield f"route    {reply.route.value}"
    yield f"case     {level.value if level else 'none'}"
    yield f"intent   {reply.intent}"
    yield from (f"because  {reason}" for reason in reply.reasons)
    for said in reply.texts:
        first, *rest = said.splitlines()
        yield f"says     {first}"
        yield from (f"{'':{_INDENT}}{line}".rstrip() for line in rest)
    yield from (f"offers   {choice}" for choice in reply.choices)
