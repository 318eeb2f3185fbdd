"""`bot check` finds every way in which approved text can go wrong, and passes the text as it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bot.blocks.check import CHECKS, check_files, run_checks
from bot.errors import Code
from bot.settings import Settings
from tests.blocks.conftest import APPROVED, DOMAIN, TODAY, Copy, codes

LEAFLET = "leaflets/secondary-breast-cancer.yml"


def test_the_approved_text_as_it_stands_has_no_error() -> None:
    report = run_checks(Settings.load({}), today=TODAY)
    assert [problem.message for problem in report.problems if problem.severity == "error"] == []
    assert not report.failed


def test_the_overdue_review_and_the_missing_signatures_are_warned_of() -> None:
    report = run_checks(Settings.load({}), today=TODAY)
    assert {"W101", "W102", "W104"} <= set(codes(report.problems))


def test_the_current_day_is_taken_where_none_is_given() -> None:
    assert "W101" in codes(run_checks(Settings.load({})).problems)


def test_a_copy_of_the_approved_text_passes_like_the_text_itself(copy: Copy) -> None:
    assert not copy.check().failed


def test_every_message_begins_with_its_code(copy: Copy) -> None:
    for problem in copy.check().problems:
        assert problem.message.startswith(f"[{problem.code.name}] ")


def test_errors_come_before_warnings(copy: Copy) -> None:
    (copy.approved / "seals.yml").write_text("seals: {}\n")
    severities = [problem.severity for problem in copy.check().problems]
    assert severities == sorted(severities)
    assert severities[0] == "error"
    assert severities[-1] == "warning"


def test_before_the_end_of_2017_the_review_was_not_overdue(copy: Copy) -> None:
    assert "W101" not in codes(copy.check(date(2017, 12, 31)).problems)
    assert "W101" in codes(copy.check(date(2018, 1, 1)).problems)


def _passage(name: str, change: Callable[[str], str]) -> Callable[[Any], None]:
    def edit(data: Any) -> None:
        blocks = data["blocks"]
        assert change(blocks[name]) != blocks[name]
        blocks[name] = change(blocks[name])

    return edit


SPOILT = {
    "one word of a passage is changed": (LEAFLET, _passage("curable", lambda t: t.replace("can’t", "can")), "E103"),
    "a passage loses its first words": (LEAFLET, _passage("curable", lambda t: t.split(", ", 1)[1]), "E112"),
    "a passage loses its last sentence": (LEAFLET, _passage("curable", lambda t: t.split(". ")[0] + "."), "E112"),
    "a list loses its last line": (LEAFLET, _passage("names", lambda t: t.rsplit("\n", 1)[0]), "E112"),
    "a no-break space becomes a space": (LEAFLET, _passage("uncertainty", lambda t: t.replace("\xa0", " ")), "E103"),
    "a typographic apostrophe becomes a straight one": (
        LEAFLET,
        _passage("outlook", lambda t: t.replace("’", "'")),
        "E103",
    ),
    "the helpline's number differs by a digit": (
        "house/charity.yml",
        _passage("house.helpline", lambda t: t.replace("6000", "6001")),
        "E104",
    ),
    "the Samaritans' number differs by a digit": (
        "house/safety.yml",
        _passage("house.crisis_contacts", lambda t: t.replace("116 123", "116 132")),
        "E113",
    ),
    "999 loses a digit": ("house/safety.yml", _passage("house.crisis_self", lambda t: t.replace("999", "99")), "E104"),
    "a contact's number is changed": (
        "contacts.yml",
        lambda data: data["contacts"]["shout"].update(number="85259"),
        "E104",
    ),
    "a contact is removed": ("contacts.yml", lambda data: data["contacts"].pop("nhs_111"), "E104"),
    "a house block is removed": ("house/safety.yml", lambda data: data["blocks"].pop("house.distress"), "E102"),
    "a choice's title is removed": ("house/choices.yml", lambda d: d["blocks"].pop("choice.ask_outlook"), "E102"),
    "a house block is changed without a seal": (
        "house/conversation.yml",
        _passage("house.menu", lambda t: t + " Please."),
        "E105",
    ),
    "a block is added without a seal": (
        "house/conversation.yml",
        lambda data: data["blocks"].update({"house.new": "New."}),
        "E111",
    ),
    "a sealed block is gone": ("house/page.yml", lambda data: data["blocks"].pop("page.send"), "E108"),
    "a passage is in no block": (
        LEAFLET,
        lambda data: [data["blocks"].pop(name) for name in ("stories", "section_living")],
        "E109",
    ),
    "the front matter names another digest": (LEAFLET, lambda data: data.update(sha256="0" * 64), "E106"),
    "the next review is no date": (LEAFLET, lambda data: data.update(next_review="some day"), "E100"),
    "a block says what Samaritans ask not to": (
        "house/safety.yml",
        _passage("house.crisis_other", lambda t: t.replace("end their life", "commit suicide")),
        "E110",
    ),
    "a zero-width character is slipped in": (
        "house/safety.yml",
        _passage("house.crisis_self", lambda t: t.replace("now", "n\u200bow", 1)),
        "E110",
    ),
    "a placeholder is slipped in": (
        "house/conversation.yml",
        _passage("house.greeting", lambda t: t.replace("Hello", "Hello {name}")),
        "E110",
    ),
    "a reply holds text": (
        "domain.yml",
        lambda data: data["responses"]["utter_menu"][0].update(text="Hello there"),
        "E107",
    ),
    "a reply holds buttons": (
        "domain.yml",
        lambda data: data["responses"]["utter_menu"][0].update(buttons=[{"title": "Hello", "payload": "/greet"}]),
        "E107",
    ),
    "a reply holds an image": (
        "domain.yml",
        lambda data: data["responses"]["utter_menu"][0]["custom"].update(image="x"),
        "E107",
    ),
    "a slot begins with words": (
        "domain.yml",
        lambda data: data.update(slots={"a": {"type": "text", "initial_value": "Hello there"}}),
        "E107",
    ),
    "an intent has no reply": ("domain.yml", lambda data: data["intents"].append("ask_new"), "E404"),
    "a reply names a block that does not exist": (
        "domain.yml",
        lambda data: data["responses"]["utter_menu"][0]["custom"].update(blocks=["house.menoo"]),
        "E102",
    ),
    "a reply offers what is no intent": (
        "domain.yml",
        lambda data: data["responses"]["utter_menu"][0]["custom"].update(choices=["house"]),
        "E102",
    ),
    "a distress reply no longer gives the helpline": (
        "domain.yml",
        lambda data: data["responses"]["utter_distress"][0]["custom"].update(blocks=["house.distress"]),
        "E113",
    ),
    "a helpline reply says a leaflet passage": (
        "domain.yml",
        lambda data: data["responses"]["utter_complex"][0]["custom"]["blocks"].append("secondary.outlook"),
        "E114",
    ),
    "a reply has no known route": (
        "domain.yml",
        lambda data: data["responses"]["utter_menu"][0]["custom"].update(route="elsewhere"),
        "E400",
    ),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_the_check_fails_when(copy: Copy, spoilt: str) -> None:
    name, change, code = SPOILT[spoilt]
    copy.edit(name, change)
    report = copy.check()
    assert report.failed
    assert code in codes(report.problems)


def test_one_changed_letter_in_the_leaflets_whole_text_fails(copy: Copy) -> None:
    path = copy.approved / "leaflets" / "secondary-breast-cancer.txt"
    path.write_bytes(path.read_bytes().replace(b"more people", b"most people"))
    assert {"E106", "E103"} <= set(codes(copy.check().problems))


@pytest.mark.parametrize("name", ["contacts.yml", "seals.yml", "house/page.yml", LEAFLET])
def test_a_file_that_cannot_be_read_is_an_error_and_no_crash(copy: Copy, name: str) -> None:
    (copy.approved / name).write_text("[", encoding="utf-8")
    report = copy.check()
    assert report.failed
    assert "E100" in codes(report.problems)


@pytest.mark.parametrize("name", ["contacts.yml", "seals.yml"])
def test_a_file_that_is_missing_is_an_error_and_no_crash(copy: Copy, name: str) -> None:
    (copy.approved / name).unlink()
    assert "E100" in codes(copy.check().problems)


def test_a_missing_domain_is_an_error_and_the_words_are_still_checked(copy: Copy) -> None:
    copy.domain.unlink()
    copy.edit("house/conversation.yml", _passage("house.menu", lambda t: t + " Please."))
    assert {"E100", "E105"} <= set(codes(copy.check().problems))


def test_no_check_is_forgotten() -> None:
    names = {check.__name__ for check in CHECKS}
    for module in {check.__module__ for check in CHECKS}:
        source = (DOMAIN.parent / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8")
        assert set(re.findall(r"^def ([a-z]\w+)\(material", source, re.MULTILINE)) <= names


def test_every_code_of_approved_text_is_one_that_a_check_or_reader_can_give() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (DOMAIN.parent / "bot" / "blocks").rglob("*.py"))
    codes_of_text = {code.name for code in Code if code.name[:2] in {"E1", "W1"}}
    assert codes_of_text == {name for name in codes_of_text if f"Code.{name}" in source}


def test_the_code_that_names_blocks_is_this_projects_own() -> None:
    report = check_files(APPROVED, DOMAIN, today=TODAY)
    assert "E102" not in codes(report.problems)
