"""The core: the more severe of screen and dialogue engine wins, and there is always an approved answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.blocks.block import Block
from bot.blocks.library import Library
from bot.blocks.script import Script
from bot.decision import Decision, DialogueReply, Reason, SpokenBlock
from bot.errors import Code, SignpostError
from bot.gateway.answer import Answer, Answerer, words_of
from bot.gateway.dialogue import DialogueError
from bot.routes import Route
from bot.safety.screen import Alert

UNAVAILABLE = ["house.unavailable", "house.helpline"]
CRISIS = ["house.crisis_self", "house.crisis_contacts", "house.helpline"]


class Engine:
    """A dialogue engine that gives one reply, or fails."""

    def __init__(self, reply: DialogueReply | Exception | None = None) -> None:
        self.reply = reply
        self.asked: list[dict[str, Any]] = []

    async def ask(self, conversation: str, message_id: str, **what: Any) -> DialogueReply:
        self.asked.append({"conversation": conversation, "message_id": message_id, **what})
        if self.reply is None:
            await asyncio.sleep(60)
        if isinstance(self.reply, DialogueReply):
            return self.reply
        raise self.reply or AssertionError


class FixedScreen:
    """A screen that fires on every message, or on none, or is broken."""

    def __init__(self, route: Route | None = None, about: Any = "self", broken: bool = False) -> None:
        self.route, self.about, self.broken = route, about, broken
        self.read: list[str] = []

    def check(self, text: str) -> tuple[Alert, ...]:
        self.read.append(text)
        if self.broken:
            raise RuntimeError(text)
        return () if self.route is None else (Alert(self.route, "rule.of.the.test", self.about, text),)


@pytest.fixture
def says(library: Library, script: Script) -> Callable[..., DialogueReply]:
    """Makes the reply of a healthy engine to an intent."""

    def make(intent: str, *choices: str, topic: str | None = None) -> DialogueReply:
        line = script.for_intent(intent)
        blocks = tuple(SpokenBlock(id_, library[id_].sha256) for id_ in line.blocks)
        decision = Decision(intent, line.route, (Reason("classifier", intent),), topic=topic)
        return DialogueReply(decision, blocks, choices)

    return make


@pytest.fixture
def answer(library: Library, script: Script) -> Callable[..., Any]:
    """Answers one message with a given engine and screen."""

    async def ask(
        engine: DialogueReply | Exception | Engine | None,
        screen: FixedScreen | None = None,
        text: str | None = "a question",
        **more: Any,
    ) -> Answer:
        dialogue = engine if isinstance(engine, Engine) else Engine(engine)
        answerer = Answerer(library, script, screen or FixedScreen(), dialogue, strict=more.pop("strict", True))
        return await answerer.answer("conversation", "message", text=text, **more)

    return ask


def ids(answer: Answer) -> list[str]:
    return [block.id for block in answer.blocks]


async def test_what_the_engine_names_is_said(answer, says) -> None:
    given = await answer(says("ask_outlook", "ask_curable"))
    assert ids(given) == ["secondary.outlook"]
    assert given.choices == ("ask_curable",)
    assert given.route is Route.ANSWER
    assert given.failure is None


async def test_the_screen_reads_the_visitors_own_words_and_the_engine_reads_them_redacted(answer, says) -> None:
    screen, engine = FixedScreen(), Engine(says("ask_outlook"))
    given = await answer(engine, screen, text="my number is 07700 900123")
    assert screen.read == ["my number is 07700 900123"]
    assert engine.asked[0]["text"] == given.text == "my number is [phone number]"


async def test_a_crisis_of_the_screen_outranks_an_answer_and_both_reasons_are_kept(answer, says) -> None:
    given = await answer(says("ask_outlook"), FixedScreen(Route.CRISIS))
    assert ids(given) == CRISIS
    assert given.decision.intent == "crisis_self"
    assert [(reason.source, reason.id) for reason in given.decision.reasons] == [
        ("screen", "rule.of.the.test"),
        ("classifier", "ask_outlook"),
    ]


async def test_a_crisis_about_somebody_else_has_its_own_words(answer, says) -> None:
    given = await answer(says("ask_outlook"), FixedScreen(Route.CRISIS, "other"))
    assert ids(given)[0] == "house.crisis_other"


async def test_distress_beside_a_question_offers_the_topic(answer, says) -> None:
    given = await answer(says("ask_outlook"), FixedScreen(Route.DISTRESS))
    assert ids(given) == ["house.distress", "house.helpline"]
    assert given.choices == ("ask_outlook", "ask_talking")


async def test_distress_beside_no_question_offers_no_topic(answer, says) -> None:
    assert (await answer(says("complex"), FixedScreen(Route.DISTRESS))).choices == ("ask_talking",)


@pytest.mark.parametrize("intent", ["crisis_self", "crisis_other"])
async def test_where_both_say_crisis_the_engines_words_stay(answer, says, intent: str) -> None:
    given = await answer(says(intent), FixedScreen(Route.CRISIS))
    assert given.decision.intent == intent
    assert given.decision.reasons[0].source == "classifier"


@pytest.mark.parametrize("lower", [Route.EMERGENCY, Route.DISTRESS])
async def test_the_screen_never_lowers_what_the_engine_says(answer, says, lower: Route) -> None:
    assert ids(await answer(says("crisis_self"), FixedScreen(lower))) == CRISIS


BAD = {
    "an error": DialogueError("unreachable"),
    "any other exception": RuntimeError("boom"),
    "silence": None,
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
async def test_where_the_engine_fails_the_helpline_is_said(answer, bad) -> None:
    given = await answer(bad, seconds=0.01)
    assert ids(given) == UNAVAILABLE
    assert given.route is Route.UNAVAILABLE
    assert given.decision.reasons[0].source == "gateway"
    assert given.failure is not None


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
async def test_where_the_engine_fails_the_screens_words_are_said_if_it_fires(answer, bad) -> None:
    given = await answer(bad, FixedScreen(Route.CRISIS), seconds=0.01)
    assert ids(given) == CRISIS
    assert [reason.source for reason in given.decision.reasons] == ["screen", "gateway"]


def _unknown(reply: DialogueReply) -> DialogueReply:
    return replace(reply, blocks=(*reply.blocks, SpokenBlock("house.made_up", "0" * 64)))


def _wrong_hash(reply: DialogueReply) -> DialogueReply:
    return replace(reply, blocks=(replace(reply.blocks[0], sha256="0" * 64), *reply.blocks[1:]))


def _nothing(reply: DialogueReply) -> DialogueReply:
    return replace(reply, blocks=())


SPOILT = [(_unknown, "unknown_block"), (_wrong_hash, "wrong_hash"), (_nothing, "empty")]


@pytest.mark.parametrize(("spoil", "check"), SPOILT)
async def test_what_is_not_approved_is_not_said(answer, says, spoil, check: str) -> None:
    given = await answer(spoil(says("ask_outlook")))
    assert ids(given) == UNAVAILABLE
    assert given.failure == check
    assert given.decision.reasons == (Reason("gateway", check),)


@pytest.mark.parametrize(("spoil", "check"), SPOILT)
async def test_a_crisis_that_only_the_engine_saw_is_answered_even_if_its_words_are_spoilt(
    answer, says, spoil, check: str
) -> None:
    given = await answer(spoil(says("crisis_other")))
    assert ids(given)[0] == "house.crisis_other"
    assert given.route is Route.CRISIS
    assert given.failure == check


async def test_a_crisis_decision_with_other_words_gets_the_right_ones(answer, says) -> None:
    reply = replace(says("greet"), decision=says("crisis_self").decision)
    given = await answer(reply)
    assert ids(given) == CRISIS
    assert given.failure == "wrong_words"


async def test_a_broken_screen_leaves_the_message_to_the_engine(answer, says, caplog) -> None:
    given = await answer(says("ask_outlook"), FixedScreen(broken=True))
    assert ids(given) == ["secondary.outlook"]
    assert "a question" not in caplog.text


async def test_a_message_that_cannot_be_redacted_is_neither_passed_on_nor_kept(
    answer, says, monkeypatch, caplog
) -> None:
    def broken(text: str) -> None:
        raise RuntimeError(text)

    monkeypatch.setattr("bot.gateway.answer.redact", broken)
    engine = Engine(says("ask_outlook"))
    given = await answer(engine, FixedScreen(Route.CRISIS))
    assert engine.asked == []
    assert given.text is None
    assert ids(given) == CRISIS
    assert "a question" not in caplog.text


@pytest.mark.parametrize("blank", ["", " ", "\n\t ", "\u200b\u2060", "/", " / ／ "])
async def test_a_blank_message_gets_an_answer_without_the_engine(answer, says, blank: str) -> None:
    engine = Engine(says("ask_outlook"))
    given = await answer(engine, text=blank)
    assert ids(given) == ["house.empty", "house.helpline"]
    assert engine.asked == []


@pytest.mark.parametrize(
    ("text", "passed_on"),
    [
        ("/restart", "restart"),
        ('/crisis{"x":1}', 'crisis{"x":1}'),
        (" / / hello/you ", "hello/you"),
        ("／restart", "restart"),
        ("\u200b/\ufeff/session_start", "session_start"),
        ("∕⁄⧸restart", "restart"),
        ("what/who", "what/who"),
    ],
)
async def test_text_that_begins_with_a_slash_is_text(answer, says, text: str, passed_on: str) -> None:
    engine = Engine(says("other"))
    await answer(engine, text=text)
    assert engine.asked[0]["text"] == passed_on == words_of(text)


async def test_a_choice_goes_to_the_engine_as_it_is_and_not_to_the_screen(answer, says) -> None:
    screen, engine = FixedScreen(Route.CRISIS), Engine(says("ask_outlook"))
    given = await answer(engine, screen, text=None, choice="ask_outlook")
    assert engine.asked[0] == {
        "conversation": "conversation",
        "message_id": "message",
        "text": None,
        "choice": "ask_outlook",
    }
    assert screen.read == []
    assert given.choice == "ask_outlook"
    assert given.text is None


async def test_a_choice_is_offered_once(answer, says) -> None:
    given = await answer(says("ask_outlook", "ask_curable", "ask_treatment", "ask_curable"))
    assert given.choices == ("ask_curable", "ask_treatment")


async def test_a_choice_without_a_title_is_left_out(answer, says) -> None:
    given = await answer(says("ask_outlook", "ask_curable", "made_up"), strict=False)
    assert given.choices == ("ask_curable",)


async def test_a_choice_without_a_title_is_an_error_in_tests(answer, says) -> None:
    with pytest.raises(SignpostError) as error:
        await answer(says("ask_outlook", "made_up"))
    assert error.value.code is Code.E102


def test_a_gateway_that_cannot_say_the_crisis_words_does_not_start(library: Library, script: Script) -> None:
    poor = Library({block.id: block for block in library if block.id != "house.crisis_self"}, {}, {})
    with pytest.raises(SignpostError) as error:
        Answerer(poor, script, FixedScreen(), Engine())
    assert error.value.code is Code.E102


def test_an_answer_does_not_show_what_the_visitor_wrote() -> None:
    shown = repr(Answer(Decision("greet", Route.CHAT), (Block("house.greeting", "Hello."),), (), text="my secret"))
    assert "my secret" not in shown
