"""What differs between two editions is told word by word, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.script_book.changes import Changes, Piece, compare_words
from bot.script_book.edition import Edition, Words


@given(st.text(), st.text())
def test_the_pieces_make_both_texts_to_the_character(before: str, now: str) -> None:
    pieces = compare_words(before, now)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == now


@given(st.text(min_size=1))
def test_a_text_that_is_the_same_is_one_piece(text: str) -> None:
    assert compare_words(text, text) == (Piece("same", text),)


def test_one_word_and_one_digit_are_shown_alone() -> None:
    assert compare_words("You can’t. Call 116 123.", "You can. Call 116 124.") == (
        Piece("same", "You "),
        Piece("removed", "can’t"),
        Piece("added", "can"),
        Piece("same", ". Call 116 "),
        Piece("removed", "123"),
        Piece("added", "124"),
        Piece("same", "."),
    )


def test_an_edition_does_not_differ_from_itself(edition: Edition) -> None:
    changes = Changes.between(edition, edition)
    assert (changes.blocks, changes.replies, changes.contacts) == ((), (), ())


def test_every_kind_of_change_is_told(edition: Edition) -> None:
    blocks = dict(edition.blocks)
    blocks["house.menu"] = replace(blocks["house.menu"], text="Other words")
    blocks["house.bot"] = replace(blocks["house.bot"], sign_off="A clinician, 1 December 2026")
    blocks["house.new"] = Words("New words", "pending")
    del blocks["house.deny"]
    replies = dict(edition.replies)
    replies["deny"] = replace(replies["deny"], blocks=("house.new",))
    contacts = {what_for: "116 124" if number == "116 123" else number for what_for, number in edition.contacts.items()}
    changes = Changes.between(edition, replace(edition, blocks=blocks, replies=replies, contacts=contacts))
    assert {change.id: change.kind for change in changes.blocks} == {
        "house.menu": "reworded",
        "house.new": "added",
        "house.deny": "removed",
        "house.bot": "record",
    }
    record = changes.of("house.bot")
    assert record is not None
    assert record.notes == ("Sign-off: was pending, is A clinician, 1 December 2026.",)
    assert [change.intent for change in changes.replies] == ["deny"]
    assert [(change.before, change.now) for change in changes.contacts] == [("116 123", "116 124")]
    assert changes.of("house.greeting") is None
