"""Work on a case: nothing is lost, nothing is closed unread, and an immediate case is closed by two people."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.errors import Code, SignpostError
from bot.routes import Level, Route
from bot.triage import audit, case_file
from bot.triage.case_file import CaseFile
from bot.triage.case_work import LONGEST_NOTE, LONGEST_PAUSE, CaseWork
from bot.triage.checklist import Answer
from bot.triage.roles import Person, Right, Role
from bot.triage.service import Triage
from bot.triage.states import Kind, Outcome, State
from tests.triage.databases import NOON, decide, said
from tests.triage.people import hire
from tests.triage.test_checklist import DEFAULTS
from tests.triage.test_queue import LEASE, MINUTE, Desk


class Office(Desk):
    """A desk on which cases are worked on."""

    def __init__(self, triage: Triage, url: str) -> None:
        super().__init__(triage, url)
        self.work = CaseWork(self.database, DEFAULTS)
        self.vera = hire(triage, "vera", Role.VOLUNTEER)

    def read(self, case: str, person: Person | None = None) -> CaseFile:
        return case_file.read(self.database, case, person or self.ada, NOON)

    def seen(self, case: str) -> int:
        return self.read(case).last_event

    def take(self, level: Level = Level.ROUTINE, person: Person | None = None) -> str:
        """Open a case and give it to somebody."""
        case = self.open(level)
        self.queue.claim(case, person or self.ada, NOON)
        return case

    def tick(self, case: str, person: Person | None = None) -> None:
        for item in DEFAULTS.of(self.read(case).case.level):
            self.work.check(case, person or self.ada, item, Answer.DONE, NOON)

    def propose(self, person: Person | None = None) -> str:
        """Propose to close an immediate case."""
        case = self.take(Level.IMMEDIATE, person)
        self.tick(case, person)
        state = self.work.close(case, person or self.ada, Outcome.SPOKE, NOON, seen=self.seen(case))
        assert state is State.CLOSING
        return case


@pytest.fixture
def office(triage: Triage, database_url: str) -> Iterator[Office]:
    """An office on each database."""
    office = Office(triage, database_url)
    yield office
    office.database.engine.dispose()


def refused(code: Code) -> pytest.RaisesContext[SignpostError]:
    return pytest.raises(SignpostError, match=rf"^\[{code.name}\]")


def test_the_file_of_a_case_shows_why_it_was_flagged_and_what_was_said(office: Office) -> None:
    new = office.triage.start_conversation(NOON)
    decision = decide(Route.CRISIS)
    turn = office.triage.record_turn(
        new.id, message_id="m", text="words", choice=None, decision=decision, blocks=said("a"), choices=(), now=NOON
    )
    case = office.triage.open_case(new.id, message_id="m", route=Route.CRISIS, reasons=decision.reasons, now=NOON)
    assert case is not None
    file = office.read(case.id)
    assert (file.case, file.reference, file.transcript) == (case, new.reference, (turn,))
    assert (file.state, file.history) == (State.NEW, ())
    assert "words" not in repr(file)


def test_a_chat_is_found_by_the_code_as_a_caller_reads_it_out(office: Office) -> None:
    first = office.take()
    office.work.close(first, office.ada, Outcome.SPOKE, NOON, seen=office.seen(first))
    second = office.open(at=NOON + MINUTE, chat=office.chat_of(first))
    reference = office.read(first).reference
    found = case_file.find(office.database, reference.lower().replace("-", " "), office.vera, NOON)
    assert found is not None
    assert (found.reference, found.case_ids) == (reference, (second, first))


@pytest.mark.parametrize("typed", ["", "K7Q-9999999", "\0", "\ud83d", "' OR 1=1 --", "no code at all"])
def test_a_code_that_belongs_to_nobody_finds_nothing_and_is_not_written_down(office: Office, typed: str) -> None:
    assert case_file.find(office.database, typed, office.ada, NOON) is None
    [line] = audit.lines(office.database, limit=9)
    assert (line.action, line.subject, line.detail) == ("search", "", {"found": False})


def test_auditor_and_admin_can_neither_read_nor_find_nor_write(office: Office) -> None:
    case = office.open()
    for person in (Person("max", "Max", Role.AUDITOR), Person("pat", "Pat", Role.ADMIN)):
        for call in (
            lambda person=person: office.read(case, person),
            lambda person=person: case_file.find(office.database, "K7Q-42", person, NOON),
            lambda person=person: office.work.note(case, person, "note", NOON),
        ):
            with refused(Code.E620):
                call()


def test_notes_stay_in_order_and_the_database_refuses_to_change_one(office: Office) -> None:
    case = office.open()
    office.work.note(case, office.ada, "  Rang, no answer.  ", NOON)
    office.work.note(case, office.vera, "Rang again.\0", NOON + MINUTE)
    history = office.read(case).history
    assert [(entry.staff_id, entry.kind, entry.text) for entry in history] == [
        ("ada", Kind.NOTE, "Rang, no answer."),
        ("vera", Kind.NOTE, "Rang again.�"),
    ]
    with pytest.raises(SignpostError):
        office.database.write(lambda session: session.execute(text("UPDATE case_entries SET text = 'other'")))
    assert office.read(case).history == history
    assert "Rang" not in repr(history)


@pytest.mark.parametrize("note", ["", " \n", "x" * (LONGEST_NOTE + 1)])
def test_an_empty_or_endless_note_is_refused(office: Office, note: str) -> None:
    with refused(Code.E634):
        office.work.note(office.open(), office.ada, note, NOON)


def test_nobody_works_on_what_is_not_there(office: Office) -> None:
    for call in (lambda: office.work.note("x", office.ada, "note", NOON), lambda: office.read("x")):
        with refused(Code.E639):
            call()
    for call in (
        lambda: office.work.close("x", office.ada, Outcome.SPOKE, NOON, seen=0),
        lambda: office.work.agree("x", office.ada, NOON, seen=0),
        lambda: office.work.check("x", office.ada, "contact", Answer.DONE, NOON),
    ):
        with refused(Code.E630):
            call()


@pytest.mark.parametrize("level", [Level.SOON, Level.ROUTINE])
def test_a_case_of_the_lower_levels_is_closed_by_one_person(office: Office, level: Level) -> None:
    case = office.take(level)
    assert office.work.close(case, office.ada, Outcome.CALLED_BACK, NOON, seen=office.seen(case)) is State.CLOSED
    file = office.read(case)
    assert (file.case.status, file.state, file.outcome) == ("closed", State.CLOSED, Outcome.CALLED_BACK)
    assert office.board() == []
    assert office.next(office.bea) is None


def test_only_who_has_the_case_closes_it(office: Office) -> None:
    case = office.take()
    with refused(Code.E632):
        office.work.close(case, office.bea, Outcome.SPOKE, NOON, seen=office.seen(case))


def test_a_case_is_closed_once(office: Office) -> None:
    case = office.take()
    office.work.close(case, office.ada, Outcome.SPOKE, NOON, seen=office.seen(case))
    with refused(Code.E630):
        office.work.close(case, office.ada, Outcome.SPOKE, NOON, seen=office.seen(case))
    with refused(Code.E630):
        office.queue.claim(case, office.ada, NOON)


@pytest.mark.parametrize("level", [Level.IMMEDIATE, Level.URGENT])
def test_the_checklist_comes_before_closing_and_what_lacks_is_named(office: Office, level: Level) -> None:
    case = office.take(level)
    items = list(DEFAULTS.of(level))
    for item in items[:-1]:
        office.work.check(case, office.ada, item, Answer.NOT_POSSIBLE, NOON)
    with refused(Code.E635) as caught:
        office.work.close(case, office.ada, Outcome.SPOKE, NOON, seen=office.seen(case))
    assert caught.value.values["items"] == items[-1]
    office.work.check(case, office.ada, items[-1], Answer.DONE, NOON)
    state = office.work.close(case, office.ada, Outcome.SPOKE, NOON, seen=office.seen(case))
    assert state is (State.CLOSING if level is Level.IMMEDIATE else State.CLOSED)


def test_a_checklist_takes_only_its_own_items(office: Office) -> None:
    for level, item in ((Level.URGENT, "safe_now"), (Level.ROUTINE, "contact")):
        with refused(Code.E638):
            office.work.check(office.take(level), office.ada, item, Answer.DONE, NOON)


def test_nobody_closes_a_message_unread(office: Office) -> None:
    case = office.take()
    seen = office.seen(case)
    office.open(Level.ROUTINE, NOON + MINUTE, office.chat_of(case))
    for call in (
        lambda: office.work.close(case, office.ada, Outcome.SPOKE, NOON, seen=seen),
        lambda: office.work.put_aside(case, office.ada, NOON + LEASE, NOON, seen=seen),
    ):
        with refused(Code.E636):
            call()
    assert office.work.close(case, office.ada, Outcome.SPOKE, NOON, seen=office.seen(case)) is State.CLOSED


def test_an_immediate_case_is_closed_only_when_a_second_person_agrees(office: Office) -> None:
    case = office.propose()
    assert office.read(case).case.status == "open"
    with refused(Code.E637):
        office.work.agree(case, office.ada, NOON, seen=office.seen(case))
    with refused(Code.E620):
        office.work.agree(case, office.vera, NOON, seen=office.seen(case))
    office.work.agree(case, office.bea, NOON, seen=office.seen(case))
    file = office.read(case)
    assert (file.case.status, file.state, file.outcome) == ("closed", State.CLOSED, Outcome.SPOKE)
    assert [entry.kind for entry in file.history][-2:] == [Kind.PROPOSED, Kind.AGREED]
    with refused(Code.E630):
        office.work.agree(case, office.sue, NOON, seen=office.seen(case))


@pytest.mark.parametrize("role", [role for role in Role if Right.SECOND not in role.rights])
def test_only_nurses_and_supervisors_can_be_the_second_person(office: Office, role: Role) -> None:
    case = office.propose()
    with refused(Code.E620):
        office.work.agree(case, Person("max", "Max", role), NOON, seen=office.seen(case))


def test_whoever_has_the_case_as_second_person_cannot_propose_it_again_for_themselves(office: Office) -> None:
    case = office.propose()
    office.queue.claim(case, office.ada, NOON)
    with refused(Code.E637):
        office.work.close(case, office.ada, Outcome.SPOKE, NOON, seen=office.seen(case))


def test_a_case_that_waits_for_a_second_person_is_given_to_somebody_who_can_be_that(office: Office) -> None:
    case = office.propose()
    assert office.next(office.ada) is None
    assert office.next(office.vera) is None
    assert office.next(office.bea) == case


def test_a_second_person_who_declines_sends_it_back_with_a_reason(office: Office) -> None:
    case = office.propose()
    with refused(Code.E634):
        office.work.decline(case, office.bea, " ", NOON, seen=office.seen(case))
    office.work.decline(case, office.bea, "Ring the ward first.", NOON, seen=office.seen(case))
    file = office.read(case)
    assert (file.state, file.outcome, file.closing_by) == (State.NEW, None, None)
    assert (file.history[-1].kind, file.history[-1].text) == (Kind.DECLINED, "Ring the ward first.")
    assert office.next(office.vera) == case
    with refused(Code.E637):
        office.work.agree(case, office.bea, NOON, seen=office.seen(case))


def test_a_new_message_undoes_the_proposal_to_close(office: Office) -> None:
    case = office.propose()
    seen = office.seen(case)
    office.open(Level.SOON, NOON + MINUTE, office.chat_of(case))
    with refused(Code.E636):
        office.work.agree(case, office.bea, NOON, seen=seen)
    with refused(Code.E637):
        office.work.agree(case, office.bea, NOON, seen=office.seen(case))
    assert office.next(office.vera, NOON + MINUTE) == case
    assert office.read(case).closing_by is None


def test_two_who_agree_at_once_close_it_once(office: Office) -> None:
    case = office.propose()
    seen = office.seen(case)

    def agree(person: Person) -> Code | None:
        try:
            office.work.agree(case, person, NOON, seen=seen)
        except SignpostError as error:
            return error.code
        return None

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(agree, [office.bea, office.sue]), key=str) == [Code.E630, None]


def test_a_message_that_comes_while_a_case_is_closed_is_in_it_unread_or_in_a_new_case(office: Office) -> None:
    for _ in range(5):
        case = office.take()
        chat, seen = office.chat_of(case), office.seen(case)

        def close(case: str = case, seen: int = seen) -> bool:
            try:
                office.work.close(case, office.ada, Outcome.SPOKE, NOON, seen=seen)
            except SignpostError as error:
                assert error.code is Code.E636
                return False
            return True

        def write(chat: str = chat) -> str:
            return office.open(Level.IMMEDIATE, NOON, chat)

        with ThreadPoolExecutor(2) as pool:
            closed, counted = pool.submit(close), pool.submit(write)
        [still_open] = [case for case in office.triage.cases(chat) if case.status == "open"]
        assert (still_open.id, still_open.level) == (counted.result(), Level.IMMEDIATE)
        assert (still_open.id == case) != closed.result()


def test_a_case_that_was_put_aside_comes_back_at_its_time(office: Office) -> None:
    case, until = office.take(), NOON + timedelta(hours=3)
    office.work.put_aside(case, office.ada, until, NOON, seen=office.seen(case))
    assert office.next(office.bea, until - MINUTE) is None
    [entry] = office.queue.board(office.sue, NOON)
    assert (entry.state, entry.again_at, entry.staff_id) == (State.WAITING, until, None)
    assert office.next(office.bea, until) == case


def test_a_new_message_ends_a_pause_at_once(office: Office) -> None:
    case = office.take()
    office.work.put_aside(case, office.ada, NOON + timedelta(days=1), NOON, seen=office.seen(case))
    office.open(Level.ROUTINE, NOON + MINUTE, office.chat_of(case))
    assert office.next(office.bea, NOON + MINUTE) == case


@pytest.mark.parametrize("level", [Level.IMMEDIATE, Level.URGENT])
def test_a_case_of_the_top_levels_cannot_be_put_aside(office: Office, level: Level) -> None:
    case = office.take(level)
    with refused(Code.E637):
        office.work.put_aside(case, office.ada, NOON + LEASE, NOON, seen=office.seen(case))


@pytest.mark.parametrize("pause", [timedelta(), -MINUTE, LONGEST_PAUSE + MINUTE])
def test_a_pause_is_neither_over_nor_endless(office: Office, pause: timedelta) -> None:
    case = office.take()
    with refused(Code.E637):
        office.work.put_aside(case, office.ada, NOON + pause, NOON, seen=office.seen(case))


def test_an_erased_chat_takes_notes_and_work_with_it(office: Office) -> None:
    case = office.propose()
    office.work.note(case, office.ada, "note", NOON)
    office.triage.erase(office.chat_of(case), NOON)
    for table in ("work", "case_entries"):
        query = text(f"SELECT count(*) FROM {table}")
        assert office.database.read(lambda session, query=query: session.scalar(query)) == 0
    assert audit.verify(office.database).problems == ()


def test_every_step_is_in_the_audit_log_without_what_was_written(office: Office) -> None:
    case = office.propose()
    office.work.note(case, office.ada, "a secret", NOON)
    office.work.agree(case, office.bea, NOON, seen=office.seen(case))
    lines = [
        line for line in audit.lines(office.database, limit=99, subject=f"case:{case}") if line.action != "case_read"
    ]
    actions = [(line.actor, line.action) for line in reversed(lines)]
    assert actions[0] == ("ada", "case_claimed")
    assert actions[1:-3] == [("ada", "case_checked")] * len(DEFAULTS.of(Level.IMMEDIATE))
    assert actions[-3:] == [("ada", "case_closing"), ("ada", "case_noted"), ("bea", "case_closed")]
    assert lines[0].detail == {"outcome": "spoke", "first": "ada"}
    assert "secret" not in repr(lines)
    assert audit.verify(office.database).problems == ()
