"""Column types: times keep their zone, and no text breaks the database."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routes import Route
from bot.triage.columns import StorableText, UtcDateTime
from bot.triage.service import Triage
from tests.triage.databases import NOON, decide

ANSWER = decide(Route.ANSWER)


def test_a_time_of_another_zone_comes_back_as_the_same_moment_in_utc(triage: Triage) -> None:
    in_york = NOON.astimezone(timezone(timedelta(hours=1)))
    new = triage.start_conversation(in_york)
    turn = triage.record_turn(
        new.id, message_id="1", text="", choice=None, decision=ANSWER, blocks=(), choices=(), now=in_york
    )
    assert turn.at == NOON
    assert turn.at.tzinfo is timezone.utc


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        UtcDateTime().process_bind_param(datetime(2026, 3, 2), None)


@pytest.mark.parametrize("text", ["I\0m", "\ud83d", "\ude00\ud83d", "😀", "’", "\x01\x1b[2J", ""])
def test_any_text_can_be_stored_on_both_databases(triage: Triage, text: str) -> None:
    new = triage.start_conversation(NOON)
    arguments = {"choice": None, "decision": ANSWER, "blocks": (), "choices": (), "now": NOON}
    turn = triage.record_turn(new.id, message_id=f"m{text}", text=text, **arguments)
    assert triage.find_turn(new.id, f"m{text}") == turn
    assert triage.transcript(new.id) == [turn]


@given(st.text())
def test_text_that_a_database_takes_is_stored_unchanged(text: str) -> None:
    stored = StorableText().process_bind_param(text, None)
    assert stored == text.replace("\0", "\ufffd")
