"""Numbers, seals and signatures vouch for a block besides its words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.blocks.block import Block
from bot.blocks.checks.material import Material
from bot.blocks.checks.records import (
    blocks_are_signed,
    contacts_are_fresh,
    numbers_are_contacts,
    seals_are_whole,
    texts_are_unique,
)
from bot.blocks.contacts import find_numbers
from bot.blocks.library import Library
from tests.blocks.conftest import APPROVED, TODAY, codes, with_text, without

WITH_NUMBERS = [block for block in Library.load(APPROVED) if list(find_numbers(block.text))]


@pytest.mark.parametrize("block", WITH_NUMBERS, ids=lambda block: block.id)
def test_changing_any_one_digit_of_any_number_is_found(material: Material, block: Block) -> None:
    for mention in find_numbers(block.text):
        for place in range(mention.start, mention.end):
            if block.text[place].isdigit():
                digit = str((int(block.text[place]) + 5) % 10)
                changed = block.text[:place] + digit + block.text[place + 1 :]
                assert codes(numbers_are_contacts(with_text(material, block.id, changed))) == ["E104"]


@pytest.mark.parametrize("block", WITH_NUMBERS, ids=lambda block: block.id)
def test_losing_or_doubling_any_digit_of_any_number_is_found(material: Material, block: Block) -> None:
    for mention in find_numbers(block.text):
        for place in range(mention.start, mention.end):
            if block.text[place].isdigit():
                for digits in ("", block.text[place] * 2):
                    changed = block.text[:place] + digits + block.text[place + 1 :]
                    assert codes(numbers_are_contacts(with_text(material, block.id, changed))) == ["E104"]


def test_a_number_written_without_its_spaces_is_found(material: Material) -> None:
    assert codes(numbers_are_contacts(with_text(material, "house.menu", "Call 08088006000."))) == ["E104"]


def test_a_contact_last_checked_more_than_a_year_ago_is_warned_of(material: Material) -> None:
    oldest = min(contact.checked for contact in material.contacts)
    assert "W103" not in codes(contacts_are_fresh(replace(material, today=oldest + timedelta(days=365))))
    assert "W103" in codes(contacts_are_fresh(replace(material, today=oldest + timedelta(days=366))))


def test_contacts_that_nobody_has_rung_are_warned_of_together(material: Material) -> None:
    assert codes(contacts_are_fresh(replace(material, today=TODAY))) == ["W104"]
    confirmed = tuple(replace(contact, confirmed_by="Somebody") for contact in material.contacts)
    assert codes(contacts_are_fresh(replace(material, contacts=confirmed))) == []


def test_a_changed_an_added_and_a_removed_block_each_break_the_seals(material: Material) -> None:
    assert codes(seals_are_whole(material)) == []
    assert codes(seals_are_whole(with_text(material, "house.menu", "Other."))) == ["E105"]
    assert codes(seals_are_whole(with_text(material, "house.new", "New."))) == ["E111"]
    assert codes(seals_are_whole(without(material, "house.menu"))) == ["E108"]


def test_blocks_that_wait_for_a_signature_are_counted_by_file(material: Material) -> None:
    problems = list(blocks_are_signed(material))
    assert {problem.code.name for problem in problems} == {"W102"}
    assert any("of safety.yml" in problem.message for problem in problems)
    signed = [replace(block, sign_off="Somebody") for block in material.library]
    library = Library({block.id: block for block in signed}, material.library.files, material.library.leaflets)
    assert codes(blocks_are_signed(replace(material, library=library))) == []


def test_two_blocks_with_the_same_text_are_warned_of(material: Material) -> None:
    spoilt = with_text(material, "house.new", material.library["house.menu"].text)
    (problem,) = texts_are_unique(spoilt)
    assert problem.code.name == "W106"
    assert "house.menu and house.new" in problem.message
