"""Contacts: every number that a block may mention, and how to find the numbers in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from bot.blocks.library import read_mapping
from bot.errors import Code, SignpostError

FILE = "contacts.yml"
PENDING = "pending"


@dataclass(frozen=True)
class Contact:
    """A number that people can ring or text.

    Attributes:
        id: Short name, such as "samaritans".
        number: As blocks write it: "116 123".
        what_for: What it is for, for staff.
        free: Whether the call is free; None where that is not known.
        hours: When somebody answers; None where that is not known. A block may then state no hours.
        source: Where the number was found.
        checked: The day on which it was last compared with its source.
        confirmed_by: Who rang it, or "pending".
    """

    id: str
    number: str
    what_for: str
    free: bool | None
    hours: str | None
    source: str
    checked: date
    confirmed_by: str


@dataclass(frozen=True)
class Mention:
    """A number in a text.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        number: The number as the text writes it, with plain spaces.
    """

    start: int
    end: int
    number: str


def load_contacts(folder: Path) -> tuple[Contact, ...]:
    """Read the contacts.

    Args:
        folder: Usually `data/approved`.

    Returns:
        The contacts in the order of the file.

    Raises:
        SignpostError: E100, the file is not of the right form.
    """
    path = folder / FILE
    data = read_mapping(path)
    if set(data) != {"contacts"} or not isinstance(data["contacts"], dict):
        raise SignpostError(Code.E100, path=path, problem="it has one key, contacts, with a mapping from id to contact")
    return tuple(_contact(id_, entry, path) for id_, entry in data["contacts"].items())


_TYPES: dict[str, tuple[type, ...]] = {
    "number": (str,),
    "what_for": (str,),
    "free": (bool, type(None)),
    "hours": (str, type(None)),
    "source": (str,),
    "checked": (date,),
    "confirmed_by": (str,),
}
assert set(_TYPES) == {field.name for field in fields(Contact)} - {"id"}


def _contact(id_: str, entry: Any, path: Path) -> Contact:
    if not isinstance(entry, dict) or set(entry) != set(_TYPES):
        raise SignpostError(Code.E100, path=path, problem=f"{id_} needs exactly {', '.join(_TYPES)}")
    for key, types in _TYPES.items():
        if not isinstance(entry[key], types):
            raise SignpostError(Code.E100, path=path, problem=f"{key} of {id_} is not of the right kind")
    return Contact(id_, **entry)


# A number is written in digits with at most one space, no-break space, hyphen or full stop between two of them.
_NUMBER = re.compile(r"\+?\d(?:[ \u00a0.\-\u2011]?\d)*")

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# What digits may mean without being a number to call. All else must be a contact, so that a new form fails loudly.
_NO_NUMBER = re.compile(
    rf"""(?<![\d+])(?<!\d[ \u00a0.\-\u2011])          # never the tail of a longer number
    (?: (?:\d{{1,2}}[ ])?(?:{_MONTHS})[ ](?:19|20)\d\d   # December 2015, 24 November 2026
      | (?<=\bin[ ])(?:19|20)\d\d                       # in 2017
      | (?<=\bbegins[ ])(?:19|20)\d\d                   # begins 2017
      | 24/7
      | 24-hour
      | (?<=\b[Ss]tage[ ])[0-4]                         # stage 4
      | \d{{1,2}}[ ](?:minutes?|hours?|days?|weeks?|months?|years?)
    )(?![\d/])""",
    re.VERBOSE,
)


def find_numbers(text: str) -> Iterator[Mention]:
    """Find every number to call in a text: all digits but those of dates, spans of time, stages, "24-hour" and "24/7".

    Args:
        text: The text of a block.

    Yields:
        The numbers in order. Whether they are right is for the contacts to say.
    """
    rest = _NO_NUMBER.sub(lambda match: "x" * len(match[0]), text)
    for match in _NUMBER.finditer(rest):
        yield Mention(match.start(), match.end(), match[0].replace("\u00a0", " "))
