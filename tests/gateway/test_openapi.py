"""The description of the API is true: every reply is of the form that it promises."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from bot.gateway.openapi import openapi
from tests.gateway.conftest import Visitor

DESCRIPTION = openapi(2000)


def fits(response: httpx.Response, method: str, path: str) -> None:
    """Check a reply against what is promised for this address and status."""
    promised = DESCRIPTION["paths"][path][method]["responses"][str(response.status_code)]
    schema = {**promised["content"]["application/json"]["schema"], "components": DESCRIPTION["components"]}
    Draft202012Validator(schema).validate(response.json())


async def test_it_is_served(client: httpx.AsyncClient) -> None:
    response = await client.get("/openapi.json")
    assert response.json() == DESCRIPTION
    assert response.json()["openapi"].startswith("3.1")


async def test_all_addresses_of_the_api_are_in_it(app) -> None:
    served = {
        (route.path, method.lower())
        for route in app.routes
        for method in route.methods - {"HEAD"}
        if route.path.startswith(("/api/", "/healthz", "/readyz"))
    }
    described = {(path, method) for path, item in DESCRIPTION["paths"].items() for method in item}
    assert served == described


async def test_good_replies_are_as_promised(visitor: Visitor) -> None:
    client, headers = visitor.client, visitor.headers
    fits(await client.post("/api/chat/sessions"), "post", "/api/chat/sessions")
    for message in ({"text": "What's my outlook?"}, {"choice": "ask_curable"}, {"text": "I want to kill myself"}):
        fits(await visitor.send(**message), "post", "/api/chat/messages")
    fits(await client.get("/api/chat/transcript", headers=headers), "get", "/api/chat/transcript")
    fits(await client.delete("/api/chat/session", headers=headers), "delete", "/api/chat/session")
    fits(await client.get("/healthz"), "get", "/healthz")
    fits(await client.get("/readyz"), "get", "/readyz")


@pytest.mark.parametrize(
    ("message", "status"),
    [({}, 422), ({"text": "x" * 2001}, 422), ({"choice": "no"}, 409), ({"text": "x" * 40_000}, 413)],
)
async def test_refusals_are_as_promised(visitor: Visitor, message: dict[str, Any], status: int) -> None:
    response = await visitor.send(**message)
    assert response.status_code == status
    fits(response, "post", "/api/chat/messages")


async def test_refusals_without_a_chat_are_as_promised(client: httpx.AsyncClient) -> None:
    fits(await client.post("/api/chat/messages", json={"text": "hello"}), "post", "/api/chat/messages")
    fits(await client.post("/api/chat/messages", content=b"x"), "post", "/api/chat/messages")
    fits(await client.get("/api/chat/transcript"), "get", "/api/chat/transcript")
    fits(await client.delete("/api/chat/session"), "delete", "/api/chat/session")
    fits(
        await client.post("/api/chat/sessions", headers={"Origin": "http://evil.example"}), "post", "/api/chat/sessions"
    )


def test_an_empty_reply_is_forbidden_by_it() -> None:
    turn = {"id": "1", "route": "answer", "messages": [], "choices": [], "reference": "K7Q-42"}
    schema = {"$ref": "#/components/schemas/Turn", "components": DESCRIPTION["components"]}
    assert not Draft202012Validator(schema).is_valid(turn)
    empty = {"block": "house.helpline", "kind": "house", "text": "", "source": None}
    assert not Draft202012Validator(schema).is_valid({**turn, "messages": [empty]})
    assert Draft202012Validator(schema).is_valid({**turn, "messages": [{**empty, "text": "Hello."}]})


def test_every_reference_in_it_leads_somewhere() -> None:
    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if "$ref" in part else []
            return own + [ref for value in part.values() for ref in references(value)]
        return [ref for value in part for ref in references(value)] if isinstance(part, list) else []

    names = {ref.rpartition("/")[2] for ref in references(DESCRIPTION)}
    assert names <= set(DESCRIPTION["components"]["schemas"])
