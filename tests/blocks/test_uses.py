"""Who names a block: a reply, a choice, "did you mean", or a page."""

from __future__ import annotations

from pathlib import Path

from bot.blocks.library import Library
from bot.blocks.script import DECIDED, TOPIC, Line, Script
from bot.blocks.uses import Use, possible_labels, uses
from bot.places import Place
from bot.routes import Route
from tests.blocks.conftest import DOMAIN

NOWHERE = Place(Path("x"))
LINES = {
    "utter_ask_outlook": Line("utter_ask_outlook", Route.ANSWER, ("secondary.outlook",), ("menu", DECIDED)),
    "utter_repeat": Line("utter_repeat", Route.ANSWER, (TOPIC,)),
}


def test_a_reply_uses_its_blocks_the_titles_of_its_choices_and_its_own_title(tmp_path: Path) -> None:
    assert list(uses(Script(LINES, ()), DOMAIN, tmp_path)) == [
        Use("secondary.outlook", "reply", "utter_ask_outlook", NOWHERE),
        Use("choice.menu", "choice", "utter_ask_outlook", NOWHERE),
        Use("choice.ask_outlook", "topic", "utter_ask_outlook", NOWHERE),
    ]


def test_a_page_uses_the_blocks_that_its_code_names_each_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text("# A page\nTITLE = 'page.title'\nlabel('send')\nFILE = 'page.css'\n")
    found = list(uses(Script({}, ()), DOMAIN, tmp_path))
    assert [(use.block, use.kind, use.by, use.place.line) for use in found] == [
        ("page.title", "page", "page.py", 2),
        ("page.send", "page", "page.py", 3),
    ]


def test_a_quoted_name_may_be_a_label_if_there_is_such_a_label(library: Library, tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text("NAMES = ('send', 'sing')\n")
    assert [use.block for use in possible_labels(library, tmp_path)] == ["page.send"]
