"""No word and no digit of approved text changes unnoticed."""

from __future__ import annotations

import re

import pytest
import yaml

from bot.blocks.contacts import find_numbers
from bot.blocks.library import Library
from bot.validator.check import approved_text
from bot.validator.rules.seals import decisions_are_sealed
from tests.blocks.conftest import APPROVED
from tests.mutation.conftest import Copy

LIBRARY = Library.load(APPROVED)
HOUSE = "data/approved/house"
LEAFLET = "data/approved/leaflets/secondary-breast-cancer.yml"
CONTACTS = "data/approved/contacts.yml"

SPOILT = {
    "a crisis reply says later for now": (
        f"{HOUSE}/safety.yml",
        "from a person now. Don’t",
        "from a person later. Don’t",
        "E105",
    ),
    "999 loses a digit": (f"{HOUSE}/safety.yml", "Call 999 or go", "Call 99 or go", "E104"),
    "Samaritans’ digits are swapped": (f"{HOUSE}/safety.yml", "116 123", "116 132", "E104"),
    "SHOUT’s number differs by a digit": (f"{HOUSE}/safety.yml", "85258", "85259", "E104"),
    "Relay UK’s prefix differs by a digit": (f"{HOUSE}/safety.yml", "18001", "18011", "E104"),
    "the Helpline’s number differs by a digit": (f"{HOUSE}/charity.yml", "0808 800 6000", "0808 800 6006", "E104"),
    "an emergency reply drops a not": (f"{HOUSE}/safety.yml", "Please don’t wait until", "Please wait until", "E105"),
    "a title of a topic changes": (
        f"{HOUSE}/choices.yml",
        'choice.ask_outlook: "',
        'choice.ask_outlook: "Your ',
        "E105",
    ),
    "the head of the page changes": (f"{HOUSE}/page.yml", "call 999 or go to A&E now", "go to A&E now", "E105"),
    "can’t becomes can": (LEAFLET, "can’t be cured", "can be cured", "E103"),
    "an apostrophe of the leaflet becomes a straight one": (LEAFLET, "can’t be cured", "can't be cured", "E103"),
    "the leaflet’s next review moves on": (LEAFLET, 'next_review: "2017"', 'next_review: "2027"', None),
    "the leaflet’s digest is another": (LEAFLET, "sha256: ", "sha256: 0", "E106"),
    "a contact’s digit changes": (CONTACTS, 'number: "116 123"', 'number: "116 124"', "E104"),
    "a block is renamed": (f"{HOUSE}/safety.yml", "house.crisis_contacts:", "house.crisis_numbers:", "E102"),
    "an unseen character slips in": (f"{HOUSE}/safety.yml", "from a person now", "from a person n\u200bow", "E110"),
    "a sign-off is made up": (f"{HOUSE}/safety.yml", "sign_off: pending", "sign_off: somebody", None),
}


@pytest.mark.parametrize("change", [name for name, spoilt in SPOILT.items() if spoilt[3]])
def test_the_check_fails_when(copy: Copy, change: str) -> None:
    file, old, new, code = SPOILT[change]
    copy.replace(file, old, new)
    assert code in copy.found(approved_text)


def test_a_changed_word_of_any_block_fails_the_check(copy: Copy) -> None:
    """One word of each block at once: each is found by its own name, and with its file and line."""
    for path in sorted((copy.root / "data" / "approved").glob("*/*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name, text in data["blocks"].items():
            data["blocks"][name] = re.sub(r"(\w+)(?=\W*$)", r"\1x", text, count=1)
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    found = copy.found(approved_text)
    changed = [message for code in ("E105", "E103") for message in found[code]]
    for block in LIBRARY:
        assert any(re.search(rf"block {re.escape(block.id)}\b", message) for message in changed), block.id
    assert all(re.match(r"\S+\.yml:\d+: \[E", message) for message in changed)


def test_a_changed_digit_of_any_number_fails_the_check(copy: Copy) -> None:
    """The last digit of each number in each block at once: each block that holds one is found by its own name."""
    for path in sorted((copy.root / "data" / "approved" / "house").glob("*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name, text in data["blocks"].items():
            letters = list(text)
            for mention in find_numbers(text):
                letters[mention.end - 1] = str((int(letters[mention.end - 1]) + 1) % 10)
            data["blocks"][name] = "".join(letters)
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    found = copy.found(approved_text)
    for block in LIBRARY:
        if block.source is None and any(find_numbers(block.text)):
            # Relay UK's 18000 and 18001 differ by one digit, and both are contacts: there the seal alone notices.
            for code in ("E104", "E105"):
                assert any(f"block {block.id} " in message for message in found[code]), block.id


@pytest.mark.parametrize("contact", yaml.safe_load((APPROVED / "contacts.yml").read_text(encoding="utf-8"))["contacts"])
@pytest.mark.parametrize("key", ["number", "what_for", "free", "hours"])
def test_a_contact_that_is_another_fails_the_check(copy: Copy, contact: str, key: str) -> None:
    """A number that is wrong in the contacts and in every block alike would agree with itself; its seal does not."""

    def change(data: dict[str, dict[str, dict[str, object]]]) -> None:
        one = data["contacts"][contact]
        one[key] = one["free"] is not True if key == "free" else f"{one[key]}0"

    copy.edit(CONTACTS, change)
    assert "E308" in copy.found(decisions_are_sealed)


def test_an_untouched_copy_has_no_finding_of_its_own(copy: Copy) -> None:
    assert copy.found(approved_text, decisions_are_sealed) == {}
