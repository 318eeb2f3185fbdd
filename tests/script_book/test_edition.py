"""An edition is the same whether it is read from the files, from a commit, or from a book that was saved."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from bot.blocks.library import Library
from bot.errors import Code, SignpostError
from bot.script_book.edition import Edition
from bot.script_book.page import write_book
from bot.validator.project import Project
from tests.mutation.conftest import Copy


def git(folder: Path, *arguments: str) -> None:
    named = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *named, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def committed(copy: Copy) -> Copy:
    """A copy whose text is in git, at the tag "first"."""
    git(copy.root, "init", "-q")
    git(copy.root, "add", "data/approved", "domain.yml")
    git(copy.root, "commit", "-q", "--no-verify", "-m", "First")
    git(copy.root, "tag", "first")
    return copy


def test_it_holds_every_block_with_its_record(edition: Edition, project: Project) -> None:
    library = Library.load(project.approved)
    assert {id_: words.text for id_, words in edition.blocks.items()} == {block.id: block.text for block in library}
    outlook = edition.blocks["secondary.outlook"]
    assert (outlook.last_reviewed, outlook.next_review) == ("December 2015", "2017")
    assert edition.replies["distress"].route == "distress"
    assert "116 123" in edition.contacts.values()


def test_its_fingerprint_is_that_of_its_content_and_not_of_its_name(edition: Edition) -> None:
    assert replace(edition, name="another").fingerprint == edition.fingerprint
    words = replace(edition.blocks["house.menu"], text="Other words")
    assert replace(edition, blocks={**edition.blocks, "house.menu": words}).fingerprint != edition.fingerprint


def test_a_saved_book_carries_its_edition(copy: Copy, tmp_path: Path) -> None:
    path = tmp_path / "book.html"
    write_book(copy.project, html=path, pdf=None, since=None)
    assert Edition.since(copy.project, str(path)) == Edition.of(copy.project, copy.project.today.isoformat())


@pytest.mark.parametrize("version", ["first", "HEAD"])
def test_a_commit_or_a_tag_is_an_edition(committed: Copy, version: str) -> None:
    before = Edition.of(committed.project, version)
    committed.replace("data/approved/house/safety.yml", "from a person now", "from somebody now")
    assert Edition.since(committed.project, version) == before
    assert Edition.of(committed.project, version) != before


@pytest.mark.parametrize("version", ["second", "--output=x", "", "first:domain.yml"])
def test_what_is_neither_a_commit_nor_a_book_is_told(committed: Copy, version: str) -> None:
    with pytest.raises(SignpostError) as error:
        Edition.since(committed.project, version)
    assert error.value.code is Code.E803


@pytest.mark.parametrize(
    "text", ["", "<p>A page</p>", '<script type="application/json" id="edition">{"blocks": 1}</script>']
)
def test_a_file_that_is_no_book_is_told(project: Project, tmp_path: Path, text: str) -> None:
    path = tmp_path / "book.html"
    path.write_text(text)
    with pytest.raises(SignpostError, match=r"no script book") as error:
        Edition.since(project, str(path))
    assert error.value.code is Code.E803


def test_a_commit_of_another_form_is_told(committed: Copy) -> None:
    committed.replace("domain.yml", "route: crisis", "road: crisis")
    git(committed.root, "commit", "-q", "--no-verify", "-a", "-m", "Second")
    with pytest.raises(SignpostError, match="another form") as error:
        Edition.since(committed.project, "HEAD")
    assert error.value.code is Code.E803


def test_without_git_a_saved_book_is_still_an_edition(
    monkeypatch: pytest.MonkeyPatch, copy: Copy, tmp_path: Path
) -> None:
    path = tmp_path / "book.html"
    write_book(copy.project, html=path, pdf=None, since=None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Edition.since(copy.project, str(path)).blocks
    with pytest.raises(SignpostError, match="git is not installed"):
        Edition.since(copy.project, "HEAD")
