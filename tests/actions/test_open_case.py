"""The action: it opens the case of the latest message, says nothing, and never gets in the way of the words."""

from __future__ import annotations

import json
import sqlite3
import threading
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.open_case import ActionOpenCase
from bot.decision import Decision, Reason
from bot.routes import Level, Route
from bot.triage.service import Triage
from tests.triage.databases import NOON, decide

PRIVATE = "my private words"


def tracker(conversation: str, **message: Any) -> Tracker:
    latest = {"text": PRIVATE, "intent": {"name": "crisis_self"}, "entities": [], **message}
    return Tracker(conversation, {}, latest, [], False, None, {}, "action_listen")


def decided(route: Route, message_id: str = "m") -> dict[str, Any]:
    return {"metadata": {"message_id": message_id}, "decision": json.loads(json.dumps(decide(route).to_dict()))}


async def run(action: ActionOpenCase, call: Tracker) -> None:
    dispatcher = CollectingDispatcher()
    assert await action.run(dispatcher, call, {}) == []
    assert dispatcher.messages == []


@pytest.fixture
def action(sqlite_triage: Triage) -> ActionOpenCase:
    return ActionOpenCase(sqlite_triage, deadline_seconds=30)


def test_it_has_the_name_that_the_domain_knows(action: ActionOpenCase) -> None:
    assert action.name() == "action_open_case"


async def test_a_crisis_message_opens_a_case_with_its_reasons(action: ActionOpenCase, sqlite_triage: Triage) -> None:
    new = sqlite_triage.start_conversation(NOON)
    await run(action, tracker(new.id, **decided(Route.CRISIS)))
    [case] = sqlite_triage.cases(new.id)
    assert (case.level, case.first_message_id) == (Level.IMMEDIATE, "m")
    assert case.reasons == (Reason("screen", "rule.crisis"),)


async def test_the_gateway_may_open_the_same_case_afterwards(action: ActionOpenCase, sqlite_triage: Triage) -> None:
    new = sqlite_triage.start_conversation(NOON)
    await run(action, tracker(new.id, **decided(Route.CRISIS)))
    sqlite_triage.open_case(new.id, message_id="m", route=Route.CRISIS, reasons=(), now=NOON)
    assert len(sqlite_triage.cases(new.id)) == 1


async def test_without_metadata_the_message_s_own_id_counts(action: ActionOpenCase, sqlite_triage: Triage) -> None:
    new = sqlite_triage.start_conversation(NOON)
    await run(action, tracker(new.id, message_id="own", decision=decide(Route.HUMAN).to_dict(), metadata=None))
    assert sqlite_triage.cases(new.id)[0].first_message_id == "own"


async def test_an_answered_message_opens_no_case(action: ActionOpenCase, sqlite_triage: Triage) -> None:
    new = sqlite_triage.start_conversation(NOON)
    await run(action, tracker(new.id, **decided(Route.ANSWER)))
    assert sqlite_triage.cases(new.id) == []


async def test_a_conversation_that_is_not_in_the_database_opens_none(
    action: ActionOpenCase, caplog: pytest.LogCaptureFixture
) -> None:
    """As in `rasa shell`, where no gateway began it."""
    await run(action, tracker("default", **decided(Route.CRISIS)))
    assert "E602" in caplog.text
    assert PRIVATE not in caplog.text


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"decision": None, "message_id": "m"},
        {"decision": PRIVATE, "message_id": "m"},
        {"decision": {"route": PRIVATE}, "message_id": "m"},
        {"decision": {**Decision("x", Route.CRISIS).to_dict(), "route": PRIVATE}, "message_id": "m"},
        {"decision": decide(Route.CRISIS).to_dict()},
        {"decision": decide(Route.CRISIS).to_dict(), "message_id": 7},
    ],
)
async def test_without_a_decision_or_an_id_nothing_happens_but_a_code_in_the_log(
    action: ActionOpenCase, sqlite_triage: Triage, caplog: pytest.LogCaptureFixture, message: dict[str, Any]
) -> None:
    new = sqlite_triage.start_conversation(NOON)
    await run(action, tracker(new.id, **message))
    assert sqlite_triage.cases(new.id) == []
    assert "E605" in caplog.text
    assert PRIVATE not in caplog.text


async def test_with_the_database_away_only_a_code_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    action = ActionOpenCase(Triage.connect("postgresql://nurse:hunter2@127.0.0.1:1/away"))
    await run(action, tracker("c", **decided(Route.CRISIS)))
    assert [record.getMessage() for record in caplog.records if record.name == "actions.open_case"] == [
        "[E600] No case was opened by the action."
    ]
    assert not any(record.exc_info for record in caplog.records)
    assert "hunter2" not in caplog.text


async def test_a_database_that_hangs_is_not_waited_for(
    sqlite_triage: Triage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    released = threading.Event()
    monkeypatch.setattr(sqlite_triage, "open_case", lambda *args, **options: released.wait(60))
    await run(ActionOpenCase(sqlite_triage, deadline_seconds=0.05), tracker("c", **decided(Route.CRISIS)))
    assert "E600" in caplog.text
    assert not released.is_set()
    released.set()


async def test_a_file_that_another_program_holds_opens_the_case_when_it_is_let_go(
    action: ActionOpenCase, sqlite_triage: Triage, sqlite_url: str
) -> None:
    new = sqlite_triage.start_conversation(NOON)
    holder = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    threading.Timer(0.2, holder.close).start()
    await run(action, tracker(new.id, **decided(Route.CRISIS)))
    assert len(sqlite_triage.cases(new.id)) == 1
