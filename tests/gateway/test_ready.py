"""Readiness: the samples are answered the whole way, or it is said which one is not."""

from __future__ import annotations

import asyncio
from collections import Counter

import httpx
import pytest

from bot.blocks.library import Library
from bot.blocks.script import Script
from bot.errors import Code, SignpostError
from bot.gateway.ready import CONVERSATION, load_samples
from bot.routes import Route
from bot.safety.screen import Screen
from bot.triage.service import Triage
from tests.gateway.fake_rasa import WAYS, FakeRasa

SAMPLES = load_samples()


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets no success count for longer than it takes."""
    monkeypatch.setattr("bot.gateway.ready.FRESH_SECONDS", 0)


def test_the_samples_hold_three_crises_and_one_of_everything_that_matters() -> None:
    routes = Counter(sample.route for sample in SAMPLES)
    assert routes[Route.CRISIS] >= 3
    assert min(routes[route] for route in (Route.ANSWER, Route.DISTRESS, Route.EMERGENCY, Route.HUMAN)) >= 1
    first = {sample.blocks[0] for sample in SAMPLES}
    assert {"house.crisis_self", "house.crisis_other"} <= first


def test_the_samples_expect_what_the_script_says(library: Library, script: Script) -> None:
    said = {(line.route, line.blocks) for line in script}
    for sample in SAMPLES:
        assert (sample.route, sample.blocks) in said
        assert all(id_ in library for id_ in sample.blocks)


@pytest.mark.parametrize("sample", [s for s in SAMPLES if s.route.is_safety], ids=lambda sample: sample.id)
def test_the_screen_alone_knows_the_samples_of_safety(screen: Screen, sample) -> None:
    (first, *_) = screen.check(sample.text)
    assert first.route is sample.route


async def test_when_all_is_well_it_is_ready(client: httpx.AsyncClient, rasa: FakeRasa) -> None:
    response = await client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"ready": True})
    assert [question["text"] for question in rasa.asked] == [sample.text for sample in SAMPLES]


async def test_the_samples_are_in_no_conversation_of_ours(
    client: httpx.AsyncClient, rasa: FakeRasa, triage: Triage
) -> None:
    await client.get("/readyz")
    conversations = {question["conversation"] for question in rasa.asked}
    assert len(conversations) == len(SAMPLES)
    assert all(id_.startswith(CONVERSATION) and triage.transcript(id_) == [] for id_ in conversations)


@pytest.mark.parametrize("way", [way for way in WAYS if way != "hang"])
async def test_without_the_dialogue_engine_it_is_not_ready_although_the_screen_answers(
    client: httpx.AsyncClient, rasa: FakeRasa, way: str
) -> None:
    rasa.turn_to(way)
    response = await client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["ready"] is False
    assert response.json()["error"]["code"] == "E514"
    assert SAMPLES[0].id in response.json()["error"]["message"]
    assert SAMPLES[0].text not in response.text


async def test_other_words_are_not_right(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        __import__("tests.gateway.fake_rasa", fromlist=["ASKS"]).ASKS, "what's my outlook?", "ask_names"
    )
    response = await client.get("/readyz")
    assert response.status_code == 503
    assert "answer_outlook" in response.json()["error"]["message"]
    assert "other words" in response.json()["error"]["message"]


async def test_another_route_is_not_right(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("tests.gateway.fake_rasa", fromlist=["ASKS"]).ASKS, "what's my outlook?", "complex")
    assert "route complex" in (await client.get("/readyz")).json()["error"]["message"]


async def test_without_a_database_it_is_not_ready(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.triage.service.Triage.healthy", lambda self: False)
    response = await client.get("/readyz")
    assert response.status_code == 503
    assert "database" in response.json()["error"]["message"]


async def test_a_success_counts_for_a_while_and_a_failure_does_not(
    client: httpx.AsyncClient, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.gateway.ready.FRESH_SECONDS", 3600)
    rasa.turn_to("500")
    assert (await client.get("/readyz")).status_code == 503
    rasa.turn_to("good")
    assert (await client.get("/readyz")).status_code == 200
    rasa.turn_to("500")
    assert (await client.get("/readyz")).status_code == 200


async def test_many_who_ask_at_once_cause_one_check(
    client: httpx.AsyncClient, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.gateway.ready.FRESH_SECONDS", 3600)
    await asyncio.gather(*(client.get("/readyz") for _ in range(5)))
    assert len(rasa.asked) == len(SAMPLES)


def test_samples_of_another_form_are_refused(tmp_path) -> None:
    file = tmp_path / "samples.yml"
    for text in ("one: {text: hello, route: answer}", "one: {text: hello, route: nowhere, blocks: []}", "one: 1"):
        file.write_text(text)
        with pytest.raises(SignpostError) as error:
            load_samples(file)
        assert error.value.code is Code.E100
