"""Fixtures that need a database: each test that asks for `database_url` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.decision import Decision, Reason, SpokenBlock
from bot.routes import Route
from bot.triage.audit import GENESIS
from bot.triage.migrate import upgrade
from bot.triage.service import Triage
from tests.triage.postgres import end_connections, run_sql, running_postgres

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
MIGRATED = "migrated"
EMPTY = f"""
TRUNCATE conversations, tombstones, audit, staff, throttle RESTART IDENTITY CASCADE;
UPDATE audit_head SET number = 0, sha256 = '{GENESIS}'
"""
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A server; the URL has {name} where a database's name goes. The database MIGRATED has our tables."""
    with running_postgres() as url:
        run_sql(url.format(name="postgres"), f"CREATE DATABASE {MIGRATED}")
        upgrade(url.format(name=MIGRATED))
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with our tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "signpost.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database with our tables."""
    path = tmp_path / "signpost.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """A PostgreSQL database with our tables, emptied: that is much faster than a new one for each test."""
    url = postgres.format(name=MIGRATED)
    end_connections(url)
    run_sql(url, EMPTY)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database with our tables, once of each kind."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database without a table, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'var' / 'empty.db'}"
        return
    postgres = request.getfixturevalue("postgres")
    name = f"empty_{next(_numbers)}"
    run_sql(postgres.format(name="postgres"), f"CREATE DATABASE {name}")
    yield postgres.format(name=name)
    run_sql(postgres.format(name="postgres"), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def triage(database_url: str) -> Iterator[Triage]:
    """The service on a fresh database, once of each kind."""
    service = Triage.connect(database_url)
    yield service
    service.close()


@pytest.fixture
def sqlite_triage(sqlite_url: str) -> Iterator[Triage]:
    """The service on a fresh SQLite database."""
    service = Triage.connect(sqlite_url)
    yield service
    service.close()


def decide(route: Route, intent: str = "", *reasons: Reason) -> Decision:
    """Make a decision, with a score that must not be stored."""
    reasons = reasons or (Reason("screen", f"rule.{route.value}", 0.93, 0.5),)
    return Decision(intent or route.value, route, reasons, ("menu",), "ask_outlook")


def said(*ids: str) -> tuple[SpokenBlock, ...]:
    """Make spoken blocks of ids."""
    return tuple(SpokenBlock(id_, f"{number:064x}") for number, id_ in enumerate(ids))
