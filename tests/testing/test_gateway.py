"""The public API from outside: what is no gateway is told so, and what fails keeps its code."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.errors import Code, SignpostError
from bot.testing.gateway import GatewayClient

TURN = {"route": "chat", "messages": [], "choices": []}


def gateway(status: int, body: Any) -> GatewayClient:
    """A gateway that always answers the same."""

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, text=body) if isinstance(body, str) else httpx.Response(status, json=body)

    return GatewayClient(httpx.AsyncClient(base_url="http://gateway", transport=httpx.MockTransport(answer)))


async def test_a_conversation_begins_with_its_token_and_the_greeting() -> None:
    token, spoken = await gateway(201, {"token": "a token", "turn": TURN}).start()
    assert (token, spoken.turn, spoken.refused) == ("a token", TURN, None)


async def test_a_refusal_keeps_its_code_and_its_turn() -> None:
    spoken = await gateway(503, {"error": {"code": "E511", "message": ""}, "turn": TURN}).say("a token", {"text": "hi"})
    assert (spoken.turn, spoken.refused) == (TURN, "E511")


@pytest.mark.parametrize("body", ["<html>", [1], {"turn": TURN}, {"token": 3, "turn": TURN}])
async def test_what_is_no_gateway_is_told_so(body: Any) -> None:
    with pytest.raises(SignpostError) as error:
        await gateway(200, body).start()
    assert error.value.code is Code.E717


async def test_an_answer_without_a_turn_is_told_so() -> None:
    client = gateway(200, {"token": "a token"})
    _, spoken = await client.start()
    with pytest.raises(SignpostError) as error, client.reading():
        spoken.turn["messages"]
    assert error.value.code is Code.E717
