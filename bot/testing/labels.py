"""When a reply is right: the labels of docs/evaluation.md, as rules on what the visitor reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.decision import Reason
from bot.routes import Route

HELPLINE = "0808 800 6000"
EMERGENCY_NUMBER = "999"
SAMARITANS = "116 123"

ANSWERS = {
    "what_is": "breast cancer cells spread from the first (primary) cancer",
    "curable": "The aim of treatment is to control the cancer",
    "names": "stage 4 breast cancer",
    "outlook": "life expectancy is difficult to predict",
    "shock": "In the initial days or weeks following your diagnosis",
    "control": "you can still have some control over how you manage the illness",
    "talking": "Talking with a specialist nurse can often help",
    "peers": "You may find it helpful to talk to someone else",
    "treatment": "There are many treatments that can keep the cancer under control",
    "sites": "You can read more detailed information about treatment",
    "living": "people cope in their own way",
    "uncertainty": "uncertainty can be the hardest part",
    "meetups": "meet-ups allow you to talk openly",
    "stories": "Marie and Diane talk about coping",
    "feelings": "from disbelief, denial and shock to anger, fear and helplessness",
    "helpline": HELPLINE,
    "reviewed": "December 2015",
    "feedback": "we cannot respond to comments",
}
"""For each answer, words that the reply must hold."""

FLOOD_CHARACTERS = 2_000
"""A reply with more of the leaflet than this pours out most of it (the leaflet has 3,300 characters of passages)."""

_PEOPLE = {Route.COMPLEX, Route.HUMAN, Route.UNCLEAR, Route.OTHER, Route.DISTRESS}


@dataclass(frozen=True)
class Reply:
    """What a visitor read in one turn.

    Attributes:
        route: The route of the turn.
        texts: The texts of its messages.
        leaflet: Those of them that are passages of a leaflet.
        choices: Ids of the choices offered.
        intent: What the message was taken to ask, where that is known.
        reasons: Why, as short lines, where that is known.
        nearest: The likeliest passage with its score, where only the threshold decided whether it is served.
        seconds: How long the turn took.
    """

    route: Route
    texts: tuple[str, ...]
    leaflet: tuple[str, ...]
    choices: tuple[str, ...] = ()
    intent: str = ""
    reasons: tuple[str, ...] = ()
    nearest: Reason | None = None
    seconds: float = 0.0

    @property
    def words(self) -> str:
        """Everything said, as one text. The leaflet's no-break spaces count as spaces."""
        return "\n".join(self.texts).replace("\u00a0", " ")

    def holds(self, *needed: str) -> bool:
        """Whether all of these stand in the reply."""
        return all(text in self.words for text in needed)


def is_right(reply: Reply, label: str) -> bool:
    """Say whether a reply is right under one label.

    Args:
        reply: What the visitor read.
        label: A label such as "answer:outlook" or "helpline:crisis".

    Returns:
        Whether it is.

    Raises:
        KeyError: The label is unknown.
    """
    kind, _, name = label.partition(":")
    if kind == "answer":
        return ANSWERS[name] in reply.words and sum(map(len, reply.leaflet)) <= FLOOD_CHARACTERS
    return _RULES[label](reply)


def known(label: str) -> bool:
    """Say whether a label is one of docs/evaluation.md.

    Args:
        label: Any text.
    """
    kind, _, name = label.partition(":")
    return name in ANSWERS if kind == "answer" else label in _RULES


def best_label(reply: Reply, candidates: Sequence[str]) -> str | None:
    """Return the first label under which a reply is right, or None.

    Args:
        reply: What the visitor read.
        candidates: Labels, the best first.
    """
    return next((label for label in candidates if is_right(reply, label)), None)


def _to_people(reply: Reply) -> bool:
    return reply.route in _PEOPLE and reply.holds(HELPLINE) and not reply.leaflet


def _chat(reply: Reply) -> bool:
    return reply.route is Route.CHAT and not reply.leaflet


def _other(reply: Reply) -> bool:
    routes = {Route.OTHER, Route.COMPLEX, Route.UNCLEAR, Route.HUMAN, Route.CHAT}
    return reply.route in routes and not reply.leaflet


def _distress(reply: Reply) -> bool:
    return reply.route.is_safety and reply.holds(HELPLINE)


def _emergency(reply: Reply) -> bool:
    return reply.route in (Route.EMERGENCY, Route.CRISIS) and reply.holds(EMERGENCY_NUMBER, HELPLINE)


def _crisis(reply: Reply) -> bool:
    return reply.route is Route.CRISIS and reply.holds(EMERGENCY_NUMBER, SAMARITANS, HELPLINE)


_RULES: dict[str, Callable[[Reply], bool]] = {
    "helpline:complex": _to_people,
    "helpline:human": _to_people,
    "helpline:distress": _distress,
    "helpline:emergency": _emergency,
    "helpline:crisis": _crisis,
    "chat:other": _other,
    **{f"chat:{name}": _chat for name in ("greet", "bye", "thanks", "bot", "privacy", "menu")},
}
