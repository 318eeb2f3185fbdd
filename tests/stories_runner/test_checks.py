"""Checks: what a story demands of a reply holds, or does not, or cannot be seen."""

from __future__ import annotations

import pytest

from bot.stories.checks import Finding, State, check_reply
from bot.stories.said import Inside, Said
from bot.stories.story import ANY, Key, Slot, Step
from tests.stories_runner.builders import OUTLOOK, VOCABULARY, said, step

CRISIS = said(
    "crisis",
    ("house.crisis_self", "house.crisis_contacts", "house.helpline"),
    utters=("utter_crisis_self",),
    inside=Inside("immediate", {"requested_slot": "name", "empty": None}),
)
PASSED, FAILED, UNSEEN = State.PASSED, State.FAILED, State.UNSEEN
TEXT = VOCABULARY.text("secondary.outlook")


def states(reply: Said, *checks: Step) -> list[State]:
    return [finding.state for finding in check_reply(checks, reply, VOCABULARY)]


def finding(reply: Said, check: Step) -> Finding:
    (one,) = check_reply([check], reply, VOCABULARY)
    return one


@pytest.mark.parametrize(
    ("reply", "check", "state"),
    [
        (OUTLOOK, step(Key.ROUTE, "answer"), PASSED),
        (OUTLOOK, step(Key.ROUTE, "crisis"), FAILED),
        (OUTLOOK, step(Key.UTTER, "utter_ask_outlook"), PASSED),
        (OUTLOOK, step(Key.UTTER, "utter_ask_curable"), FAILED),
        (OUTLOOK, step(Key.BLOCK, "secondary.outlook"), PASSED),
        (OUTLOOK, step(Key.BLOCK, "secondary.curable"), FAILED),
        (CRISIS, step(Key.BLOCKS, "house.crisis_self", "house.crisis_contacts", "house.helpline"), PASSED),
        (CRISIS, step(Key.BLOCKS, "house.crisis_self", "house.helpline"), FAILED),
        (CRISIS, step(Key.BLOCKS, "house.crisis_contacts", "house.crisis_self", "house.helpline"), FAILED),
        (OUTLOOK, step(Key.BOT, TEXT), PASSED),
        (OUTLOOK, step(Key.BOT, TEXT.replace("’", "'")), FAILED),
        (OUTLOOK, step(Key.BOT, TEXT + " "), FAILED),
        (OUTLOOK, step(Key.BOT, TEXT[:-1]), FAILED),
        (OUTLOOK, step(Key.CHOICES, "ask_treatment", "ask_curable", "ask_uncertainty"), PASSED),
        (OUTLOOK, step(Key.CHOICES, "ask_curable", "ask_treatment", "ask_uncertainty"), FAILED),
        (OUTLOOK, step(Key.CHOICES), FAILED),
        (CRISIS, step(Key.CHOICES), PASSED),
        (CRISIS, step(Key.CASE, "immediate"), PASSED),
        (CRISIS, step(Key.CASE, "none"), FAILED),
        (OUTLOOK, step(Key.CASE, "none"), PASSED),
        (OUTLOOK, step(Key.MUST_NOT_SAY, "months to live"), PASSED),
        (OUTLOOK, step(Key.MUST_NOT_SAY, "months to live", "LIFE EXPECTANCY"), FAILED),
        (OUTLOOK, step(Key.MUST_NOT_SAY, "how long they've got"), FAILED),
        (OUTLOOK, step(Key.MUST_NOT_SAY, "got to live. As treatments"), FAILED),
        (CRISIS, step(Key.SLOT_WAS_SET, Slot("requested_slot")), PASSED),
        (CRISIS, step(Key.SLOT_WAS_SET, Slot("requested_slot", "name")), PASSED),
        (CRISIS, step(Key.SLOT_WAS_SET, Slot("requested_slot", "age")), FAILED),
        (CRISIS, step(Key.SLOT_WAS_SET, Slot("empty")), FAILED),
        (CRISIS, step(Key.SLOT_WAS_NOT_SET, Slot("empty")), PASSED),
        (CRISIS, step(Key.SLOT_WAS_NOT_SET, Slot("requested_slot", ANY)), FAILED),
        (CRISIS, step(Key.SLOT_WAS_NOT_SET, Slot("requested_slot", "age")), PASSED),
    ],
)  # fmt: skip
def test_a_check_passes_where_it_holds_and_nowhere_else(reply: Said, check: Step, state: State) -> None:
    assert states(reply, check) == [state]


def test_blocks_and_texts_are_checked_in_the_order_of_the_story() -> None:
    first, last = step(Key.BLOCK, "house.crisis_self"), step(Key.BLOCK, "house.helpline")
    assert states(CRISIS, first, last) == [PASSED, PASSED]
    assert states(CRISIS, last, first) == [PASSED, FAILED]
    assert states(CRISIS, first, first) == [PASSED, FAILED]
    says = step(Key.BOT, VOCABULARY.text("house.crisis_self"))
    assert states(CRISIS, last, says) == [PASSED, PASSED], "a text is looked for apart from blocks"
    assert states(CRISIS, says, says) == [PASSED, FAILED]


def test_from_outside_neither_cases_nor_slots_can_be_checked() -> None:
    outside = said("crisis", ("house.crisis_self",))
    checks = [step(Key.CASE, "immediate"), step(Key.SLOT_WAS_SET, Slot("x")), step(Key.SLOT_WAS_NOT_SET, Slot("x"))]
    assert states(outside, *checks, step(Key.ROUTE, "crisis")) == [UNSEEN, UNSEEN, UNSEEN, PASSED]


def test_a_failed_check_shows_the_words_of_both_sides() -> None:
    failed = finding(OUTLOOK, step(Key.UTTER, "utter_ask_curable"))
    assert failed.expected.startswith("utter_ask_curable\n\n-- secondary.curable --\n")
    assert "ask_living: How people cope" in failed.expected
    assert failed.said.startswith("utter_ask_outlook\n\n-- secondary.outlook --\n")
    assert TEXT in failed.said


def test_a_wrong_text_is_put_beside_the_message_that_comes_nearest() -> None:
    helpline = VOCABULARY.text("house.helpline")
    assert finding(CRISIS, step(Key.BOT, helpline.replace("6000", "6001"))).said == helpline


def test_what_must_not_be_said_is_named() -> None:
    failed = finding(OUTLOOK, step(Key.MUST_NOT_SAY, "xyz", "life expectancy"))
    assert failed.expected == "nothing with: life expectancy"


def test_a_slot_is_told_with_its_value() -> None:
    failed = finding(CRISIS, step(Key.SLOT_WAS_SET, Slot("requested_slot", "age"), Slot("empty")))
    assert (failed.expected, failed.said) == (
        "requested_slot: age\nempty: (any value)",
        "requested_slot: name\nempty: not set",
    )
    assert finding(CRISIS, step(Key.SLOT_WAS_NOT_SET, Slot("requested_slot"))).said == "requested_slot: name"
