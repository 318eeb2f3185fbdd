"""The way to the database: its settings, and errors that give nothing away."""

from __future__ import annotations

import sqlite3
import traceback
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.errors import Code, SignpostError
from bot.triage import conversations
from bot.triage.database import Database
from bot.triage.service import Triage
from tests.triage.databases import NOON
from tests.triage.postgres import end_connections

PRAGMAS = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 2000, "secure_delete": 1, "synchronous": 2}


def scalar(database: Database, statement: str) -> object:
    return database.read(lambda session: session.scalar(text(statement)))


def test_an_sqlite_file_keeps_a_log_watches_keys_waits_for_its_turn_and_overwrites_what_is_deleted(
    sqlite_url: str,
) -> None:
    database = Database(sqlite_url)
    settings = {name: scalar(database, f"PRAGMA {name}") for name in PRAGMAS}
    assert settings == PRAGMAS


def test_a_statement_on_postgresql_ends_after_two_seconds(postgres_url: str) -> None:
    database = Database(postgres_url)
    assert scalar(database, "SHOW statement_timeout") == "2s"
    with pytest.raises(SignpostError) as caught:
        scalar(database, "SELECT pg_sleep(10)")
    assert caught.value.code is Code.E600
    database.engine.dispose()


def test_a_connection_that_the_server_ended_is_replaced_unnoticed(postgres_url: str) -> None:
    triage = Triage.connect(postgres_url)
    triage.start_conversation(NOON)
    end_connections(postgres_url)
    triage.start_conversation(NOON)
    triage.close()


def test_a_database_that_is_away_is_told_without_its_password_and_found_again_later(tmp_path: Path) -> None:
    away = Triage.connect("postgres://nurse:hunter2@127.0.0.1:1/signpost")
    assert not away.healthy()
    with pytest.raises(SignpostError) as caught:
        away.start_conversation(NOON)
    assert caught.value.code is Code.E600
    assert "127.0.0.1" in str(caught.value)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_a_file_that_is_taken_away_or_replaced_is_noticed_at_once(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    triage = Triage.connect(sqlite_url)
    first = triage.start_conversation(NOON)
    triage.close()
    backup = path.read_bytes()
    triage.start_conversation(NOON)
    for file in path.parent.glob("signpost.db*"):
        file.unlink()
    with pytest.raises(SignpostError) as caught:
        triage.start_conversation(NOON)
    assert caught.value.code is Code.E600
    for file in path.parent.glob("signpost.db*"):
        file.unlink()
    path.write_bytes(backup)
    second = triage.start_conversation(NOON)
    other = Triage.connect(sqlite_url)
    assert other.find(first.token, NOON)
    assert other.find(second.token, NOON)


def test_a_file_that_is_no_database_counts_as_away(tmp_path: Path) -> None:
    path = tmp_path / "signpost.db"
    path.write_text("not a database " * 100)
    triage = Triage.connect(f"sqlite:///{path}")
    assert not triage.healthy()


def test_a_database_without_our_tables_is_not_healthy(empty_url: str, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    triage = Triage.connect(empty_url)
    assert not triage.healthy()
    with pytest.raises(SignpostError) as caught:
        triage.find("token", NOON)
    assert caught.value.code is Code.E600
    triage.close()


def test_a_file_that_another_program_holds_for_too_long_counts_as_away(sqlite_url: str) -> None:
    holder = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    triage = Triage.connect(sqlite_url)
    with pytest.raises(SignpostError) as caught:
        triage.start_conversation(NOON)
    assert caught.value.code is Code.E600
    assert triage.find("token", NOON) is None  # to read is still possible
    holder.close()
    triage.start_conversation(NOON)


def test_a_transaction_that_met_another_one_s_row_is_tried_again_from_its_start(triage: Triage) -> None:
    ids = iter(["first", "first", "second"])

    def add(session: Any) -> str:
        conversation = next(ids)
        token = f"{conversation:0<64}"
        conversations.add(session, conversation, reference=conversation, token_sha256=token, now=NOON)
        return conversation

    assert triage.database.write(add) == "first"
    assert triage.database.write(add) == "second"


def test_values_that_the_database_refuses_are_not_in_the_error(postgres_url: str) -> None:
    triage = Triage.connect(postgres_url)
    value = "ab" * 9
    with pytest.raises(SignpostError) as caught:
        triage.import_conversation("id", reference=value, token_sha256="0" * 64, started=NOON)
    assert caught.value.code is Code.E603
    assert value not in "".join(traceback.format_exception(caught.value))
    triage.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://nurse:hunter2@localhost/x",
        "postgresql://nurse:hunter2@localhost:port/x",
    ],
)
def test_an_address_of_another_kind_is_refused_with_the_forms_that_work(url: str) -> None:
    with pytest.raises(SignpostError, match="postgresql://") as caught:
        Triage.connect(url)
    assert caught.value.code is Code.E001
    assert "hunter2" not in str(caught.value)
