"""The way to the database: one engine with the right settings, short transactions, errors with a code.

No error that leaves this module holds a password or a value that was stored.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DisconnectionError,
    IntegrityError,
    NoSuchModuleError,
    SQLAlchemyError,
)
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from bot.errors import Code, SignpostError

T = TypeVar("T")

WAIT_SECONDS = 2
"""How long a lock, a statement or a connection may take. With the dialogue engine's 3 seconds still before it,
a visitor is to wait 4 seconds at most; longer waits count as a database that is away."""
STAFF_WAIT_SECONDS = 15
"""The same for the desk, where no visitor waits: better a slow answer than none while everybody claims at once."""
ATTEMPTS = 5
"""How often a transaction is tried that met another one's row."""

_log = logging.getLogger(__name__)


class Database:
    """A database that is reached when it is first needed, not before.

    Attributes:
        where: Its address without a password, for messages.
    """

    def __init__(self, database_url: str, *, wait_seconds: int = WAIT_SECONDS) -> None:
        """Prepare the way; nothing is connected yet.

        Args:
            database_url: A URL of SQLite or PostgreSQL, as in DATABASE_URL.
            wait_seconds: How long a lock, a statement or a connection may take.

        Raises:
            SignpostError: E001, it is no such URL.
        """
        self.engine = make_engine(
            database_url, lock_seconds=wait_seconds, statement_seconds=wait_seconds, pool_seconds=wait_seconds
        )
        self.where: str = self.engine.url.render_as_string(hide_password=True)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is an SQLite file."""
        return bool(self.engine.dialect.name == "sqlite")

    def read(self, work: Callable[[Any], T]) -> T:
        """Run a transaction that changes nothing.

        Args:
            work: Gets the SQLAlchemy session.

        Returns:
            What `work` returns.

        Raises:
            SignpostError: E600, the database cannot be reached.
        """
        try:
            with Session(self.engine, future=True) as session:
                return work(session)
        except SQLAlchemyError as error:
            raise self._away(error) from None

    def write(self, work: Callable[[Any], T]) -> T:
        """Run a transaction that changes something, again from its start where another one's row came first.

        Args:
            work: Gets the SQLAlchemy session. It must look at the database afresh each time that it is called.

        Returns:
            What `work` returns.

        Raises:
            SignpostError: E600, the database cannot be reached; E603, it refuses the values.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with Session(self.engine.execution_options(writes=True), future=True) as session, session.begin():
                    return work(session)
            except IntegrityError as error:
                _log.info("The row of another transaction came first, attempt %d.", attempt)
                problem = type(error.orig).__name__
            except DataError as error:
                raise SignpostError(Code.E603, where=self.where, problem=type(error.orig).__name__) from None
            except SQLAlchemyError as error:
                raise self._away(error) from None
        raise SignpostError(Code.E603, where=self.where, problem=problem)

    def _away(self, error: SQLAlchemyError) -> SignpostError:
        problem = type(getattr(error, "orig", None) or error).__name__
        return SignpostError(Code.E600, where=self.where, problem=problem)


def make_engine(
    database_url: str,
    *,
    lock_seconds: int = WAIT_SECONDS,
    statement_seconds: int = WAIT_SECONDS,
    pool_seconds: int = WAIT_SECONDS,
) -> Any:
    """Make an SQLAlchemy engine for SQLite or PostgreSQL.

    Args:
        database_url: As in DATABASE_URL.
        lock_seconds: How long to wait for another writer on SQLite.
        statement_seconds: How long a statement may take on PostgreSQL, its locks included; 0 for no limit.
        pool_seconds: How long to wait for a connection that others of this process use.

    Returns:
        The engine. It has not connected yet.

    Raises:
        SignpostError: E001, the URL is not one of SQLite or PostgreSQL.
    """
    expected = "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"
    try:
        url = make_url(database_url.replace("postgres://", "postgresql://", 1))
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise SignpostError(Code.E001, name="DATABASE_URL", problem="it is not a URL", expected=expected) from None
    kind = url.get_backend_name()
    if kind == "sqlite" and url.database not in (None, "", ":memory:"):
        return _sqlite(url, lock_seconds, pool_seconds)
    if kind == "postgresql":
        return _postgresql(url, statement_seconds, pool_seconds)
    problem = "it is for another kind of database"
    raise SignpostError(Code.E001, name="DATABASE_URL", problem=problem, expected=expected)


def _sqlite(url: Any, lock_seconds: int, pool_seconds: int) -> Any:
    path = Path(url.database)
    engine = create_engine(
        url,
        future=True,
        hide_parameters=True,
        poolclass=QueuePool,  # to open the file anew each time takes three times as long
        pool_timeout=pool_seconds,
        connect_args={"timeout": lock_seconds, "check_same_thread": False},
    )

    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late and is the wrong one; see `begin`
        for pragma in ("journal_mode = WAL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        record.info["file"] = _identity(path)

    def begin(connection: Any) -> None:
        # IMMEDIATE waits for its turn. A plain BEGIN that reads first and then writes fails when another wrote.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    def check_out(connection: Any, record: Any, proxy: Any) -> None:
        # Where a backup was put in the file's place, an old connection would write into a file without a name.
        if record.info["file"] != _identity(path):
            raise DisconnectionError

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    event.listen(engine, "checkout", check_out)
    return engine


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _postgresql(url: Any, statement_seconds: int, pool_seconds: int) -> Any:
    limits = f"-c statement_timeout={statement_seconds * 1000} -c timezone=utc"
    return create_engine(
        url,
        future=True,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_timeout=pool_seconds,
        connect_args={"connect_timeout": WAIT_SECONDS, "options": limits},
    )
