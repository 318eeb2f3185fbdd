"""The safeguarding checklist: there for the two top levels, marked as a default, and read with care."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.errors import Code, SignpostError
from bot.routes import Level
from bot.settings import ROOT
from bot.triage.checklist import Checklist

DESK = ROOT / "data" / "desk"
DEFAULTS = Checklist.load(DESK)


def test_the_two_top_levels_have_a_checklist_and_the_others_none() -> None:
    assert [bool(DEFAULTS.of(level)) for level in Level] == [True, True, False, False]
    assert DEFAULTS.are_defaults


@pytest.mark.parametrize(
    "values",
    [{"immediate": {}}, {"urgent": None}, {"urgent": {"A B": "c"}}, {"urgent": {"contact": 5}}, {"urgent": ["a"]}],
)
def test_a_file_of_another_form_is_refused_and_named(tmp_path: Path, values: dict[str, object]) -> None:
    data = yaml.safe_load((DESK / "checklist.yml").read_text()) | values
    (tmp_path / "checklist.yml").write_text(yaml.safe_dump(data))
    with pytest.raises(SignpostError, match=r"checklist\.yml") as caught:
        Checklist.load(tmp_path)
    assert caught.value.code is Code.E610


def test_a_checklist_that_the_charity_confirmed_is_no_default(tmp_path: Path) -> None:
    data = yaml.safe_load((DESK / "checklist.yml").read_text()) | {"confirmed_by": "A. Nurse, 1 May 2026"}
    (tmp_path / "checklist.yml").write_text(yaml.safe_dump(data))
    assert not Checklist.load(tmp_path).are_defaults
