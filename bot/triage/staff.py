"""The people of the desk: who they are, what they sign in with, and how that is renewed or taken away."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from bot.errors import Code, SignpostError
from bot.triage import audit, passwords, totp
from bot.triage.audit import CONSOLE, NOBODY, Action
from bot.triage.database import Database
from bot.triage.models import RecoveryCodeRow, StaffRow, StaffSessionRow
from bot.triage.roles import Person, Role

USERNAME = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*")
LONGEST_USERNAME = 32
LONGEST_NAME = 80


@dataclass(frozen=True)
class Credentials:
    """What somebody signs in with, in clear: shown once, and kept nowhere.

    Attributes:
        password: To be changed at the first sign-in.
        totp_secret: For an authenticator app, in base32.
        totp_address: The same as an `otpauth://` address.
        recovery_codes: Each is good once, in place of the app's code.
    """

    password: str = field(repr=False)
    totp_secret: str = field(repr=False)
    totp_address: str = field(repr=False)
    recovery_codes: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Member:
    """Somebody of the staff, as the list of people shows them.

    Attributes:
        person: User name, name and role.
        added_at: Since when, UTC.
        disabled_at: When signing in was taken away, UTC; None for those who can.
        recovery_codes_left: How many recovery codes are unused.
    """

    person: Person
    added_at: datetime
    disabled_at: datetime | None
    recovery_codes_left: int


class Staff:
    """The people of the desk in a database. Signing in is in `bot.triage.sessions`."""

    def __init__(self, database: Database) -> None:
        """Use a database.

        Args:
            database: Where people are kept.
        """
        self.database = database

    def add(self, username: str, *, name: str, role: Role, now: datetime, by: str = CONSOLE) -> Credentials:
        """Add somebody.

        Args:
            username: A user name that was never given to anybody before.
            name: How colleagues know this person.
            role: What this person is there for.
            now: The time, aware.
            by: Who adds them.

        Returns:
            What they sign in with.

        Raises:
            SignpostError: E600, the database cannot be reached; E622, the name has another form; E623, it is taken.
        """
        if not is_username(username) or username in (CONSOLE, NOBODY):
            raise SignpostError(
                Code.E622, problem=f"the user name has not this form or more than {LONGEST_USERNAME} signs"
            )
        if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise SignpostError(Code.E622, problem=f"the name is empty or has more than {LONGEST_NAME} signs")
        made, kept = _make(username)

        def work(session: Any) -> None:
            if session.get(StaffRow, username) is not None:
                raise SignpostError(Code.E623, username=username)
            session.add(
                StaffRow(id=username, name=name.strip(), role=role.value, created_at=now, must_change=True, **kept)
            )
            session.flush()
            _keep_recovery_codes(session, username, made)
            detail = {"role": role.value}
            audit.append(session, Action.STAFF_ADDED, actor=by, now=now, subject=f"staff:{username}", detail=detail)

        self.database.write(work)
        return made

    def renew(self, username: str, *, now: datetime, by: str = CONSOLE) -> Credentials:
        """Give somebody all new credentials, and let them sign in again if that was taken away. Their sessions end.

        Args:
            username: Who.
            now: The time, aware.
            by: Who does it.

        Returns:
            What they sign in with.

        Raises:
            SignpostError: E600, the database cannot be reached; E624, there is nobody of that name.
        """
        made, kept = _make(username)

        def work(session: Any) -> None:
            row = _find(session, username)
            row.must_change, row.disabled_at, row.totp_step = True, None, 0
            row.password_hash, row.totp_secret = kept["password_hash"], kept["totp_secret"]
            _keep_recovery_codes(session, username, made)
            end_sessions(session, username, now)
            audit.append(session, Action.STAFF_CREDENTIALS, actor=by, now=now, subject=f"staff:{username}")

        self.database.write(work)
        return made

    def disable(self, username: str, *, now: datetime, by: str = CONSOLE) -> None:
        """Take signing in away from somebody, at once. What they did stays, and their name is not given again.

        Args:
            username: Who.
            now: The time, aware.
            by: Who does it.

        Raises:
            SignpostError: E600, the database cannot be reached; E624, there is nobody of that name.
        """

        def work(session: Any) -> None:
            row = _find(session, username)
            row.disabled_at = row.disabled_at or now
            end_sessions(session, username, now)
            audit.append(session, Action.STAFF_DISABLED, actor=by, now=now, subject=f"staff:{username}")

        self.database.write(work)

    def list(self) -> list[Member]:
        """Return everybody, by user name.

        Raises:
            SignpostError: E600, the database cannot be reached.
        """

        def work(session: Any) -> list[Member]:
            unused = session.scalars(select(RecoveryCodeRow.staff_id).where(RecoveryCodeRow.used_at.is_(None))).all()
            return [
                Member(person_of(row), row.created_at, row.disabled_at, unused.count(row.id))
                for row in session.scalars(select(StaffRow).order_by(StaffRow.id))
            ]

        return self.database.read(work)

    def change_password(self, person: Person, *, old: str, new: str, now: datetime) -> None:
        """Let somebody change their own password. All their sessions end.

        Args:
            person: Who.
            old: The password until now.
            new: The one from now on.
            now: The time, aware.

        Raises:
            SignpostError: E600, the database cannot be reached; E621, the new one is not allowed;
                E625, the old one is wrong.
        """
        passwords.check_password(new, person.id)
        kept = self.database.read(lambda session: _find(session, person.id).password_hash)
        if old == new or not passwords.is_right(old, kept):
            raise SignpostError(Code.E625)
        hashed = passwords.hash_password(new)

        def work(session: Any) -> None:
            row = _find(session, person.id)
            row.password_hash, row.must_change = hashed, False
            end_sessions(session, person.id, now)
            audit.append(session, Action.STAFF_CREDENTIALS, actor=person.id, now=now, subject=f"staff:{person.id}")

        self.database.write(work)


def is_username(typed: str) -> bool:
    """Return whether this has the form of a user name."""
    return len(typed) <= LONGEST_USERNAME and USERNAME.fullmatch(typed) is not None


def person_of(row: StaffRow) -> Person:
    """Return a row as the record that leaves the database."""
    return Person(row.id, row.name, Role(row.role))


def end_sessions(session: Any, username: str, now: datetime) -> None:
    """End every session of somebody.

    Args:
        session: The transaction.
        username: Who.
        now: The time, aware.
    """
    theirs = update(StaffSessionRow).filter_by(staff_id=username, ended_at=None).values(ended_at=now)
    session.execute(theirs.execution_options(synchronize_session=False))


def _find(session: Any, username: str) -> StaffRow:
    row: StaffRow | None = session.get(StaffRow, username, with_for_update=True)
    if row is None:
        raise SignpostError(Code.E624, username=username)
    return row


def _make(username: str) -> tuple[Credentials, dict[str, str]]:
    """Make credentials up: in clear, and as the row keeps them."""
    password, secret = passwords.make_password(), totp.make_secret()
    made = Credentials(password, secret, totp.address(secret, username), totp.make_recovery_codes())
    return made, {"password_hash": passwords.hash_password(password), "totp_secret": secret}


def _keep_recovery_codes(session: Any, username: str, made: Credentials) -> None:
    session.execute(delete(RecoveryCodeRow).filter_by(staff_id=username))
    for code in made.recovery_codes:
        session.add(RecoveryCodeRow(sha256=totp.hash_recovery_code(code), staff_id=username))
