"""What a threshold costs, on candidates small enough to count by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decision import Reason
from bot.testing.calibration import (
    Candidate,
    at,
    calibration_error,
    candidates,
    reliability,
    risk_coverage,
    threshold_used,
)
from bot.testing.labelled import LabelledMessage
from bot.testing.labels import Reply
from bot.testing.measures import Outcome
from bot.testing.statistics import Share
from tests.testing.replies import LIBRARY, SCRIPT, reply

THREE = [Candidate(0.9, True), Candidate(0.6, False), Candidate(0.3, True)]
CANDIDATES = st.lists(st.builds(Candidate, st.floats(0, 1), st.booleans()), min_size=1)


def outcome(expect: str, got: Reply) -> Outcome:
    return Outcome(LabelledMessage("a message", expect), got)


def near(intent: str, score: float | None) -> Reason:
    return Reason("classifier", intent, score, 0.4)


def test_a_passage_that_was_not_served_counts_as_if_it_were() -> None:
    outcomes = [
        outcome("answer:outlook", reply("complex", nearest=near("ask_outlook", 0.35))),
        outcome("helpline:complex", reply("ask_curable", nearest=near("ask_curable", 0.5))),
        outcome("answer:helpline", reply("unclear", nearest=near("ask_names", 0.3))),
    ]
    assert candidates(outcomes, SCRIPT, LIBRARY) == [
        Candidate(0.35, True),
        Candidate(0.5, False),
        Candidate(0.3, False),
    ]
    assert threshold_used(outcomes) == 0.4


def test_a_message_that_does_not_hang_on_the_threshold_is_no_candidate() -> None:
    outcomes = [
        outcome("helpline:crisis", reply("crisis_self")),
        outcome("answer:outlook", reply("ask_outlook", nearest=near("ask_outlook", None))),
    ]
    assert candidates(outcomes, SCRIPT, LIBRARY) == []
    assert threshold_used(outcomes[:1]) is None


def test_a_lower_threshold_answers_more_and_is_wrong_more_often() -> None:
    assert [(point.threshold, point.coverage, point.risk) for point in risk_coverage(THREE)] == [
        (0.9, Share(1, 3), Share(0, 1)),
        (0.6, Share(2, 3), Share(1, 2)),
        (0.3, Share(3, 3), Share(1, 3)),
    ]


def test_above_all_scores_nothing_is_answered_and_nothing_is_wrong() -> None:
    assert (at(0.95, THREE).coverage, at(0.95, THREE).risk) == (Share(0, 3), Share(0, 0))


@given(CANDIDATES)
def test_coverage_only_grows_and_ends_with_every_candidate(of: list[Candidate]) -> None:
    points = risk_coverage(of)
    answered = [point.coverage.hits for point in points]
    assert answered == sorted(set(answered))
    assert answered[-1] == len(of)


@given(CANDIDATES)
def test_each_candidate_lies_in_one_bin_with_its_score(of: list[Candidate]) -> None:
    bins = reliability(of)
    assert sum(bin_.right.total for bin_ in bins) == len(of)
    assert all(bin_.low - 1e-9 <= bin_.score <= bin_.high + 1e-9 for bin_ in bins)
    assert 0 <= calibration_error(bins) <= 1


@pytest.mark.parametrize(
    ("of", "error"),
    [([Candidate(1.0, True)], 0.0), ([Candidate(1.0, False)], 1.0), ([Candidate(0.75, True)], 0.25), ([], 0.0)],
)
def test_the_error_is_the_distance_between_score_and_share_right(of: list[Candidate], error: float) -> None:
    assert calibration_error(reliability(of)) == pytest.approx(error)
