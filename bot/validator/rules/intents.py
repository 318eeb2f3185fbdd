"""Intents: each is reached by somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.blocks.checks.material import Problem
from bot.blocks.script import Script
from bot.blocks.uses import code_files
from bot.errors import Code
from bot.nlu.examples import read_examples
from bot.places import place_of
from bot.validator.project import Project

_QUOTED = re.compile(r"[\"']([a-z_]+)[\"']")


def intents_are_reached(project: Project) -> Iterator[Problem]:
    """Every intent has examples, or a reply offers it as a choice, or the code names it, as the router does."""
    script = Script.load(project.domain)
    reached = {choice for line in script for choice in line.choices}
    reached |= {example.intent for example in read_examples(project.examples)}
    if not reached >= set(script.intents):
        reached |= {name for _, code in code_files(project.code) for name in _QUOTED.findall(code)}
    for intent in script.intents:
        if intent not in reached:
            yield Problem.of(Code.E316, place_of(project.domain, "intents", intent), intent=intent)
