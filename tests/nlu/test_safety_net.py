"""The safety screen inside Rasa's pipeline."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.safety_net import ALERTS_KEY, SafetyNet
from bot.routes import Route
from bot.safety.screen import Screen
from bot.settings import Settings


@pytest.fixture(scope="module")
def net() -> SafetyNet:
    return SafetyNet(Screen.load(Settings.load({}).safety_dir))


def test_what_the_screen_finds_is_noted_on_the_message(net: SafetyNet) -> None:
    crisis, calm = net.process([Message({"text": "I want to kill myself"}), Message({"text": "What's my outlook?"})])
    assert crisis.get(ALERTS_KEY)[0].route is Route.CRISIS
    assert calm.get(ALERTS_KEY) == ()


@pytest.mark.parametrize("text", ["", None])
def test_a_message_without_a_text_has_no_alert(net: SafetyNet, text: str | None) -> None:
    (message,) = net.process([Message({"text": text})])
    assert message.get(ALERTS_KEY) == ()


def test_the_visitors_words_that_matched_are_not_put_on_record(net: SafetyNet) -> None:
    (message,) = net.process([Message({"text": "I want to kill myself"})])
    assert "myself" not in repr(message.get(ALERTS_KEY))
    assert ALERTS_KEY not in message.as_dict(only_output_properties=True)
