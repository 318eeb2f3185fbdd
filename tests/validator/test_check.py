"""`python -m bot check`: every rule runs, every finding has its place, and nothing stops it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from pathlib import Path

from typer.testing import CliRunner

import bot.validator.rules
from bot.cli import app
from bot.errors import Code, SignpostError
from bot.validator import check
from bot.validator.check import RULES, validate
from bot.validator.project import Project


def test_no_rule_is_forgotten() -> None:
    found = set()
    for module in pkgutil.iter_modules(bot.validator.rules.__path__):
        for _, function in inspect.getmembers(importlib.import_module(f"bot.validator.rules.{module.name}")):
            if inspect.isfunction(function) and list(inspect.signature(function).parameters) == ["project"]:
                found.add(function.__name__)
    found -= {"domain_actions", "decisions", "read"}  # they read, and judge nothing
    assert {name for name in found if not name.startswith("_")} <= {rule.__name__ for rule in RULES}


def test_every_finding_has_a_file_and_a_line_and_errors_come_first() -> None:
    problems = validate(Project()).problems
    for problem in problems:
        assert problem.place is not None, problem.message
        assert problem.place.path.exists()
        assert str(problem).startswith(f"{problem.place}: [{problem.code.name}] ")
    severities = [problem.severity for problem in problems]
    assert severities == sorted(severities)


def test_in_an_empty_folder_what_is_missing_is_told_once_and_nothing_is_raised(tmp_path: Path) -> None:
    report = validate(Project(tmp_path))
    messages = [problem.message for problem in report.problems]
    assert report.failed
    assert len(messages) == len(set(messages))
    assert sum("domain.yml" in message for message in messages) == 1


def test_the_command_shows_each_finding_and_fails_on_an_error(monkeypatch) -> None:
    def rule(project: Project) -> list[check.Problem]:
        raise SignpostError(Code.E100, path=project.domain, problem="line 3: it is torn")

    monkeypatch.setattr(check, "RULES", (rule,))
    monkeypatch.setattr(check.validate, "__defaults__", ((rule,),))
    result = CliRunner().invoke(app, ["check"])
    assert result.exit_code == 1
    assert "domain.yml:3: [E100]" in result.output
    assert "1 errors, 0 warnings." in result.output
