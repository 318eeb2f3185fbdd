"""What a hazard relies on exists: tests as pytest finds them, patterns and stories."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.safety_case.hazards import HazardLog
from bot.safety_case.references import PATTERN, PATTERN_TEST, References, sentence
from bot.settings import ROOT
from bot.validator.project import Project
from tests.safety_case.conftest import COLLECTED
from tests.safety_case.test_hazards import LOG

TEST = """\
def helper(): ...
def test_one(): ...
async def test_two(): ...
class TestThree:
    def test_four(self): ...
"""


@pytest.fixture
def references(tmp_path: Path) -> References:
    """Those of a project with one file of tests and one of stories, and the patterns of the product."""
    (tmp_path / "tests" / "stories").mkdir(parents=True)
    (tmp_path / "tests" / "test_it.py").write_text(TEST)
    (tmp_path / "tests" / "stories" / "a.yml").write_text("test_cases:\n- test_case: A talk\n  steps: []\n")
    (tmp_path / "data").symlink_to(ROOT / "data")
    return References(Project(tmp_path))


@pytest.mark.parametrize(
    "reference",
    [
        "tests/test_it.py::test_one",
        "tests/test_it.py::test_one[a parameter]",
        "tests/test_it.py::test_two",
        "tests/test_it.py::TestThree::test_four",
        "pattern:crisis.kill_self",
        "story:A talk",
    ],
)
def test_what_exists_is_found(references: References, reference: str) -> None:
    assert references.missing(reference) is None


@pytest.mark.parametrize(
    ("reference", "hint"),
    [
        ("tests/test_it.py::test_oen", "tests/test_it.py::test_one"),
        ("tests/test_it.py::helper", "Did you mean"),
        ("tests/test_it.py::test_four", "tests/test_it.py::TestThree::test_four"),
        ("tests/test_other.py::test_one", "Name tests/FILE.py::test_name"),
        ("pattern:crisis.kill_selves", "pattern:crisis.kill_self"),
        ("story:A walk", "story:A talk"),
    ],
)
def test_what_does_not_exist_is_told_with_what_is_near(references: References, reference: str, hint: str) -> None:
    told = references.missing(reference)
    assert told is not None
    assert hint in told


def test_the_name_of_a_test_is_a_sentence() -> None:
    assert sentence("tests/a.py::TestB::test_a_crisis_is_noticed") == "A crisis is noticed."
    assert sentence("story:A talk") == "A talk"
    assert "crisis.kill_self" in sentence("pattern:crisis.kill_self")


def test_pytest_collects_every_test_that_a_hazard_relies_on(request: pytest.FixtureRequest) -> None:
    """In each file that this run collects; `python -m bot check` reads the others as they stand."""
    collected = request.config.stash[COLLECTED]
    collected |= {node.partition("[")[0] for node in collected}
    files = {node.partition("::")[0] for node in collected}
    named = {test for hazard in HazardLog.load(LOG).hazards for control in hazard.controls for test in control.tests}
    tests = {PATTERN_TEST.format(id=test.removeprefix(PATTERN)) if test.startswith(PATTERN) else test for test in named}
    assert {test for test in tests if test.partition("::")[0] in files} <= collected


def test_every_test_pattern_and_story_of_a_hazard_exists() -> None:
    references = References(Project())
    named = {test for hazard in HazardLog.load(LOG).hazards for control in hazard.controls for test in control.tests}
    assert {test: hint for test in named if (hint := references.missing(test))} == {}
