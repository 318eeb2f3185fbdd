"""Every reply says its approved blocks byte for byte, and nothing is ever filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.blocks.block import Block, digest
from bot.blocks.library import Library
from bot.blocks.script import DECIDED, TOPIC
from bot.decision import Decision, Reason
from bot.dialogue.nlg import VerbatimNLG
from bot.errors import Code, SignpostError
from bot.routes import Route
from tests.model import LIBRARY, SCRIPT
from tests.nlu.trackers import said, tracker

PLAIN = [line for line in SCRIPT if TOPIC not in line.blocks]
TOPICS = [intent for intent in SCRIPT.intents if intent.startswith("ask_")]
ON_TOPIC = [line for line in SCRIPT if TOPIC in line.blocks]


@pytest.fixture
def nlg() -> VerbatimNLG:
    return VerbatimNLG(EndpointConfig(), Domain.empty())


async def generate(nlg: VerbatimNLG, utter: str, conversation: DialogueStateTracker | None = None) -> dict[str, Any]:
    reply = await nlg.generate(utter, conversation or tracker([]), "signpost")
    assert reply is not None
    return reply


def after(decision: Decision) -> DialogueStateTracker:
    return tracker([said(decision)])


@pytest.mark.parametrize("line", PLAIN, ids=lambda line: line.utter)
async def test_a_reply_is_exactly_its_blocks_with_their_hashes(nlg: VerbatimNLG, line: Any) -> None:
    reply = await generate(nlg, line.utter)
    texts = [LIBRARY[id_].text for id_ in line.blocks]
    assert reply["text"] == "\n\n".join(texts)
    assert reply["blocks"] == [
        {"id": id_, "sha256": digest(text)} for id_, text in zip(line.blocks, texts, strict=True)
    ]
    assert reply["decision"]["route"] == line.route.value


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("line", ON_TOPIC, ids=lambda line: line.utter)
async def test_a_topic_asked_again_is_said_in_the_same_words(nlg: VerbatimNLG, line: Any, topic: str) -> None:
    intent = line.utter.removeprefix("utter_")
    reply = await generate(nlg, line.utter, after(Decision(intent, line.route, topic=topic)))
    expected = [id_ for name in line.blocks for id_ in (SCRIPT.for_intent(topic).blocks if name == TOPIC else (name,))]
    assert [block["id"] for block in reply["blocks"]] == expected


@pytest.mark.parametrize("line", ON_TOPIC, ids=lambda line: line.utter)
async def test_without_a_topic_the_menu_is_said_and_never_nothing(nlg: VerbatimNLG, line: Any) -> None:
    reply = await generate(nlg, line.utter)
    assert reply["blocks"][0]["id"] in SCRIPT.for_intent("menu").blocks


@pytest.mark.parametrize("line", [line for line in SCRIPT if DECIDED in line.choices], ids=lambda line: line.utter)
async def test_topics_that_the_decision_offers_are_offered_once_and_in_order(nlg: VerbatimNLG, line: Any) -> None:
    offered = ("ask_names", "ask_talking", "ask_names")
    decision = Decision(line.utter.removeprefix("utter_"), line.route, choices=offered)
    reply = await generate(nlg, line.utter, after(decision))
    assert reply["choices"][:2] == ["ask_names", "ask_talking"]
    assert len(reply["choices"]) == len(set(reply["choices"]))
    assert DECIDED not in reply["choices"]


async def test_the_decision_goes_with_the_words(nlg: VerbatimNLG) -> None:
    decision = Decision("ask_outlook", Route.ANSWER, (Reason("classifier", "ask_outlook", 0.9, 0.5),))
    reply = await generate(nlg, "utter_ask_outlook", after(decision))
    assert Decision.from_dict(reply["decision"]) == decision


async def test_a_reply_of_another_route_than_was_decided_says_so_itself(nlg: VerbatimNLG) -> None:
    reply = await generate(nlg, "utter_crisis_self", after(Decision("ask_outlook", Route.ANSWER)))
    assert Decision.from_dict(reply["decision"]).route is Route.CRISIS


async def test_a_message_that_no_rule_covers_is_on_record_as_such(nlg: VerbatimNLG) -> None:
    reply = await generate(nlg, "utter_unavailable", after(Decision("ask_outlook", Route.ANSWER)))
    decision = Decision.from_dict(reply["decision"])
    assert decision.route is Route.UNAVAILABLE
    assert decision.reasons == (Reason("rules", "no_rule"),)


async def test_an_unknown_reply_is_an_error(nlg: VerbatimNLG) -> None:
    with pytest.raises(SignpostError) as error:
        await generate(nlg, "utter_made_up")
    assert error.value.code is Code.E404


async def test_a_missing_block_is_an_error_and_not_a_shorter_reply(nlg: VerbatimNLG) -> None:
    nlg.library = with_blocks(lambda block: None if block.id == "house.helpline" else block)
    with pytest.raises(SignpostError, match="utter_crisis_self") as error:
        await generate(nlg, "utter_crisis_self")
    assert error.value.code is Code.E102


async def test_the_visitors_words_are_in_no_part_of_a_reply(nlg: VerbatimNLG) -> None:
    words = "my name is Jane Example"
    for line in SCRIPT:
        conversation = tracker([said(Decision("complex", line.route, choices=("menu",), topic="ask_names"), words)])
        assert words not in repr(await generate(nlg, line.utter, conversation))


class TestNothingIsFilledIn:
    """Rasa's own generator formats its templates; these would change there or break."""

    AWKWARD = (
        "{name}",
        "{{name}}",
        "a { on its own",
        "} the other way {",
        "{0} {1!r:>10} {}",
        "100 % of %s and %(name)s",
        "$name ${HOME} \\n \\u0041",
        "{name\nacross lines}",
        "  spaces at both ends  ",
        "two\n\n\nblank lines",
    )

    @pytest.mark.parametrize("text", AWKWARD)
    async def test_what_looks_like_a_place_to_fill_in_is_said_as_it_stands(self, nlg: VerbatimNLG, text: str) -> None:
        nlg.library = with_blocks(lambda block: replace(block, text=text) if block.id == "house.thanks" else block)
        slot = TextSlot("name", mappings=[], initial_value="Jane Example")
        conversation = DialogueStateTracker("a conversation", slots=[slot])
        reply = await generate(nlg, "utter_thanks", conversation)
        assert reply["text"] == text
        assert reply["blocks"] == [{"id": "house.thanks", "sha256": digest(text)}]

    @given(st.text(min_size=1))
    async def test_any_text_at_all_is_said_as_it_stands(self, text: str) -> None:
        nlg = VERBATIM
        nlg.library = Library({"house.thanks": Block("house.thanks", text)}, {}, {})
        reply = await generate(nlg, "utter_thanks")
        assert reply["text"] == text


VERBATIM = VerbatimNLG(EndpointConfig(), Domain.empty())


def with_blocks(change: Callable[[Block], Block | None]) -> Library:
    changed = {block.id: new for block in LIBRARY if (new := change(block))}
    return Library(changed, {}, {})
