"""A visitor who chats over HTTP and sees to it that every reply keeps the product's promises."""

from __future__ import annotations

import time
from typing import Any

import httpx

from bot.blocks.library import Library
from bot.settings import Settings
from tests.e2e.running import Signpost

REPLY_SECONDS = 4.0
"""A promise of the product: whatever fails, a visitor reads a reply within so long."""
LIBRARY = Library.load(Settings.load({}).approved_dir)

OUTLOOK = "what's my outlook?"
CRISIS = "I want to kill myself"


class Visitor:
    """Somebody with a chat of their own."""

    def __init__(self, signpost: Signpost) -> None:
        """Begin a chat."""
        self.signpost = signpost
        self.client = httpx.Client(base_url=signpost.url, timeout=60, trust_env=False)
        self.token = ""
        began = self.request("POST", "/api/chat/sessions")
        assert began.status_code == 201, began.text
        self.token, self.reference = began.json()["token"], began.json()["reference"]
        self.greeting = approved(began.json()["turn"])

    @property
    def headers(self) -> dict[str, str]:
        """What shows whose chat it is."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def request(self, method: str, path: str, **content: Any) -> httpx.Response:
        """Send anything at all; the reply is there in time."""
        headers = {**self.headers, **content.pop("headers", {})}
        began = time.monotonic()
        response = self.client.request(method, path, headers=headers, **content)
        took = time.monotonic() - began
        assert took < REPLY_SECONDS, f"the reply took {took:.1f} s"
        return response

    def send(self, **message: Any) -> httpx.Response:
        """Send a message of the API."""
        return self.request("POST", "/api/chat/messages", json=message)

    def say(self, text: str, **message: Any) -> dict[str, Any]:
        """Write something; the reply is made of approved words."""
        response = self.send(text=text, **message)
        assert response.status_code == 200, response.text
        return approved(response.json())

    def choose(self, choice: str) -> dict[str, Any]:
        """Take what was offered."""
        response = self.send(choice=choice)
        assert response.status_code == 200, response.text
        return approved(response.json())

    def transcript(self) -> list[dict[str, Any]]:
        """Read the chat from its beginning."""
        turns: list[dict[str, Any]] = self.request("GET", "/api/chat/transcript").json()["turns"]
        return turns

    def delete(self) -> httpx.Response:
        """Delete the chat; to clean files takes its time."""
        return self.client.delete("/api/chat/session", headers=self.headers)

    def leave(self) -> None:
        """Close the browser."""
        self.client.close()


def approved(turn: dict[str, Any]) -> dict[str, Any]:
    """See that a turn says approved blocks and nothing else, to the byte, and give it back."""
    assert turn["messages"], turn["route"]
    for message in turn["messages"]:
        block = LIBRARY[message["block"]]
        assert message["text"].encode() == block.text.encode()
        assert message["kind"] == block.kind
        assert (message["source"] is None) == (block.source is None)
    for choice in turn["choices"]:
        assert choice["title"].encode() == LIBRARY[f"choice.{choice['id']}"].text.encode()
    return turn


def blocks_of(turn: dict[str, Any]) -> list[str]:
    """What is said, by id."""
    return [message["block"] for message in turn["messages"]]


def words_of(turn: dict[str, Any]) -> str:
    """All that is said."""
    return "\n".join(message["text"] for message in turn["messages"])


def is_crisis(turn: dict[str, Any]) -> bool:
    """Whether all words for a crisis are said."""
    first, *others = blocks_of(turn)
    contacts = ["house.crisis_contacts", "house.helpline"]
    return turn["route"] == "crisis" and first in ("house.crisis_self", "house.crisis_other") and others == contacts
