"""The domain names ids and holds no words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.blocks.checks.material import Problem
from bot.errors import Code
from bot.places import place_of

_ID = re.compile(r"@?[a-z0-9_]+(\.[a-z0-9_]+)*")
# Keys under which Rasa would say something itself, whatever stands there.
_SPEAKING = frozenset({"text", "buttons", "image", "attachment", "elements", "quick_replies", "title", "payload"})


def domain_holds_no_words(domain: Any, path: Path) -> Iterator[Problem]:
    """Nothing in the domain could be said: every key and every text is an id, and no key is one that Rasa speaks.

    Args:
        domain: What the file holds.
        path: The file, for messages.

    Yields:
        One problem for every place.
    """
    for where, key, words in _places(domain, (), ""):
        if words:
            yield Problem.of(
                Code.E107, place_of(path, *where), where=f"{path.name}, {'.'.join(where) or 'top level'}", key=key
            )


def _places(node: Any, where: tuple[str, ...], key: str) -> Iterator[tuple[tuple[str, ...], str, bool]]:
    """Go through all keys and values: under what they stand, the nearest key, and whether they are words."""
    if isinstance(node, dict):
        for name, child in node.items():
            name = str(name)
            yield where, name, name in _SPEAKING or not _ID.fullmatch(name)
            if name not in _SPEAKING:
                yield from _places(child, (*where, name)[:2], name)
    elif isinstance(node, list):
        for child in node:
            yield from _places(child, where, key)
    else:
        yield where, key, isinstance(node, str) and not _ID.fullmatch(node)
