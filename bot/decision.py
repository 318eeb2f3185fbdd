"""The decision about one message: what it asks, where it goes, and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from bot.routes import Route


@dataclass(frozen=True)
class Reason:
    """One reason for a decision. It never holds words of the visitor.

    Attributes:
        source: Who says so: "screen", "classifier", "context", "entity", "neighbour", "choice" or "gateway".
        id: What fired: a rule's id, an intent or the name of a check.
        score: The score that counted, where there is one.
        threshold: What the score was held against, where there is one.
    """

    source: str
    id: str
    score: float | None = None
    threshold: float | None = None


@dataclass(frozen=True)
class Decision:
    """What one message was taken to ask, and where it goes.

    Attributes:
        intent: The intent that the rules act on, such as "ask_outlook" or "crisis_self".
        route: Where the message goes.
        reasons: Why, the weightiest first.
        choices: Ids of the topics to offer, when the decision offers any of its own.
        topic: The answer that was asked about, where the intent alone does not say so
            (a repeated question, distress with a question attached).
    """

    intent: str
    route: Route
    reasons: tuple[Reason, ...] = ()
    choices: tuple[str, ...] = ()
    topic: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the decision as plain JSON data."""
        return {
            "intent": self.intent,
            "route": self.route.value,
            "reasons": [asdict(reason) for reason in self.reasons],
            "choices": list(self.choices),
            "topic": self.topic,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Decision:
        """Read a decision back from what `to_dict` wrote.

        Args:
            data: The plain data.

        Returns:
            The decision.

        Raises:
            KeyError: A field is missing.
            ValueError: The route is unknown.
        """
        return cls(
            intent=data["intent"],
            route=Route(data["route"]),
            reasons=tuple(Reason(**reason) for reason in data["reasons"]),
            choices=tuple(data["choices"]),
            topic=data["topic"],
        )


@dataclass(frozen=True)
class SpokenBlock:
    """A block as the dialogue engine said it: by id, with the hash of the text that it meant.

    Attributes:
        id: The block's id.
        sha256: Hex digest of the UTF-8 text.
    """

    id: str
    sha256: str


@dataclass(frozen=True)
class DialogueReply:
    """What the dialogue engine answers to one message, before the gateway looks up the words.

    Attributes:
        decision: The decision that led to the reply.
        blocks: What is said, in order.
        choices: Ids of the choices offered with it.
    """

    decision: Decision
    blocks: tuple[SpokenBlock, ...]
    choices: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """Return the reply as plain JSON data."""
        return {
            "decision": self.decision.to_dict(),
            "blocks": [asdict(block) for block in self.blocks],
            "choices": list(self.choices),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> DialogueReply:
        """Read a reply back from what `to_dict` wrote.

        Args:
            data: The plain data.

        Returns:
            The reply.

        Raises:
            KeyError: A field is missing.
            ValueError: The route is unknown.
        """
        return cls(
            decision=Decision.from_dict(data["decision"]),
            blocks=tuple(SpokenBlock(**block) for block in data["blocks"]),
            choices=tuple(data["choices"]),
        )
