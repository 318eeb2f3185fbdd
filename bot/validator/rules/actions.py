"""Actions: those that the domain names and those that exist are the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.blocks.checks.material import Problem
from bot.blocks.library import read_mapping
from bot.errors import Code
from bot.places import Place, place_of
from bot.validator.project import Project
from bot.validator.python import parse


def domain_actions(project: Project) -> list[str]:
    """Return the actions that the domain names.

    Args:
        project: The project.

    Raises:
        SignpostError: E100, the domain cannot be read.
    """
    named = read_mapping(project.domain).get("actions", [])
    return [str(name) for name in named] if isinstance(named, list) else []


def actions_match_the_domain(project: Project) -> Iterator[Problem]:
    """Every action of the domain is a class under actions/, and every such class is in the domain."""
    written = dict(_written(project))
    named = domain_actions(project)
    for action in named:
        if action not in written:
            at = place_of(project.domain, "actions", action)
            yield Problem.of(Code.E315, at, action=action, there="domain.yml", missing="actions/")
    for action, at in written.items():
        if action not in named:
            yield Problem.of(Code.E315, at, action=action, there="actions/", missing="domain.yml")


def _written(project: Project) -> Iterator[tuple[str, Place]]:
    """The name that each class of an action tells Rasa."""
    for path in sorted(project.actions.glob("*.py")):
        for node in ast.walk(parse(path)):
            if not isinstance(node, ast.ClassDef):
                continue
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name == "name":
                    for told in ast.walk(method):
                        if isinstance(told, ast.Return) and isinstance(told.value, ast.Constant):
                            yield str(told.value.value), Place(path, node.lineno)
