"""Thresholds are read from a file that is reviewed, and a wrong file is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.errors import Code, SignpostError
from bot.nlu.thresholds import THRESHOLDS_FILE, Thresholds


@pytest.fixture
def data() -> dict[str, Any]:
    """The reviewed thresholds as plain data."""
    loaded: dict[str, Any] = yaml.safe_load(THRESHOLDS_FILE.read_text())
    return loaded


@pytest.fixture
def load(tmp_path: Path) -> Callable[[Any], Thresholds]:
    """Reads thresholds from a file with this data."""

    def write_and_load(data: Any) -> Thresholds:
        path = tmp_path / "thresholds.yml"
        path.write_text(yaml.safe_dump(data))
        return Thresholds.load(path)

    return write_and_load


def test_every_threshold_is_read_as_it_stands(load: Callable[[Any], Thresholds], data: dict[str, Any]) -> None:
    thresholds = load(data)
    assert {field.name: getattr(thresholds, field.name) for field in fields(Thresholds)} == {
        **data,
        "answers": data["answers"] or {},
    }


def test_an_answer_has_its_own_threshold_or_the_common_one(
    load: Callable[[Any], Thresholds], data: dict[str, Any]
) -> None:
    thresholds = load({**data, "answer": 0.5, "answers": {"ask_outlook": 0.7}})
    assert (thresholds.for_answer("ask_outlook"), thresholds.for_answer("ask_names")) == (0.7, 0.5)


@pytest.mark.parametrize("answers", [{"ask_outlook": 2}, {"ask_outlook": True}, {"outlook": 0.5}, [0.5], "high"])
def test_thresholds_of_answers_that_are_none_are_refused(
    load: Callable[[Any], Thresholds], data: dict[str, Any], answers: Any
) -> None:
    with pytest.raises(SignpostError) as error:
        load({**data, "answers": answers})
    assert error.value.code is Code.E306


@pytest.mark.parametrize("value", ["high", None, -0.1, 1.1, [0.5], float("nan"), True])
def test_what_is_no_probability_is_refused_by_name(
    load: Callable[[Any], Thresholds], data: dict[str, Any], value: Any
) -> None:
    with pytest.raises(SignpostError, match="answer") as error:
        load({**data, "answer": value})
    assert error.value.code is Code.E306


def test_a_missing_threshold_is_refused_by_name(load: Callable[[Any], Thresholds], data: dict[str, Any]) -> None:
    del data["crisis"]
    with pytest.raises(SignpostError, match="crisis") as error:
        load(data)
    assert error.value.code is Code.E306


def test_a_misspelt_threshold_is_refused_by_name(load: Callable[[Any], Thresholds], data: dict[str, Any]) -> None:
    with pytest.raises(SignpostError, match="crises") as error:
        load({**data, "crises": 0.3})
    assert error.value.code is Code.E306


def test_the_worse_a_miss_the_lower_its_threshold() -> None:
    served = Thresholds.load()
    assert served.crisis <= served.answer
    assert served.emergency <= served.answer
    assert served.distress <= served.answer


def test_a_piece_of_a_long_message_can_count_where_the_whole_does_not_reach_its_threshold() -> None:
    served = Thresholds.load()
    assert served.piece_floor < min(served.crisis, served.emergency, served.distress)
