"""Nothing that a visitor wrote is in any log, at any level, on any way through the gateway."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bot.gateway.app import create_app, open_ledger
from bot.gateway.logs import QUIET, set_up
from bot.safety.screen import Screen
from bot.settings import Settings
from tests.gateway.conftest import PATIENT, Visitor, arrive, at_the_door_of
from tests.gateway.fake_rasa import WAYS, FakeRasa

MARK = "xyzzyplugh"
MESSAGES = [
    {"text": f"{MARK}"},
    {"text": f"/{MARK}"},
    {"text": f"I want to kill myself {MARK}"},
    {"text": f"{MARK} " * 400},
    {"text": f"{MARK} 07700 900123"},
    {"choice": MARK},
    {"text": 1, "message_id": MARK * 20},
    {MARK: MARK},
]


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that anything logs at every level, but for libraries that the gateway itself keeps quiet."""
    caplog.set_level(logging.DEBUG)
    for name in QUIET:
        caplog.set_level(logging.NOTSET, name)
    set_up(logging.DEBUG)
    known = (logger for logger in logging.root.manager.loggerDict.values() if isinstance(logger, logging.Logger))
    loggers = [logger for logger in known if not logger.name.startswith(QUIET)]
    before = [(logger, logger.level, logger.disabled) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.disabled = False
    yield caplog
    for logger, level, disabled in before:
        logger.setLevel(level)
        logger.disabled = disabled


async def go_every_way(client: httpx.AsyncClient) -> None:
    visitor = await arrive(client)
    for message in MESSAGES:
        await visitor.send(**message)
        await client.post("/", data={key: str(value) for key, value in message.items()})
        await client.post("/api/chat/messages", json=message)
    await visitor.send_raw("{" + MARK)
    await visitor.send_raw('{"text": "' + MARK * 40_000)
    await client.get(f"/{MARK}?text={MARK}", headers={"Accept": "text/html"})
    await client.post(f"/?text={MARK}", content=MARK, headers={"Origin": MARK})
    await client.get("/api/chat/transcript", headers={"Authorization": f"Bearer {MARK}{MARK}"})
    await visitor.transcript()
    await client.get("/")
    await client.delete("/api/chat/session", headers=visitor.headers)


def in_logs(caplog: pytest.LogCaptureFixture) -> bool:
    lines = [f"{record.getMessage()} {record.exc_text or ''} {record.args!r}" for record in caplog.records]
    return any(MARK in line.lower() for line in [caplog.text, *lines])


@pytest.mark.parametrize("way", ["good", *WAYS])
async def test_nothing_the_visitor_wrote_is_logged(
    settings: Settings, screen: Screen, rasa: FakeRasa, logged: pytest.LogCaptureFixture, way: str
) -> None:
    quick = replace(settings, deadline_seconds=0.1 if way == "hang" else 5)
    app = create_app(quick, screen=screen, ledger=open_ledger(quick, PATIENT))
    rasa.turn_to(way)
    async with at_the_door_of(app) as client:
        await go_every_way(client)
    assert logged.records
    assert not in_logs(logged)


async def test_nothing_is_logged_without_a_database_either(
    settings: Settings, screen: Screen, logged: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    app = create_app(replace(settings, database_url=f"sqlite:///{tmp_path}/nowhere/x.db"), screen=screen)
    async with at_the_door_of(app) as client:
        await go_every_way(client)
    assert "E600" in logged.text
    assert not in_logs(logged)


@pytest.mark.parametrize(
    "broken",
    [
        "bot.gateway.answer.redact",
        "bot.safety.screen.Screen.check",
        "bot.gateway.answer.Answerer.answer",
        "bot.gateway.ledger.Ledger.keep",
        "bot.gateway.incoming.clean",
        "bot.triage.service.Triage.record_turn",
    ],
)
async def test_a_part_that_breaks_with_the_visitors_words_in_its_error_logs_none_of_them(
    visitor: Visitor, logged: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ValueError(f"{MARK} {args} {kwargs}")

    monkeypatch.setattr(broken, fail)
    response = await visitor.send(text=f"I want to kill myself {MARK}")
    assert MARK not in response.text
    assert "0808 800 6000" in response.text
    await visitor.client.post("/", data={"text": MARK})
    assert not in_logs(logged)
