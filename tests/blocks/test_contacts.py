"""Contacts are the numbers that blocks may mention; every other number in a text is found out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.contacts import find_numbers, load_contacts
from bot.errors import Code, SignpostError
from tests.blocks.conftest import APPROVED, Copy


def numbers(text: str) -> list[str]:
    return [mention.number for mention in find_numbers(text)]


def test_the_contacts_are_those_of_the_design() -> None:
    found = {contact.id: contact.number for contact in load_contacts(APPROVED)}
    assert found == {
        "helpline": "0808 800 6000",
        "emergency": "999",
        "nhs_111": "111",
        "samaritans": "116 123",
        "shout": "85258",
        "relay": "18001",
        "relay_emergency": "18000",
    }


def test_the_helplines_hours_are_not_known() -> None:
    helpline = next(contact for contact in load_contacts(APPROVED) if contact.id == "helpline")
    assert helpline.hours is None
    assert helpline.free is True


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call 999 now.", ["999"]),
        ("call 99 now", ["99"]),
        ("Call 116 123, free.", ["116 123"]),
        ("Call 0808 800 6000.\n\nIf", ["0808 800 6000"]),
        ("0808\u00a0800\u00a06000", ["0808 800 6000"]),
        ("+44 808-800.6000", ["+44 808-800.6000"]),
        ("SHOUT to 85258 or 18001", ["85258", "18001"]),
        ("999 or 111, 116 123", ["999", "111", "116 123"]),
        ("116 123 days", ["116 123"]),
        ("0808 800 24/7", ["0808 800 24", "7"]),
        ("ring 2017", ["2017"]),
        ("٩٩٩", ["٩٩٩"]),
        ("call 9 for help", ["9"]),
    ],
)
def test_numbers_to_call_are_found(text: str, found: list[str]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Last reviewed: December 2015",
        "Next planned review begins 2017",
        "24 November 2026",
        "in 2017",
        "the hospital’s own 24-hour treatment line",
        "open 24/7",
        "stage 4 breast cancer",
        "kept for 30 days",
        "no digits at all",
    ],
)
def test_dates_spans_and_stages_are_no_numbers_to_call(text: str) -> None:
    assert numbers(text) == []


def test_a_mention_says_where_the_number_stands() -> None:
    text = "Call 116 123, free."
    (mention,) = find_numbers(text)
    assert text[mention.start : mention.end] == mention.number


@given(st.integers(2, 12).flatmap(lambda size: st.text("0123456789", min_size=size, max_size=size)))
def test_every_run_of_digits_after_call_is_found_whole(digits: str) -> None:
    assert numbers(f"Please call {digits} now") == [digits]


@given(st.text("0123456789 -.", min_size=1).map(str.strip).filter(lambda text: any(map(str.isdigit, text))))
def test_no_digit_after_call_is_lost(text: str) -> None:
    found = "".join(numbers(f"Please call {text} now"))
    assert [c for c in found if c.isdigit()] == [c for c in text if c.isdigit()]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("number", 999),
        ("free", "yes"),
        ("hours", 24),
        ("checked", "last year"),
        ("confirmed_by", None),
        ("source", None),
    ],
)
def test_a_contact_of_the_wrong_form_is_an_error_that_names_it(copy: Copy, key: str, value: Any) -> None:
    copy.edit("contacts.yml", lambda data: data["contacts"]["shout"].update({key: value}))
    with pytest.raises(SignpostError, match=f"{key} of shout") as caught:
        load_contacts(copy.approved)
    assert caught.value.code is Code.E100


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["contacts"]["shout"].pop("checked"),
        lambda data: data["contacts"]["shout"].update(extra="x"),
        lambda data: data["contacts"].update(shout="85258"),
        lambda data: data.update(contacts=["85258"]),
        lambda data: data.pop("contacts"),
    ],
)
def test_contacts_of_the_wrong_form_are_an_error(copy: Copy, change: Any) -> None:
    copy.edit("contacts.yml", change)
    with pytest.raises(SignpostError) as caught:
        load_contacts(copy.approved)
    assert caught.value.code is Code.E100
