"""What a visitor may type instead of pressing a button for it."""

from __future__ import annotations

import re

DELETE = (
    r"(please )?(can you |could you )?(delete|erase|remove|wipe|clear) "
    r"(all of |all )?(this |my |the |our )?(whole |entire )?(chat|conversation|messages|(chat )?history)( please| now)?"
)
"""Typed words that ask to delete the chat, without signs and in small letters. The panel's script uses it as well."""

_DELETE = re.compile(DELETE)


def wants_deletion(text: str) -> bool:
    """Say whether a message asks to delete the chat, and nothing else. The visitor is asked once more in any case.

    Args:
        text: What was written.

    Returns:
        Whether it does.
    """
    words = re.sub(r"[^a-z]+", " ", text.lower()).strip()
    return _DELETE.fullmatch(words) is not None
