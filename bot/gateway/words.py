"""Approved text as HTML: paragraphs, lists and links to call, without a change to any character of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby

from markupsafe import Markup, escape

from bot.blocks.contacts import Contact, find_numbers

BULLET = "• "
_TEXTED = "shout"
"""The contact that is texted, not called."""
_NOT_LINKED = ("relay", "relay_emergency")
"""Contacts of a relay service: its app or textphone dials them, a call by voice reaches nobody."""


def links(contacts: tuple[Contact, ...]) -> dict[str, str]:
    """Return where the numbers of the contacts lead.

    Args:
        contacts: The contacts.

    Returns:
        A tel: or sms: address by number, as blocks write the number.
    """
    schemes = {
        contact: "sms" if contact.id == _TEXTED else "tel" for contact in contacts if contact.id not in _NOT_LINKED
    }
    return {contact.number: f"{scheme}:{contact.number.replace(' ', '')}" for contact, scheme in schemes.items()}


def parts(text: str, numbers: Mapping[str, str]) -> list[str | tuple[str, str]]:
    """Take the numbers of a text out of the rest.

    Args:
        text: Approved text.
        numbers: Addresses by number, from `links`.

    Returns:
        The text in pieces that make it up to the character. A number that leads somewhere is a pair of itself and its
        address.
    """
    pieces: list[str | tuple[str, str]] = []
    end = 0
    for mention in find_numbers(text):
        if address := numbers.get(mention.number):
            pieces += [text[end : mention.start], (text[mention.start : mention.end], address)]
            end = mention.end
    return [piece for piece in (*pieces, text[end:]) if piece]


def linked(text: str, numbers: Mapping[str, str]) -> Markup:
    """Make the numbers of a text into links.

    Args:
        text: Approved text.
        numbers: Addresses by number, from `links`.

    Returns:
        HTML whose text is the text, to the character.
    """
    link = Markup('<a class="number" href="{}">{}</a>')
    pieces = parts(text, numbers)
    return Markup("").join(
        escape(piece) if isinstance(piece, str) else link.format(piece[1], piece[0]) for piece in pieces
    )


def call_link(text: str, numbers: Mapping[str, str]) -> Markup:
    """Make a whole text, which names one number, into a link to call it.

    Args:
        text: Approved text, such as "Call 999".
        numbers: Addresses by number, from `links`.

    Returns:
        The link.
    """
    (address,) = [piece[1] for piece in parts(text, numbers) if not isinstance(piece, str)]
    return Markup('<a class="number call" href="{}">{}</a>').format(address, text)


def paragraphs(text: str, numbers: Mapping[str, str]) -> Markup:
    """Lay a text out: a paragraph for each part between blank lines, a list for lines that begin with a bullet.

    Line breaks stay between the elements, where a browser does not show them, so that the text of the whole is the text
    to the character, for whoever copies or compares it.

    Args:
        text: Approved text.
        numbers: Addresses by number, from `links`.

    Returns:
        The HTML.
    """
    return Markup("").join(_laid_out(text, numbers))


def _laid_out(text: str, numbers: Mapping[str, str]) -> Iterator[Markup]:
    for kind, group in groupby(_lines(text), key=_kind):
        part = "".join(group)
        body = part.rstrip("\n")
        if kind == "blank":
            yield escape(part)
        elif kind == "list":
            items = Markup("").join(_item(line, numbers) for line in _lines(part))
            yield Markup('<ul role="list">{}</ul>').format(items)
        else:
            yield Markup("<p>{}</p>").format(linked(body, numbers)) + part[len(body) :]


def _lines(text: str) -> list[str]:
    """Split at line feeds alone: leaflets hold other white space that must stay where it is."""
    return re.findall("[^\n]*\n|[^\n]+", text)


def _kind(line: str) -> str:
    if not line.strip("\n"):
        return "blank"
    return "list" if line.lstrip(" ").startswith(BULLET) else "text"


def _item(line: str, numbers: Mapping[str, str]) -> Markup:
    body = line.rstrip("\n")
    before, _, words = body.partition(BULLET)
    item = Markup('<li><span aria-hidden="true">{}</span>{}</li>').format(before + BULLET, linked(words, numbers))
    return item + line[len(body) :]
