"""`python -m bot check`: every rule about texts, data and code, and what it found, each with file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from bot.blocks.check import Report, check_files
from bot.blocks.checks.material import Problem
from bot.errors import SignpostError
from bot.validator.project import Project
from bot.validator.rules import actions, codes, examples, hazards, intents, patterns, seals, stories

Rule = Callable[[Project], Iterable[Problem]]


def approved_text(project: Project) -> Iterator[Problem]:
    """Everything that `bot.blocks.check` proves about approved text and the replies that name it."""
    yield from check_files(project.approved, project.domain, today=project.today, code_dir=project.code).problems


RULES: tuple[Rule, ...] = (
    approved_text,
    intents.intents_are_reached,
    stories.titles_are_unique,
    stories.steps_exist,
    stories.intents_have_one_rule,
    stories.rules_say_their_reply,
    actions.actions_match_the_domain,
    examples.examples_are_right,
    patterns.patterns_hold,
    seals.decisions_are_sealed,
    hazards.hazards_have_tests,
    codes.codes_are_used,
    codes.errors_have_codes,
    codes.messages_are_filled_in,
)
"""All rules, in the order in which their findings are told."""


def validate(project: Project, rules: Iterable[Rule] = RULES) -> Report:
    """Check a project.

    Args:
        project: What is checked.
        rules: Which rules; all where they are left out.

    Returns:
        All problems, errors first. Nothing is raised: a file that cannot be read is a problem too.
    """
    found: dict[str, Problem] = {}
    for rule in rules:
        # Several rules read the same files; one that cannot be read is told once.
        for problem in _problems(rule, project):
            found.setdefault(problem.message if problem.place is None else str(problem), problem)
    return Report(tuple(sorted(found.values(), key=lambda problem: problem.severity)))


def _problems(rule: Rule, project: Project) -> Iterator[Problem]:
    try:
        yield from rule(project)
    except SignpostError as error:
        yield Problem.from_error(error)
