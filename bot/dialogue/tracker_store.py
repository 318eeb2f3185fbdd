"""Rasa tracker store: SQLite at the place that the settings name.

A class of our own, so that the self-check can tell it from the in-memory store that Rasa falls back to in silence.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event

from bot.errors import Code, SignpostError
from bot.privacy.erasure import erase_from_tracker, is_erased_from_tracker
from bot.settings import Settings


class ConversationStore(SQLTrackerStore):
    """Keeps what Rasa must remember of a conversation. The text in it is redacted before Rasa sees it."""

    def __init__(self, domain: Domain | None = None, **kwargs: Any) -> None:
        """Opens the database (see parent class for full docstring).

        Args:
            domain: The domain.
            **kwargs: What Rasa passes to every store; where the database lies is for our settings to say.

        Raises:
            SignpostError: E008, the file cannot be written. The parent class would try again every 5 seconds for ever.
        """
        path = Settings.load().tracker_db
        _prove_writable(path)
        kwargs = {key: value for key, value in kwargs.items() if key == "event_broker"}
        super().__init__(domain=domain, dialect="sqlite", db=str(path), **kwargs)
        # Rasa logs errors of the database; in them, the values of a statement are what a visitor wrote.
        self.engine.hide_parameters = True
        event.listen(self.engine, "connect", _configure)
        self.engine.dispose()
        self._path = path

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Saves a conversation (see parent class for full docstring), unless it was erased while its turn went on."""
        if is_erased_from_tracker(self._path, tracker.sender_id):
            return
        await super().save(tracker)
        if is_erased_from_tracker(self._path, tracker.sender_id):
            erase_from_tracker(self._path, tracker.sender_id)


def _prove_writable(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except (OSError, sqlite3.Error) as error:
        raise SignpostError(Code.E008, path=path, problem=type(error).__name__) from None


def _configure(connection: Any, _: Any) -> None:
    # Erased rows are overwritten; readers do not wait for the writer; a busy database is waited for, not given up.
    for pragma in ("secure_delete=ON", "journal_mode=WAL", "busy_timeout=2000", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
