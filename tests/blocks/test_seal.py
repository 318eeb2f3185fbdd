"""Seals keep the sha256 of every block beside the text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.blocks.library import Library
from bot.blocks.seal import read_seals, seal, seal_folder
from bot.errors import Code, SignpostError
from bot.settings import Settings
from tests.blocks.conftest import Copy


def test_sealing_writes_the_digest_of_every_block(copy: Copy) -> None:
    copy.edit("house/conversation.yml", lambda data: data["blocks"].update({"house.menu": "New words."}))
    count = seal_folder(copy.approved)
    library = Library.load(copy.approved)
    assert count == len(library)
    assert read_seals(copy.approved) == {block.id: block.sha256 for block in library}


def test_sealing_twice_changes_nothing(copy: Copy) -> None:
    path = copy.approved / "seals.yml"
    seal_folder(copy.approved)
    before = path.read_bytes()
    seal_folder(copy.approved)
    assert path.read_bytes() == before
    assert sorted(copy.approved.glob("*.new")) == []


def test_the_seals_in_the_repository_are_what_sealing_would_write(copy: Copy) -> None:
    before = (copy.approved / "seals.yml").read_bytes()
    seal_folder(copy.approved)
    assert (copy.approved / "seals.yml").read_bytes() == before


def test_seal_seals_the_text_that_the_settings_name(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "approved_dir", property(lambda _: copy.approved))
    assert seal(replace(Settings.load({}))) == len(Library.load(copy.approved))


def test_text_that_cannot_be_read_is_not_sealed(copy: Copy) -> None:
    before = (copy.approved / "seals.yml").read_bytes()
    (copy.approved / "house" / "zz.yml").write_text("words")
    with pytest.raises(SignpostError):
        seal_folder(copy.approved)
    assert (copy.approved / "seals.yml").read_bytes() == before


def test_seals_that_cannot_be_written_are_an_error_that_says_why(copy: Copy) -> None:
    (copy.approved / "seals.new").mkdir()
    with pytest.raises(SignpostError) as caught:
        seal_folder(copy.approved)
    assert caught.value.code is Code.E008


@pytest.mark.parametrize("body", ["seals: [a]\n", "other: {}\n", "seals: {a: 1}\n", None])
def test_seals_of_the_wrong_form_are_an_error(tmp_path: Path, body: str | None) -> None:
    if body:
        (tmp_path / "seals.yml").write_text(body)
    with pytest.raises(SignpostError) as caught:
        read_seals(tmp_path)
    assert caught.value.code is Code.E100
