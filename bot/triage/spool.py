"""The spool: what must not be lost while the database is away is kept in files and put into it later.

Three files in one folder, one record a line: `waiting.jsonl` takes records in; a replay renames it to `taken.jsonl` and
works that off, so that the chat need not wait for the replay; `refused.jsonl` keeps what can never be applied.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.errors import Code, SignpostError
from bot.triage.pending import Record, from_line, to_line
from bot.triage.service import Triage

_log = logging.getLogger(__name__)

_HEAD = re.compile(rb'\{"conversation": ("[^"]*"), "kind": "\w+", "at": "([\d:.T+-]+)"')
"""How each line begins (see `bot.triage.pending.to_line`)."""


class Spool:
    """Records that wait for the database. Threads and processes may share a folder."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, and make it where it is missing. Only its owner can look into it.

        Args:
            folder: Usually `spool` in Settings.var_dir.

        Raises:
            SignpostError: E008, the folder cannot be made.
        """
        self._folder = folder
        self._waiting = folder / "waiting.jsonl"
        self._taken = folder / "taken.jsonl"
        self._refused = folder / "refused.jsonl"
        with self._writing(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def append(self, record: Record) -> None:
        """Keep a record. When this returns, it is on the disk.

        Args:
            record: The record; its text is already redacted.

        Raises:
            SignpostError: E008, it cannot be written. Nothing of it is kept then.
        """
        with self._locked("files"), self._writing(self._waiting):
            _append(self._waiting, to_line(record))

    def waiting(self) -> int:
        """Return how many records wait for the database."""
        return len(_lines(self._taken)) + len(_lines(self._waiting))

    def refused(self) -> int:
        """Return how many records can never be applied and were put aside."""
        return len(_lines(self._refused))

    def replay(self, triage: Triage) -> int:
        """Put all that waits into the database, in the order in which it came. To repeat this is harmless.

        What can never be applied (a line torn by a crash, a conversation that was erased) is put aside.
        Where the database goes away meanwhile, the rest waits for the next replay.

        Args:
            triage: The database.

        Returns:
            How many records were applied.

        Raises:
            SignpostError: E008, the folder cannot be written.
        """
        with self._locked("replay"), self._writing(self._folder):
            applied, finished = self._work_off(triage)
            if finished:
                with self._locked("files"):
                    if not self._waiting.exists():
                        return applied
                    self._waiting.rename(self._taken)
                applied += self._work_off(triage)[0]
            return applied

    def last_seen(self) -> dict[str, datetime]:
        """Return when each conversation that has records here had its latest one.

        Returns:
            Times by conversation. A line that was torn before its time holds no words; its conversation may be missing.
        """
        seen: dict[str, datetime] = {}
        for path in (self._taken, self._waiting, self._refused):
            for head in filter(None, map(_HEAD.match, _lines(path))):
                conversation, at = json.loads(head[1]), datetime.fromisoformat(head[2].decode())
                seen[conversation] = max(at, seen.get(conversation, at))
        return seen

    def discard(self, *conversation_ids: str) -> int:
        """Remove every record of conversations for good, those put aside too.

        Args:
            *conversation_ids: The conversations.

        Returns:
            How many were removed.

        Raises:
            SignpostError: E008, the folder cannot be written.
        """
        removed = 0
        with self._locked("replay"), self._locked("files"), self._writing(self._folder):
            for left in self._folder.glob("*.new"):  # by a crash in the middle of `_replace`
                left.unlink()
            for path in (self._taken, self._waiting, self._refused):
                lines = _lines(path)
                kept = [line for line in lines if not any(_belongs(line, id_) for id_ in conversation_ids)]
                if len(kept) < len(lines):
                    _replace(path, kept)
                    removed += len(lines) - len(kept)
        return removed

    def _work_off(self, triage: Triage) -> tuple[int, bool]:
        """Apply the records of `taken.jsonl`: how many were applied, and whether it is worked off."""
        lines = _lines(self._taken)
        applied = 0
        for done, line in enumerate(lines):
            try:
                from_line(line).apply(triage)
                applied += 1
            except SignpostError as error:
                if error.code not in (Code.E602, Code.E603):
                    _log.warning("%s; %d records wait.", error.code.name, len(lines) - done)
                    _replace(self._taken, lines[done:])
                    return applied, False
                self._put_aside(line, error.code.name)
            except ValueError:
                self._put_aside(line, "torn")
        self._taken.unlink(missing_ok=True)
        return applied, True

    def _put_aside(self, line: bytes, why: str) -> None:
        _log.error("A record cannot be applied (%s) and was put aside in %s.", why, self._refused)
        _append(self._refused, line)

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        with self._writing(self._folder):
            lock = os.open(self._folder / f".{name}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    @contextmanager
    def _writing(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise SignpostError(Code.E008, path=path, problem=os.strerror(error.errno or 0)) from None


def _lines(path: Path) -> list[bytes]:
    """Read the lines of a file; a last line that a crash tore gets its line break back."""
    try:
        return [line.rstrip(b"\n") + b"\n" for line in path.read_bytes().splitlines(keepends=True) if line.strip()]
    except FileNotFoundError:
        return []


def _append(path: Path, line: bytes) -> None:
    """Add a line to a file: all of it and on the disk, or nothing."""
    new = not path.exists()
    file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        size = os.fstat(file).st_size
        torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"
        data = b"\n" + line if torn else line
        try:
            written = os.write(file, data)
            if written < len(data):  # the disk is nearly full: the next write says so
                os.write(file, data[written:])
            os.fsync(file)
        except OSError:
            os.ftruncate(file, size)
            raise
    finally:
        os.close(file)
    if new:
        _sync_folder(path.parent)


def _replace(path: Path, lines: list[bytes]) -> None:
    """Write a file anew: a reader sees the old one or the new one, and so does a machine after a crash."""
    beside = path.with_suffix(".new")
    file = os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(file, "wb") as stream:
        stream.writelines(lines)
        stream.flush()
        os.fsync(file)
    beside.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _belongs(line: bytes, conversation_id: str) -> bool:
    try:
        return from_line(line).conversation == conversation_id
    except ValueError:
        return json.dumps({"conversation": conversation_id}).encode("ascii")[:-1] in line
