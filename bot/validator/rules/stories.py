"""Rules and stories: titles that tell them apart, steps that exist, and one rule that says the right reply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bot.blocks.checks.material import Problem
from bot.blocks.script import UTTER, Script
from bot.errors import Code
from bot.places import Place, place_of
from bot.validator.project import Project
from bot.validator.rules.actions import domain_actions
from bot.validator.stories import Told, read_told

OPEN_CASE = "action_open_case"


def titles_are_unique(project: Project) -> Iterator[Problem]:
    """Every rule, story and test case has a title, and no two have the same."""
    first: dict[str, Place] = {}
    for path in project.story_files():
        for told in read_told(path):
            if not told.title:
                yield Problem.of(Code.E314, told.place, kind=told.kind.replace("_", " "))
            elif told.title in first:
                yield Problem.of(Code.E313, told.place, title=told.title, first=first[told.title])
            first.setdefault(told.title, told.place)


def steps_exist(project: Project) -> Iterator[Problem]:
    """Every intent and every action that a rule or a story of Rasa's names is in the domain."""
    script = Script.load(project.domain)
    known = domain_actions(project)
    for path in project.story_files():
        for told in read_told(path):
            if told.kind == "test_case":
                continue  # the runner of these stories checks them with its own schema
            for intent in told.of("intent"):
                if intent not in script.intents:
                    yield _wrong(told, f"the intent {intent} is not in domain.yml")
            for action in told.of("action"):
                if action not in script and action not in known:
                    yield _wrong(told, f"the action {action} is not in domain.yml")


def intents_have_one_rule(project: Project) -> Iterator[Problem]:
    """Every intent has a rule, and only one."""
    rules: dict[str, list[Told]] = defaultdict(list)
    for told in _rules(project):
        for intent in told.of("intent"):
            rules[intent].append(told)
    for intent in Script.load(project.domain).intents:
        if not rules[intent]:
            yield Problem.of(Code.E312, place_of(project.domain, "intents", intent), intent=intent)
        for again in rules[intent][1:]:
            yield _wrong(again, f"the intent {intent} has a rule already, at {rules[intent][0].place}")


def rules_say_their_reply(project: Project) -> Iterator[Problem]:
    """A rule says the reply of its intent first, and then opens a case where the route has a level, and only there."""
    script = Script.load(project.domain)
    for told in _rules(project):
        intents = told.of("intent")
        if len(intents) != 1:
            yield _wrong(told, "a rule is for exactly one intent")
            continue
        utter = UTTER + intents[0]
        if utter not in script:
            continue  # E404 says so
        expected = [utter, *([OPEN_CASE] if script[utter].route.level else [])]
        if (named := told.of("action")) != expected:
            yield _wrong(told, f"it must do {' and then '.join(expected)}, but does {', '.join(named) or 'nothing'}")


def _rules(project: Project) -> list[Told]:
    return [told for told in read_told(project.rules) if told.kind == "rule"]


def _wrong(told: Told, problem: str) -> Problem:
    return Problem.of(Code.E311, told.place, title=told.title or "A rule without a title", problem=problem)
