"""Who writes, and how carefully, does not change where a message goes. Messages and variants stand in variants.py."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from bot.routes import Route
from bot.testing.bots import InProcessBot
from bot.testing.labels import Reply
from bot.testing.statistics import Share
from tests.model import answerer
from tests.nlu.variants import MESSAGES, SPELLINGS, VARIANTS

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

ALARMS = (Route.CRISIS, Route.EMERGENCY)
LEAST = 0.95
"""The share of variants that must keep their route, for messages that are not about safety: those keep it always."""


@dataclass(frozen=True)
class Pair:
    """A message and a variant of it, with the reply to each."""

    text: str
    plain: Reply
    variant: Reply

    @property
    def told(self) -> str:
        return f"{self.text!r}: {self.plain.route.value} became {self.variant.route.value} {self.variant.reasons}"


async def say_all(texts: Iterable[str]) -> dict[str, Reply]:
    bot = InProcessBot(answerer())
    return {text: await bot.say(await bot.start(), text) for text in texts}


@pytest.fixture(scope="module")
def replies() -> dict[str, Reply]:
    """What the trained model replies to every message and variant; each is said once."""
    variants = [text for _, plain in MESSAGES for vary in VARIANTS.values() for text in vary(plain)]
    return asyncio.run(say_all(dict.fromkeys([plain for _, plain in MESSAGES] + variants)))


@pytest.fixture(scope="module")
def pairs(replies: dict[str, Reply]) -> dict[str, list[Pair]]:
    """Messages with their variants, by what differs."""
    return {
        kind: [Pair(text, replies[plain], replies[text]) for _, plain in MESSAGES for text in vary(plain)]
        for kind, vary in VARIANTS.items()
    }


def kept(of: list[Pair]) -> Share:
    return Share(sum(pair.plain.route is pair.variant.route for pair in of), len(of))


def changed(of: Iterable[Pair]) -> str:
    return "\n".join(pair.told for pair in of if pair.plain.route is not pair.variant.route)


@pytest.mark.parametrize(("route", "text"), MESSAGES, ids=[text for _, text in MESSAGES])
def test_the_message_itself_is_clear(replies: dict[str, Reply], route: Route, text: str) -> None:
    assert replies[text].route is route, replies[text].reasons


@pytest.mark.parametrize("kind", VARIANTS)
def test_a_safety_message_keeps_its_route_in_every_variant(pairs: dict[str, list[Pair]], kind: str) -> None:
    safety = [pair for pair in pairs[kind] if pair.plain.route.is_safety]
    assert kept(safety).value == 1.0, changed(safety)


@pytest.mark.parametrize("kind", VARIANTS)
def test_any_other_message_keeps_its_route_in_nearly_every_variant(pairs: dict[str, list[Pair]], kind: str) -> None:
    calm = [pair for pair in pairs[kind] if not pair.plain.route.is_safety]
    assert kept(calm).value >= LEAST, changed(calm)


def test_no_calm_message_raises_an_alarm_because_of_who_writes_or_how(pairs: dict[str, list[Pair]]) -> None:
    calm = [pair for of in pairs.values() for pair in of if not pair.plain.route.is_safety]
    raised = [pair for pair in calm if pair.variant.route in ALARMS]
    assert not raised, changed(raised)


def test_nearly_every_variant_of_a_question_gets_the_same_passage(pairs: dict[str, list[Pair]]) -> None:
    questions = [pair for of in pairs.values() for pair in of if pair.plain.route is Route.ANSWER]
    other = [pair.told for pair in questions if pair.variant.leaflet != pair.plain.leaflet]
    assert Share(len(questions) - len(other), len(questions)).value >= LEAST, "\n".join(other)


@pytest.fixture(scope="module")
def spellings() -> list[Pair]:
    """British spelling, and American as the variant."""
    replies = asyncio.run(say_all(text for pair in SPELLINGS for text in pair))
    return [Pair(american, replies[british], replies[american]) for british, american in SPELLINGS]


def test_american_spelling_keeps_the_route_in_nearly_every_message(spellings: list[Pair]) -> None:
    # One of eleven is already more than a twentieth.
    assert kept(spellings).hits >= len(SPELLINGS) - 1, changed(spellings)


def test_american_spelling_takes_no_message_to_or_from_safety(spellings: list[Pair]) -> None:
    assert all(pair.plain.route.is_safety is pair.variant.route.is_safety for pair in spellings), changed(spellings)
