"""Seals of what decides which words are said."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import Code, SignpostError
from bot.validator import seals
from bot.validator.rules.seals import decisions_are_sealed
from tests.mutation.conftest import Copy


def test_what_is_sealed_is_what_is_there(copy: Copy) -> None:
    count = seals.write(copy.project)
    assert seals.read(copy.project) == seals.decisions(copy.project)
    assert count == sum(len(digests) for digests in seals.decisions(copy.project).values())
    assert list(decisions_are_sealed(copy.project)) == []


def test_sealing_twice_changes_nothing(copy: Copy) -> None:
    seals.write(copy.project)
    first = copy.project.seals.read_bytes()
    seals.write(copy.project)
    assert copy.project.seals.read_bytes() == first


def test_another_example_or_comment_needs_no_seal(copy: Copy) -> None:
    seals.write(copy.project)
    copy.edit(
        "data/safety/crisis_wish.yml", lambda data: data["patterns"][0].update(comment="Another one.", examples=[])
    )
    assert list(decisions_are_sealed(copy.project)) == []


def test_something_new_is_not_sealed(copy: Copy) -> None:
    seals.write(copy.project)
    copy.edit("data/routing/thresholds.yml", lambda data: data.update(extra=0.5))
    (problem,) = decisions_are_sealed(copy.project)
    assert problem.code is Code.E310
    assert problem.place is not None
    assert problem.place.path == copy.project.thresholds


@pytest.mark.parametrize("text", ["replies: {}", "[", "- a"])
def test_seals_of_another_form_are_refused(copy: Copy, text: str) -> None:
    copy.project.seals.write_text(text)
    with pytest.raises(SignpostError) as error:
        seals.read(copy.project)
    assert error.value.code is Code.E100


def test_seals_that_cannot_be_written_are_told_with_their_file(copy: Copy) -> None:
    copy.project.seals.with_suffix(".new").mkdir()
    with pytest.raises(SignpostError, match=r"seals\.yml") as error:
        seals.write(copy.project)
    assert error.value.code is Code.E008


def test_a_pattern_file_that_is_no_yaml_is_refused(copy: Copy) -> None:
    Path(copy.root / "data/safety/crisis_wish.yml").write_text("[")
    with pytest.raises(SignpostError) as error:
        seals.decisions(copy.project)
    assert error.value.code is Code.E200
