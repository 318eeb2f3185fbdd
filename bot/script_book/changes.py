"""What differs between two editions, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from bot.script_book.edition import Edition, Reply, Words


@dataclass(frozen=True)
class Piece:
    """Words that stayed, went or came.

    Attributes:
        kind: Which of these.
        text: The words, with the white space among and after them.
    """

    kind: Literal["same", "removed", "added"]
    text: str


@dataclass(frozen=True)
class Change:
    """A block that differs.

    Attributes:
        id: The block's id.
        kind: "added", "removed", "reworded", or "record": only its source, dates or sign-off differ.
        pieces: Its words, old and new.
        notes: What else differs, in sentences.
    """

    id: str
    kind: Literal["added", "removed", "reworded", "record"]
    pieces: tuple[Piece, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReplyChange:
    """A reply that differs.

    Attributes:
        intent: Its intent.
        before: What it was; None where it is new.
        now: What it is; None where it is gone.
    """

    intent: str
    before: Reply | None
    now: Reply | None


@dataclass(frozen=True)
class ContactChange:
    """A number that differs.

    Attributes:
        what_for: What it is for.
        before: What it was; None where it is new.
        now: What it is; None where it is gone.
    """

    what_for: str
    before: str | None
    now: str | None


@dataclass(frozen=True)
class Changes:
    """Everything that differs.

    Attributes:
        since: The name of the earlier edition.
        fingerprint: The digest of the earlier edition.
        blocks: Blocks that differ: reworded, added, removed, then records.
        replies: Replies that differ.
        contacts: Numbers that differ.
    """

    since: str
    fingerprint: str
    blocks: tuple[Change, ...]
    replies: tuple[ReplyChange, ...]
    contacts: tuple[ContactChange, ...]

    @classmethod
    def between(cls, before: Edition, now: Edition) -> Changes:
        """Compare two editions.

        Args:
            before: The earlier one.
            now: The later one.

        Returns:
            What differs.
        """
        order = ("reworded", "added", "removed", "record")
        blocks = sorted(_blocks(before, now), key=lambda change: order.index(change.kind))
        replies = (
            ReplyChange(intent, before.replies.get(intent), now.replies.get(intent))
            for intent in dict.fromkeys((*now.replies, *before.replies))
        )
        contacts = (
            ContactChange(what_for, before.contacts.get(what_for), now.contacts.get(what_for))
            for what_for in dict.fromkeys((*now.contacts, *before.contacts))
        )
        return cls(
            before.name,
            before.fingerprint,
            tuple(blocks),
            tuple(change for change in replies if change.before != change.now),
            tuple(change for change in contacts if change.before != change.now),
        )

    def count(self, kind: str) -> int:
        """Count the blocks that differ in one way.

        Args:
            kind: As `Change.kind`.
        """
        return sum(change.kind == kind for change in self.blocks)

    def of(self, id_: str) -> Change | None:
        """Return how a block differs.

        Args:
            id_: The block's id.

        Returns:
            The change; None where it is the same.
        """
        return next((change for change in self.blocks if change.id == id_), None)


def compare_words(before: str, now: str) -> tuple[Piece, ...]:
    """Compare two texts word by word.

    Args:
        before: The earlier text.
        now: The later text.

    Returns:
        The pieces in reading order. Those that are not "added" make the earlier text, those that are not "removed" the
        later one, to the character.
    """
    old, new = _words(before), _words(now)
    pieces: list[Piece] = []

    def add(kind: Literal["same", "removed", "added"], words: list[str]) -> None:
        if words:
            pieces.append(Piece(kind, "".join(words)))

    for what, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            add("same", old[start:end])
        else:
            add("removed", old[start:end])
            add("added", new[new_start:new_end])
    return tuple(pieces)


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|\w+(?:[’'\-]\w+)*|[^\w\s]", text)


def _blocks(before: Edition, now: Edition) -> Iterator[Change]:
    for id_ in dict.fromkeys((*now.blocks, *before.blocks)):
        old, new = before.blocks.get(id_), now.blocks.get(id_)
        if old == new:
            continue
        if old is None or new is None:
            there = old or new
            kind: Literal["removed", "added"] = "removed" if new is None else "added"
            yield Change(id_, kind, (Piece(kind, there.text),) if there else ())
        else:
            reworded = old.text != new.text
            pieces = compare_words(old.text, new.text) if reworded else ()
            yield Change(id_, "reworded" if reworded else "record", pieces, tuple(_notes(old, new)))


def _notes(old: Words, new: Words) -> Iterator[str]:
    for name, told in (
        ("sign_off", "Sign-off"),
        ("source", "Leaflet"),
        ("last_reviewed", "Last reviewed"),
        ("next_review", "Next planned review"),
    ):
        was, is_ = getattr(old, name), getattr(new, name)
        if was != is_:
            yield f"{told}: was {was or 'none'}, is {is_ or 'none'}."
