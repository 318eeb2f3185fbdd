"""Erasure: a conversation goes from every place where it left a trace, down to the bytes of the files."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from pathlib import Path

from bot.errors import Code, SignpostError
from bot.triage.records import hash_token
from bot.triage.service import Triage
from bot.triage.spool import Spool

WAIT_SECONDS = 5.0
"""How long another program may keep a file locked. Rasa holds its own for milliseconds."""

REMEMBERED_SECONDS = 24 * 60 * 60.0
"""How long Rasa's file remembers, by a hash, that a conversation was erased. What a turn that hung for longer saves is
found by retention (`bot.privacy.retention`), which deletes what belongs to no chat."""

_log = logging.getLogger(__name__)


def erase(triage: Triage, conversation_id: str, tracker_db: Path, spool: Spool, *, now: datetime | None = None) -> str:
    """Erase a conversation for good. To repeat this is harmless and gives another receipt.

    Args:
        triage: The database of conversations, turns and cases.
        conversation_id: The conversation, also Rasa's sender id. That there is none (any more) is no error.
        tracker_db: Rasa's SQLite file (Settings.tracker_db); there may be none yet.
        spool: Records that wait for the database.
        now: The time, aware; by default the present.

    Returns:
        The code of a receipt, such as "K7Q4-M9T6".

    Raises:
        SignpostError: As `erase_all`.
    """
    return erase_all(triage, [conversation_id], tracker_db, spool, now=now)[0]


def erase_all(
    triage: Triage,
    conversation_ids: Sequence[str],
    tracker_db: Path,
    spool: Spool,
    *,
    strays: Sequence[str] = (),
    now: datetime | None = None,
) -> list[str]:
    """Erase conversations for good. Freed bytes are taken out of each file once, however many conversations go.

    The triage database comes last: where anything before it fails, a conversation can still be found there and
    erased again. What stays is a tombstone without any link to the person: the receipt's sha256, the time, and the
    level of the case if one was open, so that the count of cases stays true.
    Freed bytes are then taken out of the files; where the triage file is in use for that, the next erasure does it.
    On PostgreSQL the rows are deleted; when their bytes go is for the server's vacuum and its backups to say.

    Args:
        triage: The database of conversations, turns and cases.
        conversation_ids: The conversations. That one of them is not there (any more) is no error.
        tracker_db: Rasa's SQLite file (Settings.tracker_db); there may be none yet.
        spool: Records that wait for the database.
        strays: Conversations that only Rasa or the spool knows. They go too and leave no tombstone.
        now: The time, aware; by default the present.

    Returns:
        The code of a receipt for each of `conversation_ids`.

    Raises:
        SignpostError: E600, a database cannot be reached; E604, Rasa's file is in use and still holds freed bytes;
            E008, the spool cannot be written. The conversations can still be found in each case; erase them again.
    """
    gone = (*conversation_ids, *strays)
    erase_from_tracker(tracker_db, *gone)
    spool.discard(*gone)
    at = now or datetime.now(timezone.utc)
    receipts = [triage.erase(conversation_id, at) for conversation_id in conversation_ids]
    if receipts and triage.database.is_sqlite:
        try:
            _clean(Path(str(triage.database.engine.url.database)))
        except SignpostError as error:
            _log.warning("%s", error)  # the conversation is gone and cannot be named again, so the receipt counts
    return receipts


def erase_from_tracker(tracker_db: Path, *conversation_ids: str) -> int:
    """Delete all events of conversations from Rasa's SQLite tracker store.

    Args:
        tracker_db: Rasa's file; there may be none yet.
        *conversation_ids: The conversations, Rasa's sender ids.

    Returns:
        How many events were deleted.

    Raises:
        SignpostError: E600, the file cannot be read or written; E604, it still holds freed bytes.
    """
    with _events_of(tracker_db) as connection:
        if connection is None:
            return 0
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE IF NOT EXISTS erased (sender_sha256 TEXT PRIMARY KEY, at FLOAT NOT NULL)")
        erased = [(hash_token(id_), time.time()) for id_ in conversation_ids]
        connection.executemany("INSERT OR REPLACE INTO erased VALUES (?, ?)", erased)
        connection.execute("DELETE FROM erased WHERE at < ?", [time.time() - REMEMBERED_SECONDS])
        delete = "DELETE FROM events WHERE sender_id = ?"
        deleted = connection.executemany(delete, [(id_,) for id_ in conversation_ids]).rowcount
        connection.execute("COMMIT")
    _clean(tracker_db)
    return deleted


def is_erased_from_tracker(tracker_db: Path, conversation_id: str) -> bool:
    """Return whether a conversation was erased lately, so that Rasa must not save it again.

    Args:
        tracker_db: Rasa's file; there may be none yet.
        conversation_id: The conversation, Rasa's sender id.

    Returns:
        Whether it was.

    Raises:
        SignpostError: E600, the file cannot be read.
    """
    with _events_of(tracker_db) as connection:
        if connection is None or not _has_table(connection, "erased"):
            return False
        found = connection.execute("SELECT 1 FROM erased WHERE sender_sha256 = ?", [hash_token(conversation_id)])
        return found.fetchone() is not None


def last_seen_in_tracker(tracker_db: Path) -> dict[str, datetime]:
    """Return when each conversation in Rasa's SQLite tracker store had its latest event.

    Args:
        tracker_db: Rasa's file; there may be none yet.

    Returns:
        Times, UTC, by conversation.

    Raises:
        SignpostError: E600, the file cannot be read.
    """
    with _events_of(tracker_db) as connection:
        if connection is None:
            return {}
        rows = connection.execute("SELECT sender_id, MAX(timestamp) FROM events GROUP BY sender_id").fetchall()
    return {sender: datetime.fromtimestamp(at or 0, timezone.utc) for sender, at in rows}


@contextmanager
def _events_of(tracker_db: Path) -> Iterator[sqlite3.Connection | None]:
    """Open Rasa's file; None where there is none yet, or no table of events in it."""
    if not tracker_db.exists():
        yield None
        return
    try:
        with closing(_open(tracker_db)) as connection:
            yield connection if _has_table(connection, "events") else None
    except sqlite3.Error as error:
        raise SignpostError(Code.E600, where=tracker_db, problem=type(error).__name__) from None


def _has_table(connection: sqlite3.Connection, name: str) -> bool:
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [name])
    return found.fetchone() is not None


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=WAIT_SECONDS)
    connection.isolation_level = None
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def _clean(path: Path) -> None:
    """Take freed bytes out of an SQLite file and its log.

    secure_delete alone is not enough: SQLite leaves copies behind when it splits a page, and nothing but VACUUM drops
    them. The truncated log drops the old versions of pages.
    """
    try:
        with closing(_open(path)) as connection:
            connection.execute("VACUUM")
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.Error:
        busy = True
    if busy:
        raise SignpostError(Code.E604, where=path)
