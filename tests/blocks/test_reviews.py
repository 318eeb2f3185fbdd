"""A review is overdue from the day after its printed year or month."""

from __future__ import annotations

from calendar import month_name
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.block import Source
from bot.blocks.reviews import is_overdue, review_due

SOURCE = Source("x", "Title", "Publisher", "December 2015", "2017", "0" * 64, "Somebody")


@pytest.mark.parametrize(
    ("printed", "due"),
    [
        ("2017", date(2017, 12, 31)),
        ("March 2028", date(2028, 3, 31)),
        ("February 2028", date(2028, 2, 29)),
        ("December 2026", date(2026, 12, 31)),
    ],
)
def test_a_review_is_due_by_the_end_of_what_is_printed(printed: str, due: date) -> None:
    assert review_due(printed) == due
    assert not is_overdue(replace(SOURCE, next_review=printed), due)
    assert is_overdue(replace(SOURCE, next_review=printed), date.fromordinal(due.toordinal() + 1))


@pytest.mark.parametrize("printed", ["soon", "", "201", "20177", "13/2017", "Marchember 2020", "٢٠١٧", "0000"])
def test_a_date_that_cannot_be_read_counts_as_overdue(printed: str) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        review_due(printed)
    assert is_overdue(replace(SOURCE, next_review=printed), date(2000, 1, 1))


def test_the_leaflets_review_is_overdue_since_2018() -> None:
    assert not is_overdue(SOURCE, date(2017, 12, 31))
    assert is_overdue(SOURCE, date(2018, 1, 1))


@given(st.dates(date(1000, 1, 1), date(9998, 12, 31)))
def test_the_month_of_any_day_is_due_on_or_after_that_day(day: date) -> None:
    due = review_due(f"{month_name[day.month]} {day.year:04d}")
    assert due >= day
    assert (due.year, due.month) == (day.year, day.month)
