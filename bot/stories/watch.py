"""Waits until a file changes. It looks twice a second, which works on every file system."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

SECONDS = 0.5

Stamps = dict[Path, tuple[int, int]]


def stamps(paths: Iterable[Path]) -> Stamps:
    """Note the state of files.

    Args:
        paths: Files, and folders whose YAML files and texts count.

    Returns:
        When each was changed, and its size.
    """
    found: Stamps = {}
    for path in paths:
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.suffix in (".yml", ".yaml", ".txt"):
                try:
                    status = file.stat()
                except OSError:
                    continue  # it has just gone, as editors do that write a new file
                found[file] = (status.st_mtime_ns, status.st_size)
    return found


def changed(before: Stamps, after: Stamps) -> set[Path]:
    """Compare two states.

    Args:
        before: The first.
        after: The second.

    Returns:
        Files that changed, came or went.
    """
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def wait(paths: Iterable[Path], before: Stamps, *, sleep: Callable[[float], None] = time.sleep) -> set[Path]:
    """Wait until a file changes.

    Args:
        paths: Files and folders.
        before: Their state when they were last read.
        sleep: Waits.

    Returns:
        What changed. Files that are still being written are waited for.
    """
    folders = list(paths)
    while not (difference := changed(before, now := stamps(folders))):
        sleep(SECONDS)
    while True:
        sleep(SECONDS / 5)
        if now == (now := stamps(folders)):
            return difference | changed(before, now)
