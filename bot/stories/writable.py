"""Files that are written at the end: whether they can be is found out before anybody waits or talks for them."""

from __future__ import annotations

from pathlib import Path

from bot.errors import Code, SignpostError


def check_writable(path: Path) -> None:
    """See that a file can be written. It is left as it is, and one that was not there is not there afterwards.

    Args:
        path: The file.

    Raises:
        SignpostError: E008, it cannot be written.
    """
    there = path.exists()
    if there and not (path.is_file() or path.is_dir()):
        return  # a terminal or a pipe: opening one can wait, or end it
    try:
        with path.open("ab"):
            pass
        if not there:
            path.unlink()
    except OSError as error:
        raise SignpostError(Code.E008, path=path, problem=error.strerror or type(error).__name__) from None
