"""The public chat API, the whole way: real database, real screen, real words, a played dialogue engine."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from bot.blocks.library import Library
from bot.routes import Level
from bot.triage.service import Triage
from tests.gateway.conftest import Visitor, arrive, blocks_of
from tests.gateway.fake_rasa import FakeRasa
from tests.triage.databases import NOON

CRISIS = ["house.crisis_self", "house.crisis_contacts", "house.helpline"]
UNAVAILABLE = ["house.unavailable", "house.helpline"]


def conversation_of(triage: Triage, visitor: Visitor) -> str:
    found = triage.find_reference(visitor.reference)
    assert found is not None
    return found.id


async def test_a_chat_begins_with_the_greeting_and_its_choices(visitor: Visitor, rasa: FakeRasa) -> None:
    assert blocks_of(visitor.greeting) == ["house.greeting"]
    assert visitor.greeting["route"] == "chat"
    assert {"id": "ask_outlook", "title": "What’s my outlook?"} in visitor.greeting["choices"]
    assert visitor.greeting["reference"] == visitor.reference
    assert rasa.asked == []


async def test_whats_my_outlook_is_answered_with_the_leaflets_own_words(visitor: Visitor, library: Library) -> None:
    turn = await visitor.say("What's my outlook?")
    assert turn["messages"] == [
        {
            "block": "secondary.outlook",
            "kind": "leaflet",
            "text": library["secondary.outlook"].text,
            "source": {
                "title": "Just diagnosed with secondary breast cancer",
                "last_reviewed": "December 2015",
                "next_review": "2017",
            },
        }
    ]
    assert turn["route"] == "answer"
    assert turn["reference"] == visitor.reference
    assert turn["choices"]


async def test_a_choice_that_was_offered_is_answered(visitor: Visitor, rasa: FakeRasa) -> None:
    response = await visitor.send(choice="ask_outlook")
    assert blocks_of(response.json()) == ["secondary.outlook"]
    assert rasa.asked[-1]["choice"] == "ask_outlook"
    assert rasa.asked[-1]["text"] is None


@pytest.mark.parametrize("choice", ["ask_names", "crisis_self", "/restart", "made_up", ""])
async def test_a_choice_that_was_not_offered_is_refused_with_the_helpline(
    visitor: Visitor, rasa: FakeRasa, choice: str
) -> None:
    response = await visitor.send(choice=choice)
    assert response.status_code == 409
    assert response.json()["error"]["code"] == "E505"
    assert blocks_of(response.json()["turn"]) == UNAVAILABLE
    assert rasa.asked == []


async def test_a_choice_of_an_earlier_turn_is_refused(visitor: Visitor) -> None:
    await visitor.say("I want to talk to a real person")
    assert (await visitor.send(choice="ask_outlook")).status_code == 409


async def test_a_crisis_opens_a_case_before_the_reply_leaves(visitor: Visitor, triage: Triage) -> None:
    turn = await visitor.say("I want to kill myself")
    assert turn["route"] == "crisis"
    assert blocks_of(turn) == CRISIS
    (case,) = triage.cases(conversation_of(triage, visitor))
    assert case.level is Level.IMMEDIATE


async def test_an_answer_opens_no_case(visitor: Visitor, triage: Triage) -> None:
    await visitor.say("What's my outlook?")
    assert triage.cases(conversation_of(triage, visitor)) == []


async def test_after_a_crisis_the_next_calm_question_is_answered_and_the_case_stays(
    visitor: Visitor, triage: Triage
) -> None:
    await visitor.say("I want to kill myself")
    assert blocks_of(await visitor.say("What's my outlook?")) == ["secondary.outlook"]
    (case,) = triage.cases(conversation_of(triage, visitor))
    assert case.level is Level.IMMEDIATE
    assert case.status == "open"


async def test_the_turn_is_recorded_redacted_with_blocks_and_hashes(
    visitor: Visitor, triage: Triage, library: Library
) -> None:
    turn = await visitor.say("My name is Jane, ring 07700 900123", message_id="one")
    stored = triage.find_turn(conversation_of(triage, visitor), "one")
    assert stored is not None
    assert stored.id == turn["id"]
    assert stored.text == "My name is [name], ring [phone number]"
    assert [(block.id, block.sha256) for block in stored.blocks] == [
        (message["block"], library[message["block"]].sha256) for message in turn["messages"]
    ]


async def test_a_message_sent_again_is_answered_once(visitor: Visitor, rasa: FakeRasa) -> None:
    first = await visitor.say("What's my outlook?", message_id="one")
    again = await visitor.say("What's my outlook?", message_id="one")
    assert again == first
    assert len(rasa.asked) == 1
    assert len(await visitor.transcript()) == 2


async def test_a_message_that_arrives_twice_at_once_is_answered_once(
    visitor: Visitor, rasa: FakeRasa, triage: Triage
) -> None:
    turns = await asyncio.gather(*(visitor.say("I want to kill myself", message_id="one") for _ in range(5)))
    assert all(turn == turns[0] for turn in turns)
    assert len(rasa.asked) == 1
    assert len(triage.cases(conversation_of(triage, visitor))) == 1


async def test_a_choice_sent_again_is_answered_as_the_first_time(visitor: Visitor) -> None:
    first = await visitor.send(choice="ask_outlook", message_id="one")
    again = await visitor.send(choice="ask_outlook", message_id="one")
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()


async def test_messages_without_an_id_are_messages_of_their_own(visitor: Visitor, rasa: FakeRasa) -> None:
    await visitor.say("hello")
    await visitor.say("hello")
    assert len(rasa.asked) == 2


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b", "\x00"])
async def test_an_empty_message_gets_a_normal_reply(visitor: Visitor, rasa: FakeRasa, text: str) -> None:
    assert blocks_of(await visitor.say(text)) == ["house.empty", "house.helpline"]
    assert rasa.asked == []


@pytest.mark.parametrize("text", ["/restart", '/crisis{"x":1}', "/session_start", "／back"])
async def test_text_that_begins_with_a_slash_reaches_the_engine_as_text(
    visitor: Visitor, rasa: FakeRasa, text: str
) -> None:
    await visitor.say(text)
    assert rasa.asked[-1] == {**rasa.asked[-1], "text": text[1:], "choice": None}


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'; DROP TABLE turns; --", "{{7*7}} ${HOME} %s {x}"])
async def test_markup_and_code_are_text(visitor: Visitor, rasa: FakeRasa, text: str) -> None:
    turn = await visitor.say(text)
    assert text not in json.dumps(turn)
    assert rasa.asked[-1]["text"] == text
    assert (await visitor.transcript())[-1]["text"] == text


async def test_lone_surrogates_and_control_characters_are_cleaned(visitor: Visitor, rasa: FakeRasa) -> None:
    response = await visitor.client.post(
        "/api/chat/messages",
        content=b'{"text": "a\\ud800b\\u0000c\\u001b"}',
        headers={**visitor.headers, "Content-Type": "application/json"},
    )
    assert response.status_code == 200
    assert rasa.asked[-1]["text"] == "a\ufffdbc"


async def test_2000_characters_are_taken_and_2001_are_refused_with_the_helpline(visitor: Visitor) -> None:
    assert (await visitor.send(text="é" * 2000)).status_code == 200
    response = await visitor.send(text="é" * 2001)
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "E503"
    assert blocks_of(response.json()["turn"]) == UNAVAILABLE


async def test_a_crisis_in_a_message_that_is_too_long_is_answered_and_not_lost(
    visitor: Visitor, triage: Triage
) -> None:
    response = await visitor.send(text="I want to kill myself. " + "word " * 500)
    assert response.status_code == 422
    assert blocks_of(response.json()["turn"]) == CRISIS
    (case,) = triage.cases(conversation_of(triage, visitor))
    assert case.level is Level.IMMEDIATE


BODIES = {
    "not JSON": (b"hello", 400, "E500"),
    "invalid UTF-8": (b'{"text": "\xff"}', 400, "E500"),
    "no object": (b"[1, 2]", 422, "E501"),
    "wrong type": (b'{"text": 1}', 422, "E501"),
    "too deep": (b"[" * 10_000 + b"]" * 10_000, 400, "E500"),
    "300 KB": (b'{"text": "' + b"x" * 300_000 + b'"}', 413, "E502"),
    "nothing": (b"", 400, "E500"),
}


@pytest.mark.parametrize(("body", "status", "code"), BODIES.values(), ids=BODIES.keys())
async def test_a_bad_body_is_refused_with_a_code_and_the_helpline(
    visitor: Visitor, body: bytes, status: int, code: str
) -> None:
    headers = {**visitor.headers, "Content-Type": "application/json; charset=utf-8"}
    response = await visitor.client.post("/api/chat/messages", content=body, headers=headers)
    assert response.status_code == status
    assert response.json()["error"]["code"] == code
    assert blocks_of(response.json()["turn"]) == UNAVAILABLE
    assert "xxx" not in response.text


async def test_a_body_without_a_length_is_limited_too(visitor: Visitor) -> None:
    async def endless():
        for _ in range(100):
            yield b"x" * 10_000

    headers = {**visitor.headers, "Content-Type": "application/json"}
    response = await visitor.client.post("/api/chat/messages", content=endless(), headers=headers)
    assert response.status_code == 413


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
async def test_anything_but_json_is_refused(visitor: Visitor, content_type: str | None) -> None:
    headers = visitor.headers | ({"Content-Type": content_type} if content_type else {})
    response = await visitor.client.post("/api/chat/messages", content=b'{"text": "hello"}', headers=headers)
    assert response.status_code == 415
    assert response.json()["error"]["code"] == "E506"


TOKENS = [
    "",
    "Bearer",
    "Bearer ",
    "Bearer x",
    "Basic abc",
    "Bearer " + "A" * 43,
    "Bearer é" + "A" * 42,
    "Bearer " + "A" * 5000,
]


@pytest.mark.parametrize("authorization", TOKENS)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/chat/messages"), ("GET", "/api/chat/transcript"), ("DELETE", "/api/chat/session")],
)
async def test_without_a_known_token_nothing_is_told(
    client: httpx.AsyncClient, authorization: str, method: str, path: str
) -> None:
    content = {"json": {"text": "hello"}} if method == "POST" else {}
    response = await client.request(method, path, headers={"Authorization": authorization.encode()}, **content)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.json()["error"]["code"] == "E504"
    assert blocks_of(response.json()["turn"]) == UNAVAILABLE
    assert response.json()["turn"]["reference"] is None


async def test_a_crisis_message_with_an_ended_token_still_gets_the_crisis_words(client: httpx.AsyncClient) -> None:
    response = await client.post("/api/chat/messages", json={"text": "I want to kill myself"})
    assert response.status_code == 401
    assert blocks_of(response.json()["turn"]) == CRISIS


async def test_one_visitor_cannot_read_anothers_chat(client: httpx.AsyncClient) -> None:
    one, other = await arrive(client), await arrive(client)
    await one.say("What's my outlook?")
    assert len(await other.transcript()) == 1
    assert one.reference != other.reference


async def test_the_transcript_shows_the_chat_as_the_visitor_saw_it(visitor: Visitor) -> None:
    said = await visitor.say("Ring 07700 900123. What's my outlook?")
    await visitor.send(choice=said["choices"][0]["id"])
    greeting, text, choice = await visitor.transcript()
    assert (greeting["text"], greeting["choice"]) == (None, None)
    assert greeting["messages"] == visitor.greeting["messages"]
    assert text["text"] == "Ring [phone number]. What's my outlook?"
    assert text["messages"] == said["messages"]
    assert choice["choice"] == said["choices"][0]
    assert choice["text"] is None
    assert greeting["at"] <= text["at"] <= choice["at"]


async def test_a_deleted_chat_is_gone_everywhere_and_leaves_a_receipt(visitor: Visitor, triage: Triage) -> None:
    await visitor.say("I want to kill myself")
    conversation = conversation_of(triage, visitor)
    response = await visitor.client.delete("/api/chat/session", headers=visitor.headers)
    assert response.status_code == 200
    assert response.json()["receipt"]
    assert triage.transcript(conversation) == []
    assert triage.cases(conversation) == []
    assert (await visitor.send(text="hello")).status_code == 401
    assert (await visitor.client.get("/api/chat/transcript", headers=visitor.headers)).status_code == 401


async def test_an_ended_chat_is_not_found(visitor: Visitor, triage: Triage) -> None:
    triage.erase(conversation_of(triage, visitor), NOON)
    assert (await visitor.send(text="hello")).status_code == 401


@pytest.mark.parametrize("path", ["/api/chat/nothing", "/nothing", "/api", "/../etc/passwd", "/static/x", "/%00"])
async def test_an_unknown_address_is_told_as_such(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "E507"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/chat/messages"),
        ("PUT", "/api/chat/messages"),
        ("GET", "/api/chat/sessions"),
        ("POST", "/api/chat/session"),
        ("DELETE", "/healthz"),
        ("OPTIONS", "/api/chat/messages"),
        ("BREW", "/readyz"),
    ],
)
async def test_a_wrong_method_is_told_as_such(client: httpx.AsyncClient, method: str, path: str) -> None:
    response = await client.request(method, path)
    assert response.status_code == 405
    assert response.json()["error"]["code"] == "E508"
    assert response.headers["Allow"]


async def test_healthz_says_that_the_gateway_is_there(client: httpx.AsyncClient, rasa: FakeRasa) -> None:
    rasa.turn_to("closed")
    assert (await client.get("/healthz")).json() == {"alive": True}
