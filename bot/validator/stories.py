"""Rules, stories and test cases as they stand in their files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.blocks.library import read_mapping
from bot.places import Place, place_of

_KINDS = {"rules": "rule", "stories": "story", "test_cases": "test_case"}


@dataclass(frozen=True)
class Told:
    """A rule, a story or a test case.

    Attributes:
        kind: "rule", "story" or "test_case".
        title: Its title; empty where it has none.
        steps: Its steps as they stand.
        place: Where it stands.
    """

    kind: str
    title: str
    steps: tuple[dict[str, Any], ...]
    place: Place

    def of(self, key: str) -> list[str]:
        """Return what the steps name under a key, such as "intent" or "action".

        Args:
            key: The key.
        """
        return [str(step[key]) for step in self.steps if key in step]


def read_told(path: Path) -> Iterator[Told]:
    """Read the rules, stories or test cases of a file.

    Args:
        path: A YAML file.

    Yields:
        Each of them in order.

    Raises:
        SignpostError: E100, the file cannot be read.
    """
    data = read_mapping(path)
    for key, kind in _KINDS.items():
        entries = data.get(key)
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            told = entry if isinstance(entry, dict) else {}
            title, steps = told.get(kind), told.get("steps")
            mappings = tuple(step for step in (steps if isinstance(steps, list) else ()) if isinstance(step, dict))
            yield Told(kind, str(title or "").strip(), mappings, place_of(path, key, str(number)))
