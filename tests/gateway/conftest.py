"""The gateway with a real database file, the real screen and approved text, and a played dialogue engine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.blocks.library import Library
from bot.blocks.script import Script
from bot.gateway.app import create_app, open_ledger
from bot.gateway.ledger import Ledger, Patience
from bot.safety.screen import Screen
from bot.settings import Settings
from bot.triage.service import Triage
from tests.gateway.fake_rasa import SECRET, FakeRasa
from tests.triage.databases import sqlite_template, sqlite_triage, sqlite_url  # noqa: F401 - fixtures

OURS = "http://signpost.test"
PATIENT = Patience(read=20, write=20, spool=20)
"""All the time in the world: how fast a busy machine is, is not what these tests are about."""


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load(Settings.load({}).approved_dir)


@pytest.fixture(scope="session")
def script() -> Script:
    return Script.load(Settings.load({}).domain_file)


@pytest.fixture(scope="session")
def screen() -> Screen:
    return Screen.load(Settings.load({}).safety_dir)


@pytest.fixture
def rasa(library: Library, script: Script) -> Iterator[FakeRasa]:
    fake = FakeRasa(library, script)
    yield fake
    fake.close()


@pytest.fixture
def settings(rasa: FakeRasa, sqlite_url: str, tmp_path: Path) -> Settings:  # noqa: F811 - the fixture
    return Settings.load(
        {
            "SIGNPOST_VAR_DIR": str(tmp_path / "var"),
            "SIGNPOST_RASA_PORT": str(rasa.port),
            "SIGNPOST_CHANNEL_SECRET": SECRET,
            "SIGNPOST_DEADLINE_SECONDS": "5",
            "DATABASE_URL": sqlite_url,
        }
    )


@pytest.fixture
def ledger(settings: Settings) -> Ledger:
    return open_ledger(settings, PATIENT)


@pytest.fixture
def app(settings: Settings, screen: Screen, ledger: Ledger) -> Starlette:
    return create_app(settings, screen=screen, ledger=ledger)


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A browser or program at the gateway's door."""
    async with at_the_door_of(app) as client:
        yield client


@asynccontextmanager
async def at_the_door_of(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """Runs an application and gives a client of it."""
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url=OURS) as client:
        yield client


@dataclass
class Visitor:
    """Somebody who chats through the API."""

    client: httpx.AsyncClient
    token: str
    greeting: dict[str, Any]
    reference: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def send(self, **message: Any) -> httpx.Response:
        return await self.client.post("/api/chat/messages", json=message, headers=self.headers)

    async def send_raw(self, body: str) -> httpx.Response:
        headers = {**self.headers, "Content-Type": "application/json"}
        return await self.client.post("/api/chat/messages", content=body, headers=headers)

    async def say(self, text: str, **message: Any) -> dict[str, Any]:
        response = await self.send(text=text, **message)
        assert response.status_code == 200, response.text
        turn: dict[str, Any] = response.json()
        return turn

    async def transcript(self) -> list[dict[str, Any]]:
        response = await self.client.get("/api/chat/transcript", headers=self.headers)
        assert response.status_code == 200, response.text
        turns: list[dict[str, Any]] = response.json()["turns"]
        return turns


@pytest.fixture
async def visitor(client: httpx.AsyncClient) -> Visitor:
    return await arrive(client)


async def arrive(client: httpx.AsyncClient) -> Visitor:
    response = await client.post("/api/chat/sessions")
    assert response.status_code == 201, response.text
    data = response.json()
    return Visitor(client, data["token"], data["turn"], data["reference"])


@pytest.fixture
def triage(sqlite_triage: Triage) -> Triage:  # noqa: F811 - the fixture
    """A second way to the gateway's database, to look into it."""
    return sqlite_triage


def blocks_of(turn: dict[str, Any]) -> list[str]:
    return [message["block"] for message in turn["messages"]]
