"""Uses: every place that names a block, whether a reply says it, a choice is titled by it or a page shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bot.blocks.library import Library
from bot.blocks.script import DECIDED, TOPIC, UTTER, Script
from bot.places import Place, place_of
from bot.routes import Route

CHOICE = "choice."
PAGE = "page."


@dataclass(frozen=True)
class Use:
    """One place that names a block.

    Attributes:
        block: The block's id.
        kind: "reply": a reply says it; "choice": a reply offers it; "topic": the router may offer it, since it is the
            title of an answer; "page": code or a template names it.
        by: The reply's name, or the file's.
        place: Where it is named.
    """

    block: str
    kind: Literal["reply", "choice", "topic", "page"]
    by: str
    place: Place = field(compare=False)


def uses(script: Script, domain_file: Path, code_dir: Path) -> Iterator[Use]:
    """Find what names a block by its id.

    Args:
        script: The replies.
        domain_file: Where they stand.
        code_dir: Folder of the code and templates.

    Yields:
        The uses, those of replies first. Whether the blocks exist is for the checks to say.
    """
    for line in script:
        at = place_of(domain_file, "responses", line.utter)
        yield from (Use(id_, "reply", line.utter, at) for id_ in line.blocks if id_ != TOPIC)
        yield from (Use(CHOICE + choice, "choice", line.utter, at) for choice in line.choices if choice != DECIDED)
        # The router may offer any topic that has an answer of its own.
        if line.route is Route.ANSWER and TOPIC not in line.blocks:
            yield Use(CHOICE + line.utter.removeprefix(UTTER), "topic", line.utter, at)
    for path, code in code_files(code_dir):
        for number, text in enumerate(code.splitlines(), start=1):
            at = Place(path, number)
            yield from (Use(id_, "page", path.name, at) for id_ in _ID_IN_CODE.findall(text))
            yield from (Use(PAGE + label, "page", path.name, at) for label in _LABEL_IN_CODE.findall(text))


def possible_labels(library: Library, code_dir: Path) -> Iterator[Use]:
    """Find labels that code may reach by way of a table of names: any quoted word that is the name of a label.

    Args:
        library: The blocks.
        code_dir: Folder of the code and templates.

    Yields:
        What may be uses.
    """
    for path, code in code_files(code_dir):
        for number, text in enumerate(code.splitlines(), start=1):
            for name in _QUOTED.findall(text):
                if PAGE + name in library:
                    yield Use(PAGE + name, "page", path.name, Place(path, number))


def code_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Read every file of code and templates.

    Args:
        folder: Usually `bot`.

    Yields:
        Path and text of each.
    """
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".py", ".html", ".txt", ".js"} and path.is_file():
            yield path, path.read_text(encoding="utf-8")


# Code and templates name a block by its whole id, or a label of the page by what follows "page.".
_ID_IN_CODE = re.compile(r"[\"']((?:page|house)\.(?!(?:css|js|html|py)\b)[a-z_]+)[\"']")
_LABEL_IN_CODE = re.compile(r"label\([\"']([a-z_]+)[\"']\)")
_QUOTED = re.compile(r"[\"']([a-z_]+)[\"']")
