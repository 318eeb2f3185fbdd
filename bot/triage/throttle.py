"""Guessing made slow: after some failures each further sign-in has to wait, twice as long each time.

Counted are a user name from one address, the address, and the user name from anywhere, the last two with more
patience: a colleague at the same address, or somebody who guesses elsewhere, must not keep a nurse out.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from bot.triage.models import ThrottleRow

FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=2)
FREE = {"pair": 5, "source": 30, "account": 60}
"""How many failures in a row cost nothing."""


def keys_of(username: str, source: str) -> dict[str, str]:
    """Return what a sign-in is counted under: hashes, so that no address is kept in clear.

    Args:
        username: The user name that was typed.
        source: The address that it came from.

    Returns:
        A key by each name of FREE.
    """
    parts = {"pair": f"{username}\n{source}", "source": source, "account": username}
    return {name: _digest(f"{name}\n{part}") for name, part in parts.items()}


def count(session: Any, keys: dict[str, str], now: datetime) -> timedelta | None:
    """Count a sign-in as failed, before it is looked at: many at once then cost as much as one after the other.

    Args:
        session: The transaction.
        keys: As `keys_of`.
        now: The time, aware.

    Returns:
        None, or how long to wait. Then it was not counted and must not be looked at.
    """
    rows = {name: _row(session, key, now) for name, key in sorted(keys.items())}
    wait: timedelta = max(row.last_at + _pause(row.failures - FREE[name]) - now for name, row in rows.items())
    if wait > timedelta():
        return wait
    for row in rows.values():
        row.failures, row.last_at = row.failures + 1, now
    return None


def forgive(session: Any, keys: dict[str, str]) -> None:
    """Take back that a sign-in was counted as failed; this person's own failures are forgotten.

    Args:
        session: The transaction.
        keys: As `keys_of`.
    """
    for name, key in sorted(keys.items()):
        row = session.get(ThrottleRow, key, with_for_update=True)
        if row is not None:
            row.failures = 0 if name == "pair" else max(0, row.failures - 1)


def _row(session: Any, key: str, now: datetime) -> ThrottleRow:
    row: ThrottleRow | None = session.get(ThrottleRow, key, with_for_update=True)
    if row is None:
        row = ThrottleRow(key=key, failures=0, last_at=now)
        session.add(row)
        session.flush()
    elif now - row.last_at > FORGOTTEN_AFTER:
        row.failures = 0
    return row


def _pause(over: int) -> timedelta:
    return timedelta() if over < 0 else min(FIRST_WAIT * 2 ** min(over, 10), LONGEST_WAIT)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
