"""The real screen, loaded once, and a way to make small folders of patterns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.safety.screen import Screen
from bot.settings import ROOT

FOLDER = ROOT / "data" / "safety"
SCREEN = Screen.load(FOLDER)

WORDS = "i: i/me\nthey: she/he\nself: myself/herself\n"
SPELLING = """
words: {dont: do not, im: i am}
others: {suicide: sewerslide}
pairs: {my self: myself, any more: anymore}
takes_s: she
keys: suicide
neighbours: suicides
censored: kill
joined: kill myself
"""


@pytest.fixture(scope="session")
def screen() -> Screen:
    """The screen with the patterns of the product."""
    return SCREEN


@pytest.fixture
def folder_with(tmp_path: Path) -> Callable[..., Path]:
    """Writes a small folder of patterns: `folder_with(crisis="...")` writes crisis.yml."""

    def write(**files: str) -> Path:
        for name, text in {"words": WORDS, "spelling": SPELLING, **files}.items():
            (tmp_path / f"{name}.yml").write_text(text, "utf-8")
        return tmp_path

    return write
