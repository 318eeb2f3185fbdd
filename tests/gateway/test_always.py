"""What always holds, whatever is sent: an approved block or a coded error, byte-equal words, no fault of ours."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.blocks.library import Library
from tests.gateway.conftest import Visitor
from tests.gateway.fake_rasa import WAYS, FakeRasa

some = examples(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

texts = st.text(alphabet=st.characters(blacklist_categories=[]))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
messages = values | st.fixed_dictionaries(
    {}, optional={"text": values | texts, "choice": values, "message_id": values | st.text("ab-_9", max_size=3)}
)
bodies = st.binary() | messages.map(lambda value: json.dumps(value).encode())
calm = st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=300)


def approved(turn: dict[str, Any], library: Library) -> bool:
    return bool(turn["messages"]) and all(
        library[message["block"]].text == message["text"] and message["kind"] == library[message["block"]].kind
        for message in turn["messages"]
    )


@some
@given(bodies)
@example(b'{"text": "\\ud800"}')
@example(b'{"text": "\\u0000"}')
@example(b'{"choice": "\\ud800"}')
@example(b'{"choice": "ask_outlook"}')
@example(b"-1e-99999")
async def test_any_body_gets_an_approved_block_or_a_coded_error(
    visitor: Visitor, library: Library, body: bytes
) -> None:
    headers = {**visitor.headers, "Content-Type": "application/json"}
    response = await visitor.client.post("/api/chat/messages", content=body, headers=headers)
    data = response.json()
    assert 200 <= response.status_code < 500
    if response.status_code == 200:
        assert approved(data, library)
    else:
        assert data["error"]["code"].startswith("E5")
        assert approved(data["turn"], library)


@some
@given(st.sampled_from(["good", *(way for way in WAYS if way not in ("hang", "closed"))]), texts)
async def test_however_the_engine_behaves_the_words_are_approved(
    visitor: Visitor, rasa: FakeRasa, library: Library, way: str, text: str
) -> None:
    rasa.turn_to(way)
    response = await visitor.send_raw(json.dumps({"text": text}))
    assert response.status_code == 200
    assert approved(response.json(), library)


@some
@given(st.sampled_from(["good", "[]", "wrong_hash"]), calm, calm)
async def test_a_crisis_phrase_anywhere_gives_the_crisis_words(
    visitor: Visitor, rasa: FakeRasa, way: str, before: str, after: str
) -> None:
    rasa.turn_to(way)
    turn = await visitor.say(f"{before} I want to kill myself {after}")
    assert turn["route"] == "crisis"
    assert turn["messages"][0]["block"].startswith("house.crisis_")


@some
@given(st.binary())
async def test_any_form_gets_a_page_or_a_redirection(visitor: Visitor, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = await visitor.client.post("/", content=b"text=" + body, headers=headers)
    assert response.status_code in (303, 409, 422)
