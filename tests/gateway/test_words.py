"""Approved text as HTML: laid out, with numbers to call, and not one character changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.contacts import load_contacts
from bot.blocks.library import Library
from bot.gateway.words import call_link, linked, links, paragraphs
from bot.settings import Settings
from tests.gateway.html import read

NUMBERS = links(load_contacts(Settings.load({}).approved_dir))


def test_every_approved_text_reads_the_same_on_the_page(library: Library) -> None:
    for block in library:
        assert read(str(paragraphs(block.text, NUMBERS))).text == block.text
        assert read(str(linked(block.text, NUMBERS))).text == block.text


@given(st.text(alphabet="a <>&'\"•\n 9 1\u00a0\u2028\t" + "é"))
def test_any_text_at_all_reads_the_same_on_the_page(text: str) -> None:
    assert read(str(paragraphs(text, NUMBERS))).text == text
    assert read(str(linked(text, NUMBERS))).text == text


def test_999_and_samaritans_can_be_called_from_the_crisis_words(library: Library) -> None:
    pages = [
        read(str(paragraphs(library[id_].text, NUMBERS))) for id_ in ("house.crisis_self", "house.crisis_contacts")
    ]
    found = [(link.text, link.attributes["href"]) for page in pages for link in page.all("a")]
    assert ("999", "tel:999") in found
    assert ("116 123", "tel:116123") in found
    assert ("85258", "sms:85258") in found


@pytest.mark.parametrize("number", ["18001", "18000"])
def test_a_relay_services_prefix_is_no_link(number: str) -> None:
    assert number not in NUMBERS


def test_lines_with_bullets_become_a_list(library: Library) -> None:
    page = read(str(paragraphs(library["secondary.names"].text, NUMBERS)))
    assert [item.text.strip() for item in page.all("li")][:2] == ["• metastatic breast cancer", "• metastases"]
    assert len(list(page.all("p"))) == 1


def test_part_of_a_longer_number_is_no_link() -> None:
    assert "<a" not in linked("1999 and 0808 800 60001", NUMBERS)


def test_a_whole_text_can_be_a_link_to_its_number(library: Library) -> None:
    addresses = {"urgent_emergency": "tel:999", "urgent_samaritans": "tel:116123", "urgent_nhs": "tel:111"}
    for label, address in addresses.items():
        text = library[f"page.{label}"].text
        link = read(str(call_link(text, NUMBERS))).one("a")
        assert (link.text, link.attributes["href"]) == (text, address)
