"""No action, example, hazard, pattern example or error code goes astray unnoticed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.validator.check import Rule
from bot.validator.rules.actions import actions_match_the_domain
from bot.validator.rules.codes import codes_are_used, errors_have_codes, messages_are_filled_in
from bot.validator.rules.examples import examples_are_right
from bot.validator.rules.hazards import hazards_have_tests
from bot.validator.rules.intents import intents_are_reached
from bot.validator.rules.patterns import patterns_hold
from tests.mutation.conftest import Copy

HAZARDS = "docs/safety/hazards.yml"

SPOILT: dict[str, tuple[Callable[[Copy], object], Rule, str]] = {
    "an action is renamed in the code alone": (
        lambda copy: copy.replace("actions/open_case.py", '"action_open_case"', '"action_open_a_case"'),
        actions_match_the_domain,
        "E315",
    ),
    "the domain names an action that nobody wrote": (
        lambda copy: copy.edit("domain.yml", lambda data: data["actions"].append("action_ring")),
        actions_match_the_domain,
        "E315",
    ),
    "an intent is one that nothing leads to": (
        lambda copy: copy.edit("domain.yml", lambda data: data["intents"].append("ask_parking")),
        intents_are_reached,
        "E316",
    ),
    "a hazard relies on a test that is gone": (
        lambda copy: copy.replace(HAZARDS, "::test_a_disguise_hides_no_crisis", "::test_a_disguise_hides_nothing"),
        hazards_have_tests,
        "E801",
    ),
    "a hazard relies on a pattern that is gone": (
        lambda copy: copy.replace(HAZARDS, "pattern:crisis.kill_self", "pattern:crisis.kill_selves"),
        hazards_have_tests,
        "E801",
    ),
    "a hazard loses its control": (
        lambda copy: copy.edit(HAZARDS, lambda data: data["hazards"][0].update(controls=[])),
        hazards_have_tests,
        "E800",
    ),
    "a hazard loses the place for a signature": (
        lambda copy: copy.edit(HAZARDS, lambda data: data["hazards"][0].pop("accepted_by")),
        hazards_have_tests,
        "E800",
    ),
    "a pattern no longer fires on its own example": (
        lambda copy: copy.edit(
            "data/safety/crisis_wish.yml", lambda data: data["patterns"][0]["examples"].append("what a lovely day")
        ),
        patterns_hold,
        "E202",
    ),
}


@pytest.mark.parametrize("change", SPOILT)
def test_the_check_fails_when(copy: Copy, change: str) -> None:
    spoil, rule, code = SPOILT[change]
    spoil(copy)
    assert code in copy.found(rule)


CODE: dict[str, tuple[str, str, str, Rule, str]] = {
    "a code is one that nobody reports": (
        "bot/errors.py",
        "    # Approved text\n",
        '    E099 = "Nobody says this."\n    # Approved text\n',
        codes_are_used,
        "E012",
    ),
    "an error is raised without a code": (
        "bot/routes.py",
        '"""Routes',
        'raise RuntimeError("no code")\n"""Routes',
        errors_have_codes,
        "E013",
    ),
    "a message lacks what it needs": (
        "bot/blocks/contacts.py",
        'raise SignpostError(Code.E100, path=path, problem="it has one key',
        'raise SignpostError(Code.E100, problem="it has one key',
        messages_are_filled_in,
        "E014",
    ),
}


@pytest.mark.parametrize("change", CODE)
def test_the_check_of_code_fails_when(copy: Copy, change: str) -> None:
    file, old, new, rule, code = CODE[change]
    copy.own("bot")
    copy.replace(file, old, new)
    assert code in copy.found(rule)


def test_an_example_under_two_intents_fails_the_check(copy: Copy) -> None:
    copy.own("data/nlu")
    first, second = sorted((copy.root / "data" / "nlu").rglob("*.yml"))[:2]
    line = next(line for line in first.read_text(encoding="utf-8").splitlines() if line.startswith("    - "))
    with second.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    (message,) = copy.found(examples_are_right)["E301"]
    assert str(second) in message


def test_an_untouched_copy_has_no_finding_of_its_own(copy: Copy) -> None:
    assert copy.found(hazards_have_tests, actions_match_the_domain, intents_are_reached, errors_have_codes) == {}
