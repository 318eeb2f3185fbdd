"""Bring the database's tables up to date. Alembic is set up here in code; there is no alembic.ini to keep in step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import Code, SignpostError
from bot.triage.database import make_engine

FOLDER = Path(__file__).resolve().parent / "migrations"
PATIENCE_SECONDS = 60
"""How long a migration waits for another process's lock on SQLite. A statement has no limit on either database."""


def upgrade(database_url: str, revision: str = "head") -> None:
    """Create the tables, or bring them up to date. Where they are, nothing happens.

    Args:
        database_url: As in DATABASE_URL. The folder of an SQLite file is made where it is missing.
        revision: Where to go; "head" is the latest.

    Raises:
        SignpostError: E600, the database cannot be reached.
    """
    _make_file(database_url)
    with _connected(database_url, writes=True) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(database_url: str, revision: str) -> None:
    """Go back to an earlier revision. What only later ones can hold is lost.

    Args:
        database_url: As in DATABASE_URL.
        revision: Where to go; "base" is an empty database.

    Raises:
        SignpostError: E600, the database cannot be reached.
    """
    with _connected(database_url, writes=True) as connection:
        command.downgrade(_config(connection), revision)


def current(database_url: str) -> str | None:
    """Return the revision that the database is at.

    Args:
        database_url: As in DATABASE_URL.

    Returns:
        The revision, or None for a database without our tables.

    Raises:
        SignpostError: E600, the database cannot be reached.
    """
    with _connected(database_url) as connection:
        revision: str | None = MigrationContext.configure(connection).get_current_revision()
        return revision


def latest() -> str:
    """Return the revision that the code needs."""
    return str(ScriptDirectory.from_config(_config(None)).get_current_head())


def check(database_url: str) -> None:
    """Make sure that database and code fit together.

    Args:
        database_url: As in DATABASE_URL.

    Raises:
        SignpostError: E600, the database cannot be reached; E601, it is at another revision.
    """
    found = current(database_url)
    if found != latest():
        raise SignpostError(Code.E601, found=found or "none", expected=latest())


def _config(connection: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _connected(database_url: str, *, writes: bool = False) -> Iterator[Any]:
    engine = make_engine(database_url, lock_seconds=PATIENCE_SECONDS, statement_seconds=0)
    where = engine.url.render_as_string(hide_password=True)
    try:
        with engine.execution_options(writes=writes).connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        problem = type(getattr(error, "orig", None) or error).__name__
        raise SignpostError(Code.E600, where=where, problem=problem) from None
    finally:
        engine.dispose()


def _make_file(database_url: str) -> None:
    """Make an SQLite file that only its owner can read. SQLite gives its side files the same rights."""
    url = make_engine(database_url).url
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    path = Path(url.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise SignpostError(Code.E008, path=path, problem=error.strerror) from None
