"""Retention, as visitors are promised: so many days after its last message a chat is deleted, wherever it left a trace.

An open case does not keep its chat: the promise was made to the visitor, and the tombstone keeps the count of cases.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from bot.errors import SignpostError
from bot.privacy.erasure import erase_all, last_seen_in_tracker
from bot.settings import Settings
from bot.triage.service import Triage
from bot.triage.spool import Spool

DAY_SECONDS = 24 * 60 * 60.0
HOUR_SECONDS = 60 * 60.0
STRAY = timedelta(hours=1)
"""What only Rasa knows belongs to no chat: a sample of /readyz, or a reply that came after its chat was deleted."""

_log = logging.getLogger(__name__)


def delete_old_chats(settings: Settings, now: datetime | None = None) -> int:
    """Delete the chats that are older than the settings allow.

    Args:
        settings: The settings.
        now: The time, aware; by default the present.

    Returns:
        How many chats were deleted.

    Raises:
        SignpostError: As `delete_old`.
    """
    triage = Triage.connect(settings.database_url)
    try:
        spool = Spool(settings.var_dir / "spool")
        return delete_old(
            triage,
            settings.tracker_db,
            spool,
            days=settings.retention_days,
            now=now or datetime.now(timezone.utc),
        )
    finally:
        triage.close()


def delete_old(triage: Triage, tracker_db: Path, spool: Spool, *, days: int, now: datetime) -> int:
    """Delete every chat whose last message is older than so many days.

    Args:
        triage: The database of conversations, turns and cases.
        tracker_db: Rasa's SQLite file; there may be none yet.
        spool: Records that wait for the database, and those that it refused.
        days: How long chats are kept.
        now: The time, aware.

    Returns:
        How many chats were deleted.

    Raises:
        SignpostError: E600, a database cannot be reached; E604, Rasa's file is in use and still holds freed bytes;
            E008, the spool cannot be written. What was not deleted can still be found and goes the next time.
    """
    oldest = now - timedelta(days=days)
    waiting, chats = spool.last_seen(), triage.last_seen()
    old = [chat for chat, at in chats.items() if max(at, waiting.get(chat, at)) < oldest]
    spooled = [chat for chat, at in waiting.items() if chat not in chats and at < oldest]
    known = chats.keys() | waiting.keys()
    strays = [chat for chat, at in last_seen_in_tracker(tracker_db).items() if chat not in known and at < now - STRAY]
    if old or spooled or strays:
        erase_all(triage, old, tracker_db, spool, strays=[*spooled, *strays], now=now)
    return len(old) + len(spooled)


async def keep_deleting(delete: Callable[[], int], sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
    """Delete old chats now and every 24 hours, in a thread, until this is cancelled; an hour later where that failed.

    Args:
        delete: Deletes them and returns how many there were.
        sleep: Waits for so many seconds.
    """
    while True:
        try:
            deleted = await asyncio.to_thread(delete)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not end the gateway, and may go better later
            code = error.code.name if isinstance(error, SignpostError) else type(error).__name__
            _log.error("Old chats could not be deleted (%s). It is tried again in an hour.", code)
            await sleep(HOUR_SECONDS)
        else:
            _log.info("Old chats deleted: %d.", deleted)
            await sleep(DAY_SECONDS)
