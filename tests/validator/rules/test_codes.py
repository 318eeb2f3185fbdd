"""Every error that is raised has a code, every code is used, and every message gets what it needs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.blocks.checks.material import Problem
from bot.validator.project import Project
from bot.validator.rules.codes import codes_are_used, errors_have_codes, messages_are_filled_in

ERRORS = 'class Code:\n    E001 = "The {thing} broke."\n    E002 = (\n        "Two "\n        "parts."\n    )\n'


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Project]:
    """Makes a project of little Python files: `project(module="...")`."""

    def write(**files: str) -> Project:
        for folder in ("bot", "actions", "scripts"):
            (tmp_path / folder).mkdir()
        (tmp_path / "bot" / "errors.py").write_text(ERRORS)
        for name, text in files.items():
            (tmp_path / "bot" / f"{name}.py").write_text(text)
        return Project(tmp_path)

    return write


def lines(problems: list[Problem]) -> list[tuple[str, int]]:
    return [(problem.place.path.name, problem.place.line) for problem in problems if problem.place]


def test_a_code_that_nothing_reports_is_found_with_its_line(project: Callable[..., Project]) -> None:
    assert lines(list(codes_are_used(project(one="raise X(Code.E001)")))) == [("errors.py", 3)]


def test_a_script_may_report_a_code_before_there_is_python(project: Callable[..., Project]) -> None:
    made = project(one="Code.E001")
    (made.root / "scripts" / "setup").write_text("fail '[E002] Two parts.'")
    assert list(codes_are_used(made)) == []


@pytest.mark.parametrize(
    "code",
    [
        "raise SignpostError(Code.E001)",
        "class Refused(SignpostError): pass\nclass Late(Refused): pass\nraise Late()",
        "class Torn(Exception): pass\ntry: raise Torn()\nexcept (KeyError, Torn): pass",
        "class Torn(Exception): pass\nclass Worn(Torn): pass\ntry: raise Worn\nexcept Torn: pass",
        "try: raise errors.Torn()\nexcept errors.Torn as error: raise",
        "def wrong() -> SignpostError: ...\nraise wrong()",
        "async def wrong() -> SignpostError | None: ...\nasync def f(): raise await wrong()",
        "raise typer.Exit(1)",
        "raise error from None",
    ],
)
def test_an_error_that_carries_a_code_or_is_caught_by_its_name_is_right(
    project: Callable[..., Project], code: str
) -> None:
    assert list(errors_have_codes(project(one=code))) == []


@pytest.mark.parametrize(
    "code",
    [
        "raise RuntimeError('x')",
        "try: raise Exception('x')\nexcept Exception: pass",
        "raise SystemExit",
        "class Torn(Exception): pass\nraise Torn()",
        "raise errors.Torn()",
        "def wrong() -> str: ...\nraise wrong()",
    ],
)
def test_an_error_that_nobody_knows_is_found(project: Callable[..., Project], code: str) -> None:
    assert len(list(errors_have_codes(project(one=code)))) == 1


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("SignpostError(Code.E001, thing=1)", False),
        ("Code.E001.text(thing=1)", False),
        ("Problem.of(Code.E001, place, thing=1)", False),
        ("SignpostError(Code.E001, **values)", False),
        ("SignpostError(Code.E002)", False),
        ("helper(Code.E001)", False),
        ("SignpostError(Code.E001, other=1)", True),
        ("Code.E001.text()", True),
        ("Refused(Code.E001, body)", True),
    ],
)
def test_a_message_that_is_not_filled_in_is_found(project: Callable[..., Project], code: str, wrong: bool) -> None:
    assert bool(list(messages_are_filled_in(project(one=code)))) is wrong
