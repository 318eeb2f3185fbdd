"""The audit log: what is written stays, and whoever tampers with it is found out, line by line."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import Code, SignpostError
from bot.triage import audit
from bot.triage.audit import Action, append, verify
from bot.triage.database import Database
from bot.triage.models import AuditRow
from bot.triage.service import Triage
from tests.triage.databases import NOON

LINES = 6


@pytest.fixture
def database(triage: Triage) -> Database:
    """A log of six lines, once on each database."""
    for number in range(LINES):
        write(triage.database, number)
    return triage.database


def write(database: Database, number: int) -> None:
    at = NOON + timedelta(minutes=number, microseconds=number)
    database.write(
        lambda session: append(
            session, Action.CASE_READ, actor="ada", now=at, subject=f"case:{number}", detail={"turns": number}
        )
    )


def tamper(database: Database, *statements: str) -> None:
    """Do what only somebody can who has the database itself: take the guards away first."""

    def work(session: object) -> None:
        if database.is_sqlite:
            guards = ["DROP TRIGGER IF EXISTS audit_no_UPDATE", "DROP TRIGGER IF EXISTS audit_no_DELETE"]
        else:
            guards = ["ALTER TABLE audit DISABLE TRIGGER ALL"]
        after = [] if database.is_sqlite else ["ALTER TABLE audit ENABLE TRIGGER ALL"]
        for statement in (*guards, *statements, *after):
            session.execute(text(statement))  # type: ignore[attr-defined]

    database.write(work)


def forge(database: Database, number: int) -> None:
    """Change a line and give it a hash that fits."""
    tamper(database, f"UPDATE audit SET actor = 'eve' WHERE number = {number}")
    row = database.read(lambda session: session.get(AuditRow, number))
    tamper(database, f"UPDATE audit SET sha256 = '{audit.digest(row)}' WHERE number = {number}")


def test_a_log_that_nobody_touched_is_found_whole(database: Database) -> None:
    found = verify(database)
    assert (found.lines, found.problems) == (LINES, ())
    assert found.head.startswith(f"{LINES}:")


def test_an_empty_log_is_whole(triage: Triage) -> None:
    assert verify(triage.database) == audit.Verification(0, f"0:{audit.GENESIS}")


@pytest.mark.parametrize("number", range(1, LINES + 1))
@pytest.mark.parametrize(
    "change",
    ["at = '2026-03-02 11:00:00+00:00'", "actor = 'eve'", "action = 'search'", "subject = 'case:9'", "detail = '{}'"],
)
def test_a_changed_line_is_named(database: Database, number: int, change: str) -> None:
    tamper(database, f"UPDATE audit SET {change} WHERE number = {number}")
    assert verify(database).problems == (Code.E611.text(number=number),)


@pytest.mark.parametrize("number", range(1, LINES + 1))
def test_a_removed_line_is_named_the_last_one_too(database: Database, number: int) -> None:
    tamper(database, f"DELETE FROM audit WHERE number = {number}")
    assert verify(database).problems == (Code.E612.text(first=number, last=number),)


def test_several_removed_lines_are_named(database: Database) -> None:
    tamper(database, "DELETE FROM audit WHERE number IN (2, 3, 6)")
    assert verify(database).problems == (Code.E612.text(first=2, last=3), Code.E612.text(first=6, last=6))


def test_swapped_lines_are_both_named(database: Database) -> None:
    tamper(
        database,
        "UPDATE audit SET number = 99 WHERE number = 2",
        "UPDATE audit SET number = 2 WHERE number = 4",
        "UPDATE audit SET number = 4 WHERE number = 99",
    )
    problems = verify(database).problems
    assert {Code.E611.text(number=2), Code.E611.text(number=4)} <= set(problems)


@pytest.mark.parametrize("number", range(1, LINES + 1))
def test_a_line_with_a_new_hash_of_its_own_is_named(database: Database, number: int) -> None:
    forge(database, number)
    following = number + 1 if number < LINES else "the head"
    assert verify(database).problems == (Code.E613.text(number=number, next=following),)


def test_a_log_that_was_rewritten_whole_does_not_hold_the_head_that_was_written_down(database: Database) -> None:
    head = verify(database).head
    tamper(database, "DELETE FROM audit", f"UPDATE audit_head SET number = 0, sha256 = '{audit.GENESIS}'")
    for number in range(LINES + 2):
        write(database, number + 10)
    assert verify(database).problems == ()
    assert verify(database, head).problems == (Code.E616.text(number=LINES),)


def test_a_head_that_was_written_down_holds_while_the_log_grows(database: Database) -> None:
    head = verify(database).head
    write(database, 7)
    assert verify(database, head).problems == ()


def test_a_line_that_was_put_in_behind_the_last_one_is_named(database: Database) -> None:
    tamper(
        database,
        "INSERT INTO audit SELECT 7, at, actor, action, subject, detail, sha256, sha256 FROM audit WHERE number = 6",
    )
    assert Code.E611.text(number=7) in verify(database).problems


def test_lines_that_are_added_during_a_check_are_no_problem(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = audit.digest

    def digest_slowly(row: AuditRow) -> str:
        if row.number == LINES - 1:
            monkeypatch.setattr(audit, "digest", checked)
            write(database, 9)
        return checked(row)

    monkeypatch.setattr(audit, "digest", digest_slowly)
    assert verify(database).problems == ()
    assert verify(database).lines == LINES + 1


def test_a_lost_head_is_told_and_nothing_more_is_written(database: Database) -> None:
    tamper(database, "DELETE FROM audit_head")
    try:
        assert verify(database).problems == (Code.E614.text(problem="there is no row of the log's head"),)
        with pytest.raises(SignpostError) as caught:
            write(database, 9)
        assert caught.value.code is Code.E614
    finally:
        tamper(database, f"INSERT INTO audit_head VALUES (1, 0, '{audit.GENESIS}')")


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'eve'", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_change_or_delete_a_line(database: Database, statement: str) -> None:
    with pytest.raises(SignpostError):
        database.write(lambda session: session.execute(text(statement)))
    assert verify(database).problems == ()


def test_lines_come_latest_first_and_can_be_narrowed(database: Database) -> None:
    found = audit.lines(database, limit=2, before=5)
    assert [line.number for line in found] == [4, 3]
    assert found[0] == audit.Line(
        4, NOON + timedelta(minutes=3, microseconds=3), "ada", "case_read", "case:3", {"turns": 3}
    )
    assert audit.lines(database, limit=9, actor="eve") == []
    assert [line.number for line in audit.lines(database, limit=9, subject="case:5")] == [6]


def test_lines_that_are_added_at_once_make_one_chain(triage: Triage) -> None:
    barrier = threading.Barrier(4)

    def many(start: int) -> None:
        barrier.wait()
        for number in range(5):
            write(triage.database, start + number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(many, range(0, 40, 10)))
    found = verify(triage.database)
    assert (found.lines, found.problems) == (20, ())


def test_a_line_is_kept_only_together_with_what_it_tells_of(database: Database) -> None:
    def work(session: object) -> None:
        append(session, Action.EXPORT, actor="ada", now=NOON)
        raise KeyError

    with pytest.raises(KeyError):
        database.write(work)
    assert verify(database).lines == LINES


def test_more_lines_than_are_read_at_once_are_all_checked(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_BATCH", 2)
    assert (verify(database).lines, verify(database).problems) == (LINES, ())


def test_the_command_ends_with_1_and_names_the_line(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    database = Database(sqlite_url)
    write(database, 1)
    write(database, 2)
    whole = CliRunner().invoke(app, ["audit", "verify"])
    assert (whole.exit_code, whole.output.split("Head")[0]) == (0, "2 lines, 0 problems. ")
    tamper(database, "UPDATE audit SET actor = 'eve' WHERE number = 2")
    spoilt = CliRunner().invoke(app, ["audit", "verify"])
    assert spoilt.exit_code == 1
    assert Code.E611.text(number=2) in spoilt.output


def test_the_command_refuses_a_head_of_another_form(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    result = CliRunner().invoke(app, ["audit", "verify", "--head", "12"])
    assert isinstance(result.exception, SignpostError)
    assert result.exception.code is Code.E615


def test_the_command_says_that_the_database_is_not_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    result = CliRunner().invoke(app, ["audit", "verify"])
    assert isinstance(result.exception, SignpostError)
    assert result.exception.code is Code.E601
