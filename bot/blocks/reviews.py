"""Review dates: when a leaflet's next review is due, from the date as the leaflet prints it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.blocks.block import Source


def review_due(printed: str) -> date:
    """Return the last day on which a review is still in time.

    Args:
        printed: A year or a month and year, such as "2017" or "March 2028".

    Returns:
        The last day of that year or month.

    Raises:
        ValueError: It is neither.
    """
    if len(printed) == 4 and printed.isascii() and printed.isdigit():
        return date(int(printed), 12, 31)
    first = datetime.strptime(printed, "%B %Y").date()
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def is_overdue(source: Source, today: date) -> bool:
    """Say whether a leaflet's review is overdue. A date that cannot be read counts as overdue.

    Args:
        source: The leaflet.
        today: The day to judge by.

    Returns:
        True when readers and staff must be told.
    """
    try:
        return today > review_due(source.next_review)
    except ValueError:
        return True
