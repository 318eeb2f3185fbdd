"""House texts are easy to read: the health service asks for a reading age of 9 to 11, which is US grade 4 to 6.

Grades by Kincaid et al., "Derivation of New Readability Formulas", 1975, with syllables counted by rule. The leaflet is
the charity's, and is not judged here.
"""

from __future__ import annotations

import re

import pytest

from bot.blocks.block import Block
from bot.blocks.library import Library
from bot.settings import Settings

LEAST_WORDS = 15
"""A grade of a shorter text says little: one long word decides it."""
HIGHEST, MEAN = 9.0, 6.0

LONG = [
    block
    for block in Library.load(Settings.load({}).approved_dir)
    if block.kind == "house" and len(block.text.split()) >= LEAST_WORDS
]


def syllables(word: str) -> int:
    letters = re.sub(r"[^a-z]", "", word.lower())
    count = len(re.findall(r"[aeiouy]+", letters))
    silent = (letters.endswith("e") and not letters.endswith("le")) or re.search(r"[^td]ed$", letters)
    return max(count - bool(silent), 1)


def grade(text: str) -> float:
    sentences = [part for part in re.split(r"[.!?:\n]+", text) if re.search(r"[a-zA-Z]", part)]
    words = re.findall(r"[A-Za-z’']+", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_measure_tells_easy_from_hard() -> None:
    assert grade("The cat sat on the mat. It was warm. The sun was out.") < 2
    assert grade("Multidisciplinary consultation facilitates individualised therapeutic considerations.") > 15


@pytest.mark.parametrize("block", LONG, ids=lambda block: block.id)
def test_a_house_text_is_easy_to_read(block: Block) -> None:
    assert grade(block.text) <= HIGHEST


def test_house_texts_are_easy_on_the_whole() -> None:
    assert len(LONG) > 30
    assert sum(grade(block.text) for block in LONG) / len(LONG) <= MEAN
