"""The safety case: a control holds only if all its tests have run and passed."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import Code, SignpostError
from bot.safety_case.case import judge, unproven, write_case
from bot.safety_case.hazards import HazardLog
from bot.safety_case.references import PATTERN, PATTERN_TEST, STORY
from bot.safety_case.results import Outcome, Results
from bot.settings import ROOT
from bot.validator.project import Project
from tests.mutation.conftest import TODAY
from tests.safety_case.test_hazards import LOG

PROJECT = Project(ROOT, TODAY)


def junit(path: Path, *, without: str = "", failing: str = "") -> Path:
    """Results in which all tests of all hazards have passed, but for one."""
    cases = []
    for hazard in HazardLog.load(LOG).hazards:
        for test in (test for control in hazard.controls for test in control.tests if test != without):
            if test.startswith(PATTERN):
                node = PATTERN_TEST.format(id=test.removeprefix(PATTERN))
            else:
                node = test.replace(STORY, "x.py::")
            file, *classes, name = node.split("::")
            group = ".".join([file.removesuffix(".py").replace("/", "."), *classes])
            inside = "<failure/>" if test == failing else ""
            cases.append(f"<testcase classname={quoteattr(group)} name={quoteattr(name)}>{inside}</testcase>")
    path.write_text(f"<testsuite>{''.join(cases)}</testsuite>", encoding="utf-8")
    return path


TEST = HazardLog.load(LOG).hazards[0].controls[1].tests[0]


def test_where_everything_passed_every_hazard_holds(tmp_path: Path) -> None:
    judged = judge(HazardLog.load(LOG), Results.read([junit(tmp_path / "unit.xml")]))
    assert all(one.holds for one in judged)
    assert unproven(judged) == []


@pytest.mark.parametrize(("key", "outcome"), [("failing", Outcome.FAILED), ("without", Outcome.NOT_RUN)])
def test_a_hazard_whose_test_failed_or_did_not_run_is_found(tmp_path: Path, key: str, outcome: Outcome) -> None:
    results = junit(tmp_path / "unit.xml", **{key: TEST})
    _, problems = write_case(PROJECT, html=None, results=[results])
    assert {problem.code for problem in problems} == {Code.E802}
    assert any("H01" in problem.message and f"{TEST} {outcome.value}" in problem.message for problem in problems)
    assert all(problem.place and problem.place.path == LOG for problem in problems)


def test_without_results_nothing_is_judged_and_the_page_says_not_run(tmp_path: Path) -> None:
    path = tmp_path / "case.html"
    told, problems = write_case(PROJECT, html=path, results=[])
    assert problems == []
    assert "not run" in told
    page = path.read_text(encoding="utf-8")
    assert "no results were given: nothing here is proven" in page
    assert "<strong>passed</strong>" not in page


def test_the_page_tells_every_hazard_its_controls_and_who_has_not_signed(tmp_path: Path) -> None:
    path = tmp_path / "case.html"
    write_case(PROJECT, html=path, results=[junit(tmp_path / "unit.xml")])
    page = unescape(path.read_text(encoding="utf-8"))
    log = HazardLog.load(LOG)
    for hazard in log.hazards:
        assert f'id="{hazard.id}"' in page
        for control in hazard.controls:
            assert all(test in page for test in control.tests)
    assert page.count("not signed") == 2 * len(log.hazards) + len(log.owners)
    assert "<strong>passed</strong>: A disguise hides no crisis." in page
    assert "<script" not in page


def test_the_command_fails_where_a_control_is_not_proven(tmp_path: Path) -> None:
    results = junit(tmp_path / "unit.xml", failing=TEST)
    result = CliRunner().invoke(app, ["safety-case", "--results", str(results)])
    assert result.exit_code == 1
    assert "[E802]" in result.output
    assert CliRunner().invoke(app, ["safety-case", "--results", str(junit(tmp_path / "unit.xml"))]).exit_code == 0


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(SignpostError) as error:
        write_case(PROJECT, html=tmp_path / "absent" / "case.html", results=[])
    assert error.value.code is Code.E008
