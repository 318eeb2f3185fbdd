"""What the checks read, and what they find."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from bot.blocks.contacts import FILE as CONTACTS
from bot.blocks.contacts import Contact
from bot.blocks.library import Library
from bot.blocks.script import Script
from bot.blocks.seal import FILE as SEALS
from bot.errors import Code, SignpostError
from bot.places import Place, place_of
from bot.settings import ROOT


@dataclass(frozen=True)
class Problem:
    """Something that a check found.

    Attributes:
        code: The code of the catalogue.
        message: What is wrong and what to do, beginning with the code.
        severity: An error fails `bot check`; a warning is shown.
        place: Where to look; None where the message names the file and there is no better place.
    """

    code: Code
    message: str
    severity: Literal["error", "warning"]
    place: Place | None = None

    @classmethod
    def of(cls, code: Code, at: Place | None = None, **values: Any) -> Problem:
        """Make a problem; the code's letter says how severe it is.

        Args:
            code: Which message of the catalogue.
            at: Where to look.
            **values: What its placeholders stand for.

        Returns:
            The problem.
        """
        return cls(code, code.text(**values), "warning" if code.name.startswith("W") else "error", at)

    @classmethod
    def from_error(cls, error: SignpostError, at: Place | None = None) -> Problem:
        """Make a problem of an error that reading raised.

        Args:
            error: The error.
            at: Where to look.

        Returns:
            The problem.
        """
        return cls(error.code, str(error), "error", at or _place_in(error))

    def __str__(self) -> str:
        """Return the problem in one line: where, which code, what to do."""
        return f"{self.place}: {self.message}" if self.place else self.message


def _place_in(error: SignpostError) -> Place | None:
    """Return the place that an error of reading names, in whichever way it does."""
    path, line = error.values.get("path"), error.values.get("line")
    if not isinstance(path, Path):
        return None
    told = re.match(r"line (\d+)", str(error.values.get("problem", "")))
    return Place(path, int(line or (told[1] if told else 1)))


@dataclass(frozen=True)
class Material:
    """Everything that is checked, read once.

    Attributes:
        library: All blocks.
        contacts: All numbers that blocks may mention.
        seals: Digests by block id.
        script: What each reply says; None where the domain cannot be read, which is a problem of its own.
        today: The day by which dates are judged.
        code_dir: Folder of the code and templates that name `page.` blocks.
        domain_file: The domain that the script was read from.
        approved: Folder of the approved text.
    """

    library: Library
    contacts: tuple[Contact, ...]
    seals: dict[str, str]
    script: Script | None
    today: date
    code_dir: Path = field(repr=False)
    domain_file: Path = field(default=ROOT / "domain.yml", repr=False)
    approved: Path = field(default=ROOT / "data" / "approved", repr=False)

    def at_block(self, id_: str) -> Place:
        """Return where a block stands, or where its seal does if there is no such block.

        Args:
            id_: The block's id.
        """
        path = self.library.files.get(id_)
        if path is None:
            return place_of(self.approved / SEALS, "seals", id_)
        leaflet_line = place_of(path, "blocks", id_.partition(".")[2])
        return leaflet_line if id_ in self.library and self.library[id_].source else place_of(path, "blocks", id_)

    def at_leaflet(self, id_: str, key: str = "id") -> Place:
        """Return where a line of a leaflet's front matter stands.

        Args:
            id_: The leaflet's id.
            key: The name of the line.
        """
        ids = [block.id for block in self.library if block.source and block.source.id == id_]
        files = (self.library.files[block] for block in ids if block in self.library.files)
        return place_of(next(files, self.approved), key)

    def at_reply(self, utter: str) -> Place:
        """Return where a reply stands.

        Args:
            utter: Its name.
        """
        return place_of(self.domain_file, "responses", utter)

    def at_contact(self, id_: str) -> Place:
        """Return where a contact stands.

        Args:
            id_: Its id.
        """
        return place_of(self.approved / CONTACTS, "contacts", id_)
