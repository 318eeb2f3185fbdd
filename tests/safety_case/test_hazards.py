"""The hazard log is whole, unsigned places are there, and a log of another form is refused with its line."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.errors import Code, SignpostError
from bot.safety_case.hazards import HazardLog
from bot.settings import ROOT

LOG = ROOT / "docs" / "safety" / "hazards.yml"
ONE = {
    "id": "H01",
    "title": "Something goes wrong",
    "cause": "A cause.",
    "effect": "An effect.",
    "controls": [{"control": "A control.", "tests": ["tests/test_x.py::test_y"]}],
    "severity": "major",
    "likelihood": "low",
    "residual": "Some.",
    "accepted_by": "",
    "accepted_on": "",
}


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., HazardLog]:
    """Reads a log of one hazard that has been changed."""

    def write_and_load(change: Callable[[Any], object]) -> HazardLog:
        signs = [{"role": "Owner", "name": "", "signed_on": ""}]
        log = deepcopy({"scope": "All.", "sign_off": signs, "hazards": [ONE]})
        change(log)
        path = tmp_path / "hazards.yml"
        path.write_text(yaml.safe_dump(log, sort_keys=False))
        return HazardLog.load(path)

    return write_and_load


def test_the_log_has_at_least_25_hazards_each_with_a_control_and_numbered_in_order() -> None:
    log = HazardLog.load(LOG)
    assert len(log.hazards) >= 25
    assert [hazard.id for hazard in log.hazards] == [f"H{number:02}" for number in range(1, len(log.hazards) + 1)]


def test_nobody_has_signed_for_the_owner() -> None:
    """Names and dates are for people to fill in. Whoever signs changes this test on that day."""
    log = HazardLog.load(LOG)
    assert all(name == day == "" for _, name, day in log.owners)
    assert all(hazard.accepted_by == hazard.accepted_on == "" for hazard in log.hazards)


def test_a_hazard_is_read_as_it_stands(load: Callable[..., HazardLog]) -> None:
    (hazard,) = load(lambda log: None).hazards
    assert (hazard.id, hazard.severity, hazard.controls[0].tests) == ("H01", "major", ("tests/test_x.py::test_y",))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda log: log.pop("scope"), "line 1: it has the keys"),
        (lambda log: log.update(hazards=[]), "hazards is not a list"),
        (lambda log: log.update(sign_off=[]), None),
        (lambda log: log.update(sign_off={}), "role, name and signed_on"),
        (lambda log: log["sign_off"][0].pop("name"), "role, name and signed_on"),
        (lambda log: log["hazards"][0].pop("residual"), r"line 7: a hazard has exactly the keys"),
        (lambda log: log["hazards"][0].update(extra=1), "a hazard has exactly the keys"),
        (lambda log: log["hazards"][0].update(cause=" "), "line 9: cause is not a text"),
        (lambda log: log["hazards"][0].update(severity="bad"), "severity is none of catastrophic"),
        (lambda log: log["hazards"][0].update(likelihood="4"), "likelihood is none of very high"),
        (lambda log: log["hazards"][0].update(accepted_on=2026), "accepted_on is not a text"),
        (lambda log: log["hazards"][0].update(controls=[]), "at least one control"),
        (lambda log: log["hazards"][0]["controls"][0].pop("tests"), "keys control and tests"),
        (lambda log: log["hazards"][0]["controls"][0].update(tests=[]), "at least one test"),
        (lambda log: log["hazards"].append(dict(ONE)), "H01 stands twice"),
    ],
)
def test_a_log_of_another_form_is_refused_with_its_line(
    load: Callable[..., HazardLog], change: Callable[[Any], object], problem: str | None
) -> None:
    if problem is None:
        load(change)
        return
    with pytest.raises(SignpostError, match=problem) as error:
        load(change)
    assert error.value.code is Code.E800
