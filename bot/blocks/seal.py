"""Seals: the sha256 of every block, kept beside the text, so that no change of words goes unnoticed."""

from __future__ import annotations

from pathlib import Path

from bot.blocks.library import Library, read_mapping
from bot.errors import Code, SignpostError
from bot.settings import Settings

FILE = "seals.yml"
_HEAD = """\
# Written by `python -m bot seal`. A change here means that approved text has changed: read it with care.
seals:
"""


def seal(settings: Settings) -> int:
    """Seal every block as it stands now.

    Args:
        settings: Says where the approved text is.

    Returns:
        How many blocks were sealed.

    Raises:
        SignpostError: E100 or E101, the approved text cannot be read; E008, the seals cannot be written.
    """
    return seal_folder(settings.approved_dir)


def seal_folder(folder: Path) -> int:
    """Seal every block below a folder. `seal` is the usual way.

    Args:
        folder: Usually `data/approved`.

    Returns:
        How many blocks were sealed.

    Raises:
        SignpostError: E100 or E101, the approved text cannot be read; E008, the seals cannot be written.
    """
    library = Library.load(folder)
    lines = [f"  {block.id}: {block.sha256}\n" for block in sorted(library, key=lambda block: block.id)]
    path = folder / FILE
    half = path.with_suffix(".new")
    try:
        half.write_text(_HEAD + "".join(lines), encoding="utf-8", newline="\n")
        half.replace(path)
    except OSError as error:
        raise SignpostError(Code.E008, path=path, problem=error.strerror) from None
    return len(library)


def read_seals(folder: Path) -> dict[str, str]:
    """Read the seals.

    Args:
        folder: Usually `data/approved`.

    Returns:
        Hex digests by block id.

    Raises:
        SignpostError: E100, the file is missing or not of the right form.
    """
    path = folder / FILE
    if not path.exists():
        raise SignpostError(Code.E100, path=path, problem="it is missing; `python -m bot seal` writes it")
    seals = read_mapping(path).get("seals")
    if not isinstance(seals, dict) or not all(isinstance(value, str) for value in seals.values()):
        raise SignpostError(Code.E100, path=path, problem="seals is not a mapping from block id to sha256")
    return seals
