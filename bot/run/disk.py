"""The disk: room enough, and folders that only their owner can read."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from bot.errors import Code, SignpostError

NEEDED_MB = 300
"""Room for logs, databases and a model in the making. A model is some 10 MB; the logs end at 40 MB."""

_PROBE = b"x" * 4096


def private_folder(path: Path) -> None:
    """Make a folder that only its owner can enter, and see that it can be written.

    Args:
        path: The folder; parents are made too.

    Raises:
        SignpostError: E008, it cannot be made or written.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.stat().st_uid == os.geteuid():
            path.chmod(0o700)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(_PROBE)
            probe.flush()
    except OSError as error:
        raise SignpostError(Code.E008, path=path, problem=error.strerror or error.__class__.__name__) from None


def check_disk(path: Path, setting: str, needed_mb: int = NEEDED_MB) -> None:
    """Make sure that there is room on the disk of a folder.

    Args:
        path: A folder that exists.
        setting: The environment variable that moves the folder.
        needed_mb: How much must be free, in MB.

    Raises:
        SignpostError: E003, there is less.
    """
    free_mb = shutil.disk_usage(path).free // 1_000_000
    if free_mb < needed_mb:
        raise SignpostError(Code.E003, free_mb=free_mb, path=path, needed_mb=needed_mb, setting=setting)
