"""Faults: whatever is stopped, hangs or is gone, every message gets approved words in time, and no case is lost.

Each test that breaks something sees afterwards that all works again by itself.
"""

from __future__ import annotations

import resource
import signal
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from bot.triage.records import Case
from tests.e2e.running import WHOLE, Signpost, content_of, until
from tests.e2e.visitor import CRISIS, OUTLOOK, Visitor, blocks_of, is_crisis

pytestmark = WHOLE

Cases = Callable[[Visitor], list[Case]]
UNAVAILABLE = ["house.unavailable", "house.helpline"]
ENDING = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["asked to stop", "killed"])


def is_answered(visitor: Visitor) -> bool:
    """Whether a question gets its answer, said for the first time or again."""
    return blocks_of(visitor.say(OUTLOOK))[0] == "secondary.outlook"


def levels(cases: list[Case]) -> list[str]:
    return [case.level.value for case in cases]


@pytest.fixture(autouse=True)
def all_is_well_before_and_after(signpost: Signpost) -> Iterator[None]:
    """The system recovers by itself."""
    until(signpost.is_ready)
    yield
    until(signpost.is_ready)
    until(lambda: not list((signpost.settings.var_dir / "spool").glob("*.jsonl")))
    assert signpost.process.poll() is None


def test_while_the_engine_hangs_there_are_still_words(
    visitor: Visitor, signpost: Signpost, arrive: Callable[[], Visitor], cases_of: Cases
) -> None:
    with signpost.hung("rasa"), ThreadPoolExecutor() as pool:
        other = arrive()  # a chat can begin
        answers = [pool.submit(visitor.say, OUTLOOK), pool.submit(other.say, CRISIS)]
        assert blocks_of(answers[0].result()) == UNAVAILABLE
        assert is_crisis(answers[1].result())
        assert levels(cases_of(other)) == ["immediate"]
    for chat in (visitor, other):
        until(lambda chat=chat: is_answered(chat))
    assert levels(cases_of(other)) == ["immediate"]


def test_while_the_action_server_hangs_chats_go_on(visitor: Visitor, signpost: Signpost, cases_of: Cases) -> None:
    with signpost.hung("actions"):
        assert is_answered(visitor)
        assert is_crisis(visitor.say(CRISIS))
        visitor.say(OUTLOOK)  # the engine is still busy with the message before, so anything approved will do
        assert is_crisis(visitor.say(CRISIS))
        assert levels(cases_of(visitor)) == ["immediate"]
    until(lambda: is_answered(visitor))


@ENDING
def test_when_the_action_server_ends_chats_go_on_and_it_is_started_again(
    visitor: Visitor, signpost: Signpost, cases_of: Cases, number: signal.Signals
) -> None:
    ended = signpost.send("actions", number)
    assert is_answered(visitor)
    assert is_crisis(visitor.say(CRISIS))
    assert levels(cases_of(visitor)) == ["immediate"]
    until(lambda: signpost.pids().get("actions", ended) != ended)
    assert is_answered(visitor)


@ENDING
def test_when_the_gateway_ends_it_is_started_again_and_chats_go_on(
    visitor: Visitor, signpost: Signpost, cases_of: Cases, number: signal.Signals
) -> None:
    assert is_crisis(visitor.say(CRISIS))
    ended = signpost.send("gateway", number)
    until(lambda: signpost.pids().get("gateway", ended) != ended)
    until(signpost.is_ready)
    assert is_answered(visitor)
    assert [turn["route"] for turn in visitor.transcript()] == ["chat", "crisis", "answer"]
    assert levels(cases_of(visitor)) == ["immediate"]


@contextmanager
def moved(database: Path) -> Iterator[None]:
    """The file is gone."""
    elsewhere = database.with_name("moved")
    database.rename(elsewhere)
    try:
        yield
    finally:
        elsewhere.rename(database)


@contextmanager
def replaced(database: Path, content: bytes) -> Iterator[None]:
    """Another file is in its place."""
    with moved(database):
        database.write_bytes(content)
        yield


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another program holds the file."""
    with closing(sqlite3.connect(database, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def read_only(database: Path) -> Iterator[None]:
    """The file can be read and not written, not even by root: its header asks for a later SQLite to write it.

    Byte 18 is the "file format write version" of https://www.sqlite.org/fileformat.html, 1.3.
    """
    content = bytearray(content_of(database))
    content[18] = 3
    with replaced(database, bytes(content)):
        yield


def damaged(database: Path) -> AbstractContextManager[None]:
    """The file is no database any more."""
    return replaced(database, b"no database at all" * 1_000)


def settle(database: Path) -> None:
    """Bring everything that was written into the file itself, so that it can be moved."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        until(lambda: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)


@pytest.mark.parametrize("fault", [moved, locked, read_only, damaged])
def test_without_the_database_chats_go_on_and_what_they_said_is_in_it_later(
    visitor: Visitor,
    signpost: Signpost,
    arrive: Callable[[], Visitor],
    cases_of: Cases,
    fault: Callable[[Path], AbstractContextManager[None]],
) -> None:
    assert is_answered(visitor)
    settle(signpost.database)
    with fault(signpost.database):
        assert is_crisis(visitor.say(CRISIS))
        new = arrive()  # a chat can begin
        assert is_answered(new)
        assert is_crisis(new.say(CRISIS))
        assert [turn["route"] for turn in new.transcript()] == ["chat", "answer", "crisis"]
    for chat in (visitor, new):
        until(lambda chat=chat: levels(cases_of(chat)) == ["immediate"])
    assert [turn["route"] for turn in visitor.transcript()] == ["chat", "answer", "crisis"]
    assert [turn["route"] for turn in new.transcript()] == ["chat", "answer", "crisis"]
    assert is_answered(new)


@pytest.mark.parametrize("fault", [locked, read_only])
def test_without_the_engine_s_own_file_there_are_still_words(
    visitor: Visitor, signpost: Signpost, cases_of: Cases, fault: Callable[[Path], AbstractContextManager[None]]
) -> None:
    assert is_answered(visitor)
    settle(signpost.settings.tracker_db)
    with fault(signpost.settings.tracker_db):
        visitor.say(OUTLOOK)
        assert is_crisis(visitor.say(CRISIS))
    assert levels(cases_of(visitor)) == ["immediate"]
    until(lambda: is_answered(visitor))


def test_without_engine_and_database_together_a_crisis_still_gets_its_words_and_its_case(
    visitor: Visitor, signpost: Signpost, cases_of: Cases
) -> None:
    with locked(signpost.database), signpost.hung("rasa"), signpost.hung("actions"):
        assert blocks_of(visitor.say(OUTLOOK)) == UNAVAILABLE
        assert is_crisis(visitor.say(CRISIS))
    until(lambda: levels(cases_of(visitor)) == ["immediate"])
    until(lambda: is_answered(visitor))


def test_a_full_disk_does_not_silence_the_gateway(visitor: Visitor, signpost: Signpost, cases_of: Cases) -> None:
    gateway = signpost.pids()["gateway"]
    resource_limit(gateway, 0)
    try:
        assert is_answered(visitor)
        assert is_crisis(visitor.say(CRISIS))
    finally:
        resource_limit(gateway, -1)
    until(lambda: is_answered(visitor))
    assert is_crisis(visitor.say(CRISIS))
    until(lambda: levels(cases_of(visitor)) == ["immediate"])


def resource_limit(pid: int, size: int) -> None:
    """Let a process write no file beyond this size, as if the disk were full; -1 for any size."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_after_all_this_no_log_holds_what_was_written_or_whose_chat_it_was(signpost: Signpost) -> None:
    with closing(sqlite3.connect(signpost.database)) as database:
        chats = [row[0] for row in database.execute("SELECT id FROM conversations")]
    assert chats
    logs = signpost.settings.var_dir / "logs"
    logged = "".join(path.read_text() for path in (signpost.shown, *logs.iterdir())).lower()
    assert [trace for trace in (CRISIS.lower(), OUTLOOK, *chats) if trace in logged] == []
