"""The safeguarding checklist of the two top levels, read from `data/desk/` or the charity's own folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from bot.errors import Code, SignpostError
from bot.routes import Level
from bot.triage.targets import read_mapping

CHECKLIST_FILE = "checklist.yml"
LEVELS = (Level.IMMEDIATE, Level.URGENT)
_ID = re.compile(r"[a-z][a-z_]{1,30}")


class Answer(str, Enum):
    """What can be said of an item of the checklist."""

    DONE = "done"
    NOT_NEEDED = "not_needed"
    NOT_POSSIBLE = "not_possible"


@dataclass(frozen=True)
class Checklist:
    """What is asked before a case is closed.

    Attributes:
        items: Sentences by id, for each of the two top levels.
        confirmed_by: Who of the charity decided on them, and when; None while they are Signpost's defaults.
    """

    items: Mapping[Level, Mapping[str, str]]
    confirmed_by: str | None

    @property
    def are_defaults(self) -> bool:
        """Whether nobody of the charity has confirmed these items."""
        return self.confirmed_by is None

    def of(self, level: Level) -> Mapping[str, str]:
        """Return the items of a level; there are none for the two lower ones."""
        return self.items.get(level, {})

    @classmethod
    def load(cls, folder: Path) -> Checklist:
        """Read a checklist.

        Args:
            folder: Holds `checklist.yml` (Settings.desk_dir).

        Returns:
            The checklist.

        Raises:
            SignpostError: E610, the file is missing or has another form.
        """
        path = folder / CHECKLIST_FILE
        data = read_mapping(path)
        items: dict[Level, Mapping[str, str]] = {}
        for level in LEVELS:
            found = data.get(level.value)
            if not isinstance(found, dict) or not found:
                raise SignpostError(Code.E610, path=path, problem=f"{level.value} has no items")
            if not all(isinstance(text, str) and _ID.fullmatch(str(id_)) for id_, text in found.items()):
                raise SignpostError(Code.E610, path=path, problem=f"an item of {level.value} is not `id: sentence`")
            items[level] = found
        confirmed_by = data.get("confirmed_by")
        return cls(items, None if confirmed_by is None else str(confirmed_by))
