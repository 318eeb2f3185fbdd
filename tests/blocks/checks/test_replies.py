"""Replies name blocks and topics that exist, and say what their route must say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.blocks.checks.material import Material
from bot.blocks.checks.replies import (
    MUST_NAME,
    blocks_are_used,
    choices_lead_on,
    intents_have_replies,
    leaflets_only_answer,
    named_blocks_exist,
    routes_name_their_contacts,
)
from bot.blocks.script import DECIDED, TOPIC, Line, Script
from bot.routes import Route
from tests.blocks.conftest import codes, with_text, without


def unused(material: Material) -> str:
    return " ".join(problem.message for problem in blocks_are_used(material))


def saying(material: Material, route: Route, blocks: tuple[str, ...], choices: tuple[str, ...] = ()) -> Material:
    line = Line("utter_menu", route, blocks, choices)
    return replace(material, script=Script({"utter_menu": line}, ("menu",)))


def test_every_house_block_and_title_that_a_reply_names_is_missed(material: Material) -> None:
    assert material.script is not None
    named = {id_ for line in material.script for id_ in line.blocks if id_ != TOPIC}
    named |= {f"choice.{choice}" for line in material.script for choice in line.choices if choice != DECIDED}
    for id_ in named:
        assert "E102" in codes(named_blocks_exist(without(material, id_)))


def test_every_topic_needs_a_title_for_did_you_mean(material: Material) -> None:
    answer = Line("utter_ask_new", Route.ANSWER, ("secondary.outlook",))
    spoilt = replace(material, script=Script({"utter_ask_new": answer}, ("ask_new",)))
    (problem,) = named_blocks_exist(spoilt)
    assert "choice.ask_new" in problem.message


@pytest.mark.parametrize("code", ["words('page.leave_now')", 'label("leave_now")', 'PROBLEMS = {1: "leave_now"}'])
def test_a_block_that_only_a_page_names_is_in_use(material: Material, tmp_path: Path, code: str) -> None:
    assert "page.leave_now" in unused(material)
    (tmp_path / "page.html").write_text(code, encoding="utf-8")
    assert "page.leave_now" not in unused(replace(material, code_dir=tmp_path))


def test_the_name_of_a_file_is_no_block(material: Material, tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text('FILES = ("page.css", "page.html")\n', encoding="utf-8")
    assert codes(named_blocks_exist(replace(material, code_dir=tmp_path))) == []


@pytest.mark.parametrize("code", ['TITLE = "page.tite"', "TITLE = label('tite')"])
def test_a_block_that_a_page_names_and_nobody_wrote_is_missed(material: Material, tmp_path: Path, code: str) -> None:
    (tmp_path / "page.py").write_text(code, encoding="utf-8")
    (problem,) = named_blocks_exist(replace(material, code_dir=tmp_path))
    assert problem.code.name == "E102"
    assert "page.py" in problem.message


def test_an_intent_without_a_reply_is_found(material: Material) -> None:
    spoilt = replace(material, script=Script({}, ("menu",)))
    assert codes(intents_have_replies(spoilt)) == ["E404"]


@pytest.mark.parametrize("route", MUST_NAME)
def test_a_reply_that_lacks_any_of_its_routes_contacts_is_found(material: Material, route: Route) -> None:
    problems = list(routes_name_their_contacts(saying(material, route, ("house.menu",))))
    assert codes(problems) == ["E113"] * len(MUST_NAME[route])


@pytest.mark.parametrize("intent", ["crisis_self", "crisis_other", "emergency", "distress", "unavailable"])
def test_no_block_can_leave_a_safety_reply_unnoticed(material: Material, intent: str) -> None:
    assert material.script is not None
    line = material.script.for_intent(intent)
    for id_ in line.blocks:
        shorter = tuple(block for block in line.blocks if block != id_)
        assert "E113" in codes(routes_name_their_contacts(saying(material, line.route, shorter)))


def test_a_leaflet_block_outside_an_answer_is_found(material: Material) -> None:
    assert codes(leaflets_only_answer(saying(material, Route.ANSWER, ("secondary.outlook",)))) == []
    assert codes(leaflets_only_answer(saying(material, Route.COMPLEX, ("secondary.outlook",)))) == ["E114"]


def test_a_block_that_nothing_says_is_warned_of(material: Material) -> None:
    assert "house.new" in unused(with_text(material, "house.new", "New."))
    assert {problem.severity for problem in blocks_are_used(material)} == {"warning"}


@pytest.mark.parametrize(
    ("choices", "code"),
    [(("house",), "E102"), (("privacy", "privacy"), "E115"), (("menu",), "E115"), (("privacy",), None)],
    ids=["no intent", "twice", "back to itself", "right"],
)
def test_a_choice_that_leads_nowhere_is_found(material: Material, choices: tuple[str, ...], code: str | None) -> None:
    line = Line("utter_menu", Route.CHAT, ("house.menu",), choices)
    spoilt = replace(material, script=Script({"utter_menu": line}, ("menu", "privacy")))
    assert codes(choices_lead_on(spoilt)) == ([code] if code else [])
