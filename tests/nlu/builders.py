"""Scores, alerts and turns made by hand, for tests that need no trained model."""

from __future__ import annotations

from typing import Literal

from hypothesis import strategies as st

from bot.blocks.script import Script
from bot.decision import Decision
from bot.nlu.context import Context
from bot.nlu.scoring import Scores
from bot.routes import Route
from bot.safety.screen import Alert
from bot.settings import Settings

SCRIPT = Script.load(Settings.load({}).domain_file)
ROUTE_OF = {intent: SCRIPT.for_intent(intent).route for intent in SCRIPT.intents}

SURE = 0.97
"""Above every threshold."""

FAINT = 0.02
"""Below every threshold."""

SCORED = [
    intent
    for intent in SCRIPT.intents
    if not intent.startswith("read_") and intent not in ("empty", "unclear", "asked_again")
    if not intent.endswith("_gently")
]
"""The intents that the classifier knows; the others come from a choice or from the router itself."""


def scores(*pieces: dict[str, float], **whole: float) -> Scores:
    """Scores of a message, over the whole of it and for each piece of a long one."""
    return Scores(whole, pieces)


def alert(route: Route, about: Literal["self", "other"] = "self", rule: str = "a rule") -> Alert:
    """A pattern of the safety screen that fired."""
    return Alert(route, rule, about, "words")


def turn(intent: str, topic: str | None = None) -> Decision:
    """What a message before was taken to ask."""
    return Decision(intent, ROUTE_OF[intent], topic=topic)


def after(*intents: str, offered: tuple[str, ...] = ()) -> Context:
    """The turns before, and what the last reply offered."""
    return Context([turn(intent) for intent in intents], offered)


alerts = st.builds(
    Alert,
    st.sampled_from([Route.CRISIS, Route.EMERGENCY, Route.DISTRESS]),
    st.sampled_from(["rule_a", "rule_b", "rule_c"]),
    st.sampled_from(["self", "other"]),
    st.just("words"),
)
alert_lists = st.lists(alerts, max_size=3).map(lambda found: sorted(found, key=lambda a: -a.route.severity))
"""What the screen may say: most severe first."""


@st.composite
def shares(draw: st.DrawFn) -> dict[str, float]:
    """Probabilities of some intents, which add up to 1."""
    weights = draw(
        st.dictionaries(st.sampled_from(SCORED), st.floats(0.001, 1.0, allow_subnormal=False), min_size=1, max_size=6)
    )
    total = sum(weights.values())
    return {intent: weight / total for intent, weight in weights.items()}


any_scores = st.builds(Scores, shares(), st.lists(shares(), max_size=2).map(tuple))

any_turn = st.builds(turn, st.sampled_from(SCORED), st.none())
any_context = st.builds(
    Context,
    st.lists(any_turn, max_size=4).map(tuple),
    st.lists(st.sampled_from([i for i in SCRIPT.intents if i.startswith("ask_")]), max_size=3, unique=True).map(tuple),
)
