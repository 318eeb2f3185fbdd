"""No block says what it must not, or holds a character that could not be seen."""

from __future__ import annotations

import pytest

from bot.blocks.checks.material import Material
from bot.blocks.checks.wording import characters_are_plain, house_wording_is_allowed
from tests.blocks.conftest import codes, with_text


@pytest.mark.parametrize(
    "text",
    [
        "Somebody committed suicide.",
        "After a failed attempt.",
        "It may be a cry for help.",
        "If you took an overdose.",
        "We assess how you are.",
        "Signpost can diagnose this.",
        "We monitor every chat.",
        "You have a high risk.",
        "I promise that it helps.",
        "It will be all right.",
        "Don’t worry about it.",
        "I know how you feel.",
        "You are fighting cancer.",
        "Have a great day.",
        "Our lines are open.",
        "Open from nine.",
        "Not on Sundays.",
        "Until 5 pm.",
        "A nurse is here for you now.",
        "It's this.",
        'Say "yes".',
        "Good news!",
    ],
)
def test_the_wording_is_refused(material: Material, text: str) -> None:
    problems = list(house_wording_is_allowed(with_text(material, "house.menu", text)))
    assert "E110" in codes(problems)


@pytest.mark.parametrize(
    "text",
    [
        "Understanding your diagnosis",
        "If somebody has been diagnosed",
        "you might end your life",
        "They ended their life.",
        "Samaritans will listen, day and night.",
        "the hospital’s own 24-hour treatment line",
        "somebody is hurting you",
        "Go to A&E now. I am a chatbot.",
    ],
)
def test_the_wording_is_allowed(material: Material, text: str) -> None:
    assert codes(house_wording_is_allowed(with_text(material, "house.menu", text))) == []


def test_a_leaflets_wording_is_its_publishers(material: Material) -> None:
    spoilt = with_text(material, "secondary.outlook", "It's a battle.")
    assert codes(house_wording_is_allowed(spoilt)) == []


@pytest.mark.parametrize("id_", ["house.menu", "secondary.outlook"])
@pytest.mark.parametrize(
    "text",
    [
        " space before",
        "line end after\n",
        "e\u0301 is not NFC",
        "zero\u200bwidth",
        "soft\u00adhyphen",
        "bidi\u202eoverride",
        "a\ttab",
        "carriage\r\nreturn",
        "Hello {name}",
        "Cyrillic \u0430",
        "line\u2028separator",
    ],
)
def test_an_odd_character_is_refused_in_any_block(material: Material, id_: str, text: str) -> None:
    assert "E110" in codes(characters_are_plain(with_text(material, id_, text)))


@pytest.mark.parametrize("text", ["can’t “quote” – dash", "no-break\u00a0space", "  • list".strip(), "naïve", "A&E\nB"])
def test_a_plain_character_is_allowed(material: Material, text: str) -> None:
    assert codes(characters_are_plain(with_text(material, "house.menu", text))) == []
