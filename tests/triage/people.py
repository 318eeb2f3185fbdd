"""People of the staff for tests, whose passwords are hashed quickly."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime

import pytest
from argon2 import PasswordHasher

from bot.triage import passwords, totp
from bot.triage.models import StaffRow
from bot.triage.roles import Person, Role
from bot.triage.service import Triage
from bot.triage.staff import Credentials, Staff
from tests.triage.databases import NOON

HOME = "192.0.2.7"


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash with as little work as argon2id can do."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._of_nobody.cache_clear()
    yield
    passwords._of_nobody.cache_clear()


def add(staff: Staff, username: str, role: Role = Role.NURSE) -> tuple[Person, Credentials]:
    """Add somebody."""
    made = staff.add(username, name=username.title(), role=role, now=NOON)
    return Person(username, username.title(), role), made


def hire(triage: Triage, username: str, role: Role = Role.NURSE) -> Person:
    """Put somebody on the staff who never signs in: no password has to be hashed for that."""
    row = StaffRow(
        id=username,
        name=username,
        role=role.value,
        password_hash="",
        must_change=False,
        totp_secret="",
        created_at=NOON,
    )
    triage.database.write(lambda session: session.add(row))
    return Person(username, username, role)


def code(made: Credentials, now: datetime) -> str:
    """What the authenticator app shows."""
    return totp.code_at(base64.b32decode(made.totp_secret), int(now.timestamp()) // totp.STEP_SECONDS)
