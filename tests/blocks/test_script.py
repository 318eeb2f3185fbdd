"""The script says which blocks each reply says."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.blocks.script import Script
from bot.errors import Code, SignpostError
from bot.routes import Route


def script_of(folder: Path, reply: str) -> Script:
    path = folder / "domain.yml"
    path.write_text(f"intents: [a]\nresponses:\n  utter_a: {reply}\n", encoding="utf-8")
    return Script.load(path)


def test_a_reply_names_its_route_blocks_and_choices(script: Script) -> None:
    line = script.for_intent("ask_outlook")
    assert line.route is Route.ANSWER
    assert line.blocks == ("secondary.outlook",)
    assert line.choices == ("ask_treatment", "ask_curable", "ask_uncertainty")


def test_the_script_holds_every_reply_of_the_domain_in_its_order(script: Script) -> None:
    assert next(iter(script)).utter == "utter_ask_what_is"
    assert "utter_crisis_self" in script
    assert "utter_nothing" not in script
    assert len(script) == len(list(script))


def test_a_reply_without_choices_has_none(tmp_path: Path) -> None:
    assert script_of(tmp_path, "[{custom: {route: chat, blocks: [house.menu]}}]")["utter_a"].choices == ()


def test_an_unknown_reply_is_an_error_that_names_the_known_ones(tmp_path: Path) -> None:
    script = script_of(tmp_path, "[{custom: {route: chat, blocks: [house.menu]}}]")
    with pytest.raises(SignpostError) as caught:
        script.for_intent("b")
    assert caught.value.code is Code.E404
    assert "utter_a" in str(caught.value)


@pytest.mark.parametrize("words", ["text: Hello", "image: x.png", "buttons: [{title: Hello}]"])
def test_a_reply_with_words_is_an_error(tmp_path: Path, words: str) -> None:
    with pytest.raises(SignpostError) as caught:
        script_of(tmp_path, f"[{{custom: {{route: chat, blocks: [house.menu]}}, {words}}}]")
    assert caught.value.code is Code.E107


@pytest.mark.parametrize(
    "reply",
    [
        "[]",
        "hello",
        "[hello]",
        "[{custom: {route: chat, blocks: [a]}}, {custom: {route: chat, blocks: [b]}}]",
        "[{custom: {blocks: [a]}}]",
        "[{custom: {route: chat}}]",
        "[{custom: {route: nowhere, blocks: [a]}}]",
        "[{custom: {route: chat, blocks: [a], extra: b}}]",
        "[{custom: {route: chat, blocks: a}}]",
        "[{custom: {route: chat, blocks: [1]}}]",
        "[{custom: {route: chat, blocks: []}}]",
        "[{custom: {route: chat, blocks: [a], choices: b}}]",
    ],
)
def test_a_reply_of_the_wrong_form_is_an_error(tmp_path: Path, reply: str) -> None:
    with pytest.raises(SignpostError) as caught:
        script_of(tmp_path, reply)
    assert caught.value.code is Code.E400


@pytest.mark.parametrize("body", ["responses: hello\n", "responses: {}\nintents: hello\n", "intents: [{a: {}}]\n"])
def test_a_domain_of_the_wrong_form_is_an_error(tmp_path: Path, body: str) -> None:
    (tmp_path / "domain.yml").write_text(body)
    with pytest.raises(SignpostError) as caught:
        Script.load(tmp_path / "domain.yml")
    assert caught.value.code is Code.E400
