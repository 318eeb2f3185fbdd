"""A copy of the project that a test may change, and today's edition."""

from __future__ import annotations

import pytest

from bot.script_book.edition import Edition
from bot.settings import ROOT
from bot.validator.project import Project
from tests.mutation.conftest import TODAY, copy, sealed

__all__ = ["copy", "sealed"]


@pytest.fixture(scope="session")
def project() -> Project:
    """The project itself."""
    return Project(ROOT, TODAY)


@pytest.fixture(scope="session")
def edition(project: Project) -> Edition:
    """Its edition."""
    return Edition.of(project, "today")
