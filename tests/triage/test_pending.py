"""Records that wait: one line each, read back as they were, without a score and without a word in errors."""

from __future__ import annotations

import json
import traceback
from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decision import Decision, Reason, SpokenBlock
from bot.routes import Route
from bot.triage.pending import CaseNeeded, ConversationLeft, ConversationStarted, Record, TurnTaken, from_line, to_line
from bot.triage.records import NewConversation
from tests.triage.databases import NOON, decide, said

ANY = st.text(max_size=20)
TIMES = st.datetimes(timezones=st.sampled_from([timezone.utc, timezone(timedelta(hours=1))]))
ROUTES = st.sampled_from(Route)
REASONS = st.lists(st.builds(Reason, ANY, ANY), max_size=3).map(tuple)
DECISIONS = st.builds(Decision, ANY, ROUTES, REASONS, st.lists(ANY).map(tuple), st.none() | ANY)
BLOCKS = st.lists(st.builds(SpokenBlock, ANY, ANY), max_size=3).map(tuple)
RECORDS = st.one_of(
    st.builds(ConversationStarted, ANY, ANY, ANY, TIMES),
    st.builds(
        TurnTaken, ANY, ANY, st.none() | ANY, st.none() | ANY, DECISIONS, BLOCKS, st.lists(ANY).map(tuple), TIMES
    ),
    st.builds(CaseNeeded, ANY, ANY, ROUTES, REASONS, TIMES),
    st.builds(ConversationLeft, ANY, ANY, TIMES),
)


@given(RECORDS)
def test_a_record_comes_back_as_it_was_written_on_one_line(record: Record) -> None:
    line = to_line(record)
    assert line.isascii()
    assert line.splitlines(keepends=True) == [line]
    assert from_line(line) == record


def test_scores_are_not_written() -> None:
    decision = decide(Route.CRISIS)
    turn = TurnTaken("c", "m", "text", None, decision, said("a"), (), NOON)
    case = CaseNeeded("c", "m", Route.CRISIS, decision.reasons, NOON)
    assert decision.reasons[0].score == 0.93
    assert b"score" not in to_line(turn) + to_line(case)


def test_the_token_is_not_written() -> None:
    new = NewConversation.draft()
    line = to_line(ConversationStarted.of(new, NOON))
    assert new.token.encode() not in line
    assert new.reference.encode() in line


def test_what_a_visitor_wrote_is_not_shown_when_a_record_is_logged() -> None:
    assert "private" not in repr(TurnTaken("c", "m", "private", None, decide(Route.CHAT), (), (), NOON))


@given(RECORDS, st.data())
def test_a_torn_line_is_an_error_that_holds_no_word_of_it(record: Record, data: st.DataObject) -> None:
    line = to_line(record)
    torn = line[: data.draw(st.integers(0, len(line) - 2))]
    with pytest.raises(ValueError, match=r"^\w+$"):
        from_line(torn)


@pytest.mark.parametrize("change", [{"kind": "other"}, {"at": "noon"}, {"route": "private"}, {"reasons": [{"x": 1}]}])
def test_a_line_of_another_form_is_an_error_too(change: dict[str, object]) -> None:
    line = to_line(CaseNeeded("c", "m", Route.CRISIS, (), NOON))
    with pytest.raises(ValueError, match=r"^\w+$") as caught:
        from_line(json.dumps({**json.loads(line), **change}).encode())
    assert "private" not in "".join(traceback.format_exception(caught.value))
