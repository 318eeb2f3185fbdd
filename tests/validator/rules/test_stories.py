"""Titles of rules, stories and test cases tell them apart."""

from __future__ import annotations

from pathlib import Path

from bot.validator.project import Project
from bot.validator.rules.stories import titles_are_unique


def test_a_test_case_may_not_have_the_title_of_another_or_of_a_rule(tmp_path: Path) -> None:
    (tmp_path / "data" / "stories").mkdir(parents=True)
    (tmp_path / "tests" / "stories" / "below").mkdir(parents=True)
    (tmp_path / "data" / "stories" / "rules.yml").write_text("rules:\n- rule: One\n  steps: []\n")
    (tmp_path / "tests" / "stories" / "a.yml").write_text("test_cases:\n- test_case: Two\n  steps: []\n")
    again = "test_cases:\n- test_case: One\n  steps: []\n- test_case: Two\n  steps: []\n- steps: []\n"
    (tmp_path / "tests" / "stories" / "below" / "b.yml").write_text(again)
    problems = list(titles_are_unique(Project(tmp_path)))
    assert [(problem.code.name, problem.place and problem.place.line) for problem in problems] == [
        ("E313", 2),
        ("E313", 4),
        ("E314", 6),
    ]
    assert "rules.yml:2" in problems[0].message
