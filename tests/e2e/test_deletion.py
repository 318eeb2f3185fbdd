"""Delete this chat: afterwards not a byte of it is in any file, whatever failed while it went on."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot.settings import ROOT
from bot.triage.records import hash_token
from bot.triage.service import Triage
from tests.e2e.running import WHOLE, Signpost, until
from tests.e2e.visitor import CRISIS, OUTLOOK, Visitor, is_crisis

pytestmark = WHOLE


class Chatter(Visitor):
    """A visitor whose words and message ids are like nobody else's.

    Attributes:
        word: A word that is in all of them.
    """

    def __init__(self, signpost: Signpost) -> None:
        super().__init__(signpost)
        self.word = "quux" + "".join(random.SystemRandom().choices("aeioulmnrst", k=12))

    def chat(self, text: str = "my neighbour keeps seventeen alpacas") -> dict[str, Any]:
        return self.say(f"{self.word}: {text}", message_id=f"{self.word}-{uuid.uuid4().hex[:8]}")

    def traces(self, triage: Triage) -> list[str]:
        """Everything by which the chat could be found again, once the spool has been put into the database."""
        until(lambda: triage.find_reference(self.reference))
        conversation = triage.find_reference(self.reference)
        assert conversation is not None
        return [self.word, self.token, hash_token(self.token), self.reference, conversation.id]


@pytest.fixture
def visitor(signpost: Signpost) -> Iterator[Chatter]:
    visitor = Chatter(signpost)
    yield visitor
    visitor.leave()


def left(signpost: Signpost, traces: list[str]) -> dict[str, set[str]]:
    """The traces that files still hold."""
    return {trace: files for trace in traces if (files := signpost.files_with(trace))}


def names(files: set[str]) -> set[str]:
    """The names of files; a database's log counts as the database."""
    return {path.rsplit("/", 1)[1].removesuffix("-wal") for path in files}


def test_a_deleted_chat_is_in_no_file(visitor: Chatter, signpost: Signpost, triage: Triage) -> None:
    visitor.choose("ask_helpline")
    for _ in range(5):
        visitor.chat()
    assert is_crisis(visitor.chat(CRISIS))
    traces = visitor.traces(triage)
    assert names(signpost.files_with(visitor.word)) == {"signpost.db", "rasa.db"}
    deleted = visitor.delete()
    assert deleted.status_code == 200
    assert left(signpost, [*traces, deleted.json()["receipt"]]) == {}


def test_afterwards_its_token_opens_nothing_and_other_chats_go_on(arrive: Callable[[], Visitor]) -> None:
    goes, stays = arrive(), arrive()
    goes.say(OUTLOOK)
    stays.say(OUTLOOK)
    assert goes.delete().status_code == 200
    assert goes.send(text=OUTLOOK).status_code == goes.delete().status_code == 401
    assert [turn["route"] for turn in stays.transcript()] == ["chat", "answer"]


def test_a_chat_that_met_failures_is_in_no_file_either(visitor: Chatter, signpost: Signpost, triage: Triage) -> None:
    with signpost.hung("rasa"):
        assert visitor.chat()["route"] == "unavailable"
    with closing(sqlite3.connect(signpost.database, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        assert is_crisis(visitor.chat(CRISIS))
        assert "waiting.jsonl" in names(signpost.files_with(visitor.word))
    traces = visitor.traces(triage)
    until(lambda: visitor.delete().status_code == 200)
    assert left(signpost, traces) == {}


def test_what_the_engine_still_does_when_a_chat_is_deleted_leaves_nothing_either(
    visitor: Chatter, signpost: Signpost, triage: Triage
) -> None:
    visitor.chat()
    traces = visitor.traces(triage)
    with signpost.hung("rasa"):
        assert visitor.chat()["route"] == "unavailable"
        assert visitor.delete().status_code == 200
    other = Visitor(signpost)
    until(lambda: other.say(OUTLOOK)["route"] != "unavailable")  # the engine has come to what waited before
    other.leave()
    assert left(signpost, traces) == {}


def test_a_message_that_is_sent_while_its_chat_is_deleted_leaves_nothing(
    visitor: Chatter, signpost: Signpost, triage: Triage
) -> None:
    traces = visitor.traces(triage)
    with signpost.hung("rasa"), ThreadPoolExecutor() as pool:
        sent = pool.submit(visitor.send, text=f"{visitor.word} {CRISIS}")
        until(lambda: not sent.running() or visitor.delete().status_code == 200)
        sent.result()
    assert left(signpost, traces) == {}


def test_while_a_database_is_held_the_chat_is_not_called_deleted(
    visitor: Chatter, signpost: Signpost, triage: Triage
) -> None:
    visitor.chat()
    traces = visitor.traces(triage)
    with closing(sqlite3.connect(signpost.settings.tracker_db, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        refused = visitor.delete()
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "E513")
        assert "receipt" not in refused.json()
    assert visitor.delete().status_code == 200
    assert left(signpost, traces) == {}


def test_a_chat_that_is_too_old_goes_while_signpost_runs(visitor: Chatter, signpost: Signpost, triage: Triage) -> None:
    visitor.chat(CRISIS)
    traces = visitor.traces(triage)
    month_ago = (datetime.now(timezone.utc) - timedelta(days=31)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with closing(sqlite3.connect(signpost.database)) as database, database:
        database.execute(
            "UPDATE conversations SET last_seen_at = ? WHERE reference = ?", [month_ago, visitor.reference]
        )
    environment = {**os.environ, **signpost.variables}
    command = [sys.executable, "-m", "bot", "retention"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Old chats deleted: 1.\n", "")
    assert left(signpost, traces) == {}
    assert visitor.send(text=OUTLOOK).status_code == 401
