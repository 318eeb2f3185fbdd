"""Text as the classifier sees it: cleaned, and cut into windows where a message is long."""

from __future__ import annotations

import re
import unicodedata

from bot.privacy.redact import WORDS

# A message up to this long says one thing; a longer one may hide a sentence that matters in a calm paragraph.
LONG_WORDS = 24
WINDOW_WORDS = 16

_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "\u201c": '"', "\u201d": '"'})
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# What redaction puts in the place of names and numbers says nothing about what was asked.
_TAKEN_OUT = re.compile("|".join(map(re.escape, WORDS.values())))
_SPACE = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


def plain(text: str) -> str:
    """Return a text in the one form that is compared.

    NFKC, case folded, straight quotes, single spaces, and without the marks of redaction.

    Args:
        text: Any text.

    Returns:
        The cleaned text.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _TAKEN_OUT.sub(" ", text))).translate(_QUOTES)
    return _SPACE.sub(" ", text).strip().casefold()


def windows(text: str) -> list[str]:
    """Cut a long message into overlapping pieces, so that each can be looked at by itself.

    Args:
        text: Any text.

    Returns:
        Its sentences, and overlapping runs of words where a sentence is long; an empty list for a short message,
        which is looked at whole only.
    """
    if len(text.split()) <= LONG_WORDS:
        return []
    pieces: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        words = sentence.split()
        if len(words) <= LONG_WORDS:
            if words:
                pieces.append(" ".join(words))
            continue
        step = WINDOW_WORDS // 2
        pieces += [" ".join(words[start : start + WINDOW_WORDS]) for start in range(0, len(words) - step, step)]
    return pieces
