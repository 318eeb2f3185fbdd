"""Retention: 30 days after its last message a chat is gone from every file, and until then nothing of it is touched."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.decision import SpokenBlock
from bot.errors import Code, SignpostError
from bot.privacy import erasure
from bot.privacy.retention import DAY_SECONDS, HOUR_SECONDS, delete_old, delete_old_chats, keep_deleting
from bot.routes import Level, Route
from bot.settings import Settings
from bot.triage.models import TombstoneRow
from bot.triage.pending import TurnTaken
from bot.triage.service import Triage
from bot.triage.spool import Spool
from tests.triage.databases import NOON, decide

OLD, YOUNG = "words of a chat that is old", "words of a chat that is young"
DAYS = 30


class Files:
    """Every place where a chat leaves a trace, and chats of any age in them."""

    def __init__(self, triage: Triage, folder: Path) -> None:
        self.triage = triage
        self.folder = folder
        self.tracker_db = folder / "rasa.db"
        self.spool = Spool(folder / "spool")
        self._rasa = sqlite3.connect(self.tracker_db, isolation_level=None)
        self._rasa.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, timestamp FLOAT, data TEXT)")

    def chat(self, words: str, **age: float) -> str:
        """A chat with an open case whose last message is so old."""
        at = NOON - timedelta(**age)
        began = at - timedelta(days=3)
        new = self.triage.start_conversation(began)
        for number, when in enumerate((began, at)):
            self.triage.record_turn(
                new.id,
                message_id=str(number),
                text=words * 50,
                choice=None,
                decision=decide(Route.CRISIS),
                blocks=[SpokenBlock("house.crisis_self", "0" * 64)],
                choices=(),
                now=when,
            )
            self.tracked(new.id, words, when)
        self.triage.open_case(new.id, message_id="0", route=Route.CRISIS, reasons=(), now=at)
        return new.id

    def tracked(self, conversation: str, words: str, at: datetime) -> None:
        """What Rasa knows of a chat."""
        row = (conversation, at.timestamp(), words * 50)
        self._rasa.execute("INSERT INTO events (sender_id, timestamp, data) VALUES (?, ?, ?)", row)

    def spooled(self, conversation: str, words: str, **age: float) -> None:
        """A message that waits for the database."""
        at = NOON - timedelta(**age)
        self.spool.append(TurnTaken(conversation, "w", words, None, decide(Route.CHAT), (), (), at))

    def delete_old(self) -> int:
        return delete_old(self.triage, self.tracker_db, self.spool, days=DAYS, now=NOON)

    def holding(self, words: str) -> set[str]:
        """The files that hold the words."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.name for path in files if words.encode() in path.read_bytes()}

    def senders(self) -> set[str]:
        """The chats that Rasa knows."""
        return {sender for (sender,) in self._rasa.execute("SELECT DISTINCT sender_id FROM events")}

    def tombstones(self) -> list[str | None]:
        return self.triage.database.read(
            lambda session: [row.open_level for row in session.query(TombstoneRow).order_by(TombstoneRow.open_level)]
        )

    def close(self) -> None:
        self._rasa.close()


@pytest.fixture
def make_files(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[Triage], Files]:
    def make(triage: Triage) -> Files:
        files = Files(triage, tmp_path)
        request.addfinalizer(files.close)
        return files

    return make


@pytest.fixture
def files(sqlite_triage: Triage, make_files: Callable[[Triage], Files]) -> Files:
    return make_files(sqlite_triage)


@pytest.fixture
def cleanings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose freed bytes were taken out, each time."""
    cleaned: list[str] = []
    clean = erasure._clean

    def note(path: Path) -> None:
        cleaned.append(path.name)
        clean(path)

    monkeypatch.setattr(erasure, "_clean", note)
    return cleaned


def test_no_file_holds_a_byte_of_an_old_chat_and_a_young_one_is_whole(files: Files) -> None:
    old, young = files.chat(OLD, days=DAYS, seconds=1), files.chat(YOUNG, days=DAYS)
    files.spooled(old, OLD, days=DAYS, seconds=1)
    files.spooled(young, YOUNG, days=DAYS)
    assert {"rasa.db", "waiting.jsonl"} < files.holding(OLD)
    assert files.delete_old() == 1
    for trace in (OLD, old):
        assert files.holding(trace) == set()
    assert len(files.triage.transcript(young)) == 2
    assert len(files.triage.cases(young)) == 1
    assert files.senders() == {young}
    assert files.spool.waiting() == 1


def test_a_chat_is_gone_from_either_database_and_its_open_case_leaves_a_tombstone(
    triage: Triage, make_files: Callable[[Triage], Files]
) -> None:
    files = make_files(triage)
    old, young = files.chat(OLD, days=31), files.chat(YOUNG, days=29)
    assert files.delete_old() == 1
    assert triage.transcript(old) == triage.cases(old) == []
    assert [case.level for case in triage.cases(young)] == [Level.IMMEDIATE]
    assert files.tombstones() == ["immediate"]


def test_the_last_message_counts_also_one_that_still_waits_for_the_database(files: Files) -> None:
    waits = files.chat(YOUNG, days=31)
    files.spooled(waits, YOUNG, days=29)
    assert files.delete_old() == 0
    assert len(files.triage.transcript(waits)) == 2


def test_many_chats_go_and_each_file_is_cleaned_once(files: Files, cleanings: list[str]) -> None:
    for _ in range(20):
        files.chat(OLD, days=40)
    assert files.delete_old() == 20
    assert sorted(cleanings) == ["rasa.db", "signpost.db"]
    assert files.holding(OLD) == set()


def test_where_nothing_is_old_nothing_is_written(files: Files, cleanings: list[str]) -> None:
    files.chat(YOUNG, days=1)
    assert files.delete_old() == 0
    assert cleanings == []


def test_what_the_database_refused_is_kept_no_longer_either(files: Files) -> None:
    files.spooled("never-arrived", OLD, days=31)
    files.spooled("arrives-never", YOUNG, days=29)
    torn = files.folder / "spool" / "waiting.jsonl"
    torn.write_bytes(torn.read_bytes() + torn.read_bytes().splitlines()[0].replace(b"never-arrived", b"torn")[:-20])
    files.spool.replay(files.triage)
    assert (files.spool.refused(), files.holding(OLD)) == (3, {"refused.jsonl"})
    assert files.delete_old() == 2
    assert files.holding(OLD) == set()
    assert files.holding(YOUNG) == {"refused.jsonl"}
    assert files.tombstones() == []


def test_what_only_rasa_knows_goes_after_an_hour_and_leaves_no_tombstone(files: Files) -> None:
    young = files.chat(YOUNG, days=1)
    files.tracked("ready-1", OLD, NOON - timedelta(hours=2))
    files.tracked("ready-2", YOUNG, NOON - timedelta(minutes=59))
    assert files.delete_old() == 0
    assert files.senders() == {young, "ready-2"}
    assert files.holding(OLD) == set()
    assert files.tombstones() == []


def test_a_chat_that_waits_in_the_spool_is_not_taken_for_one_that_only_rasa_knows(files: Files) -> None:
    files.spooled("begun-without-database", YOUNG, hours=3)
    files.tracked("begun-without-database", YOUNG, NOON - timedelta(hours=3))
    files.delete_old()
    assert files.senders() == {"begun-without-database"}


def test_while_the_database_is_away_nothing_is_deleted(files: Files, tmp_path: Path) -> None:
    files.chat(OLD, days=31)
    away = Triage.connect("postgresql://signpost@127.0.0.1:1/away")
    with pytest.raises(SignpostError) as caught:
        delete_old(away, files.tracker_db, files.spool, days=DAYS, now=NOON)
    assert caught.value.code is Code.E600
    assert "rasa.db" in files.holding(OLD)


def test_while_rasa_s_file_is_held_old_chats_stay_and_go_the_next_time(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.chat(OLD, days=31)
    monkeypatch.setattr(erasure, "WAIT_SECONDS", 0.1)
    holder = sqlite3.connect(files.tracker_db, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(SignpostError) as caught:
        files.delete_old()
    assert caught.value.code is Code.E600
    holder.close()
    assert files.delete_old() == 1
    assert files.holding(OLD) == set()


def test_before_anybody_wrote_there_is_nothing_to_delete(sqlite_triage: Triage, tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    assert delete_old(sqlite_triage, tmp_path / "none.db", spool, days=DAYS, now=NOON) == 0
    assert not (tmp_path / "none.db").exists()


@pytest.fixture
def environment(files: Files, tmp_path: Path) -> dict[str, str]:
    return {"SIGNPOST_VAR_DIR": str(tmp_path), "DATABASE_URL": files.triage.database.where}


def test_the_settings_say_how_long_chats_are_kept(files: Files, environment: dict[str, str]) -> None:
    files.chat(YOUNG, days=8)
    files.chat(OLD, days=32)
    assert delete_old_chats(Settings.load(environment), NOON) == 1
    week = Settings.load({**environment, "SIGNPOST_RETENTION_DAYS": "7"})
    assert delete_old_chats(week, NOON) == 1


def test_the_command_deletes_them_once(
    files: Files, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files.chat(OLD, days=40)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(app, ["retention"])
    assert (result.exit_code, result.output) == (0, "Old chats deleted: 1.\n")
    assert files.holding(OLD) == set()


@pytest.mark.parametrize(("days", "is_valid"), [("1", True), ("365", True), ("0", False), ("366", False), ("x", False)])
def test_chats_are_kept_from_one_day_to_a_year(days: str, is_valid: bool) -> None:
    environment = {"SIGNPOST_RETENTION_DAYS": days}
    if is_valid:
        assert Settings.load(environment).retention_days == int(days)
        return
    with pytest.raises(SignpostError) as caught:
        Settings.load(environment)
    assert caught.value.code is Code.E001
    assert "1 to 365" in str(caught.value)


def test_thirty_days_is_what_visitors_are_told(tmp_path: Path) -> None:
    from bot.blocks.library import Library

    settings = Settings.load({})
    library = Library.load(settings.approved_dir)
    for block in ("house.privacy", "page.notice_kept"):
        assert f"kept for {settings.retention_days} days and then deleted" in library[block].text


async def test_it_is_done_at_start_and_every_day_and_sooner_after_a_failure_that_is_logged_by_its_code_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outcomes = [0, SignpostError(Code.E600, where="place", problem="secret"), ValueError("secret"), 3]
    waits: list[float] = []

    def delete() -> int:
        outcome = outcomes[len(waits)]
        if isinstance(outcome, Exception):
            raise outcome
        return int(outcome)

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == len(outcomes):
            raise asyncio.CancelledError

    caplog.set_level("INFO")
    with pytest.raises(asyncio.CancelledError):
        await keep_deleting(delete, sleep)
    assert waits == [DAY_SECONDS, HOUR_SECONDS, HOUR_SECONDS, DAY_SECONDS]
    assert "(E600)" in caplog.text
    assert "(ValueError)" in caplog.text
    assert "secret" not in caplog.text
    assert "deleted: 3" in caplog.text
