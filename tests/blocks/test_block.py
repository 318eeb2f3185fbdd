"""A block is a piece of fixed text with an id."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.block import Block, Source, digest

SOURCE = Source("x", "Title", "Publisher", "May 2020", "2023", "0" * 64, "Somebody")


def test_a_block_from_a_leaflet_is_a_leaflet_block_and_any_other_a_house_block() -> None:
    assert Block("x.a", "words", SOURCE).kind == "leaflet"
    assert Block("house.a", "words").kind == "house"


def test_a_house_block_waits_for_its_signature_unless_told_otherwise() -> None:
    assert Block("house.a", "words").sign_off == "pending"


@given(st.text(st.characters(codec="utf-8")))
def test_the_digest_is_the_sha256_of_the_utf8_bytes(text: str) -> None:
    assert digest(text) == Block("a", text).sha256 == hashlib.sha256(text.encode()).hexdigest()


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_any_change_of_the_text_changes_the_digest(text: str) -> None:
    assert digest(text) != digest(text + " ") != digest(text[1:])
