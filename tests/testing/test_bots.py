"""Two ways to talk to the whole bot: in this process, and over HTTP."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from bot.decision import Decision, Reason
from bot.errors import Code, SignpostError
from bot.routes import Route
from bot.settings import Settings
from bot.testing import bots
from bot.testing.bots import InProcessBot, LiveBot, live, load_agent, nearest_passage, reasons_of
from bot.testing.explain import explain
from tests.model import answerer

TURN: dict[str, Any] = {
    "id": "t1",
    "route": "answer",
    "messages": [
        {"block": "secondary.names", "kind": "leaflet", "text": "a passage", "source": {"title": "a leaflet"}},
        {"block": "house.helpline", "kind": "house", "text": "the helpline", "source": None},
    ],
    "choices": [{"id": "ask_outlook", "title": "a title"}],
    "reference": "K7Q-42",
}


def client(*, failing: bool = False) -> httpx.AsyncClient:
    """A client of a gateway that is played."""

    def gateway(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/chat/sessions":
            return httpx.Response(201, json={"token": "a token", "reference": "K7Q-42", "turn": TURN})
        assert request.headers["Authorization"] == "Bearer a token"
        assert json.loads(request.content) == {"text": "a question"}
        if failing:
            return httpx.Response(503, json={"error": {"code": "E511", "message": ""}, "turn": TURN})
        return httpx.Response(200, json=TURN)

    return httpx.AsyncClient(base_url="http://gateway", transport=httpx.MockTransport(gateway))


@pytest.mark.parametrize("failing", [False, True], ids=["a turn", "a failure with a turn"])
async def test_over_http_a_reply_is_what_the_visitor_reads(failing: bool) -> None:
    async with client(failing=failing) as http:
        bot = LiveBot(http)
        reply = await bot.say(await bot.start(), "a question")
    assert (reply.route, reply.texts, reply.leaflet) == (Route.ANSWER, ("a passage", "the helpline"), ("a passage",))
    assert reply.choices == ("ask_outlook",)


async def test_nobody_there_is_one_clear_error(free_port: Any) -> None:
    async with live(f"http://127.0.0.1:{free_port()}") as bot:
        with pytest.raises(SignpostError) as error:
            await bot.start()
    assert error.value.code is Code.E701


def test_reasons_become_short_lines() -> None:
    reasons = (Reason("screen", "crisis.want_to_die"), Reason("classifier", "crisis", 0.8123, 0.3))
    assert reasons_of(Decision("crisis_self", Route.CRISIS, reasons)) == (
        "screen crisis.want_to_die",
        "classifier crisis 0.81 against 0.30",
    )


def test_without_a_model_it_says_so_before_rasa_is_loaded(settings: Settings) -> None:
    with pytest.raises(SignpostError) as error:
        load_agent(settings)
    assert error.value.code is Code.E403


@pytest.mark.model
async def test_in_process_a_reply_says_what_was_decided_and_why() -> None:
    bot = InProcessBot(answerer())
    reply = await bot.say(await bot.start(), "can it be cured?")
    assert (reply.route, reply.intent) == (Route.ANSWER, "ask_curable")
    assert reply.leaflet == reply.texts
    assert reply.reasons[0].startswith("classifier ask_curable ")


@pytest.mark.model
def test_explaining_a_message_names_route_intent_reasons_words_and_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.testing.explain.in_process", lambda settings: InProcessBot(answerer()))
    lines = explain("can it be cured?").splitlines()
    assert lines[:3] == ["route    answer", "case     none", "intent   ask_curable"]
    assert {line[:9].strip() for line in lines} - {""} == {"route", "case", "intent", "because", "says", "offers"}


@pytest.mark.model
async def test_the_whole_bot_is_loaded_with_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bots, "load_agent", lambda settings: answerer()._dialogue)
    bot = bots.in_process(Settings.load({}))
    assert (await bot.say(await bot.start(), "hello")).route is Route.CHAT


@pytest.mark.parametrize(
    ("route", "found"),
    [(Route.ANSWER, True), (Route.UNCLEAR, True), (Route.COMPLEX, True), (Route.CRISIS, False), (Route.CHAT, False)],
)
def test_the_likeliest_passage_is_known_where_the_threshold_alone_decides(route: Route, found: bool) -> None:
    passage = Reason("classifier", "ask_outlook", 0.31, 0.4)
    reasons = (Reason("screen", "ask_a_rule"), Reason("classifier", "complex", 0.4), passage)
    assert nearest_passage(Decision("any", route, reasons)) == (passage if found else None)
    assert nearest_passage(Decision("any", route, reasons[:2])) is None
