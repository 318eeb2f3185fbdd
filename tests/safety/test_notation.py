"""The notation in which patterns are written."""

from __future__ import annotations

import pytest

from bot.safety.notation import Gap, Notation, NotationError, Words, count, inflect, sequences, width
from bot.safety.spelling import Spelling

SPELLING = Spelling(
    words={"dont": ("do", "not")},
    pairs={"self": {"my": ("myself",)}},
    takes_s=frozenset(),
    keys=frozenset(),
    neighbours=frozenset(),
    censored=frozenset(),
    joined=frozenset(),
)
NOTATION = Notation({"self": "myself/herself", "ending": "(end it all|kill @self)", "loop": "a @loop"}, SPELLING)


def written_out(source: str) -> set[str]:
    """Write a line's sequences as plain text: a/b for a set, [a] for an optional word, ..n for a gap."""
    (part,) = NOTATION.compile(source).parts
    texts = set()
    for sequence in sequences(part):
        words = []
        for element in sequence:
            if isinstance(element, Gap):
                words.append(f"..{element.most}")
            elif isinstance(element, Words):
                options = "/".join(sorted(element.options))
                words.append(f"[{options}]" if element.optional else options)
        texts.add(" ".join(words))
    return texts


@pytest.mark.parametrize(
    ("source", "meant"),
    [
        ("kill myself", {"kill myself"}),
        ("kill/hurt myself", {"hurt/kill myself"}),
        ("(a|b) c", {"a/b c"}),
        ("(a b|c) d", {"a b d", "c d"}),
        ("a b? c", {"a [b] c"}),
        ("a (b c)? d", {"a b c d", "a d"}),
        ("a ..2 b", {"a ..2 b"}),
        ("kill+ me", {"kill/killed/killing/kills me"}),
        ("kill @self", {"kill herself/myself"}),
        ("@ending now", {"end it all now", "kill herself/myself now"}),
        ("don't go", {"do not go"}),
        ("a/don't go", {"a go", "do not go"}),
        ("kill my self", {"kill myself"}),
        ("a/ b c", {"a/b c"}),
    ],
)
def test_a_line_stands_for_the_wordings_that_it_shows(source: str, meant: set[str]) -> None:
    assert written_out(source) == meant


def test_a_wide_gap_cuts_a_line_into_parts_with_a_distance() -> None:
    line = NOTATION.compile("a b ..12 c")
    assert len(line.parts) == 2
    assert line.gaps == (12,)


def test_an_ampersand_cuts_a_line_into_parts_at_any_distance() -> None:
    assert NOTATION.compile("a b & c").gaps == (None,)


def test_a_line_with_very_many_wordings_is_cut_at_its_narrow_gaps_too() -> None:
    many = "(" + "|".join(f"a{n} b{n}" for n in range(20)) + ")"
    line = NOTATION.compile(f"{many} ..1 {many} ..2 c")
    assert line.gaps == (1, 2)


def test_an_equals_sign_asks_for_a_sentence_of_its_own() -> None:
    assert NOTATION.compile("= in bits").alone
    assert not NOTATION.compile("in bits").alone


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("", "empty"),
        ("(a|b", "bracket is not closed"),
        ("a) b", "stray"),
        ("(a|) b", "alternative is empty"),
        ("? a", "wrong place"),
        ("a? b?", "without a single word"),
        ("..2 a", "beginning or end"),
        ("a ..2", "beginning or end"),
        ("a (b ..5 c) d", "wider than 3"),
        ("a (b ..3 c ..3 d ..3 e) f", "more than 6 words"),
        ("@nothing", "not defined"),
        ("@loop", "defined by itself"),
        ("a//b", "nothing beside it"),
        ("k*ll me", "plain lower-case"),
        ("Kill me", "plain lower-case"),
        (" ".join(["(a b|c d|e f|g h|i j)"] * 5), "wordings"),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused(source: str, problem: str) -> None:
    with pytest.raises(NotationError, match=problem):
        NOTATION.compile(source)


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("kill", ("kill", "kills", "killed", "killing")),
        ("end", ("end", "ends", "ended", "ending")),
        ("stab", ("stab", "stabs", "stabbed", "stabbing")),
        ("take", ("take", "takes", "taked", "taking")),
        ("cry", ("cry", "cries", "cried", "crying")),
        ("punch", ("punch", "punches", "punched", "punching")),
        ("top", ("top", "tops", "topped", "topping")),
    ],
)
def test_a_plus_gives_the_regular_forms_of_a_verb(verb: str, forms: tuple[str, ...]) -> None:
    assert inflect(verb) == forms


def test_wordings_and_widths_are_counted_without_writing_them_out() -> None:
    (part,) = NOTATION.compile("(a b|c) d? (e|f g h)").parts
    assert count(part) == len(list(sequences(part))) == 4
    assert width(part) == 6
    (gapped,) = NOTATION.compile("a ..2 b (c ..1 d)?").parts
    assert width(gapped, gaps=True) == 3
    assert width(gapped) == 7


def test_a_named_wording_gives_its_single_words() -> None:
    assert NOTATION.options("self") == {"myself", "herself"}
    assert NOTATION.options("ending") == set()
