"""What a model was trained from."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.run.fingerprint import (
    FINGERPRINT_VARIABLE,
    INPUTS,
    ModelRecord,
    combine,
    digests,
    expected_fingerprint,
    file_digest,
    record_file,
    trained_fingerprint,
)
from bot.settings import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a file for every input."""
    root = tmp_path / "project"
    for name in INPUTS:
        path = root / name if Path(name).suffix else root / name / "a.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return root


def fingerprint(root: Path) -> str:
    return combine(digests(root))


@pytest.mark.parametrize("name", INPUTS)
def test_a_change_in_any_input_changes_the_fingerprint(project: Path, name: str) -> None:
    before = fingerprint(project)
    path = project / name if Path(name).suffix else project / name / "a.yml"
    path.write_text("changed")
    assert fingerprint(project) != before


def test_a_new_a_moved_and_a_removed_file_change_it(project: Path) -> None:
    nlu = project / "data" / "nlu"
    (nlu / "b.yml").write_text("more")
    seen = [fingerprint(project)]
    (nlu / "b.yml").rename(nlu / "c.yml")
    seen.append(fingerprint(project))
    (nlu / "c.yml").unlink()
    seen.append(fingerprint(project))
    assert len(set(seen)) == 3


def test_other_files_compiled_code_and_another_place_do_not_change_it(project: Path, tmp_path: Path) -> None:
    before = fingerprint(project)
    (project / "README.md").write_text("words")
    (project / "bot" / "nlu" / "README.md").write_text("words")
    (project / "bot" / "nlu" / "x.pyc").write_text("compiled")
    shutil.copytree(project, tmp_path / "elsewhere")
    assert fingerprint(project) == fingerprint(tmp_path / "elsewhere") == before


def test_every_input_is_there() -> None:
    found = digests(ROOT)
    for name in INPUTS:
        assert any(path == name or path.startswith(f"{name}/") for path in found), name


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    record = ModelRecord("f" * 64, "a" * 64, {"config.yml": "b" * 64})
    record.write(tmp_path / "signpost.json")
    assert ModelRecord.read(tmp_path / "signpost.json") == record


@pytest.mark.parametrize("content", ["", "{", "[]", '{"fingerprint": "x"}', '{"other": 1}', "null"])
def test_a_record_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "signpost.json").write_text(content)
    assert ModelRecord.read(tmp_path / "signpost.json") is None


def test_a_model_is_known_by_its_record_and_only_while_it_is_whole(tmp_path: Path) -> None:
    model = tmp_path / "signpost.tar.gz"
    assert trained_fingerprint(model) == ""
    model.write_bytes(b"a model")
    assert trained_fingerprint(model) == ""
    ModelRecord("f" * 64, file_digest(model), {}).write(record_file(model))
    assert trained_fingerprint(model) == "f" * 64
    model.write_bytes(b"another")
    assert trained_fingerprint(model) == ""


def test_what_is_expected_is_what_the_supervisor_says_or_else_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FINGERPRINT_VARIABLE, "told")
    assert expected_fingerprint() == "told"
    monkeypatch.setenv(FINGERPRINT_VARIABLE, "")
    assert expected_fingerprint() == fingerprint(ROOT)
