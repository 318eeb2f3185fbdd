"""A block: a piece of fixed text with an id. Everything that the bot can say is one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Source:
    """The leaflet that a block was taken from.

    Attributes:
        id: Short name of the leaflet, such as "secondary".
        title: Title as printed on the leaflet.
        publisher: Publisher as the leaflet names it.
        last_reviewed: As printed: "December 2015".
        next_review: As printed: "2017".
        sha256: Hex digest of the whole approved text of the leaflet.
        sign_off: Who approved this edition, or "pending".
    """

    id: str
    title: str
    publisher: str
    last_reviewed: str
    next_review: str
    sha256: str
    sign_off: str


@dataclass(frozen=True)
class Block:
    """A piece of fixed text that may be said as it stands, and only so.

    Attributes:
        id: Unique id, such as "secondary.outlook", "house.crisis_self", "choice.ask_outlook" or "page.send".
        text: The words, byte for byte.
        source: The leaflet it was taken from; None for a house block.
        sign_off: Who approved it, or "pending".
    """

    id: str
    text: str
    source: Source | None = None
    sign_off: str = "pending"

    @property
    def kind(self) -> Literal["leaflet", "house"]:
        """Whether these are the leaflet's words or the product's own."""
        return "leaflet" if self.source else "house"

    @property
    def sha256(self) -> str:
        """Hex digest of the UTF-8 text."""
        return digest(self.text)


def digest(text: str) -> str:
    """Return the sha256 of a text.

    Args:
        text: Any text.

    Returns:
        Hex digest of its UTF-8 bytes, 64 characters.
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
