"""Shares and their 95 % intervals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.testing.statistics import Share


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        # Agresti and Coull, "Approximate is better than exact", The American Statistician 52, 1998: none of 10.
        (0, 10, 0.0, 0.278),
        (5, 10, 0.237, 0.763),
        (10, 10, 0.722, 1.0),
        (95, 100, 0.888, 0.978),
    ],
)
def test_the_interval_is_wilsons(hits: int, total: int, low: float, high: float) -> None:
    assert Share(hits, total).interval == pytest.approx((low, high), abs=0.001)


@given(st.integers(1, 10_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_the_interval_holds_the_share_and_stays_between_0_and_1(counts: tuple[int, int]) -> None:
    share = Share(*counts)
    low, high = share.interval
    assert 0.0 <= low <= share.value + 1e-9
    assert share.value - 1e-9 <= high <= 1.0


def test_more_messages_make_a_narrower_interval() -> None:
    few, many = Share(9, 10).interval, Share(900, 1000).interval
    assert many[1] - many[0] < few[1] - few[0]


def test_nothing_of_nothing_is_0_and_tells_nothing() -> None:
    assert (Share(0, 0).value, Share(0, 0).interval) == (0.0, (0.0, 1.0))
