"""How messages are read: case, accents, chat spelling, disguises and slips."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.normalise import Normaliser, fold, segment
from bot.safety.screen import Screen
from tests.safety.conftest import SCREEN


def readings(screen: Screen, text: str) -> list[str]:
    """All views of a text as plain text."""
    return [" ".join(view.words) for view in normaliser(screen).views(text)]


def normaliser(screen: Screen) -> Normaliser:
    return screen._normaliser


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("I WANT TO DIE", "i want to die"),
        ("I don't, don’t, dont, don t", "i do not do not do not do not"),
        ("Can't. Won't. I'm. I'll. She's", "can not will not i am i will she s"),
        ("im gonna, wanna, u, ur, pls", "i am going to want to you your please"),
        ("cba", "can not be bothered"),
        ("mums scared, shes shaking", "mum s scared she s shaking"),
        ("any more, my self, over dose", "anymore myself overdose"),
        ("ｗａｎｔ", "want"),
        ("𝐝𝐢𝐞", "die"),
        ("dıé", "die"),
        ("кill mуself", "kill myself"),
        ("ki\u200bll\u00ad my\u2060self", "kill myself"),
        ("want\u00a0to\u2028die", "want to die"),
        ("\u202ekill\u202c myself", "kill myself"),
        ("kill\n\n\nmyself", "kill myself"),
        ("diiiiie", "die"),
        ("killlll", "kill"),
        ("thinkin of dyin", "thinking of dying"),
        ("38,5 and 38.5", "38.5 and 38.5"),
        ("999 or 111", "999 or 111"),
        ("😭die😭", "die"),
        ("🅺🅸🅻🅻 myself", "kill myself"),
        ("", ""),
        ("?!", ""),
    ],
)
def test_the_plain_view_reads_what_is_written(screen: Screen, written: str, read: str) -> None:
    assert readings(screen, written)[0] == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("k i l l  m y s e l f", "kill myself"),
        ("k.i.l.l my self", "kill myself"),
        ("k-i-l-l myself", "kill myself"),
        ("k\ni\nl\nl myself", "kill myself"),
        ("k1ll mys3lf", "kill myself"),
        ("su1c1de", "suicide"),
        ("k!ll", "kill"),
        ("k*ll", "kill"),
        ("s**cide", "suicide"),
        ("su!cide", "suicide"),
        ("want 2 die", "want to die"),
        ("suicdal", "suicidal"),
        ("killmyself", "kill myself"),
        ("#killmyself", "kill myself"),
        ("iwanttodie", "i want to die"),
        ("sui cide", "suicide"),
    ],
)
def test_the_second_view_undoes_disguises_and_slips(screen: Screen, written: str, read: str) -> None:
    assert read in readings(screen, written)


def test_a_plain_message_is_read_once(screen: Screen) -> None:
    assert len(readings(screen, "Can secondary breast cancer be cured, please?")) == 1


def test_the_second_view_keeps_only_the_words_around_what_was_undone(screen: Screen) -> None:
    text = "tea " * 200 + "k1ll myself" + " tea" * 200
    plain, mended = normaliser(screen).views(text)
    assert len(plain.words) == 402
    assert len(mended.words) < 100
    assert "kill" in mended.words


@pytest.mark.parametrize(
    ("letters", "cut"),
    [("killmyself", ["kill", "myself"]), ("idie", ["i", "die"]), ("xyz", None), ("", None), ("iii", None)],
)
def test_letters_are_cut_into_the_fewest_known_words(letters: str, cut: list[str] | None) -> None:
    assert segment(letters, frozenset({"i", "kill", "my", "self", "myself", "die"})) == cut


def test_sentence_ends_are_remembered_by_word(screen: Screen) -> None:
    (view,) = normaliser(screen).views("In bits. Please help!\nThank you")
    assert view.words == ("in", "bits", "please", "help", "thank", "you")
    assert view.ends == {1, 3}


@given(st.text(alphabet=st.characters(), max_size=300))
def test_folding_is_total_and_leaves_no_case_marks_or_invisible_letters(text: str) -> None:
    folded = fold(text)
    assert all(unicodedata.category(letter) not in {"Mn", "Me", "Cf", "Lu"} for letter in folded if letter.isascii())
    assert "\u200b" not in folded


@given(st.text(max_size=300))
def test_every_text_has_one_or_two_views_without_spaces_in_words(text: str) -> None:
    views = SCREEN._normaliser.views(text)
    assert 1 <= len(views) <= 2
    assert all(word and not word.isspace() for view in views for word in view.words)
