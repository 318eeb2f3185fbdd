"""Replies name blocks and topics that exist, and say what their route must say."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from bot.blocks.checks.material import Material, Problem
from bot.blocks.contacts import find_numbers
from bot.blocks.script import DECIDED, TOPIC, UTTER, Line, Script
from bot.errors import Code, SignpostError
from bot.routes import Route

CHOICE = "choice."
PAGE = "page."

MUST_NAME: dict[Route, frozenset[str]] = {
    Route.CRISIS: frozenset({"emergency", "samaritans", "shout", "relay", "helpline"}),
    Route.EMERGENCY: frozenset({"emergency", "nhs_111", "helpline"}),
    Route.DISTRESS: frozenset({"emergency", "samaritans", "helpline"}),
    Route.COMPLEX: frozenset({"helpline"}),
    Route.HUMAN: frozenset({"helpline"}),
    Route.UNCLEAR: frozenset({"helpline"}),
    Route.OTHER: frozenset({"helpline"}),
    Route.UNAVAILABLE: frozenset({"emergency", "helpline"}),
}
"""Contacts that every reply of a route names: the table of routes in the design, and, for distress, the rule that a
message which might be worse than it sounds still gets 999 and Samaritans."""


def intents_have_replies(material: Material) -> Iterator[Problem]:
    """Every intent has its reply, `utter_` and its name."""
    script = _script(material)
    for intent in script.intents:
        if UTTER + intent not in script:
            names = [line.utter for line in script]
            near = difflib.get_close_matches(UTTER + intent, names, n=3)
            yield Problem.of(Code.E404, utter=UTTER + intent, known=", ".join(near or names))


def named_blocks_exist(material: Material) -> Iterator[Problem]:
    """Every block that a reply, a choice or a page names is in the library, and every choice is an intent."""
    for id_, where in _named(material):
        try:
            material.library.get(id_, where=where)
        except SignpostError as error:
            yield Problem.from_error(error)
    script = _script(material)
    for line in script:
        for choice in _choices(line):
            if choice not in script.intents:
                hint = "A choice is the name of an intent."
                yield Problem.of(Code.E102, id=choice, where=f"{line.utter} among its choices", hint=hint)


def blocks_are_used(material: Material) -> Iterator[Problem]:
    """No block is left over."""
    named = {id_ for id_, _ in _named(material)}
    optional = {CHOICE + intent for intent in _script(material).intents}
    # A label may also reach the page by way of a table of names.
    optional |= {PAGE + name for _, code in _code(material) for name in _QUOTED.findall(code)}
    unused = [block.id for block in material.library if block.id not in named | optional]
    if unused:
        yield Problem.of(Code.W105, count=len(unused), ids=", ".join(unused))


def routes_name_their_contacts(material: Material) -> Iterator[Problem]:
    """Every reply of a route names the contacts that the route must."""
    numbers = {contact.id: contact.number for contact in material.contacts}
    for line in _script(material):
        blocks = [material.library[id_] for id_ in line.blocks if id_ in material.library]
        said = {mention.number for block in blocks for mention in find_numbers(block.text)}
        for contact in sorted(MUST_NAME.get(line.route, frozenset())):
            if numbers.get(contact) not in said:
                yield Problem.of(Code.E113, utter=line.utter, contact=contact, route=line.route.value)


def leaflets_only_answer(material: Material) -> Iterator[Problem]:
    """Only an answer says leaflet blocks."""
    for line in _script(material):
        for id_ in line.blocks:
            if line.route is not Route.ANSWER and id_ in material.library and material.library[id_].source:
                yield Problem.of(Code.E114, utter=line.utter, route=line.route.value, id=id_)


def _script(material: Material) -> Script:
    return Script({}, ()) if material.script is None else material.script


def _choices(line: Line) -> Iterator[str]:
    yield from (choice for choice in line.choices if choice != DECIDED)


def _named(material: Material) -> Iterator[tuple[str, str]]:
    """Every block id that is named somewhere, and where."""
    for line in _script(material):
        yield from ((id_, line.utter) for id_ in line.blocks if id_ != TOPIC)
        yield from ((CHOICE + choice, f"{line.utter} among its choices") for choice in _choices(line))
        # The router may offer any topic that has an answer of its own.
        if line.route is Route.ANSWER and TOPIC not in line.blocks:
            yield CHOICE + line.utter.removeprefix(UTTER), f"the topic of {line.utter}"
    for name, code in _code(material):
        yield from ((id_, name) for id_ in _ID_IN_CODE.findall(code))
        yield from ((PAGE + label, name) for label in _LABEL_IN_CODE.findall(code))


# Code and templates name a block by its whole id, or a label of the page by what follows "page.".
_ID_IN_CODE = re.compile(r"[\"']((?:page|house)\.(?!(?:css|js|html|py)\b)[a-z_]+)[\"']")
_LABEL_IN_CODE = re.compile(r"label\([\"']([a-z_]+)[\"']\)")
_QUOTED = re.compile(r"[\"']([a-z_]+)[\"']")


def _code(material: Material) -> Iterator[tuple[str, str]]:
    """Every file of code and templates: its name and what it holds."""
    for path in sorted(material.code_dir.rglob("*")):
        if path.suffix in {".py", ".html", ".js"} and path.is_file():
            yield path.name, path.read_text(encoding="utf-8")
