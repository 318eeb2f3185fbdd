"""Triage: conversations, turns and cases as the gateway and the action use them, on SQLite and on PostgreSQL."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.decision import Reason
from bot.errors import Code, SignpostError
from bot.routes import Level, Route
from bot.triage import conversations
from bot.triage.models import Base
from bot.triage.records import StoredTurn
from bot.triage.service import Triage
from tests.triage.databases import NOON, decide, said

HOUR = timedelta(hours=1)


def record(triage: Triage, conversation: str, message_id: str, *, route: Route = Route.ANSWER, **changes: Any) -> Any:
    values: dict[str, Any] = {"text": "what is it", "choice": None, "blocks": said("a", "b"), "choices": ["menu"]}
    values |= {"decision": decide(route), "now": NOON, **changes}
    return triage.record_turn(conversation, message_id=message_id, **values)


def open_case(triage: Triage, conversation: str, message_id: str, route: Route, now: datetime = NOON) -> Any:
    return triage.open_case(conversation, message_id=message_id, route=route, reasons=decide(route).reasons, now=now)


def dump(triage: Triage) -> str:
    """Everything that is stored, as text."""
    with triage.database.engine.connect() as connection:
        tables = Base.metadata.sorted_tables
        return "\n".join(str(tuple(row)) for table in tables for row in connection.execute(table.select()))


def close_cases(triage: Triage) -> None:
    """What the desk will do."""
    triage.database.write(lambda session: session.execute(text("UPDATE cases SET status = 'closed'")))


# Conversations


def test_a_new_conversation_is_found_by_its_token_and_by_its_code(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    found = triage.find(new.token, NOON)
    assert found is not None
    assert (found.id, found.reference) == (new.id, new.reference)
    assert triage.find_reference(f" {new.reference.lower()} ") == found


def test_a_conversation_that_was_left_opens_no_more_but_stays_for_staff(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    record(triage, new.id, "m-1")
    triage.end_conversation(new.id, NOON)
    triage.end_conversation(new.id, NOON + HOUR)
    triage.end_conversation("nobody", NOON)
    assert triage.find(new.token, NOON) is None
    assert triage.find_reference(new.reference) is not None
    assert len(triage.transcript(new.id)) == 1


def test_the_token_is_long_never_stored_and_not_shown_in_logs(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    assert len(new.token) == 43  # 256 bits
    assert new.token not in dump(triage)
    assert new.token not in repr(new)


@pytest.mark.parametrize("token", ["", "x", "\ud800", "a\0b", "' OR 1=1 --", "t" * 100_000])
def test_an_unknown_token_finds_nothing_whatever_it_is(triage: Triage, token: str) -> None:
    triage.start_conversation(NOON)
    assert triage.find(token, NOON) is None
    assert triage.find_reference(token) is None


def test_a_chat_ends_a_day_after_its_last_message(sqlite_triage: Triage) -> None:
    new = sqlite_triage.start_conversation(NOON)
    record(sqlite_triage, new.id, "1", now=NOON + 20 * HOUR)
    assert sqlite_triage.find(new.token, NOON + 44 * HOUR)
    assert sqlite_triage.find(new.token, NOON + 44.01 * HOUR) is None


def test_a_chat_ends_a_week_after_its_beginning_in_any_case(sqlite_triage: Triage) -> None:
    new = sqlite_triage.start_conversation(NOON)
    for day in range(1, 8):
        record(sqlite_triage, new.id, str(day), now=NOON + day * 23 * HOUR)
    assert sqlite_triage.find(new.token, NOON + 168 * HOUR)
    record(sqlite_triage, new.id, "8", now=NOON + 168 * HOUR)
    assert sqlite_triage.find(new.token, NOON + 168.01 * HOUR) is None


def test_the_hours_after_which_a_chat_ends_can_be_set(sqlite_url: str) -> None:
    triage = Triage.connect(sqlite_url, idle_hours=20, max_hours=30)
    new = triage.start_conversation(NOON)
    assert triage.find(new.token, NOON + 20 * HOUR)
    assert triage.find(new.token, NOON + 21 * HOUR) is None


def test_a_chat_that_was_ended_is_not_found_by_its_token_but_by_its_code(sqlite_triage: Triage) -> None:
    new = sqlite_triage.start_conversation(NOON)
    sqlite_triage.database.write(
        lambda session: session.execute(text("UPDATE conversations SET ended_at = created_at"))
    )
    assert sqlite_triage.find(new.token, NOON) is None
    assert sqlite_triage.find_reference(new.reference)


def test_no_code_is_given_twice_and_codes_grow_longer_when_the_short_ones_are_taken(
    triage: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversations, "make_reference", lambda tail: "K7Q-" + "2345678"[:tail])
    codes = [triage.start_conversation(NOON).reference for _ in range(3)]
    assert codes == ["K7Q-23", "K7Q-234", "K7Q-2345"]


def test_a_conversation_that_began_without_the_database_is_taken_over_once(triage: Triage) -> None:
    for _ in range(2):
        code = triage.import_conversation("c", reference="K7Q-4237", token_sha256="0" * 64, started=NOON)
        assert code == "K7Q-4237"
    assert triage.find_reference("K7Q-4237")


def test_where_its_code_is_in_use_it_is_taken_over_under_another_one(triage: Triage) -> None:
    triage.import_conversation("a", reference="K7Q-4237", token_sha256="0" * 64, started=NOON)
    other = triage.import_conversation("b", reference="K7Q-4237", token_sha256="1" * 64, started=NOON)
    assert other != "K7Q-4237"
    found = triage.find_reference("K7Q-4237")
    assert found is not None
    assert found.id == "a"


def test_a_token_that_belongs_to_another_conversation_is_refused(triage: Triage) -> None:
    triage.import_conversation("a", reference="K7Q-4237", token_sha256="0" * 64, started=NOON)
    with pytest.raises(SignpostError) as caught:
        triage.import_conversation("b", reference="K7Q-4238", token_sha256="0" * 64, started=NOON)
    assert caught.value.code is Code.E603


# Turns


def test_a_turn_comes_back_as_it_was_recorded(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    turn = record(triage, new.id, "m")
    assert triage.find_turn(new.id, "m") == turn
    assert (turn.number, turn.at, turn.text, turn.blocks, turn.choices) == (
        1,
        NOON,
        "what is it",
        said("a", "b"),
        ("menu",),
    )
    assert (turn.decision.intent, turn.decision.route, turn.decision.topic) == ("answer", Route.ANSWER, "ask_outlook")


def test_a_choice_is_recorded_without_text(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    turn = record(triage, new.id, "m", text=None, choice="ask_outlook")
    assert (turn.text, turn.choice) == (None, "ask_outlook")


def test_the_same_message_again_is_one_turn_and_gives_the_first_answer(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    first = record(triage, new.id, "m")
    again = record(triage, new.id, "m", route=Route.OTHER, text="else", now=NOON + HOUR)
    assert again == first
    assert triage.transcript(new.id) == [first]


def test_the_same_message_id_in_another_conversation_is_another_turn(triage: Triage) -> None:
    one, other = triage.start_conversation(NOON), triage.start_conversation(NOON)
    record(triage, one.id, "m")
    assert triage.find_turn(other.id, "m") is None
    assert record(triage, other.id, "m").number == 1


def test_a_transcript_is_in_the_order_of_time_even_when_a_turn_is_recorded_late(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    record(triage, new.id, "late", now=NOON + HOUR)
    record(triage, new.id, "early", now=NOON)
    assert [turn.message_id for turn in triage.transcript(new.id)] == ["early", "late"]
    assert [turn.number for turn in triage.transcript(new.id)] == [2, 1]
    last = triage.last_turn(new.id)
    assert last is not None
    assert last.message_id == "late"


def test_a_conversation_without_turns_has_no_last_one(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    assert triage.last_turn(new.id) is None
    assert triage.transcript(new.id) == []
    assert triage.transcript("unknown") == []


def test_a_turn_of_an_unknown_conversation_is_refused(triage: Triage) -> None:
    with pytest.raises(SignpostError) as caught:
        record(triage, "unknown", "m")
    assert caught.value.code is Code.E602


def test_what_a_visitor_wrote_is_not_shown_when_a_turn_is_logged(sqlite_triage: Triage) -> None:
    new = sqlite_triage.start_conversation(NOON)
    turn = record(sqlite_triage, new.id, "m", text="private")
    assert isinstance(turn, StoredTurn)
    assert "private" not in repr(turn)


def test_no_score_is_stored(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    turn = record(triage, new.id, "m", route=Route.CRISIS)
    case = open_case(triage, new.id, "m", Route.CRISIS)
    assert turn.decision.reasons == case.reasons == (Reason("screen", "rule.crisis"),)
    assert not re.search("score|threshold|0\\.93", dump(triage))


# Cases


@pytest.mark.parametrize(
    ("route", "level"),
    [
        (Route.CRISIS, Level.IMMEDIATE),
        (Route.EMERGENCY, Level.URGENT),
        (Route.DISTRESS, Level.SOON),
        (Route.COMPLEX, Level.ROUTINE),
        (Route.HUMAN, Level.ROUTINE),
    ],
)
def test_a_message_that_needs_a_person_opens_a_case(triage: Triage, route: Route, level: Level) -> None:
    new = triage.start_conversation(NOON)
    case = open_case(triage, new.id, "m", route)
    assert (case.level, case.status, case.opened_at, case.first_message_id) == (level, "open", NOON, "m")
    assert triage.cases(new.id) == [case]


@pytest.mark.parametrize("route", [Route.ANSWER, Route.UNCLEAR, Route.CHAT, Route.OTHER, Route.UNAVAILABLE])
def test_a_message_that_needs_no_person_opens_none(sqlite_triage: Triage, route: Route) -> None:
    new = sqlite_triage.start_conversation(NOON)
    assert open_case(sqlite_triage, new.id, "m", route) is None
    assert sqlite_triage.cases(new.id) == []


def test_a_case_stays_at_its_level_whatever_calm_messages_follow(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    crisis = open_case(triage, new.id, "1", Route.CRISIS)
    for number, route in enumerate([Route.DISTRESS, Route.ANSWER, Route.COMPLEX, Route.CHAT, Route.HUMAN], start=2):
        record(triage, new.id, str(number), route=route)
        open_case(triage, new.id, str(number), route, NOON + HOUR)
    assert triage.cases(new.id) == [crisis]


def test_a_more_pressing_message_raises_the_case(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    opened = open_case(triage, new.id, "1", Route.COMPLEX)
    raised = open_case(triage, new.id, "2", Route.CRISIS, NOON + HOUR)
    assert raised.id == opened.id
    assert (raised.level, raised.opened_at, raised.raised_at) == (Level.IMMEDIATE, NOON, NOON + HOUR)
    assert raised.reasons == (Reason("screen", "rule.crisis"),)
    assert raised.first_message_id == "1"


def test_action_and_gateway_may_both_open_the_case_of_a_message(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    first = open_case(triage, new.id, "m", Route.DISTRESS)
    assert open_case(triage, new.id, "m", Route.DISTRESS, NOON + HOUR) == first
    assert events(triage) == [("opened", "soon", "m")]


def test_where_the_gateway_takes_the_message_as_more_pressing_than_the_action_did_that_counts(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    open_case(triage, new.id, "m", Route.DISTRESS)
    for _ in range(2):
        assert open_case(triage, new.id, "m", Route.CRISIS).level is Level.IMMEDIATE
    assert open_case(triage, new.id, "m", Route.DISTRESS).level is Level.IMMEDIATE
    assert events(triage) == [("opened", "soon", "m"), ("raised", "immediate", "m")]


def test_a_late_repetition_does_not_open_a_closed_case_again(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    open_case(triage, new.id, "1", Route.CRISIS)
    open_case(triage, new.id, "2", Route.HUMAN)
    close_cases(triage)
    for message, route in (("1", Route.CRISIS), ("2", Route.HUMAN), ("1", Route.DISTRESS)):
        assert open_case(triage, new.id, message, route).status == "closed"


def test_a_new_message_after_a_closed_case_opens_another_one(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    first = open_case(triage, new.id, "1", Route.CRISIS)
    close_cases(triage)
    second = open_case(triage, new.id, "2", Route.HUMAN, NOON + HOUR)
    assert second.id != first.id
    assert (second.level, second.status) == (Level.ROUTINE, "open")
    assert [case.status for case in triage.cases(new.id)] == ["closed", "open"]


def test_every_message_that_counted_is_kept_in_the_case_s_history(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    for message, route in (("1", Route.HUMAN), ("2", Route.DISTRESS), ("3", Route.DISTRESS), ("3", Route.DISTRESS)):
        open_case(triage, new.id, message, route)
    assert events(triage) == [("opened", "routine", "1"), ("raised", "soon", "2"), ("repeated", "soon", "3")]


def test_a_case_of_an_unknown_conversation_is_refused(triage: Triage) -> None:
    with pytest.raises(SignpostError) as caught:
        open_case(triage, "unknown", "m", Route.CRISIS)
    assert caught.value.code is Code.E602


def events(triage: Triage) -> list[tuple[str, str, str]]:
    query = text("SELECT kind, level, message_id FROM case_events ORDER BY id")
    return triage.database.read(lambda session: [tuple(row) for row in session.execute(query)])


# Erasure


def test_erasing_leaves_nothing_but_the_receipt_s_hash_the_time_and_the_level_of_the_open_case(triage: Triage) -> None:
    new, other = triage.start_conversation(NOON), triage.start_conversation(NOON)
    record(triage, other.id, "m", text="stays")
    before = dump(triage)
    record(triage, new.id, "m", text="goes")
    open_case(triage, new.id, "m", Route.CRISIS)
    receipt = triage.erase(new.id, NOON + HOUR)
    added = set(dump(triage).splitlines()) - set(before.splitlines())
    assert len(added) == 1
    tombstone = added.pop()
    assert "immediate" in tombstone
    assert new.id not in tombstone
    assert receipt not in dump(triage)
    assert "stays" in dump(triage)
    assert triage.find(new.token, NOON) is None
    assert triage.find_reference(new.reference) is None


def test_a_closed_case_is_not_counted_among_the_open_ones_that_were_erased(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    open_case(triage, new.id, "m", Route.CRISIS)
    close_cases(triage)
    triage.erase(new.id, NOON)
    assert "immediate" not in dump(triage)


def test_erasing_twice_or_what_never_was_is_no_error(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    receipts = {triage.erase(new.id, NOON), triage.erase(new.id, NOON), triage.erase("unknown", NOON)}
    assert len(receipts) == 3
