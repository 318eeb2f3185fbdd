"""Hazards: every control names tests that exist."""

from __future__ import annotations

from collections.abc import Iterator

from bot.blocks.checks.material import Problem
from bot.errors import Code
from bot.places import place_of
from bot.safety_case.hazards import HazardLog
from bot.safety_case.references import References
from bot.validator.project import Project


def hazards_have_tests(project: Project) -> Iterator[Problem]:
    """Every test, pattern and story that a hazard relies on exists. Whether it passes is for the safety case to say."""
    references = References(project)
    if not (project.root / "tests").is_dir():
        return  # an installation need not have them
    for number, hazard in enumerate(HazardLog.load(project.hazards).hazards):
        for order, control in enumerate(hazard.controls):
            for test in control.tests:
                if hint := references.missing(test):
                    keys = ("hazards", str(number), "controls", str(order), "tests", test)
                    yield Problem.of(
                        Code.E801, place_of(project.hazards, *keys), hazard=hazard.id, test=test, hint=hint
                    )
