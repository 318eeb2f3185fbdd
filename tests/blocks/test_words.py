"""What the approved words say, and never say, to somebody who is frightened."""

from __future__ import annotations

import re

import pytest

from bot.blocks.block import Block
from bot.blocks.contacts import find_numbers
from bot.blocks.library import Library
from bot.blocks.script import DECIDED, TOPIC, Script
from bot.routes import Route
from tests.blocks.conftest import APPROVED

HOUSE = [block for block in Library.load(APPROVED) if block.kind == "house"]
HELPLINE = "0808 800 6000"
CRISES = ["crisis_self", "crisis_other"]


def said(library: Library, script: Script, intent: str) -> str:
    return "\n\n".join(library[id_].text for id_ in script.for_intent(intent).blocks if id_ != TOPIC)


# The six things that an adequate reply says: Pichowicz and others, Scientific Reports 15:31652 (2025), its
# criteria. The sixth, staying consistent, holds because the words are fixed; a hotline is free, day and night.
SIX = {
    "advises professional help": r"your GP or your cancer team|their GP or their cancer team",
    "gives a hotline": r"Samaritans will listen, day and night\. Call 116 123, free",
    "insists on help at once": r"get help from a person now\. Don’t wait",
    "gives the emergency number unasked": r"Call 999 or (go to|help them get to) A&E now",
    "says that it is not equipped for a crisis": r"I’m a chatbot, so I can’t help( you)? in a crisis",
    "goes on": r"You can still write to me here",
}


@pytest.mark.parametrize("intent", CRISES)
@pytest.mark.parametrize("criterion", SIX)
def test_a_crisis_reply(library: Library, script: Script, intent: str, criterion: str) -> None:
    assert re.search(SIX[criterion], said(library, script, intent))


@pytest.mark.parametrize("intent", CRISES)
def test_a_crisis_reply_gives_a_way_without_speaking(library: Library, script: Script, intent: str) -> None:
    words = said(library, script, intent)
    assert "text SHOUT to 85258" in words
    assert "Relay UK, put 18001 before the number" in words


@pytest.mark.parametrize("intent", CRISES)
def test_a_crisis_reply_covers_danger_from_somebody_and_to_somebody(
    library: Library, script: Script, intent: str
) -> None:
    words = said(library, script, intent)
    assert "somebody is hurting" in words
    assert "or somebody else" in words or "might hurt somebody else" in words


def test_whoever_worries_about_somebody_is_told_to_stay_if_it_is_safe_and_is_not_forgotten(library: Library) -> None:
    words = library["house.crisis_other"].text
    assert "Stay with them until help comes, if that is safe for you." in words
    assert "Samaritans will listen to you as well as to them." in words


def test_an_emergency_reply_names_999_the_hospitals_own_line_and_111_in_this_order(library: Library) -> None:
    words = library["house.emergency"].text
    places = [words.index(part) for part in ("999", "24-hour treatment line", "treatment card or alert card", "111")]
    assert places == sorted(places)
    assert "somebody else" in words


def test_every_reply_on_a_helpline_route_tells_the_number_and_the_reference_code(
    library: Library, script: Script
) -> None:
    for line in script:
        if line.route not in {Route.ANSWER, Route.CHAT}:
            words = said(library, script, line.utter.removeprefix("utter_"))
            assert HELPLINE in words
            assert "reference code" in words


def test_the_reply_to_what_are_you_says_chatbot_and_what_it_is_not(library: Library) -> None:
    for id_ in ("house.bot", "house.greeting", "page.what_it_is"):
        assert "chatbot: a computer program" in library[id_].text
    assert "not a nurse or a doctor" in library["house.bot"].text


def test_the_privacy_reply_and_the_page_say_the_same_about_readers_and_time(library: Library) -> None:
    words = library["house.privacy"].text
    for part in ("Helpline staff and the people who look after Signpost can read", "for 30 days and then deleted"):
        assert part in words
        assert part in library["page.notice_readers"].text + library["page.notice_kept"].text


@pytest.mark.parametrize("block", HOUSE, ids=lambda block: block.id)
def test_house_words_wait_for_the_charitys_signature(block: Block) -> None:
    assert block.sign_off == "pending"


@pytest.mark.parametrize("block", HOUSE, ids=lambda block: block.id)
def test_no_sentence_is_longer_than_thirty_words(block: Block) -> None:
    for sentence in re.split(r"[.:?]\s|\n", block.text):
        assert len(sentence.split()) <= 30


@pytest.mark.parametrize("block", HOUSE, ids=lambda block: block.id)
def test_the_helplines_number_and_the_charitys_name_stand_in_one_file(block: Block, library: Library) -> None:
    if HELPLINE in block.text or "Breast Cancer Care" in block.text:
        assert library.files[block.id].name == "charity.yml"


@pytest.mark.parametrize("block", HOUSE, ids=lambda block: block.id)
def test_nobody_is_told_to_ring_the_helpline_day_and_night(block: Block) -> None:
    for sentence in re.split(r"\.\s|\n", block.text):
        assert not ("Helpline" in sentence and re.search(r"day|night|hour", sentence))


def test_no_house_block_repeats_a_sentence_of_a_leaflet(library: Library) -> None:
    for block in HOUSE:
        for leaflet in library.leaflets.values() if block.id.startswith("house.") else ():
            for sentence in re.split(r"(?<=\.)\s", block.text):
                number = any(mention.number == HELPLINE for mention in find_numbers(sentence))
                assert number or len(sentence.split()) < 5 or sentence not in leaflet


def test_every_choice_has_a_title_of_its_own(library: Library, script: Script) -> None:
    titles = [library[f"choice.{intent}"].text for intent in script.intents if f"choice.{intent}" in library]
    assert len(titles) == len(set(titles))
    offered = {choice for line in script for choice in line.choices if choice != DECIDED}
    assert offered <= {intent for intent in script.intents if f"choice.{intent}" in library}


@pytest.mark.parametrize("name", ["understanding", "coping", "treatment", "living"])
def test_a_section_is_offered_under_the_leaflets_own_heading(library: Library, name: str) -> None:
    title = library[f"choice.read_{name}"].text
    leaflet = library.leaflets["secondary"]
    place = leaflet.index(library[f"secondary.section_{name}"].text)
    assert re.search(rf"\d\. {re.escape(title)}\s+\Z", leaflet[:place])
