"""The loopback channel, spoken to over a real server, with a dialogue engine that behaves well and badly."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic
from sanic.touchup.service import TouchUp

from bot.decision import Decision, DialogueReply
from bot.dialogue import channel as channel_module
from bot.dialogue.channel import SECRET_HEADER, LoopbackChannel
from bot.dialogue.nlg import VerbatimNLG
from bot.errors import Code, SignpostError
from bot.nlu.router import DECISION_KEY
from bot.routes import Route
from bot.settings import Settings
from tests.model import LIBRARY, SCRIPT
from tests.nlu.trackers import said, tracker

SECRET = "only for tests"
WORDS = "I am Jane Example of Example Street"
FINGERPRINT = "f" * 64


class Engine:
    """Plays Rasa's handler of messages, with the real words.

    Attributes:
        heard: The messages that came.
        decided: What it takes a text to ask; a message may get several replies, one after the other.
        before: What happens before the words.
        after: What happens after them.
    """

    def __init__(self) -> None:
        self.heard: list[UserMessage] = []
        self.decided: list[str] = ["ask_outlook"]
        self.before: Callable[[], Awaitable[None]] = nothing
        self.after: Callable[[], Awaitable[None]] = nothing
        self._nlg = VerbatimNLG(EndpointConfig(), Domain.empty())

    async def __call__(self, message: UserMessage) -> None:
        self.heard.append(message)
        await self.before()
        for intent in self._intents(message):
            event = said(Decision(intent, SCRIPT.for_intent(intent).route))
            reply = await self._nlg.generate(f"utter_{intent}", tracker([event]), "signpost")
            await message.output_channel.send_response(message.sender_id, reply)
        await self.after()

    def _intents(self, message: UserMessage) -> list[str]:
        return [message.parse_data["intent"]["name"]] if message.parse_data else self.decided


async def nothing() -> None:
    """Nothing happens."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, channel_secret=SECRET)


@pytest.fixture
def channel(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> LoopbackChannel:
    """The channel; that the right parts were loaded is for tests of the self-check."""
    monkeypatch.setattr(channel_module, "check", lambda agent, settings: FINGERPRINT)
    return LoopbackChannel(settings)


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
async def client(
    channel: LoopbackChannel, engine: Engine, free_port: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """A client at the door of a running server."""
    monkeypatch.setattr(TouchUp, "run", rewrite_once)
    app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False)
    app.blueprint(channel.blueprint(engine), url_prefix=f"/webhooks/{channel.url_prefix()}")
    port = free_port()
    server = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.after_start()
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/webhooks/signpost", timeout=20) as client:
            yield client
    finally:
        await server.close()
        app.shutdown_tasks(0)
        del Sanic._app_registry[app.name]


_rewrite = TouchUp.run


def rewrite_once(app: Sanic) -> None:
    """Sanic rewrites its own methods when a server starts, and fails when a second one starts in the same process."""
    with contextlib.suppress(KeyError):
        _rewrite(app)


async def send(client: httpx.AsyncClient, secret: str | None = SECRET, **message: Any) -> httpx.Response:
    body = {"conversation": "a conversation", "message_id": "m1", "text": None, "choice": None, **message}
    headers = {} if secret is None else {SECRET_HEADER: secret}
    return await client.post("/messages", json=body, headers=headers)


async def ask(client: httpx.AsyncClient, **message: Any) -> DialogueReply:
    response = await send(client, **message)
    assert response.status_code == 200, response.text
    return DialogueReply.from_dict(response.json())


class TestReply:
    async def test_a_message_is_answered_with_block_ids_and_hashes_and_no_words(
        self, client: httpx.AsyncClient
    ) -> None:
        response = await send(client, text="What's my outlook?")
        reply = DialogueReply.from_dict(response.json())
        assert reply.decision.route is Route.ANSWER
        assert [(block.id, block.sha256) for block in reply.blocks] == [
            ("secondary.outlook", LIBRARY["secondary.outlook"].sha256)
        ]
        assert LIBRARY["secondary.outlook"].text[:40] not in response.text

    async def test_several_replies_of_one_turn_are_one_with_the_most_severe_route(
        self, client: httpx.AsyncClient, engine: Engine
    ) -> None:
        engine.decided = ["ask_outlook", "distress"]
        reply = await ask(client, text=WORDS)
        assert reply.decision.intent == "distress"
        assert [block.id for block in reply.blocks] == [
            *SCRIPT.for_intent("ask_outlook").blocks,
            *SCRIPT.for_intent("distress").blocks,
        ]
        assert len(reply.choices) == len(set(reply.choices))

    async def test_conversation_and_message_keep_their_ids(self, client: httpx.AsyncClient, engine: Engine) -> None:
        await ask(client, text=WORDS, conversation="c-7", message_id="m-9")
        (message,) = engine.heard
        assert (message.sender_id, message.message_id, message.metadata) == ("c-7", "m-9", {"message_id": "m-9"})
        assert message.input_channel == "signpost"

    async def test_the_words_do_not_wait_for_what_comes_after_them(
        self, client: httpx.AsyncClient, engine: Engine
    ) -> None:
        let_go = asyncio.Event()

        async def wait() -> None:
            await let_go.wait()

        engine.after = wait
        reply = await ask(client, text=WORDS)
        assert reply.blocks
        assert not let_go.is_set()
        let_go.set()


class TestChoice:
    async def test_a_choice_is_certain_and_passes_by_the_classifier(
        self, client: httpx.AsyncClient, engine: Engine
    ) -> None:
        reply = await ask(client, choice="ask_names")
        assert [block.id for block in reply.blocks] == list(SCRIPT.for_intent("ask_names").blocks)
        (message,) = engine.heard
        assert message.text is None
        assert message.parse_data["intent"] == {"name": "ask_names", "confidence": 1.0}
        decision = Decision.from_dict(message.parse_data[DECISION_KEY])
        assert [(reason.source, reason.id) for reason in decision.reasons] == [("choice", "ask_names")]

    @pytest.mark.parametrize("choice", ["restart", "session_start", "ask_nothing", 'crisis_self{"x": 1}', "/menu"])
    async def test_what_is_no_intent_of_the_domain_is_no_choice(
        self, client: httpx.AsyncClient, engine: Engine, choice: str
    ) -> None:
        response = await send(client, choice=choice)
        assert response.status_code == 500
        assert engine.heard == []


class TestText:
    @pytest.mark.parametrize(
        "text",
        [
            "/restart",
            " / restart",
            "\n/restart",
            "\u00a0/restart",
            "//restart",
            "/ / restart",
            '/crisis_self{"x": 1}',
            "/ask_outlook",
        ],
    )
    async def test_text_that_begins_with_a_slash_is_text(
        self, client: httpx.AsyncClient, engine: Engine, text: str
    ) -> None:
        await ask(client, text=text)
        (message,) = engine.heard
        assert message.parse_data is None
        assert message.text == text.replace("\u00a0", " ").strip("/ \n")

    async def test_a_slash_within_a_text_stays(self, client: httpx.AsyncClient, engine: Engine) -> None:
        await ask(client, text="his/her outlook /s")
        assert engine.heard[0].text == "his/her outlook /s"


class TestDoor:
    @pytest.mark.parametrize("secret", [None, "", "another", f"{SECRET}.", SECRET[:-1]])
    async def test_without_the_secret_nothing_is_heard(
        self, client: httpx.AsyncClient, engine: Engine, secret: str | None
    ) -> None:
        response = await send(client, secret, text=WORDS)
        assert response.status_code == 403
        assert response.json()["error"]["code"] == Code.E405.name
        assert engine.heard == []

    @pytest.mark.parametrize("secret", [None, ""])
    async def test_where_no_secret_is_set_nobody_has_the_right_one(
        self, client: httpx.AsyncClient, engine: Engine, channel: LoopbackChannel, secret: str | None
    ) -> None:
        channel._settings = replace(channel._settings, channel_secret="")
        assert (await send(client, secret, text=WORDS)).status_code == 403
        assert engine.heard == []

    async def test_ready_tells_what_the_model_was_trained_from(self, client: httpx.AsyncClient) -> None:
        response = await client.get("/ready")
        assert (response.status_code, response.json()) == (200, {"ready": True, "fingerprint": FINGERPRINT})

    async def test_before_the_self_check_it_is_not_ready(
        self, client: httpx.AsyncClient, channel: LoopbackChannel
    ) -> None:
        channel._fingerprint = None
        assert (await client.get("/ready")).status_code == 503

    @pytest.mark.parametrize("path", ["", "/webhook", "/status", "/messages/"])
    async def test_there_is_no_other_way_in(self, client: httpx.AsyncClient, engine: Engine, path: str) -> None:
        response = await client.post(path, json={"sender": "x", "message": WORDS})
        assert response.status_code in (403, 404, 405)
        assert engine.heard == []


class TestFailure:
    @pytest.fixture(autouse=True)
    def log(self, caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
        caplog.set_level(logging.DEBUG)
        return caplog

    async def test_nothing_said_is_a_failure_and_not_an_empty_reply(
        self, client: httpx.AsyncClient, engine: Engine
    ) -> None:
        engine.decided = []
        response = await send(client, text=WORDS)
        assert (response.status_code, response.json()["error"]["code"]) == (500, Code.E511.name)

    async def test_an_error_before_the_words_is_a_failure_that_echoes_and_logs_no_word(
        self, client: httpx.AsyncClient, engine: Engine, log: pytest.LogCaptureFixture
    ) -> None:
        engine.before = failing
        response = await send(client, text=WORDS)
        assert (response.status_code, response.json()["error"]["code"]) == (500, Code.E511.name)
        assert "Example" not in response.text
        assert "ValueError" in log.text
        assert "Example" not in log.text

    async def test_an_error_after_the_words_leaves_the_words_and_logs_none_of_the_visitors(
        self, client: httpx.AsyncClient, engine: Engine, log: pytest.LogCaptureFixture
    ) -> None:
        engine.after = failing
        assert (await ask(client, text=WORDS)).blocks
        assert "ValueError" in log.text
        assert "Example" not in log.text

    async def test_a_turn_that_never_ends_is_given_up(
        self,
        client: httpx.AsyncClient,
        engine: Engine,
        log: pytest.LogCaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(channel_module, "GIVE_UP_SECONDS", 0.01)
        never = asyncio.Event()

        async def wait() -> None:
            await never.wait()

        engine.before = wait
        assert (await send(client, text=WORDS)).status_code == 500
        assert "TimeoutError" in log.text

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"[]",
            b"Example, not JSON",
            b'{"text": "Example"}',
            b'{"conversation": "c", "message_id": "m", "text": ["Example"]}',
            b'{"conversation": "c", "message_id": "m"}',
            b'{"conversation": null, "message_id": "m", "text": "Example"}',
            b'{"conversation": "", "message_id": "m", "text": "Example"}',
            b'{"conversation": "c", "message_id": 1, "text": "Example"}',
            b"\xff\xfe",
        ],
    )
    async def test_a_body_that_cannot_be_read_is_refused_and_not_logged(
        self, client: httpx.AsyncClient, engine: Engine, log: pytest.LogCaptureFixture, body: bytes
    ) -> None:
        response = await client.post("/messages", content=body, headers={SECRET_HEADER: SECRET})
        assert response.status_code == 500
        assert "Example" not in response.text + log.text
        assert engine.heard == []

    async def test_no_word_is_logged_when_all_goes_well(
        self, client: httpx.AsyncClient, log: pytest.LogCaptureFixture
    ) -> None:
        await ask(client, text=WORDS)
        assert "Example" not in log.text


async def failing() -> None:
    raise ValueError(f"could not handle {WORDS}")


class TestStart:
    async def test_a_failed_self_check_ends_the_process_with_its_status(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        ended: list[int] = []

        def refuse(agent: Any, settings: Settings) -> str:
            raise SignpostError(Code.E403, path="nowhere")

        monkeypatch.setattr(channel_module, "check", refuse)
        monkeypatch.setattr(channel_module.os, "_exit", ended.append)
        monkeypatch.setattr(channel_module.logging, "shutdown", lambda: None)
        blueprint = LoopbackChannel(settings).blueprint(Engine())
        (listener,) = [future.listener for future in blueprint._future_listeners]
        await listener(Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False), None)
        assert ended == [channel_module.EXIT_STATUS]
        assert Code.E403.name in caplog.text

    def test_it_takes_its_settings_and_no_credentials(self) -> None:
        assert LoopbackChannel.from_credentials({"anything": 1}).name() == "signpost"


def test_replies_keep_the_order_in_which_they_were_said() -> None:
    """A later and calmer reply of the same turn does not hide the decision of a more severe one."""
    collector = channel_module.ReplyCollector()
    for intent in ("crisis_self", "ask_outlook"):
        decision = Decision(intent, SCRIPT.for_intent(intent).route)
        blocks = [{"id": id_, "sha256": ""} for id_ in SCRIPT.for_intent(intent).blocks]
        collector.replies.append({"decision": decision.to_dict(), "blocks": blocks, "choices": []})
    reply = collector.reply()
    assert reply is not None
    assert reply.decision.intent == "crisis_self"
    assert reply.blocks[-1].id == "secondary.outlook"


def test_no_reply_is_none_and_not_an_empty_one() -> None:
    assert channel_module.ReplyCollector().reply() is None


def test_what_a_choice_leaves_in_the_tracker_is_no_text_of_the_visitor(settings: Settings) -> None:
    message = LoopbackChannel(settings)._message(
        {"conversation": "c", "message_id": "m", "text": None, "choice": "menu"}, channel_module.ReplyCollector()
    )
    event = UserUttered(message.text, message.parse_data["intent"], [], message.parse_data)
    assert event.intent_name == "menu"
