"""Results: what became of the tests that hazards rely on, read from the JUnit files that the test stages write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from xml.etree import ElementTree

from bot.errors import Code, SignpostError
from bot.safety_case.references import PATTERN, PATTERN_TEST, STORY


class Outcome(str, Enum):
    """What became of a test. The values are what people read."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_RUN = "not run"


class Results:
    """The outcome of each test by what a hazard calls it."""

    def __init__(self, outcomes: Iterable[tuple[str, str, Outcome]] = ()) -> None:
        """Make it; `Results.read` is the usual way.

        Args:
            outcomes: Class name, test name and outcome of each test case, as JUnit files have them.
        """
        self._exact: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
        self._whole: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
        self._named: dict[str, list[Outcome]] = defaultdict(list)
        for group, name, outcome in outcomes:
            self._exact[group, name].append(outcome)
            self._whole[group, name.partition("[")[0]].append(outcome)
            self._named[name].append(outcome)

    @classmethod
    def read(cls, paths: Iterable[Path]) -> Results:
        """Read JUnit files.

        Args:
            paths: Files that `pytest --junitxml` or `python -m bot stories --junit` wrote.

        Returns:
            All their results together.

        Raises:
            SignpostError: E806, a file is missing or no JUnit file.
        """
        found: list[tuple[str, str, Outcome]] = []
        for path in paths:
            try:
                root = ElementTree.parse(path).getroot()  # noqa: S314 - written by our own tests a moment ago
            except (OSError, ElementTree.ParseError) as error:
                raise SignpostError(Code.E806, path=path, problem=type(error).__name__) from None
            for case in root.iter("testcase"):
                found.append((case.get("classname", ""), case.get("name", ""), _outcome(case)))
        return cls(found)

    def of(self, reference: str) -> Outcome:
        """Return the outcome of what a hazard relies on.

        Args:
            reference: A pytest id, "pattern:ID" or "story:TITLE". A pytest id without a parameter
                stands for all of them.

        Returns:
            The worst outcome of the tests that it stands for; not run where there is none.
        """
        if reference.startswith(STORY):
            return _worst(self._named.get(reference.removeprefix(STORY), []))
        if reference.startswith(PATTERN):
            reference = PATTERN_TEST.format(id=reference.removeprefix(PATTERN))
        path, *rest = reference.split("::")
        *classes, name = rest or [""]
        group = ".".join([path.removesuffix(".py").replace("/", "."), *classes])
        return _worst((self._exact if "[" in name else self._whole).get((group, name), []))


def _outcome(case: ElementTree.Element) -> Outcome:
    tags = {child.tag for child in case}
    if tags & {"failure", "error"}:
        return Outcome.FAILED
    return Outcome.SKIPPED if "skipped" in tags else Outcome.PASSED


def _worst(outcomes: list[Outcome]) -> Outcome:
    for outcome in (Outcome.FAILED, Outcome.SKIPPED, Outcome.PASSED):
        if outcome in outcomes:
            return outcome
    return Outcome.NOT_RUN
