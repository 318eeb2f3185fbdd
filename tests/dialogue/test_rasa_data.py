"""What Rasa's own tools read: rules, stories and test stories cover what there is, and its test messages hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from bot.blocks.library import read_mapping
from bot.nlu.examples import Example, read_examples
from bot.routes import Route
from bot.settings import ROOT
from bot.testing.bots import AgentDialogue
from tests.model import SCRIPT

RASA_TESTS = ROOT / "tests" / "rasa"
RULES = read_mapping(ROOT / "data" / "stories" / "rules.yml")["rules"]
MESSAGES = read_examples(RASA_TESTS)


def stories(folder: Path) -> list[dict[str, Any]]:
    return [story for path in sorted(folder.glob("*.yml")) for story in read_mapping(path).get("stories", [])]


def intents(story: dict[str, Any]) -> list[str]:
    return [step["intent"] for step in story["steps"] if "intent" in step]


def test_every_intent_has_exactly_one_rule() -> None:
    assert sorted(intent for rule in RULES for intent in intents(rule)) == sorted(SCRIPT.intents)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["rule"])
def test_a_rule_says_the_words_first_and_then_opens_a_case_where_the_route_has_a_level(rule: dict[str, Any]) -> None:
    (intent,) = intents(rule)
    actions = [step["action"] for step in rule["steps"] if "action" in step]
    route = SCRIPT.for_intent(intent).route
    assert actions == [f"utter_{intent}", *(["action_open_case"] if route.level else [])]


def test_titles_are_sentences_of_their_own() -> None:
    titles = [rule["rule"] for rule in RULES]
    titles += [story["story"] for folder in (ROOT / "data" / "stories", RASA_TESTS) for story in stories(folder)]
    assert all(title[0].isupper() and " " in title for title in titles)
    assert len(set(titles)) == len(titles)


def test_every_intent_stands_in_a_test_story() -> None:
    assert {intent for story in stories(RASA_TESTS) for intent in intents(story)} == set(SCRIPT.intents)


def test_test_stories_are_found_by_rasa() -> None:
    """Rasa takes a file for a test only by the beginning of its name."""
    named = [path.name for path in RASA_TESTS.glob("*.yml") if "stories" in read_mapping(path)]
    assert named
    assert all(name.startswith("test_") for name in named)


def test_rasa_says_the_helpline_where_no_rule_fits() -> None:
    policy = next(policy for policy in read_mapping(ROOT / "config.yml")["policies"] if policy["name"] == "RulePolicy")
    assert SCRIPT[policy["core_fallback_action_name"]].route is Route.UNAVAILABLE
    assert policy["enable_fallback_prediction"] is True


def test_our_channel_is_the_only_one() -> None:
    assert list(read_mapping(ROOT / "credentials.yml")) == ["bot.dialogue.channel.LoopbackChannel"]


@pytest.mark.model
@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.text)
async def test_a_test_message_is_decided_as_labelled(dialogue: AgentDialogue, message: Example) -> None:
    """`rasa test nlu` ends with 0 even where it finds errors."""
    parsed = await dialogue._agent.processor.parse_message(UserMessage(message.text))
    assert parsed["intent"]["name"] == message.intent
