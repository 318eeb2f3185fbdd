"""Scores of a message over the whole and in pieces."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.encoder import Encoder
from bot.nlu.scoring import Scorer, Scores
from tests.nlu.test_intent_model import EXAMPLES


@pytest.fixture(scope="module")
def scorer(encoder: Encoder) -> Scorer:
    texts, intents = zip(*EXAMPLES, strict=True)
    return Scorer.fit(texts, encoder.encode(texts), intents, encoder)


def test_a_short_message_has_no_pieces(scorer: Scorer) -> None:
    text = "how long have I got"
    scored = scorer.score(text)
    assert scored.pieces == ()
    assert sum(scored.whole.values()) == pytest.approx(1.0)
    assert scored.in_pieces("ask_outlook") == 0.0


def test_a_sentence_hidden_in_a_long_message_stands_out_in_its_piece(scorer: Scorer) -> None:
    calm = "Thank you to everybody on the ward, they were ever so kind to us, many thanks to them all. "
    text = f"{calm}{calm}How long have I got? {calm}{calm}"
    scored = scorer.score(text)
    assert scored.in_pieces("ask_outlook") > scored.total("ask_outlook")


def test_intents_count_together_and_unknown_ones_count_nothing() -> None:
    scored = Scores({"a": 0.25, "b": 0.5}, ({"a": 0.125}, {"b": 0.75}))
    assert scored.total("a", "b", "unheard of") == 0.75
    assert scored.in_pieces("a", "b") == 0.75
    assert Scores({}).total("a") == 0.0


def test_a_message_lies_nearest_to_what_it_asks(scorer: Scorer) -> None:
    far = scorer.score("how long have I got").far
    assert min(far, key=far.__getitem__) == "ask_outlook"
    assert all(0 <= distance <= 1 for distance in far.values())


def test_a_scorer_that_is_read_back_scores_the_same(scorer: Scorer, encoder: Encoder, tmp_path: Path) -> None:
    scorer.save(tmp_path)
    text = "is a cure possible for us"
    first, second = scorer.score(text), Scorer.load(tmp_path, encoder).score(text)
    assert first.whole == pytest.approx(second.whole, abs=1e-6)
    assert first.far == pytest.approx(second.far)
