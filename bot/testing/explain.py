"""`python -m bot explain`: how one message is decided, step by step."""

from __future__ import annotations

import asyncio

from bot.settings import Settings
from bot.testing.bots import in_process


def explain(text: str) -> str:
    """Decide one message and say why.

    Args:
        text: The message.

    Returns:
        Route, intent, reasons, blocks and choices, one a line.

    Raises:
        SignpostError: E403, there is no model.
    """

    async def ask() -> str:
        bot = in_process(Settings.load())
        reply = await bot.say(await bot.start(), text)
        lines = [f"route    {reply.route.value}", f"intent   {reply.intent}"]
        lines += [f"because  {reason}" for reason in reply.reasons]
        lines += [f"says     {' '.join(said.split())[:100]}" for said in reply.texts]
        lines += [f"offers   {choice}" for choice in reply.choices]
        return "\n".join(lines)

    return asyncio.run(ask())
