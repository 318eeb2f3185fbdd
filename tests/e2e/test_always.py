"""What always holds, whatever is written: approved words to the byte, and no way to hide a crisis."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.e2e.running import WHOLE
from tests.e2e.visitor import Visitor, is_crisis

pytestmark = WHOLE

LONGEST = 2_000
some = examples(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

# Texts as people write them, and any signs at all.
CALM = [
    "What's my outlook?",
    "thank you",
    "My scan is on Tuesday at the hospital.",
    "can it spread to the liver",
    "I had chemo last week and I am tired",
    "👍🏽 ok",
    "Bonjour, je ne parle pas anglais",
]
texts = st.text(max_size=200) | st.lists(st.sampled_from(CALM), max_size=8).map(" ".join)

CRISES = [
    "I want to kill myself",
    "I am going to end my life tonight",
    "I am thinking about killing myself",
    "my sister says she wants to kill herself",
]
shouted = st.sampled_from([str.lower, str.upper, str.title, str.swapcase])
gaps = st.sampled_from([" ", "\n", "\r\n\r\n", "\t", " ... ", ", ", " – ", "!!! "])


@some
@given(text=texts, again=st.booleans())
def test_every_reply_is_made_of_approved_blocks(visitor: Visitor, text: str, again: bool) -> None:
    turn = visitor.say(text)
    if again and turn["choices"]:
        visitor.choose(turn["choices"][0]["id"])


@some
@given(before=texts, after=texts, phrase=st.sampled_from(CRISES), write=shouted, gap=gaps, full=st.booleans())
def test_a_crisis_phrase_in_any_text_gives_the_crisis_words(
    visitor: Visitor, before: str, after: str, phrase: str, write: Callable[[str], str], gap: str, full: bool
) -> None:
    text = f"{before}{gap}{write(phrase)}{gap}{after}"
    if full:
        calm = " ".join(CALM)
        text = f"{calm} {text} {calm * 20}"[:LONGEST]
    assert is_crisis(visitor.say(text))
