"""The ledger: the database where it answers, memory and spool where it does not, and the way back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.blocks.block import Block
from bot.decision import Decision, Reason
from bot.errors import Code, SignpostError
from bot.gateway.answer import Answer
from bot.gateway.ledger import Ledger
from bot.routes import Level, Route
from bot.triage.service import Triage
from bot.triage.spool import Spool
from tests.gateway.conftest import PATIENT
from tests.triage.databases import NOON

BLOCK = Block("house.greeting", "Hello.")
HELLO = Answer(Decision("greet", Route.CHAT, (Reason("gateway", "start"),)), (BLOCK,), ("menu",))
CRISIS = Answer(Decision("crisis_self", Route.CRISIS, (Reason("screen", "a.rule"),)), (BLOCK,), (), text="help")


class Breakable(Triage):
    """A real database that can be taken away."""

    away = False

    def __getattribute__(self, name: str) -> object:
        value = super().__getattribute__(name)
        if name in ("away", "database", "close", "connect") or name.startswith("_") or not self.away:
            return value

        def fail(*args: object, **kwargs: object) -> None:
            raise SignpostError(Code.E600, where="the test", problem="Away")

        return fail


@pytest.fixture
def triage(sqlite_url: str) -> Iterator[Breakable]:
    triage = Breakable.connect(sqlite_url)
    yield triage
    triage.close()


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


@pytest.fixture
def ledger(triage: Breakable, spool: Spool, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.setattr("bot.gateway.ledger.PAUSE_SECONDS", 0)
    ledger = Ledger(triage, spool, triage.erase, clock=lambda: NOON, patience=PATIENT)
    yield ledger
    ledger.close()


async def test_while_the_database_answers_nothing_goes_to_the_spool(
    ledger: Ledger, triage: Breakable, spool: Spool
) -> None:
    new, greeting = await ledger.start(HELLO)
    turn = await ledger.keep(new.id, "one", CRISIS)
    assert triage.transcript(new.id) == await ledger.transcript(new.id) == [greeting, turn]
    assert [case.level for case in triage.cases(new.id)] == [Level.IMMEDIATE]
    assert spool.waiting() == 0


async def test_a_message_that_was_answered_is_known_with_and_without_the_database(
    ledger: Ledger, triage: Breakable
) -> None:
    new, greeting = await ledger.start(HELLO)
    assert await ledger.before(new.id, "one") == (None, greeting)
    turn = await ledger.keep(new.id, "one", CRISIS)
    assert await ledger.before(new.id, "one") == (turn, turn)
    triage.away = True
    assert (await ledger.before(new.id, "one"))[0] == turn


async def test_a_turn_that_the_database_missed_is_known_when_it_is_back(
    ledger: Ledger, triage: Breakable, spool: Spool
) -> None:
    new, greeting = await ledger.start(HELLO)
    triage.away = True
    missed = await ledger.keep(new.id, "one", CRISIS)
    triage.away = False
    assert (await ledger.before(new.id, "one"))[0] == missed
    assert await ledger.transcript(new.id) == [greeting, missed]
    spool.replay(triage)
    assert [turn.message_id for turn in await ledger.transcript(new.id)] == ["greeting", "one"]
    assert len(triage.cases(new.id)) == 1


async def test_a_chat_that_only_the_spool_knows_goes_on_before_and_after_it_is_replayed(
    ledger: Ledger, triage: Breakable, spool: Spool
) -> None:
    triage.away = True
    new, _ = await ledger.start(HELLO)
    triage.away = False
    found = await ledger.find(new.token)
    assert found is not None
    assert found.id == new.id
    await ledger.keep(new.id, "one", CRISIS)
    assert spool.waiting() == 4
    spool.replay(triage)
    assert spool.waiting() == spool.refused() == 0
    assert await ledger.find(new.token) == found == triage.find(new.token, NOON)
    assert len(triage.transcript(new.id)) == 2


async def test_an_unknown_token_is_unknown_while_the_database_answers(ledger: Ledger) -> None:
    assert await ledger.find("A" * 43) is None
    assert await ledger.find("\ud800" * 43) is None


async def test_who_leaves_while_the_database_is_away_has_left_at_once_and_for_good(
    ledger: Ledger, triage: Breakable, spool: Spool
) -> None:
    new, _ = await ledger.start(HELLO)
    triage.away = True
    await ledger.end(new.token)
    assert await ledger.find(new.token) is None
    triage.away = False
    assert await ledger.find(new.token) is None
    spool.replay(triage)
    assert spool.waiting() == spool.refused() == 0
    assert triage.find(new.token, NOON) is None
    assert len(triage.transcript(new.id)) == 1


async def test_who_leaves_before_the_database_knows_of_the_chat_has_left_when_it_does(
    ledger: Ledger, triage: Breakable, spool: Spool
) -> None:
    triage.away = True
    new, _ = await ledger.start(HELLO)
    triage.away = False
    await ledger.end(new.token)
    spool.replay(triage)
    assert triage.find(new.token, NOON) is None
    assert triage.find_reference(new.reference)


async def test_who_leaves_after_the_gateway_was_started_anew_without_a_database_has_left_when_it_is_back(
    ledger: Ledger, triage: Breakable, spool: Spool
) -> None:
    new = triage.start_conversation(NOON)
    triage.away = True
    await ledger.end(new.token)
    triage.away = False
    spool.replay(triage)
    assert triage.find(new.token, NOON) is None


async def test_the_spool_is_replayed_by_itself(ledger: Ledger, triage: Breakable, spool: Spool) -> None:
    triage.away = True
    new, _ = await ledger.start(HELLO)
    triage.away = False
    replaying = asyncio.create_task(ledger.replay())
    while triage.find(new.token, NOON) is None:  # noqa: ASYNC110 - a thread does it
        await asyncio.sleep(0.01)
    replaying.cancel()


async def test_a_replay_that_fails_is_tried_again(
    ledger: Ledger, spool: Spool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(self: Spool) -> int:
        raise RuntimeError("a secret")

    monkeypatch.setattr("bot.gateway.ledger.REPLAY_SECONDS", 0)
    monkeypatch.setattr(Spool, "waiting", broken)
    replaying = asyncio.create_task(ledger.replay())
    while caplog.text.count("could not be replayed: RuntimeError") < 2:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    replaying.cancel()
    assert "secret" not in caplog.text


async def test_after_a_failure_the_database_is_left_alone_for_a_while(
    ledger: Ledger, triage: Breakable, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.gateway.ledger.PAUSE_SECONDS", 3600)
    new, _ = await ledger.start(HELLO)
    triage.away = True
    await ledger.before(new.id, "one")
    triage.away = False
    await ledger.keep(new.id, "one", CRISIS)
    assert spool.waiting() == 2


async def test_a_deleted_chat_is_forgotten(ledger: Ledger, triage: Breakable) -> None:
    new, _ = await ledger.start(HELLO)
    assert await ledger.erase(new.id)
    triage.away = True
    assert await ledger.transcript(new.id) == []


async def test_a_message_that_was_still_on_its_way_when_its_chat_was_deleted_is_kept_nowhere(
    ledger: Ledger, triage: Breakable, spool: Spool
) -> None:
    new, _ = await ledger.start(HELLO)
    await ledger.erase(new.id)
    turn = await ledger.keep(new.id, "late", CRISIS)
    assert turn.decision.route is Route.CRISIS
    assert triage.transcript(new.id) == []
    assert spool.waiting() == spool.refused() == 0


@pytest.mark.parametrize("problem", [SignpostError(Code.E604, where="rasa.db"), RuntimeError("a secret")])
async def test_what_could_not_be_deleted_is_told_so(
    triage: Breakable, spool: Spool, problem: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object) -> str:
        raise problem

    ledger = Ledger(triage, spool, broken, patience=PATIENT)
    new, _ = await ledger.start(HELLO)
    with pytest.raises(SignpostError) as error:
        await ledger.erase(new.id)
    assert error.value.code is Code.E513
    assert len(await ledger.transcript(new.id)) == 1
    assert "secret" not in caplog.text
    ledger.close()


async def test_the_database_is_healthy_when_it_answers(ledger: Ledger, triage: Breakable) -> None:
    assert await ledger.healthy()
    triage.away = True
    assert not await ledger.healthy()
