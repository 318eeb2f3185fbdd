"""Places: the file and line of a thing, so that whoever reads a finding can go there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file.

    Attributes:
        path: The file.
        line: The line, from 1.
    """

    path: Path
    line: int = 1

    def __str__(self) -> str:
        """Return "path:line", as editors read it; below the project, the path is the one from its top."""
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return f"{path}:{self.line}"


def place_of(path: Path, *keys: str) -> Place:
    """Find where something stands in a YAML file.

    Args:
        path: A YAML file.
        *keys: The keys that lead to it from the top. An item of a list is named by its number from 0 or, where it is a
            plain word, by that word.

    Returns:
        The place of the last of the keys that is there; the first line where none is, or where the file cannot be read.
    """
    try:
        stamp = path.stat()
    except OSError:
        return Place(path)
    lines = _lines(path, stamp.st_mtime_ns, stamp.st_size)
    for end in range(len(keys), 0, -1):
        if line := lines.get(keys[:end]):
            return Place(path, line)
    return Place(path)


@lru_cache(maxsize=64)
def _lines(path: Path, changed: int, size: int) -> dict[tuple[str, ...], int]:
    """Lines by keys. When the file was changed and its size tell a changed file from the one that was read before."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return dict(_walk(root, ())) if root else {}


def _walk(node: yaml.Node, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = (*keys, str(key.value))
            yield below, key.start_mark.line + 1
            yield from _walk(value, below)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            line = value.start_mark.line + 1
            yield (*keys, str(number)), line
            if isinstance(value, yaml.ScalarNode):
                yield (*keys, str(value.value)), line
            yield from _walk(value, (*keys, str(number)))
