"""A place is the file and line of a thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.places import Place, place_of
from bot.settings import ROOT

TEXT = """\
version: "3.1"
intents:
- greet
- goodbye
rules:
- rule: One
  steps:
  - intent: greet
blocks:
  house.menu: |-
    Words
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file.yml"
    path.write_text(TEXT)
    return path


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("version",), 1),
        (("intents", "goodbye"), 4),
        (("intents", "0"), 3),
        (("rules", "0"), 6),
        (("rules", "0", "steps"), 7),
        (("blocks", "house.menu"), 10),
        (("blocks", "house.other"), 9),
        (("nothing",), 1),
        ((), 1),
    ],
)
def test_the_line_of_what_stands_there_or_of_the_nearest_above_it(file: Path, keys: tuple[str, ...], line: int) -> None:
    assert place_of(file, *keys) == Place(file, line)


def test_a_file_that_was_changed_is_read_again(file: Path) -> None:
    assert place_of(file, "rules").line == 5
    file.write_text("# One line more\n" + TEXT)
    assert place_of(file, "rules").line == 6


@pytest.mark.parametrize("text", [None, "[", "- one", ""])
def test_a_file_that_cannot_be_read_has_a_first_line_all_the_same(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "file.yml"
    if text is not None:
        path.write_text(text)
    assert place_of(path, "rules") == Place(path, 1)


def test_a_place_in_the_project_is_told_from_its_top() -> None:
    assert str(Place(ROOT / "domain.yml", 7)) == "domain.yml:7"
    assert str(Place(Path("/elsewhere/domain.yml"), 7)) == "/elsewhere/domain.yml:7"
