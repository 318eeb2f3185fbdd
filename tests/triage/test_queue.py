"""The queue: level, then time to target, then age; one person for each case; silent claims come back."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.errors import Code, SignpostError
from bot.routes import Level, Route
from bot.settings import ROOT
from bot.triage import audit
from bot.triage.database import STAFF_WAIT_SECONDS, Database
from bot.triage.queue import Count, Queue
from bot.triage.roles import Person, Right, Role
from bot.triage.service import Triage
from bot.triage.states import State
from bot.triage.targets import Targets
from tests.triage.databases import NOON
from tests.triage.people import hire

MINUTE = timedelta(minutes=1)
LEASE = 10 * MINUTE
CLIENTS = 50
TARGETS = Targets.load(ROOT / "data" / "desk")
ROUTES = {Level.IMMEDIATE: Route.CRISIS, Level.URGENT: Route.EMERGENCY, Level.SOON: Route.DISTRESS} | {
    Level.ROUTINE: Route.HUMAN
}


class Desk:
    """Gateway and queue on one database, with two nurses and a supervisor."""

    def __init__(self, triage: Triage, url: str) -> None:
        self.triage = triage
        self.database = Database(url, wait_seconds=STAFF_WAIT_SECONDS)
        self.queue = Queue(self.database, TARGETS, lease=LEASE)
        self.ada, self.bea = hire(triage, "ada"), hire(triage, "bea")
        self.sue = hire(triage, "sue", Role.SUPERVISOR)
        self.messages = 0

    def open(self, level: Level = Level.ROUTINE, at: datetime = NOON, chat: str | None = None) -> str:
        """Open a case, or let another message count in a chat's case."""
        self.messages += 1
        chat = chat or self.triage.start_conversation(at).id
        case = self.triage.open_case(chat, message_id=str(self.messages), route=ROUTES[level], reasons=(), now=at)
        assert case is not None
        return case.id

    def chat_of(self, case: str) -> str:
        query = text("SELECT conversation_id FROM cases WHERE id = :id")
        return str(self.triage.database.read(lambda session: session.scalar(query, {"id": case})))

    def board(self, now: datetime = NOON) -> list[str]:
        return [entry.case_id for entry in self.queue.board(self.sue, now)]

    def next(self, person: Person, now: datetime = NOON) -> str | None:
        entry = self.queue.next(person, now)
        return entry and entry.case_id


@pytest.fixture
def desk(triage: Triage, database_url: str) -> Iterator[Desk]:
    """A desk on each database."""
    desk = Desk(triage, database_url)
    yield desk
    desk.database.engine.dispose()


def code_of(caught: pytest.ExceptionInfo[SignpostError]) -> Code:
    return caught.value.code


def test_an_empty_queue_has_nothing_to_give(desk: Desk) -> None:
    assert desk.queue.next(desk.ada, NOON) is None
    assert desk.board() == []


def test_levels_come_in_order_however_old_the_others_are(desk: Desk) -> None:
    cases = [desk.open(level, NOON + number * MINUTE) for number, level in enumerate(reversed(Level))]
    assert desk.board(NOON + timedelta(days=5)) == cases[::-1]


def test_within_a_level_the_earlier_target_comes_first_and_then_the_older_case(desk: Desk) -> None:
    saturday = datetime(2026, 3, 7, 9, 0, tzinfo=NOON.tzinfo)
    raised = desk.open(Level.ROUTINE, saturday)
    young = desk.open(Level.URGENT, saturday + 2 * MINUTE)
    desk.open(Level.URGENT, saturday + 3 * MINUTE, desk.chat_of(raised))  # older, though it was raised later
    friday = desk.open(Level.URGENT, saturday - timedelta(days=1))
    board = desk.queue.board(desk.sue, saturday + MINUTE)
    assert [entry.case_id for entry in board] == [friday, raised, young]
    assert board[1].due_at == board[2].due_at  # Monday at ten, for all that came while the desk was closed


def test_the_latest_message_makes_no_case_more_or_less_pressing(desk: Desk) -> None:
    first, second = desk.open(), desk.open(at=NOON + MINUTE)
    desk.open(at=NOON + timedelta(hours=2), chat=desk.chat_of(first))
    desk.open(at=NOON + timedelta(hours=1), chat=desk.chat_of(second))
    assert desk.board(NOON + timedelta(hours=3)) == [first, second]


def test_a_case_that_was_raised_moves_up_and_its_target_counts_from_then(desk: Desk) -> None:
    first, second = desk.open(), desk.open()
    assert set(desk.board()) == {first, second}
    raised_at = NOON + timedelta(hours=1)
    desk.open(Level.IMMEDIATE, raised_at, desk.chat_of(second))
    [entry, _] = desk.queue.board(desk.sue, raised_at)
    assert (entry.case_id, entry.level) == (second, Level.IMMEDIATE)
    assert entry.due_at == raised_at + 15 * MINUTE


def test_next_gives_the_most_pressing_free_case_and_then_the_one_after_it(desk: Desk) -> None:
    routine, crisis = desk.open(), desk.open(Level.IMMEDIATE)
    entry = desk.queue.next(desk.ada, NOON)
    assert entry is not None
    assert (entry.case_id, entry.staff_id, entry.lease_until) == (crisis, "ada", NOON + LEASE)
    assert (entry.state, entry.due_at) == (State.WORKING, NOON + 15 * MINUTE)
    assert desk.triage.find_reference(entry.reference) is not None
    assert desk.next(desk.bea) == routine
    assert desk.next(desk.sue) is None


def test_to_press_next_twice_gives_the_same_case(desk: Desk) -> None:
    desk.open(), desk.open()
    assert desk.next(desk.ada) == desk.next(desk.ada, NOON + MINUTE)


@pytest.mark.parametrize("role", [role for role in Role if Right.WORK not in role.rights])
def test_who_may_not_work_on_cases_gets_none(desk: Desk, role: Role) -> None:
    desk.open()
    person = hire(desk.triage, "max", role)
    for call in (lambda: desk.queue.next(person, NOON), lambda: desk.queue.claim(desk.board()[0], person, NOON)):
        with pytest.raises(SignpostError) as caught:
            call()
        assert code_of(caught) is Code.E620


@pytest.mark.parametrize("role", [role for role in Role if Right.BROWSE not in role.rights])
def test_only_a_supervisor_sees_the_whole_queue(desk: Desk, role: Role) -> None:
    with pytest.raises(SignpostError) as caught:
        desk.queue.board(Person("max", "Max", role), NOON)
    assert code_of(caught) is Code.E620


def test_a_silent_claim_comes_back_by_itself(desk: Desk) -> None:
    case = desk.open()
    desk.next(desk.ada)
    assert desk.next(desk.bea, NOON + LEASE - MINUTE) is None
    assert desk.queue.board(desk.sue, NOON + LEASE)[0].staff_id is None
    assert desk.next(desk.bea, NOON + LEASE) == case
    with pytest.raises(SignpostError) as caught:
        desk.queue.heartbeat(case, desk.ada, NOON + LEASE)
    assert code_of(caught) is Code.E632


def test_a_heartbeat_keeps_a_claim(desk: Desk) -> None:
    case, now = desk.open(), NOON
    desk.next(desk.ada)
    for _ in range(5):
        now += LEASE - MINUTE
        assert desk.queue.heartbeat(case, desk.ada, now) == now + LEASE
    assert desk.next(desk.bea, now + LEASE - MINUTE) is None


def test_a_claim_that_ran_out_is_kept_where_nobody_else_took_the_case(desk: Desk) -> None:
    case, later = desk.open(), NOON + 5 * LEASE
    desk.next(desk.ada)
    desk.queue.heartbeat(case, desk.ada, later)
    assert desk.next(desk.bea, later) is None


def test_a_released_case_is_free_at_once(desk: Desk) -> None:
    case = desk.open()
    desk.next(desk.ada)
    desk.queue.release(case, desk.ada, NOON)
    assert desk.next(desk.bea) == case
    with pytest.raises(SignpostError) as caught:
        desk.queue.release(case, desk.ada, NOON)
    assert code_of(caught) is Code.E632


def test_a_case_can_be_taken_by_choice_but_not_out_of_somebodys_hands(desk: Desk) -> None:
    desk.open(Level.IMMEDIATE)
    routine = desk.open()
    desk.next(desk.bea)
    assert desk.queue.claim(routine, desk.ada, NOON).staff_id == "ada"
    assert desk.queue.claim(routine, desk.ada, NOON + MINUTE).lease_until == NOON + MINUTE + LEASE
    with pytest.raises(SignpostError, match="ada") as caught:
        desk.queue.claim(routine, desk.bea, NOON)
    assert code_of(caught) is Code.E631
    with pytest.raises(SignpostError) as caught:
        desk.queue.claim("no such case", desk.ada, NOON)
    assert code_of(caught) is Code.E630


def test_a_case_is_handed_over_by_whoever_has_it_or_by_a_supervisor(desk: Desk) -> None:
    case = desk.open()
    desk.next(desk.ada)
    assert desk.queue.hand_over(case, desk.ada, "bea", NOON).staff_id == "bea"
    with pytest.raises(SignpostError) as caught:
        desk.queue.hand_over(case, desk.ada, "ada", NOON)
    assert code_of(caught) is Code.E632
    assert desk.queue.hand_over(case, desk.sue, "sue", NOON).staff_id == "sue"
    assert desk.next(desk.sue) == case


def test_a_case_is_handed_over_only_to_somebody_who_can_work_on_it(desk: Desk) -> None:
    case = desk.open()
    desk.next(desk.ada)
    hire(desk.triage, "max", Role.AUDITOR)
    for nobody in ("max", "no.such.name", ""):
        with pytest.raises(SignpostError) as caught:
            desk.queue.hand_over(case, desk.ada, nobody, NOON)
        assert code_of(caught) is Code.E633


def test_counts_tell_what_is_open_free_and_late(desk: Desk) -> None:
    desk.open(Level.IMMEDIATE), desk.open(Level.IMMEDIATE), desk.open()
    desk.next(desk.ada)
    later = NOON + 5 * MINUTE
    assert desk.queue.counts(later) == {
        Level.IMMEDIATE: Count(2, 1, 0),
        Level.URGENT: Count(),
        Level.SOON: Count(),
        Level.ROUTINE: Count(1, 1, 0),
    }
    assert desk.queue.counts(NOON + 15 * MINUTE)[Level.IMMEDIATE] == Count(2, 2, 1)


def test_an_erased_chat_leaves_the_queue(desk: Desk) -> None:
    case = desk.open()
    desk.next(desk.ada)
    desk.triage.erase(desk.chat_of(case), NOON)
    assert desk.board() == []
    with pytest.raises(SignpostError) as caught:
        desk.queue.heartbeat(case, desk.ada, NOON)
    assert code_of(caught) is Code.E630


def test_claims_and_what_becomes_of_them_are_in_the_audit_log(desk: Desk) -> None:
    case = desk.open(Level.IMMEDIATE)
    desk.next(desk.ada)
    desk.next(desk.bea, NOON + 2 * LEASE)
    desk.queue.hand_over(case, desk.bea, "ada", NOON)
    desk.queue.release(case, desk.ada, NOON)
    desk.board()
    lines = audit.lines(desk.triage.database, limit=9)
    assert [(line.actor, line.action) for line in reversed(lines)] == [
        ("ada", "case_claimed"),
        ("bea", "case_claimed"),
        ("bea", "case_handed_over"),
        ("ada", "case_released"),
        ("sue", "queue_read"),
    ]
    assert lines[3].detail == {"level": "immediate", "from": "ada", "to": "bea", "late": True}
    assert audit.verify(desk.triage.database).problems == ()


def test_fifty_people_at_once_get_every_case_exactly_once_and_the_pressing_ones_first(desk: Desk) -> None:
    levels = [list(Level)[number % 4] for number in range(CLIENTS + 10)]
    opened = {desk.open(level, NOON + number * MINUTE): level for number, level in enumerate(levels)}
    people = [hire(desk.triage, f"nurse{number}") for number in range(CLIENTS)]
    now = NOON + timedelta(hours=2)
    expected = set(desk.board(now)[:CLIENTS])
    barrier = threading.Barrier(CLIENTS)

    def ask(person: Person) -> str | None:
        barrier.wait()
        return desk.next(person, now)

    with ThreadPoolExecutor(CLIENTS) as pool:
        given = list(pool.map(ask, people))
    assert len(set(given)) == CLIENTS
    assert set(given) == expected
    assert set(given) < set(opened)
    counts = Counter(
        line.subject for line in audit.lines(desk.triage.database, limit=200) if line.action == "case_claimed"
    )
    assert counts == {f"case:{case}": 1 for case in given}
    # All fall silent: their cases come back, and fifty others get them, again each exactly once.
    later, others = now + LEASE, [hire(desk.triage, f"other{number}") for number in range(CLIENTS)]
    barrier = threading.Barrier(CLIENTS)
    now = later
    with ThreadPoolExecutor(CLIENTS) as pool:
        assert set(pool.map(ask, others)) == expected


def test_somebody_who_presses_next_many_times_at_once_gets_one_case(desk: Desk) -> None:
    for _ in range(6):
        desk.open()
    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(lambda _: desk.next(desk.ada), range(6)))) == 1
