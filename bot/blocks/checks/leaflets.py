"""Leaflet blocks are the leaflet's own words, whole paragraphs of it, and leave nothing of it out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.blocks.block import Block, Source, digest
from bot.blocks.checks.material import Material, Problem
from bot.blocks.reviews import is_overdue, review_due
from bot.errors import Code
from bot.places import Place

FURNITURE = frozenset({"Back to top"})
"""Lines of a leaflet's web page that say nothing."""


def leaflet_is_unchanged(material: Material) -> Iterator[Problem]:
    """The whole text of each leaflet is the one whose sha256 its front matter names."""
    for source in _sources(material).values():
        if digest(material.library.leaflets[source.id]) != source.sha256:
            yield Problem.of(Code.E106, material.at_leaflet(source.id, "sha256"), leaflet=source.id)


def passages_are_verbatim(material: Material) -> Iterator[Problem]:
    """Every leaflet block stands in its leaflet, letter for letter, from the start to the end of paragraphs."""
    for block in material.library:
        if block.source is None:
            continue
        leaflet = material.library.leaflets[block.source.id]
        if block.text not in leaflet:
            position = _longest_start(block.text, leaflet) + 1
            values = {"id": block.id, "leaflet": block.source.id, "position": position}
            yield Problem.of(Code.E103, material.at_block(block.id), **values)
        elif not any(_whole_paragraphs(leaflet, start, start + len(block.text)) for start in _places(block, leaflet)):
            yield Problem.of(Code.E112, material.at_block(block.id), id=block.id, leaflet=block.source.id)


def leaflet_is_covered(material: Material) -> Iterator[Problem]:
    """Every line of a leaflet is in some block, but for its title, its numbered headings and its page furniture."""
    for source in _sources(material).values():
        leaflet = material.library.leaflets[source.id]
        covered = bytearray(len(leaflet))
        for block in material.library:
            if block.source == source:
                for start in _places(block, leaflet):
                    covered[start : start + len(block.text)] = b"\1" * len(block.text)
        unsaid = FURNITURE | {source.title} | _headings(leaflet)
        for match in re.finditer(r"[^\n]+", leaflet):
            words = match[0].strip()
            begin = match.start() + match[0].find(words)
            if words and words not in unsaid and not all(covered[begin : begin + len(words)]):
                line = Place(material.at_leaflet(source.id).path.with_suffix(".txt"), leaflet.count("\n", 0, begin) + 1)
                yield Problem.of(Code.E109, line, leaflet=source.id, position=begin + 1)


def reviews_are_due(material: Material) -> Iterator[Problem]:
    """The date of the next review can be read, and has not passed."""
    for source in _sources(material).values():
        try:
            review_due(source.next_review)
        except ValueError:
            problem = f'next_review "{source.next_review}" is neither a year nor a month and year'
            place = material.at_leaflet(source.id, "next_review")
            yield Problem.of(Code.E100, place, path=f"the front matter of {source.id}", problem=problem)
            continue
        if is_overdue(source, material.today):
            place = material.at_leaflet(source.id, "next_review")
            yield Problem.of(Code.W101, place, leaflet=source.id, due=source.next_review)


def _sources(material: Material) -> dict[str, Source]:
    return {block.source.id: block.source for block in material.library if block.source}


def _places(block: Block, leaflet: str) -> Iterator[int]:
    start = leaflet.find(block.text)
    while start >= 0:
        yield start
        start = leaflet.find(block.text, start + 1)


def _whole_paragraphs(leaflet: str, start: int, end: int) -> bool:
    """A paragraph begins after a blank line or at the top, and ends before one or at the bottom."""
    before = leaflet[:start].split("\n")[-2:]
    after = leaflet[end:].split("\n")[:2]
    return not any(line.strip() for line in (*before, *after))


def _longest_start(text: str, leaflet: str) -> int:
    """How many characters of the text, from its start on, the leaflet holds in one piece."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if text[:middle] in leaflet else (low, middle - 1)
    return low


def _headings(leaflet: str) -> set[str]:
    """Lines with a number that stands twice: once in the list of contents and once over its section."""
    numbered = re.findall(r"^(\d+\.)(\s.*)$", leaflet, re.MULTILINE)
    times = Counter(number for number, _ in numbered)
    return {(number + rest).strip() for number, rest in numbered if times[number] == 2}
