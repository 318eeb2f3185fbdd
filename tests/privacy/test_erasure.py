"""Erasure: when a visitor deletes the chat, not a byte of it is left in any file, and nobody else's chat is touched."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.decision import SpokenBlock
from bot.errors import Code, SignpostError
from bot.privacy import erasure
from bot.privacy.erasure import erase
from bot.routes import Route
from bot.settings import ROOT
from bot.triage.pending import TurnTaken
from bot.triage.records import NewConversation
from bot.triage.service import Triage
from bot.triage.spool import Spool
from tests.triage.databases import NOON, decide

MARKER = "MARKER of the chat that goes"
OTHER = "words of a chat that stays"
GOES, STAYS = "5f0c6a52-goes", "8d1f3c11-stays"

# Rasa's own store writes the file, in a process of its own: it warns of much, and takes long to import.
RASA = """
import asyncio, sys
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

path, *chats = sys.argv[1:]
store = SQLTrackerStore(db=path)
for turn in range(40):
    for chat in chats:
        sender, words = chat.split("=")
        text = f"{words} {turn} " * (turn % 7 + 1)
        event = UserUttered(text, {"name": "ask_outlook"}, parse_data={"text": text, "metadata": {}})
        tracker = DialogueStateTracker.from_events(sender, [ActionExecuted("action_listen"), event, BotUttered(text)])
        asyncio.run(store.save(tracker))
"""


@pytest.fixture(scope="module")
def rasa_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rasa") / "rasa.db"
    command = [sys.executable, "-W", "ignore", "-c", RASA, str(path), f"{GOES}={MARKER}", f"{STAYS}={OTHER}"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return path


@pytest.fixture
def tracker_db(rasa_file: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(rasa_file, tmp_path / "rasa.db"))


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def chat(triage: Triage, conversation: str, words: str, turns: int = 30) -> NewConversation:
    """A chat of many messages, short and long, that opened a case."""
    new = NewConversation.draft()
    triage.import_conversation(conversation, reference=new.reference, token_sha256=new.token_sha256, started=NOON)
    for number in range(turns):
        triage.record_turn(
            conversation,
            message_id=str(number),
            text=f"{words} {number} " * (number % 9 + 1) * (number % 5 * 9 + 1),
            choice=None,
            decision=decide(Route.CRISIS),
            blocks=[SpokenBlock("house.crisis_self", "0" * 64)],
            choices=(),
            now=NOON,
        )
    triage.open_case(conversation, message_id="0", route=Route.CRISIS, reasons=(), now=NOON)
    return new


def interleave(triage: Triage) -> NewConversation:
    goes = chat(triage, GOES, MARKER)
    chat(triage, STAYS, OTHER)
    return goes


def waiting(conversation: str, words: str) -> TurnTaken:
    return TurnTaken(conversation, "w", words, None, decide(Route.CHAT), (), (), NOON)


def holds(folder: Path, words: str) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]


def test_no_file_holds_a_byte_of_the_chat_afterwards(
    sqlite_triage: Triage, tracker_db: Path, spool: Spool, tmp_path: Path
) -> None:
    new = interleave(sqlite_triage)
    spool.append(waiting(GOES, MARKER))
    spool.append(waiting(STAYS, OTHER))
    assert {"rasa.db", "waiting.jsonl"} < set(holds(tmp_path, MARKER))
    erase(sqlite_triage, GOES, tracker_db, spool)
    for words in (MARKER, GOES, new.reference, new.token_sha256):
        assert holds(tmp_path, words) == []


def test_other_chats_are_not_touched(sqlite_triage: Triage, tracker_db: Path, spool: Spool) -> None:
    interleave(sqlite_triage)
    spool.append(waiting(STAYS, OTHER))
    before = events_of(tracker_db, STAYS)
    erase(sqlite_triage, GOES, tracker_db, spool)
    assert events_of(tracker_db, STAYS) == before > 0
    assert events_of(tracker_db, GOES) == 0
    assert len(sqlite_triage.transcript(STAYS)) == 30
    assert len(sqlite_triage.cases(STAYS)) == 1
    assert spool.waiting() == 1


def events_of(tracker_db: Path, conversation: str) -> int:
    query = "SELECT count(*) FROM events WHERE sender_id = ?"
    return int(sqlite3.connect(tracker_db).execute(query, [conversation]).fetchone()[0])


def test_the_chat_is_gone_from_either_database(triage: Triage, tracker_db: Path, spool: Spool) -> None:
    new = interleave(triage)
    erase(triage, GOES, tracker_db, spool)
    assert triage.find(new.token, NOON) is None
    assert triage.find_reference(new.reference) is None
    assert triage.transcript(GOES) == triage.cases(GOES) == []


def test_the_receipt_is_a_short_code_that_is_not_stored(
    sqlite_triage: Triage, tracker_db: Path, spool: Spool, tmp_path: Path
) -> None:
    interleave(sqlite_triage)
    receipt = erase(sqlite_triage, GOES, tracker_db, spool, now=NOON)
    assert re.fullmatch(r"\w{4}-\w{4}", receipt)
    assert holds(tmp_path, receipt) == []
    assert holds(tmp_path, "immediate")  # the tombstone counts the open case


def test_erasing_twice_and_what_never_was_gives_a_receipt_each_time(
    triage: Triage, tracker_db: Path, spool: Spool
) -> None:
    interleave(triage)
    receipts = {erase(triage, id_, tracker_db, spool) for id_ in (GOES, GOES, "never", "' OR 1=1 --")}
    assert len(receipts) == 4
    assert len(triage.transcript(STAYS)) == 30


def test_before_rasa_made_its_file_or_its_table_there_is_nothing_to_erase_there(
    sqlite_triage: Triage, spool: Spool, tmp_path: Path
) -> None:
    missing = tmp_path / "rasa.db"
    assert erase(sqlite_triage, GOES, missing, spool)
    assert not missing.exists()
    sqlite3.connect(missing).execute("CREATE TABLE other (id)").connection.close()
    assert erase(sqlite_triage, GOES, missing, spool)


def test_while_rasa_s_file_is_held_the_chat_stays_findable_so_that_it_can_be_erased_again(
    sqlite_triage: Triage, tracker_db: Path, spool: Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = interleave(sqlite_triage)
    monkeypatch.setattr(erasure, "WAIT_SECONDS", 0.1)
    holder = sqlite3.connect(tracker_db, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(SignpostError) as caught:
        erase(sqlite_triage, GOES, tracker_db, spool)
    assert caught.value.code is Code.E600
    assert sqlite_triage.find(new.token, NOON)
    holder.close()
    erase(sqlite_triage, GOES, tracker_db, spool)
    assert holds(tmp_path, MARKER) == []


def test_a_reader_of_rasa_s_file_that_hinders_the_cleaning_is_told(
    sqlite_triage: Triage, tracker_db: Path, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    interleave(sqlite_triage)
    monkeypatch.setattr(erasure, "WAIT_SECONDS", 0.1)
    setting = sqlite3.connect(tracker_db)
    setting.execute("PRAGMA journal_mode = WAL")
    reader = sqlite3.connect(tracker_db, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM events").fetchone()
    with pytest.raises(SignpostError) as caught:
        erase(sqlite_triage, GOES, tracker_db, spool)
    assert caught.value.code is Code.E604
    reader.close()
    setting.close()


def test_a_reader_of_the_triage_file_does_not_keep_the_visitor_from_the_receipt(
    sqlite_triage: Triage,
    sqlite_url: str,
    tracker_db: Path,
    spool: Spool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    interleave(sqlite_triage)
    monkeypatch.setattr(erasure, "WAIT_SECONDS", 0.1)
    reader = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM turns").fetchone()
    assert erase(sqlite_triage, GOES, tracker_db, spool)
    assert "E604" in caplog.text
    reader.close()
    erase(sqlite_triage, "another", tracker_db, spool)
    assert holds(tmp_path, MARKER) == []
