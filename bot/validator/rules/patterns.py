"""Safety patterns: each fires on its own examples and on none of its counter-examples."""

from __future__ import annotations

from collections.abc import Iterator

from bot.blocks.checks.material import Problem
from bot.errors import SignpostError
from bot.places import Place
from bot.safety.screen import Screen
from bot.validator.project import Project


def patterns_hold(project: Project) -> Iterator[Problem]:
    """The screen verifies itself."""
    screen = Screen.load(project.safety)
    try:
        screen.verify()
    except SignpostError as error:
        places = {pattern.id: Place(pattern.path, pattern.line) for pattern in screen.patterns}
        yield Problem.from_error(error, places.get(str(error.values.get("id"))))
