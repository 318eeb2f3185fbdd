"""People of the desk: added once, renewed, disabled, never forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import Code, SignpostError
from bot.triage import audit, passwords, totp
from bot.triage.database import Database
from bot.triage.models import RecoveryCodeRow, StaffRow
from bot.triage.roles import Role
from bot.triage.service import Triage
from bot.triage.staff import Staff
from tests.triage.databases import NOON
from tests.triage.people import add

pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def staff(triage: Triage) -> Staff:
    """Staff on each database."""
    return Staff(triage.database)


def code_of(caught: pytest.ExceptionInfo[SignpostError]) -> Code:
    return caught.value.code


def test_somebody_who_was_added_is_listed(staff: Staff) -> None:
    add(staff, "ada.byron", Role.VOLUNTEER)
    [member] = staff.list()
    assert (member.person.id, member.person.role, member.added_at) == ("ada.byron", Role.VOLUNTEER, NOON)
    assert (member.disabled_at, member.recovery_codes_left) == (None, totp.RECOVERY_CODES)


def test_neither_password_nor_recovery_codes_are_kept_in_clear(staff: Staff) -> None:
    _, made = add(staff, "ada")
    row = staff.database.read(lambda session: session.get(StaffRow, "ada"))
    assert row.password_hash.startswith("$argon2id$")
    kept = staff.database.read(lambda session: session.scalars(select(RecoveryCodeRow.sha256)).all())
    assert not {*made.recovery_codes, made.password} & {*kept, row.password_hash}
    assert made.password not in repr(made)


def test_the_password_hash_has_the_strength_of_rfc_9106(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert passwords.hash_password("x" * 12).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize(
    "username",
    ["", "Ada", "ada byron", "ada..b", "-ada", "ada-", "1ada", "a" * 33, "console", "nobody", "ada\0", "äda"],
)
def test_a_user_name_of_another_form_is_refused(staff: Staff, username: str) -> None:
    with pytest.raises(SignpostError) as caught:
        add(staff, username)
    assert code_of(caught) is Code.E622


@pytest.mark.parametrize("name", ["", "  ", "a" * 81, "A\nb", "\x1b[2J"])
def test_a_name_that_cannot_be_shown_is_refused(staff: Staff, name: str) -> None:
    with pytest.raises(SignpostError) as caught:
        staff.add("ada", name=name, role=Role.NURSE, now=NOON)
    assert code_of(caught) is Code.E622


def test_a_user_name_is_not_given_twice_even_after_it_was_disabled(staff: Staff) -> None:
    add(staff, "ada")
    staff.disable("ada", now=NOON)
    with pytest.raises(SignpostError) as caught:
        add(staff, "ada")
    assert code_of(caught) is Code.E623


def test_to_disable_twice_keeps_the_first_time(staff: Staff) -> None:
    add(staff, "ada")
    staff.disable("ada", now=NOON)
    staff.disable("ada", now=NOON + timedelta(days=1))
    assert staff.list()[0].disabled_at == NOON


def test_who_is_not_there_cannot_be_disabled_or_renewed(staff: Staff) -> None:
    for call in (staff.disable, staff.renew):
        with pytest.raises(SignpostError) as caught:
            call("ada", now=NOON)
        assert code_of(caught) is Code.E624


def test_renewed_credentials_replace_the_old_ones_and_lift_the_ban(staff: Staff) -> None:
    _, old = add(staff, "ada")
    staff.disable("ada", now=NOON)
    new = staff.renew("ada", now=NOON)
    assert staff.list()[0].disabled_at is None
    assert staff.list()[0].recovery_codes_left == totp.RECOVERY_CODES
    row = staff.database.read(lambda session: session.get(StaffRow, "ada"))
    assert row.totp_secret == new.totp_secret != old.totp_secret
    assert passwords.is_right(new.password, row.password_hash)
    assert not passwords.is_right(old.password, row.password_hash)


def test_a_password_is_changed_by_whoever_knows_the_old_one(staff: Staff) -> None:
    ada, made = add(staff, "ada")
    with pytest.raises(SignpostError) as caught:
        staff.change_password(ada, old="wrong", new="four words in a row", now=NOON)
    assert code_of(caught) is Code.E625
    staff.change_password(ada, old=made.password, new="four words in a row", now=NOON)
    with pytest.raises(SignpostError) as caught:
        staff.change_password(ada, old="four words in a row", new="four words in a row", now=NOON)
    assert code_of(caught) is Code.E625


@pytest.mark.parametrize("password", ["", "elevensigns", "a" * 201, "aaaaaaaaaaaa", "ada.byron.12345"])
def test_a_weak_password_is_refused(staff: Staff, password: str) -> None:
    ada, made = add(staff, "ada.byron")
    with pytest.raises(SignpostError) as caught:
        staff.change_password(ada, old=made.password, new=password, now=NOON)
    assert code_of(caught) is Code.E621


@pytest.mark.parametrize("typed", ["", "\0", "\ud83d", "x" * 100_000])
def test_no_odd_password_breaks_anything(typed: str) -> None:
    assert not passwords.is_right(typed, passwords.hash_password("four words in a row"))
    assert not passwords.is_right(typed, None)
    assert not passwords.is_right(typed, "not a hash")


def test_every_change_is_in_the_audit_log(staff: Staff) -> None:
    ada, made = add(staff, "ada")
    staff.change_password(ada, old=made.password, new="four words in a row", now=NOON)
    staff.renew("ada", now=NOON, by="root.admin")
    staff.disable("ada", now=NOON, by="root.admin")
    found = [(line.actor, line.action, line.subject) for line in audit.lines(staff.database, limit=9)]
    assert found == [
        ("root.admin", "staff_disabled", "staff:ada"),
        ("root.admin", "staff_credentials", "staff:ada"),
        ("ada", "staff_credentials", "staff:ada"),
        ("console", "staff_added", "staff:ada"),
    ]


def test_the_commands_add_list_disable_and_renew(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)

    def run(*words: str) -> str:
        result = CliRunner().invoke(app, ["staff", *words], catch_exceptions=False)
        assert result.exit_code == 0
        return result.output

    added = run("add", "ada", "--name", "Ada Byron", "--role", "nurse")
    assert "otpauth://totp/" in added
    assert added.count("-") >= 3 * totp.RECOVERY_CODES
    assert run("list").split()[:2] == ["ada", "nurse"]
    run("disable", "ada")
    assert "disabled" in run("list")
    run("renew", "ada")
    assert "disabled" not in run("list")
    assert audit.verify(Database(sqlite_url)).lines == 3
