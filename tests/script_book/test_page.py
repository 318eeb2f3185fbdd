"""The page of the script book: every word to the character, a line for every signature, nothing from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import Code, SignpostError
from bot.script_book.edition import Edition
from bot.script_book.page import write_book
from bot.validator.project import Project
from tests.mutation.conftest import Copy


class Read(HTMLParser):
    """What a page says, and what it is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._unread = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._unread += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def html(project: Project, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("book") / "book.html"
    write_book(project, html=path, pdf=None, since=None)
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html: str) -> Read:
    return Read(html)


def test_every_block_stands_in_it_to_the_character(page: Read, edition: Edition) -> None:
    assert [id_ for id_, words in edition.blocks.items() if words.text not in page.text] == []


def test_a_block_without_a_signature_is_shown_as_such(copy: Copy, tmp_path: Path) -> None:
    copy.replace("data/approved/house/safety.yml", "sign_off: pending", 'sign_off: "A clinician, 1 December 2026"')
    path = tmp_path / "book.html"
    write_book(copy.project, html=path, pdf=None, since=None)
    articles = {
        re.search(r'id="b-([^"]+)"', part)[1]: part  # type: ignore[index]
        for part in path.read_text(encoding="utf-8").split('<article class="item"')[1:]
    }
    assert "signed</span>: A clinician, 1 December 2026" in articles["house.crisis_self"]
    assert "not signed" in articles["house.helpline"]


def test_each_block_of_a_reply_has_a_line_to_sign_and_its_record(html: str, edition: Edition) -> None:
    articles = html.split('<article class="item"')[1:]
    assert len(articles) == sum(not id_.startswith(("choice.", "page.")) for id_ in edition.blocks)
    for article in articles:
        for part in ("Approved as it stands", "Signature and date", "Source", "Sign-off", "Where used", "Seal"):
            assert part in article


def test_the_overdue_review_is_told_at_the_top(page: Read) -> None:
    assert "Review overdue" in page.text[: page.text.index("Contents")]


def test_it_runs_nothing_and_loads_nothing(page: Read, html: str) -> None:
    assert [attrs["type"] for attrs in page.all("script")] == ["application/json"]
    assert not page.all("link")
    assert not [attrs for _, attrs in page.tags if attrs.get("src")]
    assert "url(" not in html
    assert all((attrs["href"] or "").startswith("#") for attrs in page.all("a"))


def test_every_link_leads_to_something_and_no_id_stands_twice(page: Read) -> None:
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {(attrs["href"] or "")[1:] for attrs in page.all("a")} <= set(ids)


def test_it_is_marked_up_for_those_who_hear_it(page: Read) -> None:
    assert page.all("html") == [{"lang": "en-GB"}]
    assert len(page.all("h1")) == 1
    assert page.all("main")
    assert page.all("nav")
    assert len(page.all("caption")) == len(page.all("table"))
    assert all("scope" in attrs for attrs in page.all("th"))


def test_it_is_laid_out_for_a4_with_page_numbers_and_a_place_for_initials(html: str) -> None:
    assert "size: A4" in html
    assert "counter(page)" in html
    assert "Initials: ___" in html


def test_a_second_edition_shows_the_changes_first_word_by_word(copy: Copy, tmp_path: Path) -> None:
    first, second = tmp_path / "first.html", tmp_path / "second.html"
    write_book(copy.project, html=first, pdf=None, since=None)
    copy.replace("data/approved/house/safety.yml", "from a person now. Don’t wait", "from somebody now. Don’t wait")
    copy.replace("data/approved/house/conversation.yml", "blocks:\n", 'blocks:\n  house.added: "Words that are new"\n')
    copy.edit("domain.yml", lambda data: data["responses"]["utter_menu"][0]["custom"].update(blocks=["house.added"]))
    told = write_book(copy.project, html=second, pdf=None, since=str(first))
    assert "1 reworded, 1 added, 0 removed, 1 replies changed" in told
    html = second.read_text(encoding="utf-8")
    changes = html[html.index('<h2 id="changes">') : html.index('<h2 id="crisis">')]
    assert re.search(r"<del>.*?a person.*?</del>", changes)
    assert re.search(r"<ins>.*?somebody.*?</ins>", changes)
    assert "Words that are new" in changes
    assert "Replies that changed" in changes
    assert 'href="#c-house.crisis_self">changed' in html


def test_without_a_change_it_says_so(copy: Copy, tmp_path: Path) -> None:
    first, second = tmp_path / "first.html", tmp_path / "second.html"
    write_book(copy.project, html=first, pdf=None, since=None)
    write_book(copy.project, html=second, pdf=None, since=str(first))
    assert "Nothing has changed." in second.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_told(project: Project, tmp_path: Path) -> None:
    with pytest.raises(SignpostError) as error:
        write_book(project, html=tmp_path / "absent" / "book.html", pdf=None, since=None)
    assert error.value.code is Code.E008


def test_the_command_writes_the_page_and_wants_to_know_where(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["script-book"]).exit_code == 2
    result = CliRunner().invoke(app, ["script-book", "--html", str(tmp_path / "book.html")])
    assert result.exit_code == 0
    assert re.match(r"The script book, edition [0-9a-f]{12}, has \d+ blocks\.", result.output)
