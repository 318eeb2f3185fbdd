"""No pattern, threshold, reply or rule changes unnoticed, though every word stays approved."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.validator.check import Rule, approved_text
from bot.validator.rules.seals import decisions_are_sealed
from bot.validator.rules.stories import intents_have_one_rule, rules_say_their_reply, steps_exist, titles_are_unique
from tests.mutation.conftest import Copy
from tests.safety.conftest import FOLDER, SCREEN

SAFETY = "data/safety"
THRESHOLDS = "data/routing/thresholds.yml"
LIMITS = yaml.safe_load((FOLDER.parent / "routing" / "thresholds.yml").read_text(encoding="utf-8"))
RULES = "data/stories/rules.yml"


def without_pattern(path: Path, id_: str) -> str:
    """The text of a file of patterns without one of them, as an editor would delete it."""
    text = path.read_text(encoding="utf-8")
    shorter = re.sub(rf"^- id: {re.escape(id_)}\n(?:(?!- id:).*\n)*", "", text, flags=re.MULTILINE)
    assert len(shorter) < len(text)
    return shorter


@pytest.mark.parametrize("pattern", SCREEN.patterns, ids=lambda pattern: pattern.id)
def test_a_pattern_that_is_removed_fails_the_check(copy: Copy, pattern: Any) -> None:
    path = copy.root / SAFETY / pattern.path.name
    path.write_text(without_pattern(path, pattern.id), encoding="utf-8")
    found = copy.found(decisions_are_sealed)
    assert any(pattern.id in message for message in found["E309"])


def test_a_line_that_is_removed_from_a_pattern_fails_the_check(copy: Copy) -> None:
    """The last line of every pattern at once: each pattern is found by its own name."""
    for path in sorted((copy.root / SAFETY).glob("*.yml")):
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for pattern in data.get("patterns", []):
            pattern["match"].pop()
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    found = " ".join(copy.found(decisions_are_sealed)["E308"])
    assert [pattern.id for pattern in SCREEN.patterns if f"pattern {pattern.id} " not in found] == []


@pytest.mark.parametrize(
    "name", sorted(set(yaml.safe_load((FOLDER.parent / "routing" / "thresholds.yml").read_text())) - {"answers"})
)
def test_a_threshold_that_is_raised_fails_the_check(copy: Copy, name: str) -> None:
    copy.edit(THRESHOLDS, lambda data: data.update({name: round(min(1.0, data[name] + 0.05), 2)}))
    (message,) = copy.found(decisions_are_sealed)["E308"]
    assert f"threshold {name} " in message


def test_a_threshold_of_a_single_answer_that_is_raised_fails_the_check(copy: Copy) -> None:
    copy.edit(THRESHOLDS, lambda data: data["answers"].update(ask_outlook=0.99))
    (message,) = copy.found(decisions_are_sealed)["E308"]
    assert "threshold answers " in message


def swap(data: dict[str, Any], first: str, second: str) -> None:
    """Swap two values."""
    data[first], data[second] = data[second], data[first]


def swap_replies(first: str, second: str) -> Callable[[Any], None]:
    return lambda data: swap(data["responses"], f"utter_{first}", f"utter_{second}")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ask_outlook", "ask_curable"),
        ("crisis_self", "crisis_other"),
        ("distress", "complex"),
        ("emergency", "unavailable"),
        ("thanks", "thanks_gently"),
        ("ask_peers", "read_living"),
    ],
)
def test_two_replies_that_are_swapped_fail_the_check(copy: Copy, first: str, second: str) -> None:
    copy.edit("domain.yml", swap_replies(first, second))
    found = " ".join(copy.found(decisions_are_sealed)["E308"])
    assert f"utter_{first} " in found
    assert f"utter_{second} " in found


def reply(data: Any, intent: str) -> Any:
    return data["responses"][f"utter_{intent}"][0]["custom"]


DECISIONS: dict[str, tuple[str, Callable[[Any], object], Rule, str]] = {
    "a file of patterns is read as a milder route": (
        f"{SAFETY}/crisis_wish.yml",
        lambda data: data.update(route="distress"),
        decisions_are_sealed,
        "E308",
    ),
    "an idiom is widened": (
        f"{SAFETY}/idioms.yml",
        lambda data: data["patterns"][0]["match"].append("kill myself"),
        decisions_are_sealed,
        "E308",
    ),
    "a pattern is about the writer only": (
        f"{SAFETY}/crisis_end.yml",
        lambda data: data["patterns"][0].update(
            about="self" if data["patterns"][0].get("about") != "self" else "other"
        ),
        decisions_are_sealed,
        "E308",
    ),
    "a shared wording loses its words": (
        f"{SAFETY}/words.yml",
        lambda data: data.update(end_self="kill @self"),
        decisions_are_sealed,
        "E308",
    ),
    "a spelling is no longer known": (
        f"{SAFETY}/spelling.yml",
        lambda data: data["words"].pop(next(iter(data["words"]))),
        decisions_are_sealed,
        "E308",
    ),
    "two routes are swapped": (
        "domain.yml",
        lambda data: (reply(data, "distress").update(route="chat"), reply(data, "menu").update(route="distress")),
        approved_text,
        "E113",
    ),
    "the numbers are dropped from a crisis reply": (
        "domain.yml",
        lambda data: reply(data, "crisis_self")["blocks"].remove("house.crisis_contacts"),
        approved_text,
        "E113",
    ),
    "the blocks of a crisis reply change their order": (
        "domain.yml",
        lambda data: reply(data, "crisis_self")["blocks"].reverse(),
        decisions_are_sealed,
        "E308",
    ),
    "a leaflet passage is added to a helpline reply": (
        "domain.yml",
        lambda data: reply(data, "complex")["blocks"].append("secondary.outlook"),
        approved_text,
        "E114",
    ),
    "an answer says another passage": (
        "domain.yml",
        lambda data: reply(data, "ask_outlook").update(blocks=["secondary.curable"]),
        decisions_are_sealed,
        "E308",
    ),
    "a choice is removed": (
        "domain.yml",
        lambda data: reply(data, "greet")["choices"].pop(),
        decisions_are_sealed,
        "E308",
    ),
    "a choice is misspelt": (
        "domain.yml",
        lambda data: reply(data, "complex").update(choices=["menuu"]),
        approved_text,
        "E102",
    ),
    "a choice leads back to itself": (
        "domain.yml",
        lambda data: reply(data, "ask_outlook")["choices"].append("ask_outlook"),
        approved_text,
        "E115",
    ),
    "a choice is offered twice": (
        "domain.yml",
        lambda data: reply(data, "greet")["choices"].append("ask_outlook"),
        approved_text,
        "E115",
    ),
    "an intent is removed": ("domain.yml", lambda data: data["intents"].remove("distress"), steps_exist, "E311"),
    "an intent has no reply": ("domain.yml", lambda data: data["intents"].append("ask_new"), approved_text, "E404"),
    "an intent has no rule": (
        "domain.yml",
        lambda data: data["intents"].append("ask_new"),
        intents_have_one_rule,
        "E312",
    ),
    "a reply is removed": ("domain.yml", lambda data: data["responses"].pop("utter_deny"), steps_exist, "E311"),
    "the fallback is removed": (
        "domain.yml",
        lambda data: data["responses"].pop("utter_unavailable"),
        decisions_are_sealed,
        "E309",
    ),
}


@pytest.mark.parametrize("change", DECISIONS)
def test_the_check_fails_when(copy: Copy, change: str) -> None:
    file, edit, rule, code = DECISIONS[change]
    copy.edit(file, edit)
    assert code in copy.found(rule)


def rule_of(data: Any, intent: str) -> Any:
    return next(rule for rule in data["rules"] if rule["steps"][0]["intent"] == intent)


def swap_steps(data: Any, first: str, second: str, step: int) -> None:
    """Swap the same step of two rules."""
    one, other = rule_of(data, first)["steps"], rule_of(data, second)["steps"]
    one[step], other[step] = other[step], one[step]


@pytest.mark.parametrize(
    ("first", "second"),
    [("ask_outlook", "ask_curable"), ("crisis_self", "crisis_other"), ("distress", "complex"), ("greet", "goodbye")],
)
@pytest.mark.parametrize("step", [0, 1], ids=["intents", "actions"])
def test_two_rules_that_are_swapped_fail_the_check(copy: Copy, first: str, second: str, step: int) -> None:
    copy.edit(RULES, lambda data: swap_steps(data, first, second, step))
    assert len(copy.found(rules_say_their_reply)["E311"]) == 2


RULE_CHANGES: dict[str, tuple[Callable[[Any], object], Rule, str]] = {
    "a crisis opens no case": (
        lambda data: rule_of(data, "crisis_self")["steps"].pop(),
        rules_say_their_reply,
        "E311",
    ),
    "the record comes before the words": (
        lambda data: rule_of(data, "emergency")["steps"].insert(1, rule_of(data, "emergency")["steps"].pop()),
        rules_say_their_reply,
        "E311",
    ),
    "an answer opens a case": (
        lambda data: rule_of(data, "ask_living")["steps"].append({"action": "action_open_case"}),
        rules_say_their_reply,
        "E311",
    ),
    "a rule is removed": (lambda data: data["rules"].pop(), intents_have_one_rule, "E312"),
    "a rule stands twice": (lambda data: data["rules"].append(data["rules"][0]), titles_are_unique, "E313"),
    "an intent has two rules": (
        lambda data: data["rules"].append({**data["rules"][0], "rule": "Another title"}),
        intents_have_one_rule,
        "E311",
    ),
    "a rule loses its title": (lambda data: data["rules"][3].update(rule=""), titles_are_unique, "E314"),
    "a rule is for two intents": (
        lambda data: data["rules"][0]["steps"].append({"intent": "greet"}),
        rules_say_their_reply,
        "E311",
    ),
    "a rule calls an action that is not there": (
        lambda data: data["rules"][0]["steps"].append({"action": "action_send_email"}),
        steps_exist,
        "E311",
    ),
}


@pytest.mark.parametrize("change", RULE_CHANGES)
def test_the_check_of_rules_fails_when(copy: Copy, change: str) -> None:
    edit, rule, code = RULE_CHANGES[change]
    copy.edit(RULES, edit)
    assert code in copy.found(rule)


def test_a_file_of_patterns_that_is_lost_fails_the_check(copy: Copy) -> None:
    (copy.root / SAFETY / "crisis_means.yml").unlink()
    assert all("crisis." in message for message in copy.found(decisions_are_sealed)["E309"])


def test_seals_that_are_lost_fail_the_check(copy: Copy) -> None:
    (copy.root / "docs" / "safety" / "seals.yml").unlink()
    assert "E100" in copy.found(decisions_are_sealed)
