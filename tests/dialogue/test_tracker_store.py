"""Rasa's own memory of a conversation: an SQLite file where the settings say, in which erased text is gone."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import stat
from pathlib import Path

import pytest
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain

from bot.decision import Decision
from bot.dialogue.tracker_store import ConversationStore
from bot.errors import Code, SignpostError
from bot.nlu.router import context_of
from bot.routes import Route
from bot.settings import ROOT
from tests.nlu.trackers import replied, said, tracker
from tests.rasa_imported import RASA_WARNS

pytestmark = RASA_WARNS

WORDS = "a sentence that nobody else would ever write"
DECISION = Decision("ask_outlook", Route.ANSWER, choices=("ask_names",), topic="ask_outlook")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the settings say that it lies."""
    path = tmp_path / "deep" / "rasa.db"
    monkeypatch.setenv("SIGNPOST_TRACKER_DB", str(path))
    return path


@pytest.fixture
def store(path: Path) -> ConversationStore:
    return ConversationStore(Domain.empty())


async def save(store: ConversationStore) -> None:
    await store.save(tracker([said(DECISION, WORDS), replied("ask_names")]))


def rows(path: Path) -> int:
    with sqlite3.connect(path) as database:
        return int(database.execute("SELECT count(*) FROM events").fetchone()[0])


async def test_a_conversation_is_written_where_the_settings_say(store: ConversationStore, path: Path) -> None:
    await save(store)
    assert rows(path) == 2


async def test_another_process_reads_it_back(store: ConversationStore, path: Path) -> None:
    await save(store)
    again = await ConversationStore(Domain.empty()).retrieve("a conversation")
    assert again is not None
    context = context_of(again)
    assert (context.decisions, context.offered) == ((DECISION,), ("ask_names",))


async def test_what_endpoints_yml_names_is_this_store(path: Path) -> None:
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    store = TrackerStore.create(endpoints.tracker_store, domain=Domain.empty())
    assert type(store) is ConversationStore


def test_options_of_endpoints_yml_cannot_move_it(path: Path) -> None:
    ConversationStore(Domain.empty(), host="elsewhere", db="elsewhere.db", dialect="postgresql")
    assert path.exists()


@pytest.mark.parametrize("what", ["the file is a folder", "the folder is a file", "it is no database"])
def test_a_place_that_cannot_be_written_is_one_clear_error_and_no_endless_wait(path: Path, what: str) -> None:
    if what == "the file is a folder":
        path.mkdir(parents=True)
    elif what == "the folder is a file":
        path.parent.write_text("in the way")
    else:
        path.parent.mkdir()
        path.write_text("not a database " * 100)
    with pytest.raises(SignpostError, match=re.escape(str(path))) as error:
        ConversationStore(Domain.empty())
    assert error.value.code is Code.E008


def test_its_folder_is_for_this_user_only(store: ConversationStore, path: Path) -> None:
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("pragma", "value"), [("secure_delete", 1), ("journal_mode", "wal"), ("busy_timeout", 2000), ("synchronous", 1)]
)
def test_every_connection_is_configured(store: ConversationStore, pragma: str, value: object) -> None:
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


async def test_when_the_database_refuses_a_turn_no_word_of_it_is_logged(
    store: ConversationStore, caplog: pytest.LogCaptureFixture
) -> None:
    """Rasa logs the error, and the database library puts the values of a failed statement into its errors."""
    with store.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'no'); END")
    await FailSafeTrackerStore(store).save(tracker([said(DECISION, WORDS)]))
    assert "IntegrityError" in caplog.text
    assert WORDS not in caplog.text


def test_erased_text_is_gone_from_the_file(store: ConversationStore, path: Path) -> None:
    asyncio.run(save(store))
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        assert WORDS.encode() in path.read_bytes()
        connection.exec_driver_sql("DELETE FROM events")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert WORDS.encode() not in path.read_bytes()
