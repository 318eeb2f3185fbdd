"""Signing in to the desk: password and one-time code together, throttled, into a session that ends by itself."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from bot.errors import Code, SignpostError
from bot.triage import audit, passwords, throttle, totp
from bot.triage.audit import NOBODY, Action
from bot.triage.database import Database
from bot.triage.models import RecoveryCodeRow, StaffRow, StaffSessionRow
from bot.triage.records import hash_token
from bot.triage.roles import Person
from bot.triage.staff import is_username, person_of

SEEN_EVERY = timedelta(seconds=30)
"""A session's last use is written down no more often than this."""
KEPT = timedelta(days=7)
"""How long the row of a session stays after it was begun; sessions are shorter (Settings.staff_max_hours)."""


@dataclass(frozen=True)
class SignedIn:
    """A session that has just begun.

    Attributes:
        token: What the browser shows from now on. It stands in clear only here.
        person: Who signed in.
        must_change_password: Whether the password is still the one that was handed out.
    """

    token: str = field(repr=False)
    person: Person
    must_change_password: bool


@dataclass(frozen=True)
class Seat:
    """A session that goes on.

    Attributes:
        person: Whose it is.
        must_change_password: Whether nothing else may be done before the password is changed.
        ends_at: When it ends if nothing is done until then, UTC.
    """

    person: Person
    must_change_password: bool
    ends_at: datetime


class Sessions:
    """Sessions of staff in a database."""

    def __init__(self, database: Database, *, idle: timedelta, longest: timedelta) -> None:
        """Use a database.

        Args:
            database: Where sessions are kept.
            idle: A session ends after so long without use (Settings.staff_idle_minutes).
            longest: A session ends after so long in any case (Settings.staff_max_hours).
        """
        self.database = database
        self._idle = idle
        self._longest = longest

    def sign_in(self, username: str, password: str, code: str, *, source: str, now: datetime) -> SignedIn:
        """Begin a session. What was wrong is not told, and takes as long whether the person exists or not.

        Args:
            username: What was typed as the user name.
            password: What was typed as the password.
            code: A code of the authenticator app, or a recovery code.
            source: The address that it comes from, for the throttle.
            now: The time, aware.

        Returns:
            The session.

        Raises:
            SignpostError: E600, the database cannot be reached; E626, something is wrong; E627, too many were wrong
                lately: wait.
        """
        username = username.strip().lower()
        keys = throttle.keys_of(username, source)
        username = username if is_username(username) else ""  # nobody's; and no database is asked for any odd text
        wait = self.database.write(lambda session: throttle.count(session, keys, now))
        if wait is not None:
            raise SignpostError(Code.E627, seconds=int(wait.total_seconds()) + 1)
        kept = self.database.read(lambda session: getattr(session.get(StaffRow, username), "password_hash", None))
        right = passwords.is_right(password, kept)
        token = secrets.token_urlsafe(32)

        def work(session: Any) -> SignedIn | None:
            row = session.get(StaffRow, username, with_for_update=True)
            # The hash again: a password that was changed meanwhile counts no more.
            good = right and row is not None and row.password_hash == kept and row.disabled_at is None
            used_recovery = False
            if good:
                step = totp.matching_step(row.totp_secret, code, now, after=row.totp_step)
                row.totp_step = step or row.totp_step
                used_recovery = step is None and _use_recovery_code(session, row.id, code, now)
                good = step is not None or used_recovery
            if not good:
                subject = "" if row is None else f"staff:{row.id}"  # what was typed may be a password
                audit.append(session, Action.SIGN_IN_REFUSED, actor=NOBODY, now=now, subject=subject)
                return None
            throttle.forgive(session, keys)
            session.execute(delete(StaffSessionRow).where(StaffSessionRow.created_at < now - KEPT))
            session.add(
                StaffSessionRow(token_sha256=hash_token(token), staff_id=row.id, created_at=now, last_seen_at=now)
            )
            if used_recovery:
                audit.append(session, Action.RECOVERY_CODE_USED, actor=row.id, now=now, subject=f"staff:{row.id}")
            audit.append(session, Action.SIGN_IN, actor=row.id, now=now, subject=f"staff:{row.id}")
            return SignedIn(token, person_of(row), row.must_change)

        signed_in = self.database.write(work)
        if signed_in is None:
            raise SignpostError(Code.E626)
        return signed_in

    def find(self, token: str, now: datetime) -> Seat | None:
        """Find the session of a token, and note that it is in use.

        Args:
            token: What the browser sent; anything at all.
            now: The time, aware.

        Returns:
            The session, or None where there is none, or it has ended in one way or another.

        Raises:
            SignpostError: E600, the database cannot be reached.
        """
        key = hash_token(token)

        def look(session: Any) -> tuple[Seat, bool] | None:
            row = session.get(StaffSessionRow, key)
            if row is None or row.ended_at is not None:
                return None
            staff = session.get(StaffRow, row.staff_id)
            latest = row.created_at + self._longest
            if staff.disabled_at is not None or now >= min(latest, row.last_seen_at + self._idle):
                return None
            seat = Seat(person_of(staff), staff.must_change, min(latest, now + self._idle))
            return seat, now - row.last_seen_at >= SEEN_EVERY

        def note(session: Any) -> None:
            row = session.get(StaffSessionRow, key, with_for_update=True)
            if row is not None:
                row.last_seen_at = max(row.last_seen_at, now)

        found = self.database.read(look)
        if found is None:
            return None
        if found[1]:
            self.database.write(note)
        return found[0]

    def sign_out(self, token: str, now: datetime) -> None:
        """End a session. That there is none is no error.

        Args:
            token: What the browser sent.
            now: The time, aware.

        Raises:
            SignpostError: E600, the database cannot be reached.
        """

        def work(session: Any) -> None:
            row = session.get(StaffSessionRow, hash_token(token), with_for_update=True)
            if row is not None and row.ended_at is None:
                row.ended_at = now
                audit.append(session, Action.SIGN_OUT, actor=row.staff_id, now=now, subject=f"staff:{row.staff_id}")

        self.database.write(work)


def _use_recovery_code(session: Any, username: str, code: str, now: datetime) -> bool:
    row = session.get(RecoveryCodeRow, totp.hash_recovery_code(code), with_for_update=True)
    if row is None or row.staff_id != username or row.used_at is not None:
        return False
    row.used_at = now
    return True
