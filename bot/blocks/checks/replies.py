"""Replies name blocks and topics that exist, and say what their route must say."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from bot.blocks.checks.material import Material, Problem
from bot.blocks.contacts import find_numbers
from bot.blocks.script import DECIDED, UTTER, Script
from bot.blocks.uses import CHOICE, Use, possible_labels, uses
from bot.errors import Code, SignpostError
from bot.places import place_of
from bot.routes import Route

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
            at = place_of(material.domain_file, "intents", intent)
            yield Problem.of(Code.E404, at, utter=UTTER + intent, known=", ".join(near or names))


def named_blocks_exist(material: Material) -> Iterator[Problem]:
    """Every block that a reply, a choice or a page names is in the library, and every choice has its title."""
    for use in _uses(material):
        where = {"choice": f"{use.by} among its choices", "topic": f"the topic of {use.by}"}.get(use.kind, use.by)
        try:
            material.library.get(use.block, where=where)
        except SignpostError as error:
            yield Problem.from_error(error, use.place)


def choices_lead_on(material: Material) -> Iterator[Problem]:
    """Every choice is an intent, is offered once, and does not lead back to the reply that offers it."""
    script = _script(material)
    for line in script:
        at = material.at_reply(line.utter)
        choices = [choice for choice in line.choices if choice != DECIDED]
        for choice in dict.fromkeys(choices):
            if choice not in script.intents:
                hint = "A choice is the name of an intent."
                yield Problem.of(Code.E102, at, id=choice, where=f"{line.utter} among its choices", hint=hint)
            if choices.count(choice) > 1:
                yield Problem.of(Code.E115, at, utter=line.utter, choice=choice, problem="offers it twice")
            if UTTER + choice == line.utter:
                yield Problem.of(Code.E115, at, utter=line.utter, choice=choice, problem="is what it leads to")


def blocks_are_used(material: Material) -> Iterator[Problem]:
    """No block is left over."""
    named = {use.block for use in _uses(material)}
    named |= {CHOICE + intent for intent in _script(material).intents}
    named |= {use.block for use in possible_labels(material.library, material.code_dir)}
    for block in material.library:
        if block.id not in named:
            yield Problem.of(Code.W105, material.at_block(block.id), id=block.id)


def routes_name_their_contacts(material: Material) -> Iterator[Problem]:
    """Every reply of a route names the contacts that the route must."""
    numbers = {contact.id: contact.number for contact in material.contacts}
    for line in _script(material):
        blocks = [material.library[id_] for id_ in line.blocks if id_ in material.library]
        said = {mention.number for block in blocks for mention in find_numbers(block.text)}
        for contact in sorted(MUST_NAME.get(line.route, frozenset())):
            if numbers.get(contact) not in said:
                yield Problem.of(
                    Code.E113, material.at_reply(line.utter), utter=line.utter, contact=contact, route=line.route.value
                )


def leaflets_only_answer(material: Material) -> Iterator[Problem]:
    """Only an answer says leaflet blocks."""
    for line in _script(material):
        for id_ in line.blocks:
            if line.route is not Route.ANSWER and id_ in material.library and material.library[id_].source:
                at = material.at_reply(line.utter)
                yield Problem.of(Code.E114, at, utter=line.utter, route=line.route.value, id=id_)


def _script(material: Material) -> Script:
    return Script({}, ()) if material.script is None else material.script


def _uses(material: Material) -> Iterator[Use]:
    return uses(_script(material), material.domain_file, material.code_dir)
