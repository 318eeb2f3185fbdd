"""Routes: where a message goes, and how pressing a case each of them opens."""

from __future__ import annotations

from enum import Enum


class Route(str, Enum):
    """Where a visitor's message goes. The values are part of the public chat API."""

    ANSWER = "answer"
    UNCLEAR = "unclear"
    COMPLEX = "complex"
    HUMAN = "human"
    DISTRESS = "distress"
    EMERGENCY = "emergency"
    CRISIS = "crisis"
    CHAT = "chat"
    OTHER = "other"
    UNAVAILABLE = "unavailable"

    @property
    def severity(self) -> int:
        """How far this route outranks others: 0 for every route that is not a safety route."""
        return _SEVERITY.get(self, 0)

    @property
    def is_safety(self) -> bool:
        """Whether this is one of the three safety routes."""
        return self in _SEVERITY

    @property
    def level(self) -> Level | None:
        """The level of the case that this route opens, or None where it opens none."""
        return _LEVELS.get(self)


class Level(str, Enum):
    """How soon a person of the helpline should look at a case."""

    IMMEDIATE = "immediate"
    URGENT = "urgent"
    SOON = "soon"
    ROUTINE = "routine"

    @property
    def rank(self) -> int:
        """The place in the queue: 0 is looked at first."""
        return list(Level).index(self)


_SEVERITY = {Route.DISTRESS: 1, Route.EMERGENCY: 2, Route.CRISIS: 3}

# DESIGN's table of routes. An unavailable reply is recorded as a turn and opens no case.
_LEVELS = {
    Route.CRISIS: Level.IMMEDIATE,
    Route.EMERGENCY: Level.URGENT,
    Route.DISTRESS: Level.SOON,
    Route.COMPLEX: Level.ROUTINE,
    Route.HUMAN: Level.ROUTINE,
}


def most_severe(*routes: Route) -> Route:
    """Return the route that outranks the others; among equals the first one given.

    Args:
        *routes: At least one route.

    Returns:
        The most severe of them. A classifier or a screen can so only ever raise.
    """
    return max(routes, key=lambda route: route.severity)
