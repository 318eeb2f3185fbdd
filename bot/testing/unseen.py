"""What the router would do with examples that its model has not seen: cross-validation over the training data.

Every part that learns is held out: the n-grams by folds, the encoder by the opinions in `data/encoder/held_out.csv`,
and the blend has two weights only. Screen, details and router learn nothing: they are those that serve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.blocks.library import Library
from bot.blocks.script import Script
from bot.nlu.context import ASK, Context
from bot.nlu.encoder import Opinions
from bot.nlu.examples import Example
from bot.nlu.held_out import HeldOut
from bot.nlu.intent_model import ModelOptions, columns_of, out_of_fold, probabilities, weigh
from bot.nlu.routing import CHAT, FOLLOW_UPS, Decider
from bot.nlu.scoring import Scores
from bot.nlu.text import plain
from bot.safety.screen import Alert, Screen
from bot.testing.bots import nearest_passage, reasons_of
from bot.testing.labelled import LabelledMessage
from bot.testing.labels import Reply
from bot.testing.measures import Outcome

FOLDS = 5
LABELS = {"goodbye": "chat:bye", "complex": "helpline:complex", "human": "helpline:human", "other": "chat:other"}
"""Labels of those intents whose names do not say them."""


@dataclass(frozen=True)
class Unseen:
    """One message that the model was not trained on.

    Attributes:
        message: The message with its label.
        scores: What the classifier says about it.
        alerts: What the safety screen says about it.
    """

    message: LabelledMessage
    scores: Scores
    alerts: tuple[Alert, ...]


def label_of(intent: str) -> str | None:
    """Return the label of an intent.

    Args:
        intent: An intent of the training data.

    Returns:
        A label of docs/evaluation.md; None for yes, no, again and the like, which mean nothing by themselves.
    """
    if intent in FOLLOW_UPS:
        return None
    if intent.startswith(ASK):
        return f"answer:{intent.removeprefix(ASK)}"
    if intent in LABELS:
        return LABELS[intent]
    return f"chat:{intent}" if intent in CHAT else f"helpline:{intent.split('_')[0]}"


def unseen_examples(
    examples: Sequence[Example], opinions: Opinions, head: Sequence[str], screen: Screen
) -> list[Unseen]:
    """Score every example by a model that was trained without it.

    Args:
        examples: The training examples.
        opinions: What the encoder that serves says about them; replaced where it has seen the example.
        head: The intents that it knows, in the order of its opinions.
        screen: The safety screen.

    Returns:
        One for each example that has a label. Pieces of long messages are not looked at.

    Raises:
        SignpostError: E330, the opinions on unseen examples cannot be read.
    """
    texts = [plain(example.text) for example in examples]
    truth = np.array([example.intent for example in examples])
    options = ModelOptions(folds=FOLDS)
    names = sorted(set(truth))
    margins = out_of_fold(texts, truth, options)
    opinions = HeldOut.load().replace(texts, opinions)[:, columns_of(truth, head)]
    # The two weights of the blend are too few to learn an example by heart.
    scored = probabilities(margins, opinions, weigh(margins, opinions, truth))
    found = []
    for example, row in zip(examples, scored, strict=True):
        label = label_of(example.intent)
        if label:
            scores = Scores(dict(zip(names, map(float, row), strict=True)))
            found.append(Unseen(LabelledMessage(example.text, label), scores, screen.check(example.text)))
    return found


def outcomes(unseen: Sequence[Unseen], decider: Decider, script: Script, library: Library) -> list[Outcome]:
    """Decide about messages, each as the first of its conversation.

    Args:
        unseen: The messages with their scores.
        decider: The router's decider.
        script: Which blocks each reply says.
        library: The approved text.

    Returns:
        The messages with what the visitor would read.
    """
    found = []
    for one in unseen:
        decision = decider.decide(one.message.text, one.scores, one.alerts, Context())
        blocks = [library[id_] for id_ in script.for_intent(decision.intent).blocks if id_ in library]
        reply = Reply(
            route=decision.route,
            texts=tuple(block.text for block in blocks),
            leaflet=tuple(block.text for block in blocks if block.kind == "leaflet"),
            choices=decision.choices,
            intent=decision.intent,
            reasons=reasons_of(decision),
            nearest=nearest_passage(decision),
        )
        found.append(Outcome(one.message, reply))
    return found
