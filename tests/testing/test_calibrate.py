"""Thresholds follow from what mistakes cost."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Code, SignpostError
from bot.nlu.details import Details
from bot.nlu.routing import Decider
from bot.nlu.scoring import Scores
from bot.nlu.thresholds import THRESHOLDS_FILE, Thresholds
from bot.routes import Route
from bot.safety.screen import Alert
from bot.testing.calibrate import COSTS_FILE, GRID, Case, Costs, calibrate, pick, thresholds_of, write
from bot.testing.labelled import LabelledMessage
from bot.testing.unseen import Unseen, label_of
from tests.nlu.builders import SCRIPT

BEFORE = Thresholds.load()
COSTS = Costs.load()
DECIDER = Decider(SCRIPT, BEFORE, Details.load())

cases = st.lists(
    st.builds(Case, st.floats(0, 1), st.floats(0, 10), st.floats(0, 10), st.just(1.0)), min_size=1, max_size=40
)


def message(label: str, *alerts: Alert, text: str = "any words", **scores: float) -> Unseen:
    return Unseen(LabelledMessage(text, label), Scores(scores), alerts)


def picked(name: str, *messages: Unseen, costs: Costs = COSTS) -> float:
    return {choice.name: choice.value for choice in calibrate([messages], DECIDER, BEFORE, costs)}[name]


def test_a_threshold_lies_between_what_should_be_taken_and_what_should_not() -> None:
    should = [Case(0.8, 0, 1, 1)] * 20
    should_not = [Case(0.3, 1, 0, 1)] * 20
    assert 0.3 < pick("x", [*should, *should_not], 0.5).value <= 0.8


def test_the_dearer_it_is_to_miss_the_lower_the_threshold() -> None:
    def mixed(missed: float) -> list[Case]:
        return [
            Case(score / 10, 0 if right else 1, missed if right else 0, 1) for score in range(10) for right in (0, 1)
        ]

    assert pick("x", mixed(20), 0.5).value < pick("x", mixed(0.05), 0.5).value


@given(cases)
def test_a_threshold_is_one_of_the_grid_and_the_same_each_time(of: list[Case]) -> None:
    choice = pick("x", of, 0.5)
    assert min(abs(GRID - choice.value)) < 1e-9
    assert choice == pick("x", of, 0.5)


def test_where_nothing_hangs_on_a_threshold_it_stays() -> None:
    assert pick("x", [], 0.35).value == 0.35


def test_what_the_screen_takes_says_nothing_about_the_classifier() -> None:
    alert = Alert(Route.CRISIS, "a rule", "self", "words")
    seen = [message("helpline:crisis", alert, crisis_self=0.06)] * 30
    other = [message("helpline:crisis", crisis_self=0.9), message("helpline:complex", crisis_self=0.5)] * 30
    assert picked("crisis", *other, *seen) == picked("crisis", *other)


def test_a_passage_that_answers_something_else_raises_its_threshold() -> None:
    right = [message("answer:outlook", ask_outlook=0.9)] * 30
    wrong = [message("helpline:complex", ask_outlook=0.7)] * 30
    assert picked("ask_outlook", *right, *wrong) > 0.7
    assert picked("ask_outlook", *right, *[message("answer:outlook", ask_outlook=0.7)] * 30) <= 0.7


def test_a_question_that_a_detail_takes_from_its_passage_hangs_on_no_threshold() -> None:
    text = "how long with it in my liver"
    wrong = [message("helpline:complex", text=text, ask_outlook=0.9)] * 60
    assert picked("answer", *wrong) == BEFORE.answer


def test_costs_stand_in_the_order_that_was_agreed() -> None:
    order = [
        COSTS.missed_crisis,
        COSTS.missed_emergency,
        COSTS.wrong_passage,
        COSTS.missed_distress,
        COSTS.not_answered,
        COSTS.alarm_too_many,
    ]
    assert order == sorted(order, reverse=True)


@pytest.mark.parametrize("change", [{"missed_crisis": 0}, {"missed_crisis": True}, {"missed_cries": 3}])
def test_costs_that_are_none_are_refused(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "costs.yml"
    path.write_text(yaml.safe_dump({**yaml.safe_load(COSTS_FILE.read_text(encoding="utf-8")), **change}))
    with pytest.raises(SignpostError) as error:
        Costs.load(path)
    assert error.value.code is Code.E332


def test_the_written_file_reads_back_and_keeps_its_comments(tmp_path: Path) -> None:
    path = tmp_path / "thresholds.yml"
    path.write_text(THRESHOLDS_FILE.read_text(encoding="utf-8"), encoding="utf-8")
    choices = [pick("crisis", [Case(0.8, 0, 1, 1), Case(0.3, 1, 0, 1)], 0.5), pick("ask_outlook", [], 0.75)]
    write(path, BEFORE, choices)
    assert Thresholds.load(path) == thresholds_of(choices, BEFORE)
    comments = [line for line in THRESHOLDS_FILE.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")] == comments
    write(path, Thresholds.load(path), choices)
    assert Thresholds.load(path) == thresholds_of(choices, BEFORE)


@pytest.mark.parametrize(
    ("intent", "label"),
    [
        ("ask_outlook", "answer:outlook"),
        ("crisis_other", "helpline:crisis"),
        ("emergency", "helpline:emergency"),
        ("complex", "helpline:complex"),
        ("goodbye", "chat:bye"),
        ("other", "chat:other"),
        ("affirm", None),
    ],
)
def test_an_intent_has_the_label_that_messages_are_measured_with(intent: str, label: str | None) -> None:
    assert label_of(intent) == label
