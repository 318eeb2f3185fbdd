"""Scores of a message over the whole and in pieces."""

from __future__ import annotations

import pytest

from bot.nlu.encoder import Encoder
from bot.nlu.intent_model import IntentModel
from bot.nlu.scoring import Scores, score
from tests.nlu.test_intent_model import EXAMPLES


@pytest.fixture(scope="module")
def model(encoder: Encoder) -> IntentModel:
    texts, intents = zip(*EXAMPLES, strict=True)
    return IntentModel.fit(texts, encoder.encode(texts), intents)


def test_a_short_message_has_no_pieces(model: IntentModel, encoder: Encoder) -> None:
    text = "how long have I got"
    scored = score(model, encoder, text, encoder.encode([text]))
    assert scored.pieces == ()
    assert sum(scored.whole.values()) == pytest.approx(1.0)
    assert scored.in_pieces("ask_outlook") == 0.0


def test_a_sentence_hidden_in_a_long_message_stands_out_in_its_piece(model: IntentModel, encoder: Encoder) -> None:
    calm = "Thank you to everybody on the ward, they were ever so kind to us, many thanks to them all. "
    text = f"{calm}{calm}How long have I got? {calm}{calm}"
    scored = score(model, encoder, text, encoder.encode([text]))
    assert scored.in_pieces("ask_outlook") > scored.total("ask_outlook")


def test_intents_count_together_and_unknown_ones_count_nothing() -> None:
    scored = Scores({"a": 0.25, "b": 0.5}, ({"a": 0.125}, {"b": 0.75}))
    assert scored.total("a", "b", "unheard of") == 0.75
    assert scored.in_pieces("a", "b") == 0.75
    assert Scores({}).total("a") == 0.0
