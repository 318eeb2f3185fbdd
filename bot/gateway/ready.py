"""Readiness: fixed sample messages, three of them about a crisis, are answered byte for byte by the whole way."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as Path

from bot.blocks.library import read_mapping
from bot.errors import Code, SignpostError
from bot.gateway.answer import Answerer
from bot.gateway.refusal import Refused
from bot.routes import Route

SAMPLES = FilePath(__file__).resolve().parent.parent.parent / "data" / "ready" / "samples.yml"
CONVERSATION = "ready-"
"""How the ids of the throw-away conversations begin. No conversation of a visitor begins so: theirs are UUIDs."""
FRESH_SECONDS = 15.0
"""How long a success counts. A failure counts only for those who asked meanwhile."""


@dataclass(frozen=True)
class Sample:
    """A message whose answer is known.

    Attributes:
        id: Short name, told when it fails.
        text: The message.
        route: Where it must go.
        blocks: Ids of the blocks that must be said, in order.
    """

    id: str
    text: str
    route: Route
    blocks: tuple[str, ...]


def load_samples(path: FilePath = SAMPLES) -> tuple[Sample, ...]:
    """Read the samples.

    Args:
        path: Usually `data/ready/samples.yml`.

    Returns:
        The samples in the order of the file.

    Raises:
        SignpostError: E100, the file is not of the right form.
    """
    data = read_mapping(path)
    try:
        return tuple(
            Sample(id_, entry["text"], Route(entry["route"]), tuple(entry["blocks"])) for id_, entry in data.items()
        )
    except (KeyError, TypeError, ValueError):
        raise SignpostError(Code.E100, path=path, problem="a sample needs text, route and blocks") from None


class Readiness:
    """Checks the samples on demand."""

    def __init__(
        self, answerer: Answerer, database: Callable[[], Awaitable[bool]], samples: tuple[Sample, ...]
    ) -> None:
        """Make it.

        Args:
            answerer: Answers messages.
            database: Says whether the database can be reached.
            samples: The samples.
        """
        self._answerer = answerer
        self._database = database
        self._samples = samples
        self._lock = asyncio.Lock()
        self._fresh_until = 0.0

    @property
    def routes(self) -> list[Path]:
        """The address of the check."""
        return [Path("/readyz", self.ready, methods=["GET"])]

    async def ready(self, request: Request) -> Response:
        """Answer 200 when all is well, otherwise 503 with the name of the check that failed."""
        loop = asyncio.get_running_loop()
        async with self._lock:
            if loop.time() >= self._fresh_until:
                try:
                    await self.check()
                except Refused as refused:
                    content: dict[str, Any] = {"ready": False, "error": refused.to_dict()}
                    return JSONResponse(content, status_code=refused.status)
                self._fresh_until = loop.time() + FRESH_SECONDS
        return JSONResponse({"ready": True})

    async def check(self) -> None:
        """Check the database and each sample, until one fails.

        Raises:
            Refused: E514, with the name of the check and what was wrong.
        """
        if not await self._database():
            raise Refused(Code.E514, check="database", problem="it cannot be reached")
        for sample in self._samples:
            problem = await self._problem(sample)
            if problem is not None:
                raise Refused(Code.E514, check=sample.id, problem=problem)

    async def _problem(self, sample: Sample) -> str | None:
        conversation = CONVERSATION + secrets.token_hex(8)
        answer = await self._answerer.answer(conversation, "ready", text=sample.text)
        if answer.failure is not None:
            return answer.failure
        if answer.route is not sample.route:
            return f"route {answer.route.value}"
        library = self._answerer.library
        if [block.text for block in answer.blocks] != [library[id_].text for id_ in sample.blocks]:
            return "other words"
        return None
