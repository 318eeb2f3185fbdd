"""Round every reply: strict headers, no pages of other sites."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette

from tests.gateway.conftest import OURS, Visitor

ADDRESSES = [
    "/chat",
    "/healthz",
    "/openapi.json",
    "/static/page.css",
    "/static/widget/panel.js",
    "/static/icon.svg",
    "/nothing",
    "/leave",
    "/delete",
]


@pytest.mark.parametrize("path", ADDRESSES)
async def test_every_reply_carries_the_security_headers(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "microphone=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


async def test_over_https_browsers_are_told_to_stay_there(app: Starlette, client: httpx.AsyncClient) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://signpost.test") as secure:
        response = await secure.post("/", data={"text": "hello"})
        assert "max-age=" in response.headers["Strict-Transport-Security"]
        assert "Secure" in response.headers["Set-Cookie"]


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://signpost.test.evil.example"},
    {"Origin": "http://["},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site", "Origin": OURS},
]
OWN = [
    {},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": OURS},
    {"Origin": "null"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/", "/delete", "/api/chat/sessions"])
async def test_what_another_sites_page_sends_is_refused(
    client: httpx.AsyncClient, headers: dict[str, str], path: str
) -> None:
    response = await client.post(path, data={"text": "hello"}, headers=headers)
    assert response.status_code == 403
    assert "Set-Cookie" not in response.headers
    assert "0808 800 6000" in response.text


@pytest.mark.parametrize("headers", OWN)
async def test_what_our_own_page_sends_is_taken(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await client.post("/", data={"text": "hello"}, headers=headers)).status_code == 303


async def test_another_sites_page_cannot_delete_a_chat(visitor: Visitor) -> None:
    headers = {**visitor.headers, "Sec-Fetch-Site": "cross-site"}
    response = await visitor.client.delete("/api/chat/session", headers=headers)
    assert response.json()["error"]["code"] == "E510"
    assert len(await visitor.transcript()) == 1


async def test_a_strange_host_or_path_does_not_upset_it(client: httpx.AsyncClient) -> None:
    for host in ("[::1", "a:b:c", "", "x" * 500):
        assert (await client.get("/", headers={"Host": host})).status_code == 200
        assert (await client.get("/nothing", headers={"Host": host})).status_code == 404
