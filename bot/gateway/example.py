"""The example at `/`: a leaflet as a charity's page shows it, with the chat on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route as Path

from bot.blocks.checks.leaflets import FURNITURE
from bot.gateway.headers import EXAMPLE
from bot.gateway.render import Renderer, sources

_NUMBERED = re.compile(r"\d+\.\s")
_LONGEST_HEADING = 60


@dataclass(frozen=True)
class Part:
    """A piece of a leaflet.

    Attributes:
        kind: What it is: "contents" is one line of the list of contents, "back" leads back to the top.
        text: Its words, as the leaflet has them.
        anchor: Of a section's heading and of its line in the contents: the number that they share.
    """

    kind: Literal["title", "text", "contents", "section", "heading", "back"]
    text: str
    anchor: str = ""


def parts_of(leaflet: str) -> Iterator[Part]:
    """Take a leaflet's text apart by its form: nothing of it is changed but the white space round its paragraphs.

    Args:
        leaflet: The whole text. Its first paragraph is its title.

    Yields:
        Its pieces in order.
    """
    listed: set[str] = set()
    kind: Literal["title", "text", "heading"] = "title"
    for paragraph in re.split(r"\n(?:[ \t]*\n)+", leaflet.strip("\n")):
        lines = [line.strip() for line in paragraph.split("\n")]
        if all(_NUMBERED.match(line) for line in lines):
            for line in lines:
                number = line.partition(".")[0]
                yield Part("section" if number in listed else "contents", line, number)
                listed.add(number)
        elif paragraph.strip() in FURNITURE:
            yield Part("back", paragraph.strip())
        else:
            if kind != "title":
                kind = "heading" if _is_heading(lines) else "text"
            yield Part(kind, paragraph.strip("\n"))
        kind = "text"


def _is_heading(lines: list[str]) -> bool:
    """A line by itself, short and without an end like a sentence's."""
    return len(lines) == 1 and len(lines[0]) <= _LONGEST_HEADING and lines[0][-1:].isalpha()


class Example:
    """The example's address."""

    def __init__(self, renderer: Renderer) -> None:
        """Make it of the first leaflet.

        Args:
            renderer: Words and templates.

        Raises:
            SignpostError: E102, a label is missing.
        """
        passage = sources(renderer.library)[0]
        parts = list(parts_of(renderer.library.leaflets[passage.source.id if passage.source else ""]))
        self._page = renderer.render("example.html", passage=passage, parts=parts)

    @property
    def routes(self) -> list[Path]:
        """The address."""
        return [Path(EXAMPLE, self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        """Show it."""
        return HTMLResponse(self._page)
