"""Whole conversations with the trained model: what leans on the turns before is understood."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.routes import Route
from tests.model import SCRIPT, Talk, ids

pytestmark = pytest.mark.model

OUTLOOK = "secondary.outlook"
HELPLINE = "house.helpline"


class TestRepeat:
    @pytest.mark.parametrize("again", ["can you say that again", "please repeat that", "sorry, say that again please?"])
    async def test_again_says_the_same_words_again(self, talk: Talk, again: str) -> None:
        first = await talk.say("what's my outlook?")
        second = await talk.say(again)
        assert ids(first) == ids(second) == [OUTLOOK]
        assert second.decision.intent == "repeat"

    async def test_again_still_works_after_thanks(self, talk: Talk) -> None:
        await talk.say("what's my outlook?")
        await talk.say("thank you")
        assert ids(await talk.say("can you say that again")) == [OUTLOOK]

    async def test_again_before_any_answer_shows_the_topics(self, talk: Talk) -> None:
        answer = await talk.say("can you say that again")
        assert answer.route is Route.CHAT
        assert answer.choices


class TestChoices:
    async def test_a_number_picks_what_was_offered(self, talk: Talk) -> None:
        offered = (await talk.say("what can I ask you about?")).choices
        answer = await talk.say("2")
        assert answer.decision.intent == offered[1]

    async def test_words_for_a_number_pick_too(self, talk: Talk) -> None:
        offered = (await talk.say("what can I ask you about?")).choices
        answer = await talk.say("the last one please")
        assert answer.decision.intent == offered[-1]

    async def test_a_number_out_of_range_picks_nothing(self, talk: Talk) -> None:
        await talk.say("what can I ask you about?")
        answer = await talk.say("9")
        assert answer.decision.reasons[0].source != "choice"

    async def test_a_choice_that_is_clicked_is_answered(self, talk: Talk) -> None:
        await talk.say("hello")
        answer = await talk.choose("ask_outlook")
        assert (ids(answer), answer.route) == ([OUTLOOK], Route.ANSWER)

    async def test_yes_to_several_topics_asks_which(self, talk: Talk) -> None:
        offered = (await talk.say("what can I ask you about?")).choices
        answer = await talk.say("yes please")
        assert answer.route is Route.UNCLEAR
        assert answer.choices == offered

    async def test_yes_to_the_only_thing_offered_takes_it(self, talk: Talk) -> None:
        assert (await talk.say("thank you")).choices == ("menu",)
        answer = await talk.say("yes please")
        assert ids(answer) == list(SCRIPT.for_intent("menu").blocks)

    async def test_no_gets_the_helpline_and_the_way_back_to_the_topics(self, talk: Talk) -> None:
        await talk.say("what can I ask you about?")
        answer = await talk.say("no, none of those")
        assert HELPLINE in ids(answer)
        assert answer.choices == ("menu",)


class TestFollowUps:
    async def test_and_the_liver_after_treatment_leads_to_the_list_of_sites(self, talk: Talk) -> None:
        await talk.say("what treatments are there?")
        assert ids(await talk.say("and the liver?")) == ["secondary.sites"]

    async def test_a_correction_of_whom_it_is_about_says_the_same_words(self, talk: Talk) -> None:
        await talk.say("what other names are there for it?")
        answer = await talk.say("no I meant my mum")
        assert ids(answer) == ["secondary.names"]

    async def test_a_chat_goes_from_question_to_question(self, talk: Talk) -> None:
        assert ids(await talk.say("can it be cured?")) == ["secondary.curable"]
        assert ids(await talk.say("what's my outlook?")) == [OUTLOOK]
        assert ids(await talk.say("are there any support groups?")) == ["secondary.meetups"]
        assert (await talk.say("bye")).route is Route.CHAT


class TestAskedAgain:
    async def test_the_third_time_the_bot_stays_with_the_words_and_names_the_helpline(self, talk: Talk) -> None:
        asked = ["how long have I got?", "just tell me how long I've got", "I said how long have I got"]
        first, second, third = [await talk.say(text) for text in asked]
        assert ids(first) == ids(second) == [OUTLOOK]
        assert ids(third) == [OUTLOOK, "house.asked_again", HELPLINE]
        fourth = await talk.say("how long have I got?")
        assert ids(fourth) == ids(third)


class TestHardTalk:
    async def test_thanks_after_distress_keep_the_helpline(self, talk: Talk) -> None:
        assert (await talk.say("I'm so scared, I can't stop crying")).route is Route.DISTRESS
        answer = await talk.say("thank you")
        assert answer.decision.intent == "thanks_gently"
        assert HELPLINE in ids(answer)

    async def test_a_calm_question_after_a_crisis_is_answered(self, talk: Talk) -> None:
        assert (await talk.say("I want to end my life")).route is Route.CRISIS
        assert ids(await talk.say("what treatments are there?")) == ["secondary.treatment"]

    @pytest.mark.parametrize("text", ["no", "yes", "don't send anyone", "I can't ring 999, he'd hear me"])
    async def test_after_a_crisis_what_is_no_question_keeps_the_numbers_in_sight(self, talk: Talk, text: str) -> None:
        first = await talk.say("I want to end my life")
        second = await talk.say(text)
        assert ids(second) == ids(first)

    async def test_a_crisis_among_calm_questions_is_a_crisis(self, talk: Talk) -> None:
        await talk.say("what other names are there for it?")
        await talk.say("thanks")
        assert (await talk.say("they'd be better off without me")).route is Route.CRISIS

    async def test_goodbye_after_a_crisis_and_a_calm_question_keeps_the_helpline(self, talk: Talk) -> None:
        await talk.say("I want to end my life")
        await talk.say("what treatments are there?")
        answer = await talk.say("ok bye")
        assert HELPLINE in ids(answer)

    async def test_a_friend_in_danger_gets_the_words_for_a_friend(self, talk: Talk) -> None:
        answer = await talk.say("my sister says she wants to kill herself")
        assert "house.crisis_other" in ids(answer)


async def test_conversations_do_not_lean_on_one_another(arrive: Callable[[], Talk]) -> None:
    one, other = arrive(), arrive()
    await one.say("I want to end my life")
    assert (await other.say("thank you")).decision.intent == "thanks"


async def test_text_in_capitals_without_punctuation_is_understood_alike(talk: Talk) -> None:
    assert ids(await talk.say("WHATS MY OUTLOOK")) == [OUTLOOK]
