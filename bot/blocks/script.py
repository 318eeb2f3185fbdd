"""The script: which blocks each reply says. It is the `responses` part of domain.yml, which names ids and no words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.blocks.library import read_mapping
from bot.errors import Code, SignpostError
from bot.routes import Route

UTTER = "utter_"
TOPIC = "@topic"
"""Stands among blocks for the blocks of the topic that the decision names: a question that is asked again."""
DECIDED = "@decided"
"""Stands among choices for the topics that the decision offers."""


@dataclass(frozen=True)
class Line:
    """What one reply says.

    Attributes:
        utter: Its name, such as "utter_ask_outlook".
        route: The route that the visitor is on with it.
        blocks: Ids of blocks in the order said; may hold TOPIC.
        choices: Ids of the topics offered with it; may hold DECIDED.
    """

    utter: str
    route: Route
    blocks: tuple[str, ...]
    choices: tuple[str, ...] = ()


class Script:
    """All replies by name."""

    def __init__(self, lines: dict[str, Line], intents: tuple[str, ...]) -> None:
        """Make a script; `Script.load` is the usual way.

        Args:
            lines: Replies by name.
            intents: All intents of the domain, in its order.
        """
        self._lines = lines
        self.intents = intents

    @classmethod
    def load(cls, domain_file: Path) -> Script:
        """Read the script from a domain file.

        Args:
            domain_file: Usually `domain.yml`.

        Returns:
            The script.

        Raises:
            SignpostError: E400, the file is not of the right form; E107, a reply holds words.
        """
        domain = read_mapping(domain_file)
        responses, intents = domain.get("responses", {}), domain.get("intents", [])
        if not isinstance(responses, dict) or not _is_ids(intents):
            raise SignpostError(
                Code.E400, path=domain_file, problem="responses is a mapping and intents a list of names"
            )
        lines = {name: _line(name, variants, domain_file) for name, variants in responses.items()}
        return cls(lines, tuple(intents))

    def __getitem__(self, utter: str) -> Line:
        """Return a reply by its name.

        Raises:
            SignpostError: E404, there is no such reply.
        """
        try:
            return self._lines[utter]
        except KeyError:
            raise SignpostError(Code.E404, utter=utter, known=", ".join(sorted(self._lines))) from None

    def for_intent(self, intent: str) -> Line:
        """Return the reply to an intent: by convention `utter_` and the intent's name.

        Args:
            intent: An intent of the domain.

        Returns:
            Its reply.

        Raises:
            SignpostError: E404, there is no such reply.
        """
        return self[UTTER + intent]

    def __contains__(self, utter: object) -> bool:
        """Whether there is a reply of this name."""
        return utter in self._lines

    def __iter__(self) -> Iterator[Line]:
        """Go through all replies in the order of the domain."""
        return iter(self._lines.values())

    def __len__(self) -> int:
        """How many replies there are."""
        return len(self._lines)


def _line(name: str, variants: Any, path: Path) -> Line:
    if not (isinstance(variants, list) and len(variants) == 1 and isinstance(variants[0], dict)):
        raise SignpostError(Code.E400, path=path, problem=f"{name} has not exactly one variant")
    words = set(variants[0]) - {"custom"}
    if words:
        raise SignpostError(Code.E107, where=f"{path.name}, {name}", key=", ".join(sorted(words)))
    custom = variants[0].get("custom")
    if not (isinstance(custom, dict) and {"route", "blocks"} <= set(custom) <= {"route", "blocks", "choices"}):
        raise SignpostError(Code.E400, path=path, problem=f"{name} needs route and blocks, and may have choices")
    blocks, choices = custom["blocks"], custom.get("choices", [])
    # A bare word would be taken letter by letter, and a reply without blocks would be an empty one.
    if not (_is_ids(blocks) and _is_ids(choices) and blocks):
        raise SignpostError(Code.E400, path=path, problem=f"{name} needs a list of ids as blocks and as choices")
    try:
        route = Route(custom["route"])
    except ValueError:
        routes = ", ".join(route.value for route in Route)
        raise SignpostError(Code.E400, path=path, problem=f"{name} has no route of {routes}") from None
    return Line(name, route, tuple(blocks), tuple(choices))


def _is_ids(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(id_, str) for id_ in value)
