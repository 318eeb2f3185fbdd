"""Whatever fails, every message gets an approved reply, a crisis the crisis words, and no case is lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bot.errors import Code, SignpostError
from bot.gateway.app import create_app, open_ledger
from bot.gateway.ledger import Ledger
from bot.routes import Level
from bot.safety.screen import Screen
from bot.settings import Settings
from bot.triage.service import Triage
from bot.triage.spool import Spool
from tests.gateway.conftest import PATIENT, Visitor, arrive, at_the_door_of, blocks_of
from tests.gateway.fake_rasa import WAYS, FakeRasa

CRISIS = ["house.crisis_self", "house.crisis_contacts", "house.helpline"]
UNAVAILABLE = ["house.unavailable", "house.helpline"]

Door = Callable[[Settings], "asynccontextmanager[httpx.AsyncClient]"]


@pytest.fixture
def door(screen: Screen) -> Door:
    """Opens a gateway with other settings."""

    @asynccontextmanager
    async def open_door(settings: Settings, ledger: Ledger | None = None) -> AsyncIterator[httpx.AsyncClient]:
        kept = ledger or open_ledger(settings, PATIENT)
        async with at_the_door_of(create_app(settings, screen=screen, ledger=kept)) as client:
            yield client

    return open_door


@pytest.fixture
def spool(settings: Settings) -> Spool:
    return Spool(settings.var_dir / "spool")


@pytest.fixture
def away(settings: Settings, tmp_path: Path) -> Settings:
    """A database that is not there: its file stands in a folder that does not exist."""
    return replace(settings, database_url=f"sqlite:///{tmp_path}/nowhere/signpost.db")


@pytest.mark.parametrize("way", WAYS)
async def test_with_the_dialogue_engine_broken_the_visitor_gets_the_helpline_and_a_crisis_its_words(
    door: Door, settings: Settings, rasa: FakeRasa, triage: Triage, way: str
) -> None:
    async with door(replace(settings, deadline_seconds=0.2 if way == "hang" else 5)) as client:
        visitor = await arrive(client)
        rasa.turn_to(way)
        turn = await visitor.say("What's my outlook?")
        assert blocks_of(turn) == UNAVAILABLE
        assert turn["route"] == "unavailable"
        assert blocks_of(await visitor.say("I want to kill myself")) == CRISIS
        assert blocks_of(await visitor.say("")) == ["house.empty", "house.helpline"]
        conversation = triage.find_reference(visitor.reference)
    assert conversation is not None
    (case,) = triage.cases(conversation.id)
    assert case.level is Level.IMMEDIATE
    assert [turn.decision.reasons[-1].source for turn in triage.transcript(conversation.id)] == ["gateway"] * 4


async def test_when_the_engine_is_back_the_next_message_is_answered(visitor: Visitor, rasa: FakeRasa) -> None:
    rasa.turn_to("500")
    assert (await visitor.say("What's my outlook?"))["route"] == "unavailable"
    rasa.turn_to("good")
    assert (await visitor.say("What's my outlook?"))["route"] == "answer"


async def test_while_one_message_hangs_another_of_the_same_chat_is_answered_in_time(
    door: Door, settings: Settings, rasa: FakeRasa
) -> None:
    async with door(replace(settings, deadline_seconds=0.5)) as client:
        visitor = await arrive(client)
        rasa.turn_to("hang")
        turns = await asyncio.gather(visitor.say("one"), visitor.say("I want to kill myself"), visitor.say("three"))
    assert [blocks_of(turn) for turn in turns] == [UNAVAILABLE, CRISIS, UNAVAILABLE]


async def test_without_a_database_the_chat_goes_on(door: Door, away: Settings, rasa: FakeRasa) -> None:
    async with door(away) as client:
        visitor = await arrive(client)
        turn = await visitor.say("What's my outlook?", message_id="one")
        assert blocks_of(turn) == ["secondary.outlook"]
        assert await visitor.say("What's my outlook?", message_id="one") == turn
        assert (await visitor.send(choice=turn["choices"][0]["id"])).status_code == 200
        assert (await visitor.send(choice="made_up")).status_code == 409
        assert blocks_of(await visitor.say("I want to kill myself")) == CRISIS
        assert [entry["text"] for entry in await visitor.transcript()] == [
            None,
            "What's my outlook?",
            None,
            "I want to kill myself",
        ]
        assert [question["message_id"] for question in rasa.asked].count("one") == 1


async def test_with_database_and_dialogue_engine_gone_a_crisis_gets_its_words(
    door: Door, away: Settings, rasa: FakeRasa
) -> None:
    rasa.turn_to("closed")
    async with door(away) as client:
        visitor = await arrive(client)
        assert blocks_of(await visitor.say("I want to kill myself")) == CRISIS
        assert blocks_of(await visitor.say("What's my outlook?")) == UNAVAILABLE


async def test_a_case_without_a_database_waits_in_the_spool_and_reaches_it_later(
    door: Door, away: Settings, spool: Spool, triage: Triage
) -> None:
    async with door(away) as client:
        visitor = await arrive(client)
        await visitor.say("I want to kill myself. Ring 07700 900123")
    spool.replay(triage)
    conversation = triage.find_reference(visitor.reference)
    assert conversation is not None
    (case,) = triage.cases(conversation.id)
    assert case.level is Level.IMMEDIATE
    assert [turn.text for turn in triage.transcript(conversation.id)] == [
        None,
        "I want to kill myself. Ring [phone number]",
    ]
    assert spool.refused() == 0


async def test_a_chat_begun_without_a_database_goes_on_when_it_is_back(
    door: Door, away: Settings, spool: Spool, triage: Triage, settings: Settings
) -> None:
    async with door(away) as client:
        visitor = await arrive(client)
        await visitor.say("I want to talk to a real person")
    spool.replay(triage)
    async with door(settings) as client:
        visitor.client = client
        await visitor.say("What's my outlook?")
        assert [entry["text"] for entry in await visitor.transcript()] == [
            None,
            "I want to talk to a real person",
            "What's my outlook?",
        ]


async def test_a_chat_of_before_the_database_went_goes_on_under_another_code(
    door: Door, away: Settings, visitor: Visitor, spool: Spool, triage: Triage
) -> None:
    async with door(away) as client:
        visitor.client = client
        turn = await visitor.say("I want to kill myself")
        assert blocks_of(turn) == CRISIS
        assert turn["reference"] != visitor.reference
    spool.replay(triage)
    conversation = triage.find_reference(turn["reference"])
    assert conversation is not None
    assert len(triage.cases(conversation.id)) == 1


async def test_without_a_database_a_token_that_can_be_none_is_still_refused(door: Door, away: Settings) -> None:
    async with door(away) as client:
        assert (await client.get("/api/chat/transcript", headers={"Authorization": "Bearer x"})).status_code == 401


async def test_what_is_not_deleted_is_not_called_deleted(door: Door, away: Settings) -> None:
    async with door(away) as client:
        visitor = await arrive(client)
        response = await client.delete("/api/chat/session", headers=visitor.headers)
        assert response.status_code == 503
        assert response.json()["error"]["code"] == "E513"
        assert blocks_of(response.json()["turn"]) == UNAVAILABLE
        assert len(await visitor.transcript()) == 1


class SlowTriage(Triage):
    """A database that never answers in time."""

    def __getattribute__(self, name: str) -> object:
        value = super().__getattribute__(name)
        if name not in ("start_conversation", "find", "find_turn", "record_turn", "open_case", "transcript"):
            return value

        def late(*args: object, **kwargs: object) -> object:
            time.sleep(0.5)
            return value(*args, **kwargs)

        return late


async def test_a_database_that_hangs_is_not_waited_for(door: Door, settings: Settings, spool: Spool) -> None:
    triage = SlowTriage.connect(settings.database_url)
    ledger = Ledger(triage, spool, lambda *_: "", patience=replace(PATIENT, read=0.01, write=0.01))
    async with door(settings, ledger) as client:
        visitor = await arrive(client)
        assert blocks_of(await visitor.say("I want to kill myself")) == CRISIS
    assert spool.waiting() >= 3


async def test_with_neither_database_nor_disk_the_visitor_is_still_answered(
    door: Door, away: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    class FullDisk(Spool):
        def append(self, record) -> None:
            raise SignpostError(Code.E008, path="spool", problem="the disk is full")

    ledger = Ledger(
        Triage.connect(away.database_url), FullDisk(away.var_dir / "spool"), lambda *_: "", patience=PATIENT
    )
    async with door(away, ledger) as client:
        visitor = await arrive(client)
        assert blocks_of(await visitor.say("I want to kill myself")) == CRISIS
    assert "perhaps not in the spool (E008)" in caplog.text


@pytest.mark.parametrize("path", ["/api/chat/messages", "/"])
async def test_the_last_resort_is_the_helpline_and_not_a_traceback(
    door: Door, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    async def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a secret of the visitor")

    async with door(settings) as client:
        visitor = await arrive(client)
        monkeypatch.setattr("bot.gateway.chat.Chat.say", broken)
        content = {"json": {"text": "hello"}} if path != "/" else {"data": {"text": "hello"}}
        response = await client.post(path, headers=visitor.headers, **content)
    assert response.status_code == 500
    assert "0808 800 6000" in response.text
    assert "secret" not in response.text + caplog.text
    assert "RuntimeError at " in caplog.text
    if path != "/":
        assert response.json()["error"]["code"] == "E511"
        assert blocks_of(response.json()["turn"]) == UNAVAILABLE
