"""The example: the leaflet word for word, laid out by its form, with the chat on it."""

from __future__ import annotations

import re

import httpx

from bot.blocks.library import Library
from bot.gateway.example import parts_of
from tests.gateway.html import read


def test_nothing_of_the_leaflet_is_lost_or_added(library: Library) -> None:
    for leaflet in library.leaflets.values():
        together = "".join(part.text for part in parts_of(leaflet))
        assert re.sub(r"\s", "", together) == re.sub(r"\s", "", leaflet)


def test_a_leaflet_is_taken_apart_by_its_form() -> None:
    leaflet = (
        "A title\n\nHello there.\n\n1. One \n2. Two\n\n1. One\n\nText:\n\n  • a\n  • b.\n\nBack to top\n\n\n"
        "2. Two\n\nA heading\n\nEnd."
    )
    assert [(part.kind, part.text) for part in parts_of(leaflet)] == [
        ("title", "A title"),
        ("text", "Hello there."),
        ("contents", "1. One"),
        ("contents", "2. Two"),
        ("section", "1. One"),
        ("text", "Text:"),
        ("text", "  • a\n  • b."),
        ("back", "Back to top"),
        ("section", "2. Two"),
        ("heading", "A heading"),
        ("text", "End."),
    ]


async def test_it_shows_the_leaflet_with_the_chat_and_a_way_without_javascript(
    client: httpx.AsyncClient, library: Library
) -> None:
    response = await client.get("/")
    page = read(response.text)
    assert page.one("h1").text == "Just diagnosed with secondary breast cancer"
    assert page.one("script").attributes["src"] == "/signpost.js"
    links = [link.attributes["href"] for link in page.all("a")]
    assert "/chat" in links
    assert {link for link in links if link.startswith("#s")} == {
        f"#{h.attributes['id']}" for h in page.all("h2") if h.attributes["id"][0] == "s"
    }
    assert "tel:08088006000" in links
    assert library["page.review_overdue"].text in page.text
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-src 'self'" in policy
    assert "unsafe" not in policy
