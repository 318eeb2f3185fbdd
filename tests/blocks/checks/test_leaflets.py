"""Leaflet blocks are the leaflet's own words, whole paragraphs of it, and leave nothing of it out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.block import Block, Source, digest
from bot.blocks.checks.leaflets import leaflet_is_covered, leaflet_is_unchanged, passages_are_verbatim
from bot.blocks.checks.material import Material
from bot.blocks.library import Library
from tests.blocks.conftest import APPROVED, codes, with_text, without

PASSAGES = [block for block in Library.load(APPROVED) if block.source]
SINGLE = [block for block in PASSAGES if not block.id.startswith("secondary.section_")]


def shelf(material: Material, leaflet: str, passages: list[str], title: str = "Title") -> Material:
    source = Source("x", title, "Publisher", "2020", "2023", digest(leaflet), "Somebody")
    blocks = {f"x.{number}": Block(f"x.{number}", text, source) for number, text in enumerate(passages)}
    return replace(material, library=Library(blocks, {}, {"x": leaflet}))


@pytest.mark.parametrize("block", PASSAGES, ids=lambda block: block.id)
def test_changing_any_one_word_of_a_passage_is_found(material: Material, block: Block) -> None:
    words = block.text.split(" ")
    for place, word in enumerate(words):
        if word.strip():
            changed = " ".join([*words[:place], word[:-1] + ("x" if word[-1] != "x" else "y"), *words[place + 1 :]])
            assert codes(passages_are_verbatim(with_text(material, block.id, changed))) == ["E103"]


@pytest.mark.parametrize("block", PASSAGES, ids=lambda block: block.id)
def test_cutting_a_passage_short_at_either_end_is_found(material: Material, block: Block) -> None:
    for cut in (block.text.split(" ", 1)[1], block.text.rsplit(" ", 1)[0], block.text[1:], block.text[:-1]):
        assert codes(passages_are_verbatim(with_text(material, block.id, cut.strip()))) == ["E112"]


@given(st.data())
def test_any_change_inside_a_passage_is_found(material: Material, data: st.DataObject) -> None:
    block = data.draw(st.sampled_from(PASSAGES))
    start = data.draw(st.integers(1, len(block.text) - 2))
    end = data.draw(st.integers(start, len(block.text) - 1))
    middle = data.draw(st.text(st.characters(codec="utf-8"), max_size=5))
    changed = block.text[:start] + middle + block.text[end:]
    problems = codes(passages_are_verbatim(with_text(material, block.id, changed)))
    assert problems == [] if changed in {each.text for each in PASSAGES} else problems in (["E103"], ["E112"])


def test_the_error_says_from_which_character_on_a_passage_differs(material: Material) -> None:
    text = material.library["secondary.curable"].text.replace("treated", "healed")
    (problem,) = passages_are_verbatim(with_text(material, "secondary.curable", text))
    assert f"from character {text.index('healed') + 1} on" in problem.message


def test_a_passage_of_two_paragraphs_in_another_order_is_found(material: Material) -> None:
    first, second = material.library["secondary.shock"].text.split("\n\n")
    assert codes(passages_are_verbatim(with_text(material, "secondary.shock", f"{second}\n\n{first}"))) == ["E103"]


@pytest.mark.parametrize("block", SINGLE, ids=lambda block: block.id)
def test_a_passage_that_stands_in_no_block_at_all_is_found(material: Material, block: Block) -> None:
    spoilt = without(material, block.id)
    for section in PASSAGES:
        if block.text in section.text and section.id != block.id:
            spoilt = without(spoilt, section.id)
    assert "E109" in codes(leaflet_is_covered(spoilt))


def test_the_whole_leaflet_is_covered(material: Material) -> None:
    assert codes(leaflet_is_covered(material)) == []


def test_the_single_passages_alone_leave_out_no_more_than_one_sub_heading(material: Material) -> None:
    spoilt = material
    for block in PASSAGES:
        if block not in SINGLE:
            spoilt = without(spoilt, block.id)
    (problem,) = leaflet_is_covered(spoilt)
    leaflet = material.library.leaflets["secondary"]
    assert f"character {leaflet.index('Talking to other people') + 1} " in problem.message


def test_title_contents_headings_and_furniture_need_no_block(material: Material) -> None:
    leaflet = "Title\n\n1. One\n2. Two\n\n1. One\n\nWords.\n\nBack to top\n\n2. Two\n\nMore.\n"
    assert codes(leaflet_is_covered(shelf(material, leaflet, ["Words.", "More."]))) == []


def test_a_numbered_line_that_is_no_heading_needs_a_block(material: Material) -> None:
    leaflet = "Title\n\n1. Take this.\n\n2. Then that.\n"
    assert codes(leaflet_is_covered(shelf(material, leaflet, ["1. Take this."]))) == ["E109"]


def test_a_passage_may_stand_twice_in_its_leaflet(material: Material) -> None:
    leaflet = "Title\n\nSame. Other.\n\nSame.\n"
    assert codes(passages_are_verbatim(shelf(material, leaflet, ["Same."]))) == []


def test_a_leaflet_other_than_the_one_signed_is_found(material: Material) -> None:
    spoilt = shelf(material, "Title\n\nWords.\n", ["Words."])
    assert codes(leaflet_is_unchanged(spoilt)) == []
    spoilt.library.leaflets["x"] += " "
    assert codes(leaflet_is_unchanged(spoilt)) == ["E106"]
