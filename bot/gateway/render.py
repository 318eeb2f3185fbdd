"""Pages made of approved words: templates that hold structure, and labels that are blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.blocks.block import Source
from bot.blocks.contacts import load_contacts
from bot.blocks.library import Library
from bot.blocks.reviews import is_overdue
from bot.gateway.turn import Message, Turn
from bot.gateway.words import call_link, linked, links, paragraphs

TEMPLATES = Path(__file__).parent / "templates"
HELPLINE = "house.helpline"


@dataclass(frozen=True)
class Passage:
    """Messages of one turn that belong together: from one leaflet, or the product's own.

    Attributes:
        source: The leaflet, or None.
        messages: The messages, in order.
        overdue: Whether the leaflet's review is overdue.
    """

    source: Source | None
    messages: tuple[Message, ...]
    overdue: bool


class Renderer:
    """Renders templates.

    Attributes:
        library: The approved text.
        numbers: Where the numbers of the contacts lead, by number.
    """

    def __init__(self, library: Library, approved_dir: Path) -> None:
        """Make it.

        Args:
            library: The approved text.
            approved_dir: The folder of the contacts.

        Raises:
            SignpostError: E100, the contacts cannot be read.
        """
        self.library = library
        self.numbers = links(load_contacts(approved_dir))
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=select_autoescape(default=True, disabled_extensions=("txt",)),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.filters["linked"] = lambda text: linked(text, self.numbers)
        self._templates.filters["call_link"] = lambda text: call_link(text, self.numbers)
        self._templates.filters["paragraphs"] = lambda text: paragraphs(text, self.numbers)
        self._templates.globals.update(label=self.label, passages=passages, HELPLINE=HELPLINE)

    def label(self, name: str) -> str:
        """Return the text of a label.

        Args:
            name: The block's id without "page.".

        Returns:
            Its words.

        Raises:
            SignpostError: E102, there is no such block.
        """
        return self.library.get(f"page.{name}", where="the chat page").text

    def render(self, template: str, **context: Any) -> str:
        """Render a template.

        Args:
            template: Its file name.
            **context: What it is given beside labels.

        Returns:
            The page.
        """
        return self._templates.get_template(template).render(**context)


def passages(turn: Turn) -> Iterator[Passage]:
    """Put the messages of one leaflet together.

    Args:
        turn: What is said.

    Yields:
        The passages, in order.
    """
    today = date.today()
    for source, messages in groupby(turn.messages, key=lambda message: message.block.source):
        yield Passage(source, tuple(messages), source is not None and is_overdue(source, today))


def sources(library: Library) -> list[Passage]:
    """Return every leaflet as a passage without words, to show where an answer comes from.

    Args:
        library: The approved text.

    Returns:
        The passages.
    """
    today = date.today()
    known = dict.fromkeys(block.source for block in library if block.source)
    return [Passage(source, (), is_overdue(source, today)) for source in known if source]
