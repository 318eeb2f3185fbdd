"""Targets over opening hours, weekends, bank holidays and nights on which the clocks change."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Code, SignpostError
from bot.routes import Level
from bot.settings import ROOT
from bot.triage.targets import Targets

DESK = ROOT / "data" / "desk"
LONDON = ZoneInfo("Europe/London")
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DEFAULTS = Targets.load(DESK)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 6, 1), timezones=st.just(timezone.utc))


def local(text: str) -> datetime:
    """A point in time as a clock in London shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def changed(folder: Path, **values: Any) -> Targets:
    """Targets with some values of their own."""
    data = yaml.safe_load((DESK / "targets.yml").read_text()) | values
    (folder / "targets.yml").write_text(yaml.safe_dump(data))
    shutil.copy(DESK / "bank-holidays.yml", folder)
    return Targets.load(folder)


@pytest.mark.parametrize(
    ("level", "since", "due"),
    [
        ("immediate", "2026-03-02 12:00", "2026-03-02 12:15"),
        ("immediate", "2026-12-25 03:00", "2026-12-25 03:15"),
        ("urgent", "2026-03-02 12:00", "2026-03-02 13:00"),
        ("urgent", "2026-03-02 16:30", "2026-03-03 09:30"),
        ("urgent", "2026-03-02 16:00", "2026-03-02 17:00"),
        ("urgent", "2026-03-06 17:00", "2026-03-09 10:00"),
        ("urgent", "2026-04-02 16:45", "2026-04-07 09:45"),  # over Good Friday and Easter Monday
        ("soon", "2026-03-02 12:00", "2026-03-03 17:00"),
        ("soon", "2026-03-06 23:59", "2026-03-09 17:00"),
        ("soon", "2026-03-07 00:01", "2026-03-09 17:00"),
        ("soon", "2026-12-24 09:00", "2026-12-29 17:00"),  # Christmas, Boxing Day on a Saturday, its substitute
        ("routine", "2026-03-02 12:00", "2026-03-05 17:00"),
        ("routine", "2026-05-01 12:00", "2026-05-07 17:00"),  # over the early May holiday
    ],
)
def test_a_case_is_due_as_the_defaults_say(level: str, since: str, due: str) -> None:
    assert DEFAULTS.due(Level(level), local(since)) == local(due)


def test_an_open_hour_over_a_weekend_on_which_the_clocks_change_keeps_the_local_time() -> None:
    forward = DEFAULTS.due(Level.URGENT, local("2026-03-27 16:30"))
    assert forward == datetime(2026, 3, 30, 8, 30, tzinfo=timezone.utc)  # 9.30 in summer time
    back = DEFAULTS.due(Level.URGENT, local("2026-10-23 16:30"))
    assert back == datetime(2026, 10, 26, 9, 30, tzinfo=timezone.utc)


def test_fifteen_minutes_are_fifteen_minutes_while_the_clocks_change() -> None:
    for since in (
        datetime(2026, 3, 29, 0, 50, tzinfo=timezone.utc),
        datetime(2026, 10, 25, 0, 50, tzinfo=timezone.utc),
    ):
        assert DEFAULTS.due(Level.IMMEDIATE, since) - since == timedelta(minutes=15)


def test_the_day_after_a_late_evening_before_the_clocks_change_is_not_missed(tmp_path: Path) -> None:
    targets = changed(tmp_path, open={day: ["09:00-17:00"] for day in WEEK})
    assert targets.due(Level.SOON, local("2026-03-28 23:30")) == local("2026-03-29 17:00")
    assert targets.due(Level.SOON, local("2026-10-24 23:30")) == local("2026-10-25 17:00")


def test_an_opening_over_a_clock_change_has_its_real_length(tmp_path: Path) -> None:
    targets = changed(tmp_path, open={"sunday": ["00:00-06:00"]}, targets=minutes_open(330))
    assert targets.due(Level.URGENT, local("2026-10-24 12:00")) == local("2026-10-25 04:30")  # seven hours long
    assert targets.due(Level.URGENT, local("2026-03-28 12:00")) == local("2026-04-05 00:30")  # five hours long


def test_a_desk_that_is_open_day_and_night_counts_every_minute(tmp_path: Path) -> None:
    all_day = {day: ["00:00-24:00"] for day in WEEK}
    targets = changed(tmp_path, open=all_day, open_on_bank_holidays=True, targets=minutes_open(600))
    since = local("2026-12-24 20:00")
    assert targets.due(Level.URGENT, since) - since == timedelta(hours=10)
    assert targets.hours.is_open(local("2026-12-25 00:00"))


def minutes_open(amount: int) -> dict[str, dict[str, int]]:
    return {level.value: {"open_minutes": amount} for level in Level}


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-03-02 08:59", False),
        ("2026-03-02 09:00", True),
        ("2026-03-02 16:59", True),
        ("2026-03-02 17:00", False),
        ("2026-03-07 12:00", False),
        ("2026-12-28 12:00", False),
        ("2026-07-01 09:30", True),
    ],
)
def test_the_desk_is_open_at_local_hours_and_closed_on_bank_holidays(at: str, is_open: bool) -> None:
    assert DEFAULTS.hours.is_open(local(at)) is is_open


@given(first=MOMENTS, second=MOMENTS, level=st.sampled_from(Level))
def test_what_came_later_is_never_due_earlier(first: datetime, second: datetime, level: Level) -> None:
    earlier, later = sorted([first, second])
    assert earlier < DEFAULTS.due(level, earlier) <= DEFAULTS.due(level, later)


@given(since=MOMENTS)
def test_what_is_counted_in_open_time_is_due_at_an_open_moment_or_a_closing_time(since: datetime) -> None:
    for level in (Level.URGENT, Level.SOON, Level.ROUTINE):
        assert DEFAULTS.hours.is_open(DEFAULTS.due(level, since) - timedelta(microseconds=1))


def easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian computus."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30, b % 4
    f = (32 + 2 * e + 2 * (c // 4) - d - c % 4) % 7
    month, day = divmod(d + f - 7 * ((a + 11 * d + 22 * f) // 451) + 114, 31)
    return date(year, month, day + 1)


def monday(year: int, month: int, *, last: bool) -> date:
    days = [date(year, month, 1) + timedelta(days=number) for number in range(31)]
    mondays = [day for day in days if day.weekday() == 0 and day.month == month]
    return mondays[-1 if last else 0]


def by_rule(year: int) -> set[date]:
    fixed = [easter(year) - timedelta(days=2), easter(year) + timedelta(days=1), monday(year, 5, last=False)]
    found = {*fixed, monday(year, 5, last=True), monday(year, 8, last=True)}
    for day in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        while day.weekday() >= 5 or day in found:
            day += timedelta(days=1)
        found.add(day)
    return found


def test_the_bank_holidays_are_those_of_the_rules_for_england_and_wales() -> None:
    known = DEFAULTS.hours.holidays
    assert known == {day for year in (2025, 2026, 2027, 2028) for day in by_rule(year)}
    assert DEFAULTS.hours.known_until == date(2028, 12, 31)


def test_the_values_that_come_with_signpost_are_marked_as_defaults(tmp_path: Path) -> None:
    assert DEFAULTS.are_defaults
    assert not changed(tmp_path, confirmed_by="A. Nurse, 1 May 2026").are_defaults


@pytest.mark.parametrize(
    "values",
    [
        {"time_zone": "Europe/Londres"},
        {"open": {}},
        {"open": {"mon": ["09:00-17:00"]}},
        {"open": {"monday": ["9-17"]}},
        {"open": {"monday": ["17:00-09:00"]}},
        {"open": {"monday": ["22:00-00:00"]}},
        {"open": {"monday": ["09:00-13:00", "12:00-17:00"]}},
        {"open": {"monday": ["09:00-24:00", "12:00-17:00"]}},
        {"open": 5},
        {"targets": {"immediate": {"minutes": 15}}},
        {"targets": {level.value: {"minutes": 0} for level in Level}},
        {"targets": {level.value: {"weeks": 1} for level in Level}},
        {"escalation": None},
    ],
)
def test_a_file_of_another_form_is_refused_and_named(tmp_path: Path, values: dict[str, Any]) -> None:
    with pytest.raises(SignpostError, match=r"targets\.yml") as caught:
        changed(tmp_path, **values)
    assert caught.value.code is Code.E610


@pytest.mark.parametrize("content", ["days: 1", "- 1", ":", "known_until: soon\ndays: {}"])
def test_bank_holidays_of_another_form_are_refused_and_named(tmp_path: Path, content: str) -> None:
    shutil.copy(DESK / "targets.yml", tmp_path)
    (tmp_path / "bank-holidays.yml").write_text(content)
    with pytest.raises(SignpostError, match=r"bank-holidays\.yml") as caught:
        Targets.load(tmp_path)
    assert caught.value.code is Code.E610


def test_a_value_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "targets.yml").write_text("time_zone: Europe/London")
    with pytest.raises(SignpostError, match="targets is missing"):
        Targets.load(tmp_path)
