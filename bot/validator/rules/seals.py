"""Decisions are sealed: no reply, contact, safety pattern or threshold changes without somebody meaning it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.blocks.checks.material import Problem
from bot.errors import Code
from bot.places import Place, place_of
from bot.safety.patterns import SPELLING, WORDS
from bot.validator.project import Project
from bot.validator.seals import KINDS, decisions, read


def decisions_are_sealed(project: Project) -> Iterator[Problem]:
    """Everything that decides which words are said is sealed as it stands, and every seal has what it seals."""
    sealed, found = read(project), decisions(project)
    for kind, called in KINDS.items():
        for id_, value in found[kind].items():
            if id_ not in sealed[kind]:
                yield Problem.of(Code.E310, _place(project, kind, id_), kind=called, id=id_)
            elif sealed[kind][id_] != value:
                yield Problem.of(Code.E308, _place(project, kind, id_), kind=called, id=id_)
        for id_ in sealed[kind]:
            if id_ not in found[kind]:
                yield Problem.of(Code.E309, place_of(project.seals, kind, id_), kind=called, id=id_)


def _place(project: Project, kind: str, id_: str) -> Place:
    if kind == "patterns":
        return _pattern(project, id_)
    path, keys = {
        "replies": (project.domain, ("responses", id_)),
        "contacts": (project.approved / "contacts.yml", ("contacts", id_)),
        "wordings": (project.safety / WORDS, (id_,)),
        "spelling": (project.safety / SPELLING, (id_,)),
        "thresholds": (project.thresholds, (id_,)),
    }[kind]
    return place_of(path, *keys)


def _pattern(project: Project, id_: str) -> Place:
    for path in sorted(project.safety.glob("*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip().removeprefix("- ") == f"id: {id_}":
                return Place(path, number)
    return Place(project.safety)
