"""Databases for the tests of this folder."""

from __future__ import annotations

from tests.triage.databases import (  # noqa: F401 - fixtures
    database_url,
    empty_url,
    postgres,
    postgres_url,
    sqlite_template,
    sqlite_triage,
    sqlite_url,
    triage,
)
from tests.triage.people import quick_passwords  # noqa: F401 - fixture
