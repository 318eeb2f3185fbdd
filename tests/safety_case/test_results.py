"""Results are read from JUnit files, and the worst of what a name stands for counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import Code, SignpostError
from bot.safety_case.results import Outcome, Results

XML = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest">
<testcase classname="tests.a.test_b" name="test_plain" time="0.1"/>
<testcase classname="tests.a.test_b" name="test_each[one]" time="0.1"/>
<testcase classname="tests.a.test_b" name="test_each[two]" time="0.1"><failure message="x">no</failure></testcase>
<testcase classname="tests.a.test_b" name="test_wrong" time="0.1"><error message="x">no</error></testcase>
<testcase classname="tests.a.test_b" name="test_left_out" time="0.1"><skipped message="x"/></testcase>
<testcase classname="tests.a.test_b.TestC" name="test_inside" time="0.1"/>
<testcase classname="tests.safety.test_screen"
 name="test_every_pattern_fires_on_its_examples_and_not_on_its_counter_examples[crisis.kill_self]" time="0.1"/>
<testcase classname="tests/stories/a.yml" name="A talk about a sister" time="0.1"/>
</testsuite></testsuites>
"""


@pytest.fixture
def results(tmp_path: Path) -> Results:
    path = tmp_path / "unit.xml"
    path.write_text(XML)
    return Results.read([path])


@pytest.mark.parametrize(
    ("reference", "outcome"),
    [
        ("tests/a/test_b.py::test_plain", Outcome.PASSED),
        ("tests/a/test_b.py::test_each", Outcome.FAILED),
        ("tests/a/test_b.py::test_each[one]", Outcome.PASSED),
        ("tests/a/test_b.py::test_each[three]", Outcome.NOT_RUN),
        ("tests/a/test_b.py::test_wrong", Outcome.FAILED),
        ("tests/a/test_b.py::test_left_out", Outcome.SKIPPED),
        ("tests/a/test_b.py::TestC::test_inside", Outcome.PASSED),
        ("tests/a/test_b.py::test_inside", Outcome.NOT_RUN),
        ("tests/a/test_c.py::test_plain", Outcome.NOT_RUN),
        ("pattern:crisis.kill_self", Outcome.PASSED),
        ("pattern:crisis.other", Outcome.NOT_RUN),
        ("story:A talk about a sister", Outcome.PASSED),
        ("story:Another talk", Outcome.NOT_RUN),
        ("nonsense", Outcome.NOT_RUN),
    ],
)
def test_each_reference_has_its_outcome(results: Results, reference: str, outcome: Outcome) -> None:
    assert results.of(reference) is outcome


def test_several_files_are_read_together(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text(f'<testsuite><testcase classname="tests.x" name="test_{name}"/></testsuite>')
    results = Results.read([tmp_path / "one", tmp_path / "two"])
    assert results.of("tests/x.py::test_one") is results.of("tests/x.py::test_two") is Outcome.PASSED


@pytest.mark.parametrize("text", [None, "", "no xml"])
def test_what_is_no_junit_file_is_told(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "unit.xml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SignpostError, match=r"unit\.xml") as error:
        Results.read([path])
    assert error.value.code is Code.E806
