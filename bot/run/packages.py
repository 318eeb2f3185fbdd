"""Packages: whether what the lock names is installed, whole and in that version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from bot.errors import Code, SignpostError

_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*])?==([^\s;\\]+)", re.MULTILINE)
_NAMED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)
_CODE = {".py", ".so"}


def check_packages(lock: Path, direct: Path, stamp: Path) -> None:
    """Make sure that every locked package is there, and that the files of the direct ones are.

    Args:
        lock: The lock, usually `requirements/runtime.txt`.
        direct: The list of direct requirements, usually `requirements/runtime.in`.
        stamp: What tells `make setup` that all is installed. It is removed where that proved wrong.

    Raises:
        SignpostError: E004, a package is missing, damaged or of another version.
    """
    installed = {_plain(found.name): found for found in distributions()}
    for name, version in pinned(lock):
        found = installed.get(name)
        if found is None:
            stamp.unlink(missing_ok=True)
            raise SignpostError(Code.E004, package=name, problem="it is not installed")
        if found.version != version:
            problem = f"version {found.version} is installed and {version} is locked"
            raise SignpostError(Code.E004, package=name, problem=problem)
    for name in named(direct):
        if (lost := _lost_file(installed[name])) is not None:
            stamp.unlink(missing_ok=True)
            raise SignpostError(Code.E004, package=name, problem=f"its file {lost} is gone or cut short")


def pinned(lock: Path) -> Iterator[tuple[str, str]]:
    """Read a lock.

    Args:
        lock: A requirements file in which every package has an exact version.

    Yields:
        The name in its plain form, and the version.
    """
    for name, version in _PINNED.findall(lock.read_text()):
        yield _plain(name), version


def named(requirements: Path) -> Iterator[str]:
    """Read a list of direct requirements.

    Args:
        requirements: A requirements file.

    Yields:
        The names in their plain form.
    """
    for name in _NAMED.findall(requirements.read_text()):
        yield _plain(name)


def _plain(name: str) -> str:
    # As packages are compared everywhere: https://packaging.python.org/en/latest/specifications/name-normalization/
    return re.sub(r"[-_.]+", "-", name).lower()


def _lost_file(found: Distribution) -> str | None:
    for file in found.files or ():
        if file.suffix in _CODE:
            path = Path(str(file.locate()))
            if not path.exists() or (file.size is not None and path.stat().st_size != file.size):
                return str(file)
    return None
