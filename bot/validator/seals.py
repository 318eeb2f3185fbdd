"""Seals of what decides which words are said: replies, contacts, safety patterns and thresholds.

Approved text has its own seals (`bot.blocks.seal`). A decision is as clinical as a text: with a pattern gone, or two
replies swapped, every word is still approved, and the wrong ones are read. So a change of either needs the same step.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import yaml

from bot.blocks.block import digest
from bot.blocks.contacts import load_contacts
from bot.blocks.library import read_mapping, read_text
from bot.blocks.script import Script
from bot.errors import Code, SignpostError
from bot.safety.patterns import SPELLING, WORDS
from bot.validator.project import Project

KINDS = {
    "replies": "reply",
    "contacts": "contact",
    "patterns": "safety pattern",
    "wordings": "shared wording",
    "spelling": "spelling table",
    "thresholds": "threshold",
}
"""What is sealed: the key in the file, and what a message calls one of them."""

_HEAD = """\
# Written by `python -m bot seal`: digests of everything that decides which words are said, and the thresholds as they
# stand. A change here means that the same message may be answered otherwise: have it reviewed by the clinical lead.
"""
_DIGITS = 16
"""How many hex digits of a sha256 tell a change made by accident."""

# As texts: "yes" and "no" are words of visitors here.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def decisions(project: Project) -> dict[str, dict[str, str]]:
    """Read everything that is sealed as it stands now.

    Args:
        project: The project.

    Returns:
        For each key of `KINDS`, a short digest by id; for a threshold its value.

    Raises:
        SignpostError: E100, E107, E200 or E400, a file cannot be read.
    """
    contacts = load_contacts(project.approved)
    words, spelling = (_safety(project, name) for name in (WORDS, SPELLING))
    return {
        "replies": {
            line.utter: _short(line.route.value, line.blocks, line.choices) for line in Script.load(project.domain)
        },
        "contacts": {one.id: _short(one.number, one.what_for, one.free, one.hours) for one in contacts},
        "patterns": dict(patterns(project)),
        "wordings": {name: _short(meaning) for name, meaning in words.items()},
        "spelling": {name: _short(table) for name, table in spelling.items()},
        "thresholds": {name: str(value) for name, value in read_mapping(project.thresholds).items()},
    }


def write(project: Project) -> int:
    """Seal everything as it stands now.

    Args:
        project: The project.

    Returns:
        How many decisions were sealed.

    Raises:
        SignpostError: As `decisions`; E008, the seals cannot be written.
    """
    sealed = decisions(project)
    lines = [_HEAD]
    for kind, digests in sealed.items():
        lines += [f"{kind}:\n", *(f'  {id_}: "{value}"\n' for id_, value in sorted(digests.items()))]
    half = project.seals.with_suffix(".new")
    try:
        half.write_text("".join(lines), encoding="utf-8", newline="\n")
        half.replace(project.seals)
    except OSError as error:
        raise SignpostError(Code.E008, path=project.seals, problem=error.strerror) from None
    return sum(map(len, sealed.values()))


def read(project: Project) -> dict[str, dict[str, str]]:
    """Read the seals.

    Args:
        project: The project.

    Returns:
        As `decisions`.

    Raises:
        SignpostError: E100, the file is missing or not of the right form.
    """
    if not project.seals.exists():
        raise SignpostError(Code.E100, path=project.seals, problem="it is missing; `python -m bot seal` writes it")
    data = read_mapping(project.seals)
    if set(data) != set(KINDS) or not all(isinstance(digests, dict) for digests in data.values()):
        raise SignpostError(Code.E100, path=project.seals, problem=f"it has the keys {', '.join(KINDS)}, with mappings")
    return {kind: {str(id_): str(value) for id_, value in digests.items()} for kind, digests in data.items()}


def patterns(project: Project) -> Iterator[tuple[str, str]]:
    """Read the safety patterns as they stand, without compiling them.

    Args:
        project: The project.

    Yields:
        Id and digest of each pattern, in the order of the files.

    Raises:
        SignpostError: E200, a file is no YAML.
    """
    for path in sorted(project.safety.glob("*.yml")):
        if path.name in (WORDS, SPELLING):
            continue
        data = _safety(project, path.name)
        entries = data.get("patterns")
        for entry in entries if isinstance(entries, list) else ():
            decides = (data.get("route"), data.get("lowers"), entry.get("about"), entry.get("match"))
            yield str(entry.get("id")), _short(*decides)


def _short(*parts: object) -> str:
    return digest(json.dumps(parts, ensure_ascii=False, sort_keys=True))[:_DIGITS]


def _safety(project: Project, name: str) -> dict[str, Any]:
    path = project.safety / name
    try:
        data = yaml.load(read_text(path), Loader=_Loader)  # noqa: S506 - it builds nothing but texts, lists and mappings
    except yaml.YAMLError:
        raise SignpostError(Code.E200, path=path, problem="it is not YAML") from None
    if not isinstance(data, dict):
        raise SignpostError(Code.E200, path=path, problem="the top level is not a mapping")
    return data
