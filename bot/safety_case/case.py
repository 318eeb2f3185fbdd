"""`python -m bot safety-case`: the hazard log as a document, with the outcome of the tests behind every control."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.blocks.checks.material import Problem
from bot.errors import Code, SignpostError
from bot.paper import render
from bot.safety_case.hazards import Control, Hazard, HazardLog
from bot.safety_case.references import sentence
from bot.safety_case.results import Outcome, Results
from bot.validator.project import Project

TEMPLATE = Path(__file__).parent / "templates" / "case.html"


@dataclass(frozen=True)
class Proven:
    """A control with what became of its tests.

    Attributes:
        control: The control.
        outcomes: The outcome of each of its tests, in their order.
    """

    control: Control
    outcomes: tuple[tuple[str, Outcome], ...]

    @property
    def holds(self) -> bool:
        """Whether all its tests ran and passed."""
        return all(outcome is Outcome.PASSED for _, outcome in self.outcomes)


@dataclass(frozen=True)
class Judged:
    """A hazard with what became of the tests of each control.

    Attributes:
        hazard: The hazard.
        controls: Its controls.
    """

    hazard: Hazard
    controls: tuple[Proven, ...]

    @property
    def holds(self) -> bool:
        """Whether every control holds."""
        return all(proven.holds for proven in self.controls)


def judge(log: HazardLog, results: Results) -> list[Judged]:
    """Put hazards and results together.

    Args:
        log: The hazards.
        results: The results of the tests.

    Returns:
        The hazards in their order.
    """
    return [
        Judged(
            hazard,
            tuple(
                Proven(control, tuple((test, results.of(test)) for test in control.tests))
                for control in hazard.controls
            ),
        )
        for hazard in log.hazards
    ]


def unproven(judged: Sequence[Judged]) -> list[Problem]:
    """Find the controls that nothing proves.

    Args:
        judged: The hazards with the outcomes.

    Returns:
        E802 for each control with a test that failed, was skipped or did not run.
    """
    return [
        Problem.of(
            Code.E802,
            one.hazard.place,
            hazard=one.hazard.id,
            control=proven.control.text,
            outcomes=", ".join(f"{test} {outcome.value}" for test, outcome in proven.outcomes if outcome != "passed"),
        )
        for one in judged
        for proven in one.controls
        if not proven.holds
    ]


def write_case(project: Project, *, html: Path | None, results: Sequence[Path]) -> tuple[str, list[Problem]]:
    """Write the safety case.

    Args:
        project: Whose case it is.
        html: The page to write, if any.
        results: JUnit files of the tests; without one, every test counts as not run, and nothing is judged.

    Returns:
        What was found, in a sentence; and a problem for each control that nothing proves.

    Raises:
        SignpostError: E800, the hazard log cannot be read; E806, results cannot be read; E008, the page cannot be
            written.
    """
    log = HazardLog.load(project.hazards)
    judged = judge(log, Results.read(results))
    if html:
        page = make_page(project, log, judged, results)
        try:
            html.write_text(page, encoding="utf-8", newline="\n")
        except OSError as error:
            raise SignpostError(Code.E008, path=html, problem=error.strerror) from None
    controls = sum(len(one.controls) for one in judged)
    told = f"{len(judged)} hazards with {controls} controls"
    if not results:
        return f"{told}; their tests were not run.", []
    problems = unproven(judged)
    return f"{told}, of which {controls - len(problems)} have passed their tests.", problems


def make_page(project: Project, log: HazardLog, judged: Sequence[Judged], results: Sequence[Path]) -> str:
    """Make the safety case's page.

    Args:
        project: Whose case it is, and the day.
        log: The hazard log.
        judged: Its hazards with the outcomes.
        results: The JUnit files that were read.

    Returns:
        The HTML.
    """
    outcomes = Counter(
        outcome for one in judged for proven in one.controls for outcome in dict(proven.outcomes).values()
    )
    return render(
        TEMPLATE,
        log=log,
        judged=judged,
        outcomes=outcomes,
        Outcome=Outcome,
        sentence=sentence,
        results=[path.name for path in results],
        today=project.today,
        unsigned=sum(not one.hazard.accepted_by for one in judged),
    )
