"""The book prints every block once, in the chapter where it belongs, with all its uses."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.routes import Route
from bot.script_book.book import ROUTES, Book, Item
from bot.script_book.edition import Edition
from bot.validator.project import Project
from tests.mutation.conftest import Copy


@pytest.fixture(scope="module")
def book(project: Project) -> Book:
    return Book.of(project)


def item(book: Book, id_: str) -> Item:
    (found,) = [item for chapter in book.chapters for item in chapter.items if item.block.id == id_]
    return found


def test_every_block_is_printed_exactly_once_and_numbered(book: Book, edition: Edition) -> None:
    printed = Counter(item.block.id for chapter in book.chapters for item in chapter.items)
    assert printed == Counter(list(edition.blocks))
    assert len(set(book.numbers.values())) == len(edition.blocks)


def test_every_reply_stands_under_its_route_with_the_sentence_of_its_rule(book: Book, edition: Edition) -> None:
    told = {spoken.intent: chapter.id for chapter in book.chapters for spoken in chapter.replies}
    assert told == {intent: reply.route for intent, reply in edition.replies.items()}
    assert all(spoken.rule for chapter in book.chapters for spoken in chapter.replies if spoken.intent != "unavailable")


def test_all_routes_are_in_the_book_and_the_gravest_comes_first(book: Book) -> None:
    assert set(ROUTES) == set(Route)
    assert [chapter.id for chapter in book.chapters][:3] == ["crisis", "emergency", "distress"]


def test_a_block_tells_who_says_offers_and_shows_it(book: Book) -> None:
    assert {"crisis_self", "human", "unclear"} <= set(item(book, "house.helpline").replies)
    assert "greet" in item(book, "choice.ask_outlook").offered
    assert item(book, "choice.ask_outlook").topic
    assert item(book, "page.send").pages


def test_what_nobody_says_has_a_chapter_of_its_own(copy: Copy) -> None:
    copy.replace("data/approved/house/conversation.yml", "blocks:\n", 'blocks:\n  house.left_over: "Left over"\n')
    (chapter,) = [chapter for chapter in Book.of(copy.project).chapters if chapter.id == "unused"]
    assert [item.block.id for item in chapter.items] == ["house.left_over"]
