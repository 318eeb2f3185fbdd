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


def linked(text: str, numbers: Mapping[str, str]) -> Markup:
    """Make the numbers of a text into links.

    Args:
        text: Approved text.
        numbers: Addresses by number, from `links`.

    Returns:
        HTML whose text is the text, to the character.
    """
    parts: list[Markup] = []
    end = 0
    for mention in find_numbers(text):
        if address := numbers.get(mention.number):
            parts.append(escape(text[end : mention.start]))
            number = text[mention.start : mention.end]
            parts.append(Markup('<a class="number" href="{}">{}</a>').format(address, number))
            end = mention.end
    return Markup("").join([*parts, escape(text[end:])])


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
