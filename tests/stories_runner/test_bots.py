"""A running gateway, played: what is read from it, and what is told where something else answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bot.errors import Code, SignpostError
from bot.stories.bots import LiveBot
from tests.stories_runner.builders import VOCABULARY

TURN: dict[str, Any] = {
    "route": "answer",
    "messages": [{"block": "secondary.outlook", "text": "a passage"}],
    "choices": [{"id": choice} for choice in ("ask_treatment", "ask_curable", "ask_uncertainty")],
}
SENT: list[dict[str, Any]] = []


def bot(answer: Callable[[httpx.Request], httpx.Response]) -> LiveBot:
    return LiveBot(httpx.AsyncClient(base_url="http://gateway", transport=httpx.MockTransport(answer)), VOCABULARY)


def gateway(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/api/chat/sessions":
        return httpx.Response(201, json={"token": "a token", "turn": TURN})
    assert request.headers["Authorization"] == "Bearer a token"
    SENT.append(json.loads(request.content))
    if SENT[-1] == {"text": "long"}:
        return httpx.Response(422, json={"error": {"code": "E503", "message": ""}, "turn": {**TURN, "route": "other"}})
    return httpx.Response(200, json=TURN)


async def test_what_the_visitor_reads_is_what_is_checked() -> None:
    SENT.clear()
    visit = await bot(gateway).visit()
    for said in (visit.greeting, await visit.write("hello"), await visit.press("ask_outlook", engine="away")):
        assert (said.route, said.blocks) == ("answer", ("secondary.outlook",))
        assert said.choices == ("ask_treatment", "ask_curable", "ask_uncertainty")
        assert said.utters == ("utter_ask_outlook",)
        assert said.inside is None
    assert SENT == [{"text": "hello"}, {"choice": "ask_outlook"}]


async def test_a_refusal_is_a_reply_too() -> None:
    said = await (await bot(gateway).visit()).write("long")
    assert (said.route, said.refused) == ("other", "E503")


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (httpx.Response(200, text="<html>"), "its answer is not JSON"),
        (httpx.Response(200, json=[]), "its answer is not an object"),
        (httpx.Response(200, json={}), "it gave no token"),
        (httpx.Response(200, json={"token": "t"}), "its answer holds no turn"),
        (httpx.Response(200, json={"token": "t", "turn": {**TURN, "messages": None}}), "its answer holds no turn"),
    ],
)
async def test_what_is_no_gateway_is_told_apart(answer: httpx.Response, problem: str) -> None:
    with pytest.raises(SignpostError) as error:
        await bot(lambda request: answer).visit()
    assert error.value.code is Code.E717
    assert problem in str(error.value)


async def test_nobody_there_is_told() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(SignpostError) as error:
        await bot(refuse).visit()
    assert error.value.code is Code.E701
