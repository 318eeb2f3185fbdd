"""Whether a file can be written is known before it is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import Code, SignpostError
from bot.stories.writable import check_writable


def test_a_new_file_can_be_written_and_is_not_made_yet(tmp_path: Path) -> None:
    check_writable(tmp_path / "new.yml")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_keeps_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "old.html").write_text("old")
    check_writable(tmp_path / "old.html")
    assert (tmp_path / "old.html").read_text() == "old"


@pytest.mark.parametrize("name", ["missing/new.yml", "file/new.yml", "."])
def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SignpostError) as error:
        check_writable(tmp_path / name)
    assert error.value.code is Code.E008


def test_a_device_is_not_opened() -> None:
    check_writable(Path("/dev/null"))
