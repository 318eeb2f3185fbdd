"""The domain names ids and holds no words, wherever one might put them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.blocks.checks.domain import domain_holds_no_words
from bot.blocks.library import read_mapping
from tests.blocks.conftest import DOMAIN

PATH = Path("domain.yml")


def test_the_domain_as_it_stands_holds_no_words() -> None:
    assert list(domain_holds_no_words(read_mapping(DOMAIN), DOMAIN)) == []


@pytest.mark.parametrize(
    "domain",
    [
        {"responses": {"utter_a": [{"text": "hello"}]}},
        {"responses": {"utter_a": [{"custom": {"text": "hello"}}]}},
        {"responses": {"utter_a": [{"custom": {"route": "chat", "blocks": ["Call us"]}}]}},
        {"responses": {"utter_a": [{"buttons": []}]}},
        {"responses": {"utter_a": [{"image": "x"}]}},
        {"responses": {"utter_a": [{"channel": "web", "custom": {"blocks": [{"a": {"b": "Hi!"}}]}}]}},
        {"slots": {"a": {"initial_value": "We are here"}}},
        {"intents": ["Hello there"]},
        {"intents": [{"Hello there": {}}]},
        {"Hello there": {}},
        {"actions": ["say it"]},
    ],
)
def test_words_are_found(domain: Any) -> None:
    assert {problem.code.name for problem in domain_holds_no_words(domain, PATH)} == {"E107"}


@pytest.mark.parametrize(
    "domain",
    [
        {"version": "3.1"},
        {"intents": ["greet", {"ask_outlook": {"use_entities": []}}]},
        {"slots": {"topic": {"type": "text", "mappings": [{"type": "custom"}], "initial_value": None}}},
        {"session_config": {"session_expiration_time": 0, "carry_over_slots_to_new_session": True}},
    ],
)
def test_structure_is_no_words(domain: Any) -> None:
    assert list(domain_holds_no_words(domain, PATH)) == []


def test_the_message_says_where_the_words_stand_and_not_what_they_are() -> None:
    domain = {"responses": {"utter_a": [{"text": "Something secret"}]}}
    (problem,) = domain_holds_no_words(domain, PATH)
    assert "responses.utter_a holds words (text)" in problem.message
    assert "secret" not in problem.message
