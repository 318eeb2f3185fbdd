"""References: what a hazard names as the test of a control, and whether there is such a thing."""

from __future__ import annotations

import ast
import difflib
from functools import cached_property
from pathlib import Path

from bot.validator.project import Project
from bot.validator.python import parse
from bot.validator.seals import patterns
from bot.validator.stories import read_told

PATTERN = "pattern:"
STORY = "story:"
PATTERN_TEST = (
    "tests/safety/test_screen.py::test_every_pattern_fires_on_its_examples_and_not_on_its_counter_examples[{id}]"
)
"""The test that holds a safety pattern to its own examples."""


def sentence(reference: str) -> str:
    """Say what a test proves, in the words of its name.

    Args:
        reference: A pytest id, "pattern:ID" or "story:TITLE".

    Returns:
        A sentence for people who do not read code.
    """
    if reference.startswith(PATTERN):
        return f"The safety pattern {reference.removeprefix(PATTERN)} fires on its examples, and on nothing else."
    if reference.startswith(STORY):
        return reference.removeprefix(STORY)
    name = reference.rpartition("::")[2].removeprefix("test_").replace("_", " ")
    return f"{name[:1].upper()}{name[1:]}."


class References:
    """Everything that the hazards of a project may name."""

    def __init__(self, project: Project) -> None:
        """Make it; files are read when a reference needs them.

        Args:
            project: The project.
        """
        self._project = project
        self._tests: dict[str, list[str]] = {}

    def missing(self, reference: str) -> str | None:
        """Say what is wrong with a reference.

        Args:
            reference: A pytest id, "pattern:ID" or "story:TITLE".

        Returns:
            A hint what to write instead; None where the thing exists.

        Raises:
            SignpostError: E100 or E200, a file that it names cannot be read.
        """
        if reference.startswith(PATTERN):
            return _hint(reference, [PATTERN + id_ for id_ in self._patterns])
        if reference.startswith(STORY):
            return _hint(reference, [STORY + title for title in self._stories])
        path = reference.partition("::")[0]
        if path not in self._tests:
            file = self._project.root / path
            self._tests[path] = [f"{path}::{name}" for name in _tests(file)] if file.is_file() else []
        known = self._tests[path]
        # A parameter in brackets is for pytest to know.
        return None if reference.partition("[")[0] in known else _hint(reference, known)

    @cached_property
    def _patterns(self) -> list[str]:
        return [id_ for id_, _ in patterns(self._project)]

    @cached_property
    def _stories(self) -> list[str]:
        files = sorted(self._project.story_tests.rglob("*.yml"))
        return [told.title for path in files for told in read_told(path) if told.kind == "test_case"]


def _hint(reference: str, known: list[str]) -> str | None:
    if reference in known:
        return None
    near = difflib.get_close_matches(reference, known, n=3)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return 'Name tests/FILE.py::test_name, "pattern:ID" of a safety pattern, or "story:TITLE".'


def _tests(path: Path) -> list[str]:
    names: list[str] = []
    for node in parse(path).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        names += [
            prefix + function.name
            for function in inside
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.name.startswith("test_")
        ]
    return names
