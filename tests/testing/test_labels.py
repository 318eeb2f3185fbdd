"""When a reply is right under a label."""

from __future__ import annotations

import pytest

from bot.routes import Route
from bot.testing.labels import ANSWERS, EMERGENCY_NUMBER, HELPLINE, SAMARITANS, best_label, is_right, known
from tests.testing.replies import reply

SAFETY = ["crisis_self", "crisis_other", "emergency", "distress"]
CHAT = {"greet": "greet", "bye": "goodbye", "thanks": "thanks", "bot": "bot", "privacy": "privacy", "menu": "menu"}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_reply_to_an_answers_intent_is_right_under_its_label(name: str) -> None:
    assert is_right(reply(f"ask_{name}"), f"answer:{name}")


@pytest.mark.parametrize("name", [name for name in ANSWERS if name != "helpline"])
def test_the_helpline_alone_is_no_answer(name: str) -> None:
    assert not is_right(reply("complex"), f"answer:{name}")


def test_a_section_that_holds_the_passage_is_an_answer() -> None:
    assert is_right(reply("read_treatment"), "answer:treatment")


def test_pouring_out_most_of_the_leaflet_is_no_answer() -> None:
    sections = [reply(f"read_{name}").leaflet for name in ("understanding", "coping", "treatment", "living")]
    everything = tuple(text for leaflet in sections for text in leaflet)
    flood = reply("read_treatment", texts=everything, leaflet=everything)
    assert not is_right(flood, "answer:treatment")


@pytest.mark.parametrize("label", ["helpline:complex", "helpline:human"])
class TestPeople:
    @pytest.mark.parametrize("intent", ["complex", "human", "unclear", "other", "distress"])
    def test_every_way_to_people_is_right(self, label: str, intent: str) -> None:
        assert is_right(reply(intent), label)

    @pytest.mark.parametrize("intent", ["ask_outlook", "greet", "crisis_self"])
    def test_an_answer_chat_or_an_alarm_is_not(self, label: str, intent: str) -> None:
        assert not is_right(reply(intent), label)

    def test_without_the_number_it_is_not(self, label: str) -> None:
        assert not is_right(reply("complex", texts=("Somebody else may know.",)), label)


class TestSafety:
    @pytest.mark.parametrize("intent", SAFETY)
    def test_its_own_reply_is_right(self, intent: str) -> None:
        route = reply(intent).route.value
        assert is_right(reply(intent), f"helpline:{route}")

    def test_a_more_severe_route_is_right_for_a_less_severe_label(self) -> None:
        assert is_right(reply("crisis_self"), "helpline:emergency")
        assert is_right(reply("crisis_self"), "helpline:distress")
        assert is_right(reply("emergency"), "helpline:distress")

    def test_a_less_severe_route_is_not_right_for_a_more_severe_label(self) -> None:
        assert not is_right(reply("emergency"), "helpline:crisis")
        assert not is_right(reply("distress"), "helpline:crisis")
        assert not is_right(reply("distress"), "helpline:emergency")
        assert not is_right(reply("complex"), "helpline:distress")

    @pytest.mark.parametrize("number", [EMERGENCY_NUMBER, SAMARITANS, HELPLINE])
    def test_a_crisis_reply_that_lacks_a_number_is_wrong(self, number: str) -> None:
        whole = reply("crisis_self")
        without = reply("crisis_self", texts=tuple(text.replace(number, "") for text in whole.texts))
        assert not is_right(without, "helpline:crisis")

    def test_a_no_break_space_within_a_number_counts_as_a_space(self) -> None:
        spaced = reply("crisis_self", texts=("Call 999, 116\u00a0123 or 0808\u00a0800\u00a06000.",))
        assert is_right(spaced, "helpline:crisis")


class TestChat:
    @pytest.mark.parametrize(("name", "intent"), CHAT.items())
    def test_chat_is_right_by_its_route(self, name: str, intent: str) -> None:
        assert is_right(reply(intent), f"chat:{name}")

    def test_chat_that_holds_a_passage_is_wrong(self) -> None:
        assert not is_right(reply("ask_names", route=Route.CHAT), "chat:greet")

    @pytest.mark.parametrize("intent", ["other", "complex", "unclear", "human", "menu"])
    def test_off_topic_may_go_anywhere_that_answers_nothing(self, intent: str) -> None:
        assert is_right(reply(intent), "chat:other")

    @pytest.mark.parametrize("intent", ["ask_outlook", "crisis_self"])
    def test_off_topic_gets_no_passage_and_no_alarm(self, intent: str) -> None:
        assert not is_right(reply(intent), "chat:other")


@pytest.mark.parametrize("label", ["answer:outlook", "helpline:crisis", "chat:other", "chat:bye"])
def test_labels_of_the_documentation_are_known(label: str) -> None:
    assert known(label)


@pytest.mark.parametrize("label", ["answer:weather", "helpline:", "crisis", "", "chat:sing"])
def test_other_labels_are_not(label: str) -> None:
    assert not known(label)


def test_the_first_right_label_is_the_best() -> None:
    assert (
        best_label(reply("crisis_self"), ["chat:greet", "helpline:distress", "helpline:crisis"]) == "helpline:distress"
    )
    assert best_label(reply("greet"), ["helpline:crisis"]) is None
