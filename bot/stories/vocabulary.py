"""The ids that a story may name: blocks, replies, routes, choices, levels of cases, slots."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.blocks.library import Library, read_mapping
from bot.blocks.script import Script
from bot.gateway.turn import CHOICE
from bot.routes import Level, Route
from bot.settings import Settings
from bot.stories.story import Key

NO_CASE = "none"
_OF_RASA = ("requested_slot", "session_started_metadata")
"""Slots that Rasa adds to every domain."""


@dataclass(frozen=True)
class Vocabulary:
    """Everything that a story may name, and the words behind it.

    Attributes:
        library: The approved text.
        script: Which blocks each reply says.
        slots: Names of the slots.
    """

    library: Library
    script: Script
    slots: tuple[str, ...] = _OF_RASA

    @classmethod
    def load(cls, settings: Settings) -> Vocabulary:
        """Read what there is.

        Args:
            settings: The settings.

        Returns:
            The vocabulary.

        Raises:
            SignpostError: E100, E107 or E400, approved text or the domain is not of the right form.
        """
        slots = read_mapping(settings.domain_file).get("slots") or {}
        return cls(
            Library.load(settings.approved_dir), Script.load(settings.domain_file), (*map(str, slots), *_OF_RASA)
        )

    def ids(self, key: Key) -> tuple[str, ...]:
        """Return the ids that may stand behind a key.

        Args:
            key: A key whose values are ids or slots.

        Returns:
            All of them.
        """
        return self._ids()[key]

    def title(self, choice: str) -> str:
        """Return the title of a choice, or nothing where it has none.

        Args:
            choice: Its id.
        """
        return self.library[CHOICE + choice].text if CHOICE + choice in self.library else ""

    def text(self, block: str) -> str:
        """Return the text of a block, or nothing where there is none.

        Args:
            block: Its id.
        """
        return self.library[block].text if block in self.library else ""

    def _ids(self) -> Mapping[Key, tuple[str, ...]]:
        blocks = tuple(block.id for block in self.library)
        choices = tuple(id_.removeprefix(CHOICE) for id_ in blocks if id_.startswith(CHOICE))
        return {
            Key.BLOCK: blocks,
            Key.BLOCKS: blocks,
            Key.UTTER: tuple(line.utter for line in self.script),
            Key.ROUTE: tuple(route.value for route in Route),
            Key.CHOICES: choices,
            Key.CHOOSE: choices,
            Key.CASE: (*(level.value for level in Level), NO_CASE),
            Key.ENGINE: ("away", "back"),
            Key.SLOT_WAS_SET: self.slots,
            Key.SLOT_WAS_NOT_SET: self.slots,
        }


def hint(wrong: str, known: Iterable[str], *, listed: int = 16) -> str:
    """Say what may have been meant.

    Args:
        wrong: What stands there.
        known: What could stand there.
        listed: How many there may be for all of them to be named.

    Returns:
        "Did you mean …?", or all that there are, or where to look.
    """
    options = list(known)
    near = difflib.get_close_matches(wrong, options, n=3, cutoff=0.7)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    if len(options) <= listed:
        return f"Known here: {', '.join(options)}."
    return "`python -m bot blocks` lists blocks and choices, domain.yml replies."
