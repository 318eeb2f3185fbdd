"""The one decision, with scores and alerts made by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.library import read_mapping
from bot.decision import Decision
from bot.nlu.context import Context
from bot.nlu.details import Details
from bot.nlu.routing import Decider
from bot.nlu.scoring import Scores
from bot.nlu.thresholds import Thresholds
from bot.routes import Route
from bot.safety.screen import Alert
from bot.settings import ROOT
from tests.nlu.builders import (
    FAINT,
    SCORED,
    SCRIPT,
    SURE,
    after,
    alert,
    alert_lists,
    alerts,
    any_context,
    any_scores,
    scores,
    turn,
)

DECIDER = Decider(SCRIPT, Thresholds.load(), Details.load())
"""For the property tests, which cannot take fixtures of a test function."""

HOUSE_RULES = {
    step["intent"]
    for rule in read_mapping(ROOT / "data" / "stories" / "rules.yml")["rules"]
    for step in rule["steps"]
    if "intent" in step
}

ALONE = Context()


def decide(scores: Scores, *found: Alert, context: Context = ALONE, text: str = "any words") -> Decision:
    return DECIDER.decide(text, scores, found, context)


def test_a_clear_question_is_answered() -> None:
    decision = decide(scores(ask_outlook=SURE))
    assert (decision.intent, decision.route) == ("ask_outlook", Route.ANSWER)


def test_the_reasons_say_what_was_held_against_what() -> None:
    (reason,) = decide(scores(ask_outlook=SURE)).reasons
    assert (reason.source, reason.id, reason.score) == ("classifier", "ask_outlook", SURE)
    assert reason.threshold is not None
    assert reason.threshold <= SURE


def test_an_unlikely_answer_goes_to_people_although_it_is_the_likeliest() -> None:
    everything = dict.fromkeys(SCORED, FAINT)
    assert decide(scores(**{**everything, "ask_outlook": 2 * FAINT})).route is Route.COMPLEX


def test_what_stayed_below_its_threshold_is_told_beside_what_was_done(thresholds: Thresholds) -> None:
    limit = thresholds.for_answer("ask_outlook")
    score = limit - 0.01
    complex_, nearest = decide(scores(ask_outlook=score)).reasons
    assert complex_.id == "complex"
    assert (nearest.id, nearest.score, nearest.threshold) == ("ask_outlook", pytest.approx(score), limit)


def test_no_scores_at_all_go_to_people() -> None:
    assert decide(Scores({})).route is Route.COMPLEX


def test_topics_that_are_about_equally_likely_are_offered_the_likeliest_first() -> None:
    decision = decide(scores(ask_outlook=0.36, ask_curable=0.34, ask_names=0.28, complex=0.02))
    assert decision.route is Route.UNCLEAR
    assert decision.choices[:2] == ("ask_outlook", "ask_curable")


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_a_message_without_words_is_no_guess_of_the_classifier(text: str) -> None:
    assert decide(scores(affirm=SURE), text=text).intent == "empty"
    assert decide(scores(affirm=SURE), context=after("crisis_self"), text=text).intent == "crisis_self"


@pytest.mark.parametrize(
    "intent", ["human", "complex", "other", "greet", "goodbye", "thanks", "bot", "privacy", "menu"]
)
def test_what_is_likely_is_taken_for_what_it_is(intent: str) -> None:
    decision = decide(scores(**{intent: SURE}))
    assert (decision.intent, decision.route) == (intent, SCRIPT.for_intent(intent).route)


def test_a_person_is_given_before_an_answer(thresholds: Thresholds) -> None:
    limits = (thresholds.human, thresholds.answer)
    assert decide(scores(human=limits[0] + 0.01, ask_helpline=0.99 - limits[0])).route is Route.HUMAN


class TestSafety:
    @pytest.mark.parametrize(
        ("intent", "route"),
        [
            ("crisis_self", Route.CRISIS),
            ("crisis_other", Route.CRISIS),
            ("emergency", Route.EMERGENCY),
            ("distress", Route.DISTRESS),
        ],
    )
    def test_the_classifier_alone_takes_a_safety_route(self, intent: str, route: Route) -> None:
        decision = decide(scores(**{intent: SURE}))
        assert (decision.intent, decision.route) == (intent, route)

    @pytest.mark.parametrize(
        ("found", "intent"),
        [
            (alert(Route.CRISIS), "crisis_self"),
            (alert(Route.CRISIS, "other"), "crisis_other"),
            (alert(Route.EMERGENCY), "emergency"),
            (alert(Route.DISTRESS), "distress"),
        ],
    )
    def test_the_screen_alone_takes_a_safety_route_from_the_calmest_scores(self, found: Alert, intent: str) -> None:
        decision = decide(scores(greet=1.0), found)
        assert (decision.intent, decision.route) == (intent, found.route)
        assert ("screen", found.rule) in [(reason.source, reason.id) for reason in decision.reasons]

    def test_the_classifier_raises_above_the_screen(self) -> None:
        assert decide(scores(crisis_self=SURE), alert(Route.DISTRESS)).route is Route.CRISIS

    def test_the_screen_raises_above_the_classifier(self) -> None:
        assert decide(scores(distress=SURE), alert(Route.EMERGENCY)).route is Route.EMERGENCY

    def test_the_screen_says_whom_it_is_about(self) -> None:
        assert decide(scores(crisis_self=SURE), alert(Route.CRISIS, "other")).intent == "crisis_other"

    def test_a_crisis_shared_between_oneself_and_another_counts_as_one(self, thresholds: Thresholds) -> None:
        half = thresholds.crisis * 0.6
        decision = decide(scores(crisis_self=half, crisis_other=half * 0.9, ask_outlook=1 - 1.9 * half))
        assert (decision.intent, decision.route) == ("crisis_self", Route.CRISIS)

    @pytest.mark.parametrize(
        ("intent", "route"),
        [("crisis_self", Route.CRISIS), ("emergency", Route.EMERGENCY), ("distress", Route.DISTRESS)],
    )
    def test_one_piece_of_a_long_message_is_enough(self, intent: str, route: Route) -> None:
        long = scores({"ask_outlook": 1.0}, {intent: SURE}, ask_outlook=0.9, **{intent: 0.1})
        assert decide(long).route is route

    def test_a_piece_does_not_count_where_the_whole_message_speaks_against_it(self) -> None:
        long = scores({"ask_outlook": 1.0}, {"crisis_other": SURE}, ask_outlook=0.999, crisis_other=0.001)
        assert decide(long).intent == "ask_outlook"

    def test_distress_offers_the_topic_that_was_asked_about_and_answers_nothing(self) -> None:
        decision = decide(scores(distress=0.6, ask_outlook=0.4))
        assert decision.route is Route.DISTRESS
        assert decision.choices == ("ask_outlook",)
        assert decision.topic == "ask_outlook"

    def test_a_crisis_offers_no_topic(self) -> None:
        decision = decide(scores(crisis_self=0.6, ask_outlook=0.4))
        assert (decision.choices, decision.topic) == ((), None)

    def test_a_number_picks_nothing_when_the_screen_fired(self) -> None:
        offered = after("unclear", offered=("ask_outlook", "ask_curable"))
        assert decide(scores(greet=1.0), alert(Route.CRISIS), context=offered, text="2").route is Route.CRISIS


class TestFollowUps:
    def test_a_number_picks_what_was_offered(self) -> None:
        context = after("unclear", offered=("ask_outlook", "ask_curable"))
        decision = decide(scores(other=SURE), context=context, text="2")
        assert (decision.intent, decision.route) == ("ask_curable", Route.ANSWER)
        assert decision.reasons[0].source == "choice"

    def test_a_number_that_picks_is_no_guess_of_the_classifier(self) -> None:
        context = after("unclear", offered=("ask_outlook", "ask_curable"))
        assert decide(scores(crisis_self=SURE), context=context, text="the last one please").intent == "ask_curable"

    def test_yes_to_the_only_topic_offered_takes_it(self) -> None:
        decision = decide(scores(affirm=SURE), context=after("distress", "unclear", offered=("ask_outlook",)))
        assert decision.intent == "ask_outlook"

    def test_yes_to_several_topics_asks_which(self) -> None:
        offered = ("ask_outlook", "ask_curable")
        decision = decide(scores(affirm=SURE), context=after("unclear", offered=offered))
        assert (decision.intent, decision.choices) == ("affirm", offered)

    def test_yes_to_nothing_offers_the_menu(self) -> None:
        assert decide(scores(affirm=SURE)).choices == ("menu",)

    @pytest.mark.parametrize("intent", ["repeat", "correct"])
    def test_again_says_the_last_answer_again(self, intent: str) -> None:
        decision = decide(scores(**{intent: SURE}), context=after("ask_names", "thanks"))
        assert (decision.intent, decision.topic, decision.route) == (intent, "ask_names", Route.ANSWER)

    @pytest.mark.parametrize("intent", ["repeat", "correct"])
    def test_again_before_any_answer_shows_the_topics(self, intent: str) -> None:
        assert decide(scores(**{intent: SURE}), context=after("greet")).intent == "menu"

    @pytest.mark.parametrize(("intent", "gently"), [("thanks", "thanks_gently"), ("goodbye", "goodbye_gently")])
    @pytest.mark.parametrize("before", ["distress", "emergency", "crisis_self", "crisis_other"])
    def test_thanks_and_goodbye_after_a_hard_talk_keep_the_helpline(
        self, intent: str, gently: str, before: str
    ) -> None:
        assert decide(scores(**{intent: SURE}), context=after(before, "ask_talking")).intent == gently

    @pytest.mark.parametrize("intent", ["thanks", "goodbye"])
    def test_thanks_and_goodbye_after_a_calm_talk_are_plain(self, intent: str) -> None:
        assert decide(scores(**{intent: SURE}), context=after("ask_talking")).intent == intent

    @pytest.mark.parametrize("before", ["distress", "emergency", "crisis_self", "crisis_other"])
    @pytest.mark.parametrize("intent", ["affirm", "deny", "repeat", "correct"])
    def test_whatever_leans_on_a_safety_reply_hears_its_numbers_again(self, before: str, intent: str) -> None:
        assert decide(scores(**{intent: SURE}), context=after("ask_names", before)).intent == before

    @pytest.mark.parametrize("intent", ["other", "distress", "emergency"])
    def test_right_after_a_crisis_what_is_no_calm_question_keeps_the_numbers_in_sight(self, intent: str) -> None:
        assert decide(scores(**{intent: SURE}), context=after("crisis_self")).intent == "crisis_self"

    @pytest.mark.parametrize("before", ["crisis_self", "crisis_other", "emergency", "distress"])
    def test_a_calm_question_after_a_hard_talk_is_answered(self, before: str) -> None:
        assert decide(scores(ask_treatment=SURE), context=after(before)).intent == "ask_treatment"

    def test_the_third_ask_gets_the_same_topic_and_the_helpline(self) -> None:
        asked = scores(ask_outlook=SURE)
        assert decide(asked, context=after("ask_outlook")).intent == "ask_outlook"
        third = decide(asked, context=after("ask_outlook", "ask_outlook"))
        assert (third.intent, third.topic) == ("asked_again", "ask_outlook")
        fourth = decide(asked, context=Context([turn("ask_outlook"), turn("ask_outlook"), third]))
        assert (fourth.intent, fourth.topic) == ("asked_again", "ask_outlook")

    def test_another_question_between_starts_the_count_anew(self) -> None:
        context = after("ask_outlook", "ask_outlook", "ask_names")
        assert decide(scores(ask_outlook=SURE), context=context).intent == "ask_outlook"


class TestInvariants:
    @given(any_scores, alert_lists, alerts)
    def test_another_alert_never_makes_a_route_less_severe(
        self, scored: Scores, found: list[Alert], extra: Alert
    ) -> None:
        before = DECIDER.decide("words", scored, found, ALONE)
        more = sorted([*found, extra], key=lambda a: -a.route.severity)
        assert DECIDER.decide("words", scored, more, ALONE).route.severity >= before.route.severity

    @given(any_scores, alert_lists, st.sampled_from(["crisis_self", "crisis_other"]), st.floats(0.0, 1.0))
    def test_a_higher_crisis_score_never_makes_a_route_less_severe(
        self, scored: Scores, found: list[Alert], intent: str, added: float
    ) -> None:
        before = DECIDER.decide("words", scored, found, ALONE)
        raised = Scores({**scored.whole, intent: scored.whole.get(intent, 0.0) + added}, scored.pieces)
        assert DECIDER.decide("words", raised, found, ALONE).route.severity >= before.route.severity

    @given(any_scores, alert_lists, any_context)
    def test_what_was_said_before_never_makes_a_route_less_severe(
        self, scored: Scores, found: list[Alert], context: Context
    ) -> None:
        alone = DECIDER.decide("words", scored, found, ALONE)
        assert DECIDER.decide("words", scored, found, context).route.severity >= alone.route.severity

    @given(any_scores, alert_lists, any_context, st.sampled_from(["any words", "2", "the first one please", ""]))
    def test_every_decision_has_a_reply_a_rule_and_its_replys_route(
        self, scored: Scores, found: list[Alert], context: Context, text: str
    ) -> None:
        decision = DECIDER.decide(text, scored, found, context)
        assert decision.intent in SCRIPT.intents
        assert decision.intent in HOUSE_RULES
        assert decision.route is SCRIPT.for_intent(decision.intent).route
        assert decision.reasons

    @given(any_scores, alert_lists, any_context)
    def test_a_decision_survives_the_way_through_the_tracker(
        self, scored: Scores, found: list[Alert], context: Context
    ) -> None:
        decision = DECIDER.decide("words", scored, found, context)
        assert Decision.from_dict(decision.to_dict()) == decision

    @given(any_scores, alert_lists, any_context)
    def test_no_reason_holds_words_of_the_visitor(self, scored: Scores, found: list[Alert], context: Context) -> None:
        decision = DECIDER.decide("Mrs Example of Example Street", scored, found, context)
        assert "Example" not in repr(decision)


@pytest.mark.parametrize("intent", SCRIPT.intents)
def test_every_intent_can_be_chosen_and_is_certain(intent: str) -> None:
    decision = DECIDER.choose(intent)
    assert (decision.intent, decision.route) == (intent, SCRIPT.for_intent(intent).route)
    assert [(reason.source, reason.id) for reason in decision.reasons] == [("choice", intent)]
