"""Nobody reads, joins or guesses another's chat: with a token that is forged, foreign, expired or used again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone

import httpx
import pytest

from bot.triage.records import NewConversation, hash_token
from bot.triage.service import Triage
from tests.gateway.conftest import Visitor, arrive

SECRET_WORDS = "nobody else may read this"

ADDRESSES = [
    ("GET", "/api/chat/transcript"),
    ("POST", "/api/chat/messages"),
    ("DELETE", "/api/chat/session"),
    ("GET", "/widget/copy"),
    ("POST", "/widget/leave"),
    ("GET", "/chat"),
    ("POST", "/chat"),
    ("GET", "/copy"),
    ("GET", "/delete"),
    ("POST", "/delete"),
    ("GET", "/leave"),
]
"""Every address that a token opens, as the API has it and as the page has it."""


def guesses(visitor: Visitor) -> list[str]:
    """What somebody could try who knows much, but not the token."""
    token = visitor.token
    last = "A" if token[-1] != "A" else "B"
    return [
        visitor.reference,
        hash_token(token),
        token[:-1],
        token[:-1] + last,
        token.swapcase(),
        token + "A",
        f"{token}%00",
        NewConversation.draft().token,
        "' OR 1=1 --",
    ]


async def ask(client: httpx.AsyncClient, method: str, path: str, token: str) -> httpx.Response:
    """Show a token wherever one is looked for."""
    headers = {"Authorization": f"Bearer {token}", "Cookie": f"signpost_chat={token}"}
    content: dict[str, object] = {}
    if (method, path) == ("POST", "/api/chat/messages"):
        content = {"json": {"text": "hello"}}
    elif (method, path) == ("POST", "/chat"):
        content = {"data": {"text": "hello"}}
    elif method == "POST":
        content = {"content": token}
    return await client.request(method, path, headers=headers, **content)  # type: ignore[arg-type]


async def tells_nothing_of(visitor: Visitor, method: str, path: str, token: str) -> httpx.Response:
    """Ask with a token; the reply holds nothing of a visitor's chat."""
    reply = await ask(visitor.client, method, path, token)
    visitor.client.cookies.clear()
    assert SECRET_WORDS not in reply.text, path
    assert visitor.reference not in reply.text, path
    return reply


async def the_chat_is_untouched(visitor: Visitor) -> bool:
    return [entry["text"] for entry in await visitor.transcript()] == [None, SECRET_WORDS]


async def test_a_forged_token_opens_nothing_and_changes_nothing(visitor: Visitor) -> None:
    await visitor.say(SECRET_WORDS)
    for method, path in ADDRESSES:
        for token in guesses(visitor):
            await tells_nothing_of(visitor, method, path, token)
    assert await the_chat_is_untouched(visitor)


async def test_a_foreign_token_opens_its_own_chat_alone(visitor: Visitor) -> None:
    await visitor.say(SECRET_WORDS)
    for method, path in ADDRESSES:
        other = await arrive(visitor.client)
        await tells_nothing_of(visitor, method, path, other.token)
    assert await the_chat_is_untouched(visitor)


async def by_deleting(visitor: Visitor, triage: Triage) -> None:
    assert (await ask(visitor.client, "DELETE", "/api/chat/session", visitor.token)).status_code == 200


async def by_leaving(visitor: Visitor, triage: Triage) -> None:
    assert (await ask(visitor.client, "POST", "/widget/leave", visitor.token)).status_code == 204


async def by_waiting(visitor: Visitor, triage: Triage) -> None:
    """The database knows the chat as older than a chat may be."""
    with triage.database.engine.begin() as connection:
        long_ago = datetime.now(timezone.utc) - timedelta(days=8)
        connection.exec_driver_sql(
            "UPDATE conversations SET created_at = ?, last_seen_at = ?", (long_ago.isoformat(" "),) * 2
        )


@pytest.mark.parametrize("end", [by_deleting, by_leaving, by_waiting])
async def test_a_token_is_worth_nothing_once_its_chat_is_over(
    visitor: Visitor, triage: Triage, end: Callable[[Visitor, Triage], Awaitable[None]]
) -> None:
    await visitor.say(SECRET_WORDS)
    await end(visitor, triage)
    for method, path in ADDRESSES:
        reply = await tells_nothing_of(visitor, method, path, visitor.token)
        if path.startswith(("/api/", "/widget/copy")):
            assert reply.status_code == 401
