"""Coverage: what stories reach and check, and what none does."""

from __future__ import annotations

from bot.stories.coverage import Coverage, Group, lines, measure, read_rules
from bot.stories.said import Inside
from bot.stories.story import Key
from tests.stories_runner.builders import ASKS, FAILS, HOLDS, SETTINGS, VOCABULARY, played, said, step, story

RULES = read_rules()
OF_OUTLOOK = next(title for title, steps in RULES.items() if steps == ("ask_outlook", "utter_ask_outlook"))
REPLY = said(
    choices=("ask_treatment",),
    utters=("utter_ask_outlook",),
    inside=Inside("none", {}, "ask_outlook", (), ("ask_outlook", "utter_ask_outlook")),
)


async def missing(*stories: object) -> dict[str, set[str]]:
    results = [await played(one, REPLY) for one in stories]  # type: ignore[arg-type]
    return {group.name: set(group.missing) for group in measure(results, VOCABULARY, SETTINGS).groups}


async def test_what_a_story_checks_is_reached() -> None:
    found = await missing(HOLDS)
    assert "secondary.outlook" not in found["blocks"]
    assert "choice.ask_treatment" not in found["titles"]
    assert "ask_outlook" not in found["intents"]
    assert OF_OUTLOOK not in found["rules"]
    assert "utter_ask_outlook" not in found["actions"]


async def test_all_else_is_not() -> None:
    found = await missing(HOLDS)
    assert {"house.crisis_self", "house.helpline"} <= found["blocks"]
    assert "choice.ask_curable" in found["titles"]
    assert "crisis_self" in found["intents"]
    assert len(found["rules"]) == len(RULES) - 1
    assert {"utter_crisis_self", "action_open_case"} <= found["actions"]


async def test_a_reply_that_nothing_checks_is_not_reached() -> None:
    unchecked = story(step(Key.ROUTE, "chat"), ASKS)
    assert "secondary.outlook" in (await missing(unchecked))["blocks"]


async def test_a_story_that_fails_reaches_nothing() -> None:
    assert "secondary.outlook" in (await missing(FAILS))["blocks"]


async def test_a_message_without_words_reaches_its_rule_though_the_gateway_answers_it() -> None:
    reply = said("other", ("house.empty",), utters=("utter_empty",), inside=Inside("none", {}, "empty"))
    result = await played(story(ASKS, step(Key.ROUTE, "other")), reply)
    rules = next(group for group in measure([result], VOCABULARY, SETTINGS).groups if group.name == "rules")
    assert rules.reached == 1


async def test_labels_of_pages_are_left_out() -> None:
    coverage = measure([], VOCABULARY, SETTINGS)
    names = {name for group in coverage.groups for name in group.missing}
    assert coverage.left_out > 0
    assert not any(name.startswith("page.") for name in names)


def test_the_rules_are_those_of_the_domain() -> None:
    assert {steps[0] for steps in RULES.values()} == set(VOCABULARY.script.intents)


def test_only_blocks_and_rules_have_to_be_reached_in_full() -> None:
    assert Coverage((Group("blocks", 2, ()), Group("rules", 2, ()), Group("intents", 2, ("x",))), 0).full
    assert not Coverage((Group("blocks", 2, ("x",)), Group("rules", 2, ())), 0).full
    assert not Coverage((Group("blocks", 2, ()), Group("rules", 2, ("x",))), 0).full


def test_the_report_names_what_is_missing() -> None:
    assert list(lines(Coverage((Group("blocks", 12, ("house.menu",)),), 3))) == [
        "",
        "What the stories reach:",
        "  blocks    11 of  12",
        "           not reached: house.menu",
        "  3 blocks that only pages say are not counted.",
    ]
