"""One running Signpost for all tests of this folder, and visitors to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.triage.records import Case
from bot.triage.service import Triage
from tests.e2e.running import Signpost
from tests.e2e.visitor import Visitor
from tests.gateway.fake_rasa import SECRET


@pytest.fixture(scope="session")
def signpost(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signpost]:
    """Signpost, ready, on SQLite. A stand-in for the dialogue engine can know the secret."""
    running = Signpost(tmp_path_factory.mktemp("signpost"), SIGNPOST_CHANNEL_SECRET=SECRET)
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.end()


@pytest.fixture
def arrive(signpost: Signpost) -> Iterator[Callable[[], Visitor]]:
    """Begins a chat."""
    visitors: list[Visitor] = []

    def begin() -> Visitor:
        visitors.append(Visitor(signpost))
        return visitors[-1]

    yield begin
    for visitor in visitors:
        visitor.leave()


@pytest.fixture
def visitor(arrive: Callable[[], Visitor]) -> Visitor:
    """Somebody whose chat has just begun."""
    return arrive()


@pytest.fixture(scope="session")
def triage(signpost: Signpost) -> Iterator[Triage]:
    """A second way to the database, to look into it as staff would."""
    service = Triage.connect(signpost.settings.database_url)
    yield service
    service.close()


@pytest.fixture
def cases_of(triage: Triage) -> Callable[[Visitor], list[Case]]:
    """Finds the cases of a visitor by the code that the visitor would read out."""

    def find(visitor: Visitor) -> list[Case]:
        conversation = triage.find_reference(visitor.reference)
        return triage.cases(conversation.id) if conversation else []

    return find
