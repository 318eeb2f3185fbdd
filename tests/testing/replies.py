"""Replies as visitors read them, made from the script and the approved text."""

from __future__ import annotations

from typing import Any

from bot.blocks.library import Library
from bot.blocks.script import Script
from bot.settings import Settings
from bot.testing.labelled import LabelledMessage
from bot.testing.labels import Reply
from bot.testing.measures import Outcome

LIBRARY = Library.load(Settings.load({}).approved_dir)
SCRIPT = Script.load(Settings.load({}).domain_file)


def reply(to: str, **changes: Any) -> Reply:
    """The reply to an intent, word for word."""
    line = SCRIPT.for_intent(to)
    blocks = [LIBRARY[id_] for id_ in line.blocks]
    leaflet = tuple(block.text for block in blocks if block.kind == "leaflet")
    return Reply(**{"route": line.route, "texts": tuple(b.text for b in blocks), "leaflet": leaflet, **changes})


def outcome(expect: str, intent: str, *accept: str, tags: tuple[str, ...] = ()) -> Outcome:
    """A message with its labels, and the reply to an intent."""
    return Outcome(LabelledMessage("a message", expect, accept, tags), reply(intent))
