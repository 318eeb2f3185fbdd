"""Redaction: personal data goes, everything that a question or a call for help needs stays."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.blocks.contacts import load_contacts
from bot.blocks.library import Library
from bot.privacy.redact import WORDS, redact
from bot.safety.patterns import PatternBook
from bot.settings import Settings

SETTINGS = Settings.load({})
CONTACTS = [contact.number for contact in load_contacts(SETTINGS.approved_dir)]
PATTERNS = PatternBook.load(SETTINGS.safety_dir).patterns
CRIES = sorted({text for pattern in PATTERNS for text in pattern.examples})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Phones
        ("call me on 07700 900123", "call me on [phone number]"),
        ("07700900123", "[phone number]"),
        ("077 00 90 01 23 is my number", "[phone number] is my number"),
        ("mob 07700-900-123.", "mob [phone number]."),
        ("+44 7700 900123", "[phone number]"),
        ("+44 (0)7700 900123", "[phone number]"),
        ("0044 7700900123 any time", "[phone number] any time"),
        ("(020) 7946 0958 please", "[phone number] please"),
        ("0161 496 0000", "[phone number]"),
        ("ring 01632960000 today", "ring [phone number] today"),
        ("my number is 496 0123", "my number is [phone number]"),
        ("+353 1 496 0123", "[phone number]"),
        # E-mail and web addresses
        ("write to jane.doe+bc@example.co.uk!", "write to [email address]!"),
        ("jane.doe at gmail dot com", "[email address]"),
        ("https://jane:secret@example.com/x see", "[web address] see"),
        ("I'm facebook.com/jane.doe.5 there", "I'm [web address] there"),
        # Postcodes and addresses
        ("I live in SW1A 2AA", "I live in [postcode]"),
        ("m1 1ae", "[postcode]"),
        ("EC1A1BB.", "[postcode]."),
        ("my postcode is M20", "my postcode is [postcode]"),
        ("12 High Street", "[address]"),
        ("I live at 4b acacia avenue with my mum", "I live at [address] with my mum"),
        # NHS numbers and cards
        ("943 476 5919", "[NHS number]"),
        ("9434765919", "[NHS number]"),
        ("my NHS number is 123 456 7890", "my NHS number is [NHS number]"),
        ("4111 1111 1111 1111", "[card number]"),
        # Dates of birth
        ("dob 12/3/2001", "dob [date of birth]"),
        ("D.O.B. 12.3.61", "D.O.B. [date of birth]"),
        ("my date of birth is 12th March 1999", "my date of birth is [date of birth]"),
        ("I was born on 3 March 2001", "I was born on [date of birth]"),
        ("12/03/1961", "[date of birth]"),
        ("Jane, 1958-11-02", "Jane, [date of birth]"),
        ("5th of April 1950", "[date of birth]"),
        ("April 5, 1950", "[date of birth]"),
        # Names
        ("My name is Jane Doe and I have a question", "My name is [name] and I have a question"),
        ("my name is jane i want to die", "my name is [name] i want to die"),
        ("MY NAME IS JANE I CAN'T GO ON", "MY NAME IS [name] I CAN'T GO ON"),
        ("I’m called Mary-Ann O’Brien. Help", "I’m called [name]. Help"),
        ("my name's Zoë", "my name's [name]"),
        ("her name is Sarah Please help her", "her name is [name] Please help her"),
        # Several at once
        ("Jane, 07700 900123, jane@example.com", "Jane, [phone number], [email address]"),
    ],
)
def test_personal_data_is_taken_out(text: str, expected: str) -> None:
    assert redact(text).text == expected
    assert redact(text).kinds


@pytest.mark.parametrize(
    "text",
    [
        *CONTACTS,
        *(f"I rang {number} and nobody answered" for number in CONTACTS),
        "+44 808 800 6000",
        "08088006000",
        "call me back on 0808 800 6000",
        "0300 123 1234",
        "116123",
        "stage 4",
        "stage 4 for 2 years, 3 in the liver",
        "T2 N1 M0",
        "T4 2cm",
        "grade 3, HER2 3+, ER 8/8",
        "CA 15-3 is 35 and was 28",
        "CA15-3 120",
        "B12 5ug",
        "since the 2nd of May I am on 75 mg twice a day",
        "capecitabine 500mg 2x daily, 14 days on 7 off",
        "scan on 12/10/2015",
        "scan on 12.10.2015 at 10.30",
        "diagnosed 3 March 2019",
        "my appointment is at 5pm on 1/2/26",
        "N1 2nd opinion",
        "my blood pressure is 120/80",
        "temperature 38.5",
        "1 in 8 women",
        "7 7 2019",
        "10 000 steps 12 000 steps",
        "my name is not important",
        "my name is on the list",
        "I'm called in for a scan",
        "12 weeks down the road",
        "what are the 5 year figures",
        "neutrophils 0.7 platelets 150 hb 112",
        "1234567890",
        "",
    ],
)
def test_what_a_question_needs_stays(text: str) -> None:
    assert redact(text).text == text
    assert redact(text).kinds == ()


def test_every_approved_text_is_left_as_it_is() -> None:
    for block in Library.load(SETTINGS.approved_dir):
        assert redact(block.text).text == block.text, block.id


@pytest.mark.parametrize("before", ["", "my name is jane ", "My name is Jane ", "07700 900123 ", "SW1A 2AA, "])
def test_no_word_of_a_call_for_help_is_taken_out(before: str) -> None:
    for cry in CRIES:
        assert redact(before + cry).text.endswith(cry)
        assert redact(before + cry.upper()).text.endswith(cry.upper())


PARTS = (
    *("07700 900123", "+44", "@", "example.com", "jane", "SW1A", "2AA", "943 476 5919", "12/3/1961", "my name is "),
    *("I'm called ", "dob ", "\n", " ", ".", ",", "-"),
    *WORDS.values(),
)
anything = st.text() | st.lists(st.sampled_from(PARTS), max_size=12).map("".join)


@given(anything)
@example("N1 2AB@example.com")
@example("07700900123SW1A2AA")
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact(text)
    assert redact(once.text).text == once.text
    assert redact(once.text).kinds == ()


words = st.text(alphabet=st.characters(whitelist_categories=["L", "Zs", "Po"]))


@given(words, st.sampled_from(["07700 900123", "jane@example.com", "943 476 5919", "SW1A 2AA"]), words)
def test_personal_data_is_found_wherever_it_stands(before: str, secret: str, after: str) -> None:
    assert secret not in redact(f"{before} \n {secret} \n {after}").text


@given(st.text(alphabet=st.characters(whitelist_categories=["Ll", "Zs", "Po"], blacklist_characters="@")))
def test_plain_words_are_left_as_they_are(text: str) -> None:
    assert redact(text).text == text


def test_the_message_is_in_no_description_of_the_result() -> None:
    assert "Jane" not in repr(redact("I am Jane"))
