"""Numbers, seals and signatures: what vouches for a block besides its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from bot.blocks.checks.material import Material, Problem
from bot.blocks.contacts import FILE as CONTACTS
from bot.blocks.contacts import PENDING, find_numbers
from bot.errors import Code
from bot.places import place_of

RECHECK_AFTER = timedelta(days=365)
"""A number is compared with its source once a year."""


def numbers_are_contacts(material: Material) -> Iterator[Problem]:
    """Every number in a block is a contact's, written as the contact writes it."""
    known = {contact.number for contact in material.contacts}
    for block in material.library:
        for mention in find_numbers(block.text):
            if mention.number not in known:
                yield Problem.of(
                    Code.E104, material.at_block(block.id), id=block.id, number=mention.number, contacts=CONTACTS
                )


def contacts_are_fresh(material: Material) -> Iterator[Problem]:
    """Every contact was checked within a year, and somebody has confirmed it."""
    for contact in material.contacts:
        if material.today - contact.checked > RECHECK_AFTER:
            yield Problem.of(
                Code.W103, material.at_contact(contact.id), id=contact.id, checked=contact.checked.isoformat()
            )
    pending = [contact.id for contact in material.contacts if contact.confirmed_by == PENDING]
    if pending:
        yield Problem.of(Code.W104, material.at_contact(pending[0]), count=len(pending), ids=", ".join(pending))


def seals_are_whole(material: Material) -> Iterator[Problem]:
    """Every block is sealed, with the digest of the text that it has, and every seal has its block."""
    for block in material.library:
        sealed = material.seals.get(block.id)
        if sealed is None:
            yield Problem.of(Code.E111, material.at_block(block.id), id=block.id)
        elif sealed != block.sha256:
            yield Problem.of(Code.E105, material.at_block(block.id), id=block.id)
    for id_ in material.seals:
        if id_ not in material.library:
            yield Problem.of(Code.E108, material.at_block(id_), id=id_)


def blocks_are_signed(material: Material) -> Iterator[Problem]:
    """Somebody has signed every block; those who wait are counted, a file a warning."""
    files = Counter(material.library.files[block.id] for block in material.library if block.sign_off == PENDING)
    for path, count in sorted(files.items()):
        yield Problem.of(Code.W102, place_of(path, "sign_off"), count=count, file=path.name)


def texts_are_unique(material: Material) -> Iterator[Problem]:
    """No two blocks have the same text."""
    first: dict[str, str] = {}
    for block in material.library:
        if block.text in first:
            yield Problem.of(Code.W106, material.at_block(block.id), first=first[block.text], second=block.id)
        first.setdefault(block.text, block.id)
