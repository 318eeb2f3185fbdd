"""When the desk is open: opening hours by weekday, without bank holidays, in the local time of one zone.

All points in time that go in or come out are aware; lengths are real ones, so a night on which the clocks change
makes an opening an hour longer or shorter only where it spans the change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MIDNIGHT = time(0, 0)
HORIZON_DAYS = 366
"""An opening is looked for no further ahead than this. What would take longer is due at the last closing time in it."""


@dataclass(frozen=True)
class Hours:
    """Opening hours.

    Attributes:
        zone: The zone of all local times.
        weekdays: Openings of each weekday (0 is Monday), in order and apart from each other, each from a local time to
            another one; an end of 00:00 is the midnight that follows.
        holidays: Local dates on which the desk is closed.
        known_until: The last date for which holidays are known.
    """

    zone: ZoneInfo
    weekdays: Mapping[int, tuple[tuple[time, time], ...]]
    holidays: frozenset[date]
    known_until: date

    def is_open(self, now: datetime) -> bool:
        """Return whether the desk is open at a point in time. At its closing time it is closed."""
        return any(start <= now < end for start, end in self.openings(now.astimezone(self.zone).date()))

    def openings(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return the openings of a local date, as points in time in UTC."""
        if day in self.holidays:
            return []
        found = []
        for start, end in self.weekdays.get(day.weekday(), ()):
            last = day + DAY if end == MIDNIGHT else day
            opening = (self._moment(day, start), self._moment(last, end))
            if opening[0] < opening[1]:  # an opening within the hour that a clock change skips is none
                found.append(opening)
        return found

    def after_open_minutes(self, start: datetime, minutes: int) -> datetime:
        """Return when so many minutes of opening time have passed.

        Args:
            start: From when on.
            minutes: How many; more than 0.

        Returns:
            The point in time, UTC.
        """
        left, end = timedelta(minutes=minutes), start.astimezone(timezone.utc)
        for day in self._days(start):
            for begin, end in self.openings(day):
                available = end - max(begin, start)
                if available >= left:
                    return max(begin, start).astimezone(timezone.utc) + left
                left -= max(available, timedelta())
        return end

    def after_open_days(self, start: datetime, days: int) -> datetime:
        """Return the closing time of the so-many-th open day after the local date of a point in time.

        Args:
            start: From when on. Whether it is within the opening hours of its own day makes no difference.
            days: How many; 1 is the next open day.

        Returns:
            The point in time, UTC.
        """
        closing = start.astimezone(timezone.utc)
        for day in self._days(start, first=1):
            openings = self.openings(day)
            if openings:
                closing, days = openings[-1][1], days - 1
            if days == 0:
                break
        return closing

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(timezone.utc)

    def _days(self, start: datetime, first: int = 0) -> Iterator[date]:
        today = start.astimezone(self.zone).date()
        return (today + number * DAY for number in range(first, HORIZON_DAYS))
