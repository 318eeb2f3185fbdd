"""Two texts side by side: nothing is lost, and what differs is marked to the word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.stories.compare import Row, rows, shortened, side_by_side

words = st.text(st.sampled_from("ab \n’'\u00a0"), max_size=60)


def joined(of: list[Row], side: str) -> str:
    parts = [getattr(row, side) for row in of]
    return "\n".join("".join(part.text for part in line) for line in parts if line is not None)


def lines(expected: str, said: str, width: int = 60) -> list[str]:
    return side_by_side(expected, said, width=width)[2:]


@given(words, words)
def test_each_side_is_its_text_to_the_character(expected: str, said: str) -> None:
    of = rows(expected, said)
    assert joined(of, "expected") == expected
    assert joined(of, "said") == said


@given(words, words)
def test_a_difference_is_marked_exactly_where_there_is_one(expected: str, said: str) -> None:
    of = rows(expected, said)
    assert any(row.differs for row in of) == (expected != said)
    for row in of:
        marked = any(part.differs for side in (row.expected, row.said) for part in side or ())
        assert marked == row.differs


@given(words, words, st.integers(44, 120))
def test_no_line_is_wider_than_it_may_be(expected: str, said: str, width: int) -> None:
    assert all(len(line) <= width for line in side_by_side(expected, said, width=width))


def test_one_wrong_word_is_marked_on_both_sides() -> None:
    assert lines("call 999 or go now", "call 998 or go now") == [
        "call [999] or go now         | call [998] or go now",
    ]


def test_words_beside_each_other_are_marked_as_one() -> None:
    assert "one [two three] four" in lines("one two three four five six", "one 2 3 four five six")[0]


def test_lines_that_have_little_in_common_are_marked_whole() -> None:
    assert lines("all is well", "nothing is as it was") == ["[all is well]                | [nothing is as it was]"]


def test_a_line_that_one_side_lacks_says_which() -> None:
    assert lines("a\nb", "a") == ["a                              a", "b                            <"]
    assert lines("a", "a\nb") == ["a                              a", "                             > b"]


def test_a_space_that_cannot_be_seen_is_shown() -> None:
    assert lines("0808 800 6000 is free", "0808\u00a0800 6000 is free")[0] == (
        "0808[·]800 6000 is free      | 0808[⍽]800 6000 is free"
    )


def test_equal_lines_far_from_a_difference_are_counted_and_not_shown() -> None:
    same = "\n".join("abcdefghij")
    told = lines(same + "\nx y z", same + "\nx y q")
    assert told[0].strip() == "… 8 equal lines"
    assert [line.split()[0] for line in told[1:]] == ["i", "j", "x"]
    assert shortened(rows(same, same)) == [Row(None, None, left_out=10)]


def test_long_lines_are_broken_between_words() -> None:
    text = "the quick brown fox jumps over the lazy dog"
    assert [line[:29].rstrip() for line in lines(text + " a", text + " b")] == [
        "the quick brown fox jumps",
        "over the lazy dog [a]",
    ]


def test_colours_take_no_room() -> None:
    plain = side_by_side("a b c", "a b d", width=60, mark=lambda text, left: text)
    coloured = side_by_side("a b c", "a b d", width=60, mark=lambda text, left: f"<{'L' if left else 'R'}{text}>")
    assert [line.replace("<Lc>", "c").replace("<Rd>", "d") for line in coloured] == plain
    assert "<Lc>" in "".join(coloured)
