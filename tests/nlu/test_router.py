"""The router as a part of Rasa: what it reads from a conversation, and what it leaves on a message."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.decision import Decision
from bot.nlu.context import Context
from bot.nlu.intent_classifier import SCORES_KEY, BlendedIntentClassifier
from bot.nlu.router import DECISION_KEY, LOOK_BACK, Router, context_of, write_decision
from bot.nlu.routing import Decider
from bot.nlu.safety_net import ALERTS_KEY, SafetyNet
from bot.routes import Route
from tests.nlu.builders import SURE, alert, scores, turn
from tests.nlu.trackers import replied, said, tracker


@pytest.fixture
def router(decider: Decider) -> Router:
    return Router(decider)


def message(**data: Any) -> Message:
    return Message({"text": "any words", **data})


def decision_on(message: Message) -> Decision:
    return Decision.from_dict(message.get(DECISION_KEY))


class TestMessages:
    def test_the_decision_becomes_the_intent_that_the_rules_act_on(self, router: Router) -> None:
        (decided,) = router.process([message(**{SCORES_KEY: scores(ask_outlook=SURE)})])
        assert decided.get(INTENT) == {"name": "ask_outlook", "confidence": 1.0}
        assert decision_on(decided).intent == "ask_outlook"

    def test_the_decision_stays_on_record_with_the_message(self, router: Router) -> None:
        (decided,) = router.process([message(**{SCORES_KEY: scores(ask_outlook=SURE)})])
        assert {INTENT, INTENT_RANKING_KEY, DECISION_KEY} <= decided.as_dict(only_output_properties=True).keys()

    def test_neither_scores_nor_alerts_go_on_record(self, router: Router) -> None:
        found = {SCORES_KEY: scores(ask_outlook=SURE), ALERTS_KEY: (alert(Route.DISTRESS),)}
        (decided,) = router.process([message(**found)])
        assert not {SCORES_KEY, ALERTS_KEY} & decided.as_dict(only_output_properties=True).keys()

    def test_what_was_decided_stands_first_in_the_ranking_and_once(self) -> None:
        ranked = message()
        ranked.set(INTENT_RANKING_KEY, [{"name": "greet", "confidence": 0.7}, {"name": "complex", "confidence": 0.3}])
        write_decision(ranked, turn("complex"))
        assert [entry["name"] for entry in ranked.get(INTENT_RANKING_KEY)] == ["complex", "greet"]

    def test_an_alert_of_the_screen_is_heard(self, router: Router) -> None:
        (decided,) = router.process([message(**{SCORES_KEY: scores(greet=SURE), ALERTS_KEY: (alert(Route.CRISIS),)})])
        assert decision_on(decided).intent == "crisis_self"

    def test_a_message_without_scores_goes_to_people(self, router: Router) -> None:
        (decided,) = router.process([message()])
        assert decision_on(decided).route is Route.COMPLEX

    def test_it_stands_behind_the_classifier_and_the_safety_net(self) -> None:
        assert Router.required_components() == [BlendedIntentClassifier, SafetyNet]

    def test_the_conversation_is_leant_on(self, router: Router) -> None:
        talk = tracker([said(turn("distress")), replied("ask_talking")])
        (decided,) = router.process([message(**{SCORES_KEY: scores(thanks=SURE)})], tracker=talk)
        assert decision_on(decided).intent == "thanks_gently"


class TestConversation:
    def test_no_conversation_is_an_empty_context(self) -> None:
        assert context_of(None) == Context()
        assert context_of(tracker([])) == Context(decisions=(), offered=())

    def test_decisions_are_read_oldest_first(self) -> None:
        events = [said(turn("greet")), replied(), said(turn("ask_names")), replied()]
        assert context_of(tracker(events)).decisions == (turn("greet"), turn("ask_names"))

    def test_what_the_last_reply_offered_is_on_offer(self) -> None:
        events = [said(turn("unclear")), replied("ask_outlook", "ask_names")]
        assert context_of(tracker(events)).offered == ("ask_outlook", "ask_names")

    def test_what_an_earlier_reply_offered_is_on_offer_no_more(self) -> None:
        events = [said(turn("unclear")), replied("ask_outlook"), said(turn("goodbye")), replied()]
        assert context_of(tracker(events)).offered == ()

    def test_messages_without_a_decision_are_passed_over(self) -> None:
        events = [said(turn("ask_names")), replied(), said(None), replied()]
        assert context_of(tracker(events)).decisions == (turn("ask_names"),)

    def test_no_more_turns_are_read_than_are_needed(self) -> None:
        events = [said(turn("greet")), *[said(turn("thanks"))] * LOOK_BACK]
        assert context_of(tracker(events)).decisions == (turn("thanks"),) * LOOK_BACK
