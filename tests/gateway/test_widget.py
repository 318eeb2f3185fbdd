"""The widget's server side: who may show it, what it costs, that every word is approved, copies and leaving."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import httpx
import pytest

from bot.blocks.library import Library
from bot.gateway.app import create_app
from bot.gateway.ledger import Ledger
from bot.gateway.wishes import wants_deletion
from bot.safety.screen import Screen
from bot.settings import Settings
from bot.triage.service import Triage
from tests.gateway.conftest import Visitor, at_the_door_of
from tests.gateway.html import read
from tests.gateway.test_page import texts


def words_of(loader: str) -> dict[str, object]:
    found = re.search(r"const words = (\{.*\});", loader)
    assert found
    words: dict[str, object] = json.loads(found[1])
    return words


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for name, part in value.items() if name not in ("href", "leave") for text in strings(part)]
    assert isinstance(value, list)
    return ["".join(strings(part)[0] for part in line) for line in value]


async def test_every_word_of_the_loader_is_approved_to_the_character(
    client: httpx.AsyncClient, library: Library
) -> None:
    approved = {block.text for block in library}
    found = strings(words_of((await client.get("/signpost.js")).text))
    assert len(found) >= 10
    assert set(found) <= approved


async def test_the_loader_says_999_the_helpline_and_samaritans(client: httpx.AsyncClient) -> None:
    loader = (await client.get("/signpost.js")).text
    for address in ("tel:08088006000", "tel:999", "tel:116123"):
        assert f'"href":"{address}"' in loader


async def test_the_loader_may_be_cached_is_ascii_and_is_not_sent_again_to_who_has_it(
    client: httpx.AsyncClient,
) -> None:
    first = await client.get("/signpost.js")
    assert first.headers["Cache-Control"].startswith("public, max-age=")
    assert first.headers["Content-Type"].startswith("text/javascript")
    assert first.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert first.headers["Content-Encoding"] == "gzip"
    assert first.content.isascii()
    again = await client.get("/signpost.js", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    plain = await client.get("/signpost.js", headers={"Accept-Encoding": "identity"})
    assert plain.content == first.content
    assert "Content-Encoding" not in plain.headers


async def test_only_the_sites_of_the_settings_may_show_the_panel(
    settings: Settings, screen: Screen, ledger: Ledger
) -> None:
    sites = ("https://charity.example", "https://www.charity.example:8443")
    app = create_app(replace(settings, allowed_sites=sites), screen=screen, ledger=ledger)
    async with at_the_door_of(app) as client:
        panel = await client.get("/widget")
        policy = dict(part.split(" ", 1) for part in panel.headers["Content-Security-Policy"].split("; "))
        assert policy["frame-ancestors"] == "'self' https://charity.example https://www.charity.example:8443"
        assert policy["default-src"] == "'none'"
        assert "unsafe" not in panel.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in panel.headers
        assert panel.headers["Cache-Control"] == "no-store"
        assert read(panel.text).one("body").attributes["data-sites"] == " ".join(sites)
        for path in ("/chat", "/", "/delete"):
            assert "frame-ancestors 'none'" in (await client.get(path)).headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/widget", "/"])
async def test_every_word_of_the_panel_and_of_the_example_is_approved(
    client: httpx.AsyncClient, library: Library, path: str
) -> None:
    approved = " ".join([*(block.text for block in library), *library.leaflets.values()])
    sources = {block.source for block in library if block.source}
    facts = " ".join(f"{s.title} {s.publisher} {s.last_reviewed} {s.next_review}" for s in sources)
    page = read((await client.get(path)).text)
    for text in texts(page.one("body")):
        assert text in approved or text in facts, text


async def test_no_script_of_ours_holds_a_sentence(client: httpx.AsyncClient) -> None:
    """Strings of the scripts are names and addresses: whatever a visitor reads is copied from the page."""
    for name in ("panel", "turns", "words", "server", "host"):
        script = (await client.get(f"/static/widget/{name}.js")).text
        code = re.sub(r"^\s*//.*$|\s// .*$", "", script, flags=re.MULTILINE)
        for _, text in re.findall(r"([\"'`])((?:(?!\1).)*)\1", code):
            assert not re.search(r"[A-Za-z]+ [a-z]+ [a-z]+", text), text


async def test_a_copy_holds_words_titles_dates_and_the_code(visitor: Visitor, library: Library) -> None:
    await visitor.say("What's my outlook? <b>&")
    await visitor.send(choice="menu")
    await visitor.say("What's my outlook?")
    copy = await visitor.client.get("/widget/copy", headers=visitor.headers)
    assert copy.headers["Content-Type"] == "text/plain; charset=utf-8"
    for part in ("<b>&", library["secondary.outlook"].text, "December 2015", "2017", visitor.reference):
        assert part in copy.text
    assert library["page.review_overdue"].text in copy.text


async def test_a_copy_is_for_who_has_the_token(client: httpx.AsyncClient) -> None:
    for headers in ({}, {"Authorization": "Bearer " + "A" * 43}):
        refused = await client.get("/widget/copy", headers=headers)
        assert refused.status_code == 401
        assert refused.json()["error"]["code"] == "E504"


async def test_leaving_closes_the_chat_and_keeps_it_for_staff(visitor: Visitor, triage: Triage) -> None:
    await visitor.say("I want to kill myself")
    left = await visitor.client.post("/widget/leave", content=visitor.token)
    assert left.status_code == 204
    assert (await visitor.send(text="hello")).status_code == 401
    conversation = triage.find_reference(visitor.reference)
    assert conversation is not None
    assert len(triage.cases(conversation.id)) == 1


@pytest.mark.parametrize("body", [b"", b"nobody", b"\xff" * 40, b"A" * 43])
async def test_leaving_with_any_token_at_all_is_answered_alike(client: httpx.AsyncClient, body: bytes) -> None:
    assert (await client.post("/widget/leave", content=body)).status_code == 204


async def test_another_sites_page_cannot_close_a_chat(visitor: Visitor) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    left = await visitor.client.post("/widget/leave", content=visitor.token, headers=headers)
    assert left.status_code == 403
    assert (await visitor.send(text="hello")).status_code == 200


async def test_a_reply_says_where_personal_data_was_taken_out(visitor: Visitor) -> None:
    plain = await visitor.send(text="hello", message_id="m-1")
    assert "Signpost-Redacted" not in plain.headers
    for _ in range(2):
        redacted = await visitor.send(text="ring 07700 900123", message_id="m-2")
        assert redacted.headers["Signpost-Redacted"] == "yes"
    assert "Signpost-Redacted" not in (await visitor.send(choice="menu")).headers


@pytest.mark.parametrize(
    "text",
    [
        "Delete this chat",
        "please delete my chat",
        "DELETE CHAT!",
        "can you erase all of my messages?",
        "delete chat now",
    ],
)
def test_it_can_be_typed_that_the_chat_be_deleted(text: str) -> None:
    assert wants_deletion(text)


@pytest.mark.parametrize(
    "text",
    ["delete", "delete me", "I want to delete my life", "how do I delete this chat", "don't delete this chat", ""],
)
def test_nothing_else_is_taken_for_it(text: str) -> None:
    assert not wants_deletion(text)
