"""The disk: room enough, and folders that only their owner can read."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from bot.errors import SignpostError
from bot.run.disk import check_disk, private_folder


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_folder_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    private_folder(tmp_path / "a" / "b")
    assert rights(tmp_path / "a" / "b") == 0o700


def test_a_folder_that_others_could_read_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    private_folder(folder)
    assert rights(folder) == 0o700


def test_the_trial_leaves_nothing_behind(tmp_path: Path) -> None:
    private_folder(tmp_path / "var")
    assert not list((tmp_path / "var").iterdir())


@pytest.mark.parametrize("place", ["file/var", "file"])
def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SignpostError, match=rf"\[E008\] {tmp_path / place} cannot be written"):
        private_folder(tmp_path / place)


def test_a_folder_on_a_disk_that_cannot_be_written_is_named() -> None:
    with pytest.raises(SignpostError, match=r"\[E008\] /proc/signpost cannot be written"):
        private_folder(Path("/proc/signpost"))


def test_a_disk_with_room_passes(tmp_path: Path) -> None:
    check_disk(tmp_path, "SIGNPOST_VAR_DIR", needed_mb=1)


def test_a_disk_without_room_is_named_with_the_setting_that_moves_the_folder(tmp_path: Path) -> None:
    more_than_there_is = shutil.disk_usage(tmp_path).total // 1_000_000 + 1
    with pytest.raises(
        SignpostError, match=rf"\[E003\] Only \d+ MB .* {tmp_path}.* {more_than_there_is} MB.*SIGNPOST_X"
    ):
        check_disk(tmp_path, "SIGNPOST_X", needed_mb=more_than_there_is)
