"""Waiting until a file changes."""

from __future__ import annotations

from pathlib import Path

from bot.stories.watch import changed, stamps, wait


def test_only_files_that_hold_stories_or_words_count(tmp_path: Path) -> None:
    for name in ("a.yml", "b.txt", "c.py"):
        (tmp_path / name).write_text("x")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "d.yaml").write_text("x")
    names = {path.name for path in stamps([tmp_path, tmp_path / "a.yml", tmp_path / "absent.yml"])}
    assert names == {"a.yml", "b.txt", "d.yaml"}


def test_what_is_new_gone_or_other_has_changed() -> None:
    before = {Path("same"): (1, 1), Path("gone"): (1, 1), Path("other"): (1, 1)}
    after = {Path("same"): (1, 1), Path("new"): (1, 1), Path("other"): (2, 1)}
    assert changed(before, after) == {Path("gone"), Path("new"), Path("other")}


def test_it_waits_until_a_file_changes_and_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("x")
    before = stamps([tmp_path])
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) in (2, 3):  # somebody saves it, and goes on writing
            path.write_text("x" * 10 * len(slept))

    assert wait([tmp_path], before, sleep=sleep) == {path}
    assert len(slept) == 4
