"""Work on a case: notes, the safeguarding checklist, putting it aside, and closing it; an immediate one by two people.

Nobody closes what they have not read: each step names the last event of the case that its person has seen, and is
refused where a message came after it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.errors import Code, SignpostError
from bot.routes import Level
from bot.triage import audit, conversations
from bot.triage.audit import Action
from bot.triage.case_file import last_event
from bot.triage.checklist import Answer, Checklist
from bot.triage.claims import take_turns, theirs
from bot.triage.database import Database
from bot.triage.models import CaseEntryRow, CaseRow, WorkRow
from bot.triage.roles import Person, Right
from bot.triage.states import Kind, Outcome, State

LONGEST_NOTE = 4_000
LONGEST_PAUSE = timedelta(days=7)
CAN_WAIT = (Level.SOON, Level.ROUTINE)


class CaseWork:
    """The work on cases in a database."""

    def __init__(self, database: Database, checklist: Checklist) -> None:
        """Use a database.

        Args:
            database: Where cases are kept.
            checklist: What is asked before a case of the two top levels is closed.
        """
        self.database = database
        self.checklist = checklist

    def note(self, case_id: str, person: Person, text: str, now: datetime) -> None:
        """Add a note, to an open or a closed case. Nothing changes or removes it, but the erasure of the chat.

        Args:
            case_id: The case.
            person: Who writes; they need not have the case.
            text: What they write.
            now: The time, aware.

        Raises:
            SignpostError: E600, the database cannot be reached; E620, this person may not work on cases;
                E634, the note is empty or too long; E639, there is no such case.
        """
        person.require(Right.WORK)
        text = _checked(text)

        def work(session: Any) -> None:
            if session.get(CaseRow, case_id) is None:
                raise SignpostError(Code.E639, case=case_id)
            _enter(session, case_id, person, now, Kind.NOTE, text=text)
            _log(session, Action.CASE_NOTED, case_id, person, now, characters=len(text))

        self.database.write(work)

    def check(self, case_id: str, person: Person, item: str, answer: Answer, now: datetime) -> None:
        """Answer an item of the checklist; a later answer counts, and the earlier one stays in the history.

        Args:
            case_id: The case.
            person: Who has it.
            item: The item's id.
            answer: What is said of it.
            now: The time, aware.

        Raises:
            SignpostError: E600, the database cannot be reached; E630, there is no such open case; E632, it is not
                theirs; E638, the checklist of its level has no such item.
        """

        def work(session: Any) -> None:
            theirs(session, case_id, person)
            items = self.checklist.of(Level(session.get(CaseRow, case_id).level))
            if item not in items:
                raise SignpostError(Code.E638, item=item, items=", ".join(items) or "none")
            _enter(session, case_id, person, now, Kind.CHECKED, code=item, answer=answer.value)
            _log(session, Action.CASE_CHECKED, case_id, person, now, item=item, answer=answer.value)

        self.database.write(work)

    def put_aside(self, case_id: str, person: Person, until: datetime, now: datetime, *, seen: int) -> None:
        """Put a case aside until a time, as after a call that nobody answered. A new message ends the pause at once.

        Args:
            case_id: The case, of one of the two lower levels.
            person: Who has it.
            until: When it is to come back, aware.
            now: The time, aware.
            seen: CaseFile.last_event as they read it.

        Raises:
            SignpostError: E600, the database cannot be reached; E630, there is no such open case; E632, it is not
                theirs; E636, a message came since; E637, it cannot wait, or not so long.
        """

        def work(session: Any) -> None:
            row, level = self._begin(session, case_id, person, seen)
            if level not in CAN_WAIT:
                raise SignpostError(Code.E637, case=case_id, done="put aside", problem=f"its level is {level.value}")
            if not now < until <= now + LONGEST_PAUSE:
                problem = f"a pause ends in the next {LONGEST_PAUSE.days} days"
                raise SignpostError(Code.E637, case=case_id, done="put aside", problem=problem)
            row.state, row.again_at, row.seen_event = State.WAITING.value, until, seen
            _let_go(row)
            _enter(session, case_id, person, now, Kind.PUT_ASIDE)
            _log(session, Action.CASE_STATE, case_id, person, now, state=row.state)

        self.database.write(work)

    def close(self, case_id: str, person: Person, outcome: Outcome, now: datetime, *, seen: int) -> State:
        """Close a case, or propose to close an immediate one: then a second person has to agree.

        Args:
            case_id: The case.
            person: Who has it.
            outcome: How it ended.
            now: The time, aware.
            seen: CaseFile.last_event as they read it.

        Returns:
            State.CLOSED, or State.CLOSING where a second person has to agree.

        Raises:
            SignpostError: E600, the database cannot be reached; E630, there is no such open case; E632, it is not
                theirs; E635, the checklist is not complete; E636, a message came since.
        """

        def work(session: Any) -> State:
            row, level = self._begin(session, case_id, person, seen)
            if row.state == State.CLOSING.value:
                problem = "it waits for a second person already; agree or decline"
                raise SignpostError(Code.E637, case=case_id, done="closed", problem=problem)
            self._require_checklist(session, case_id, level)
            row.outcome, row.seen_event, row.again_at = outcome.value, seen, None
            _let_go(row)
            if level is Level.IMMEDIATE:
                row.state, row.closing_by = State.CLOSING.value, person.id
                _enter(session, case_id, person, now, Kind.PROPOSED, code=outcome.value)
                _log(session, Action.CASE_CLOSING, case_id, person, now, outcome=outcome.value)
            else:
                _finish(session, row, now)
                _enter(session, case_id, person, now, Kind.CLOSED, code=outcome.value)
                _log(session, Action.CASE_CLOSED, case_id, person, now, outcome=outcome.value)
            return State(row.state)

        return self.database.write(work)

    def agree(self, case_id: str, person: Person, now: datetime, *, seen: int) -> None:
        """Agree to the closing of an immediate case, as the second person. That closes it.

        Args:
            case_id: The case.
            person: Somebody else than who proposed it.
            now: The time, aware.
            seen: CaseFile.last_event as they read it.

        Raises:
            SignpostError: E600, the database cannot be reached; E620, this person may not; E630, there is no such
                open case; E636, a message came since; E637, it is not proposed, or by this same person.
        """

        def work(session: Any) -> None:
            row = self._second(session, case_id, person, seen)
            first = row.closing_by
            _finish(session, row, now)
            _enter(session, case_id, person, now, Kind.AGREED, code=row.outcome or "")
            _log(session, Action.CASE_CLOSED, case_id, person, now, outcome=row.outcome, first=first)

        self.database.write(work)

    def decline(self, case_id: str, person: Person, why: str, now: datetime, *, seen: int) -> None:
        """Do not agree to the closing of an immediate case: it goes back into the queue.

        Args:
            case_id: The case.
            person: Somebody else than who proposed it.
            why: What is still to be done, for whoever takes the case next.
            now: The time, aware.
            seen: CaseFile.last_event as they read it.

        Raises:
            SignpostError: As `agree`; E634, no reason is given, or too long a one.
        """
        why = _checked(why)

        def work(session: Any) -> None:
            row = self._second(session, case_id, person, seen)
            row.state, row.outcome, row.closing_by = State.NEW.value, None, None
            _let_go(row)
            _enter(session, case_id, person, now, Kind.DECLINED, text=why)
            _log(session, Action.CASE_STATE, case_id, person, now, state=row.state)

        self.database.write(work)

    def _begin(self, session: Any, case_id: str, person: Person, seen: int) -> tuple[WorkRow, Level]:
        """The case of somebody who has read all of it, held so that neither colleagues nor new messages change it."""
        row = theirs(session, case_id, person)
        return row, _hold(session, case_id, seen)

    def _second(self, session: Any, case_id: str, person: Person, seen: int) -> WorkRow:
        """A case whose closing was proposed by somebody else than this person, who may agree to it."""
        person.require(Right.SECOND)
        take_turns(session)
        row: WorkRow | None = session.get(WorkRow, case_id)
        if row is None or row.state == State.CLOSED.value:
            raise SignpostError(Code.E630, case=case_id)
        level = _hold(session, case_id, seen)
        if row.state != State.CLOSING.value or row.seen_event != seen:
            problem = "nobody has proposed it, or a message came since"
            raise SignpostError(Code.E637, case=case_id, done="closed", problem=problem)
        if row.closing_by == person.id:
            problem = "a second person has to agree, somebody else than who proposed it"
            raise SignpostError(Code.E637, case=case_id, done="closed", problem=problem)
        self._require_checklist(session, case_id, level)
        return row

    def _require_checklist(self, session: Any, case_id: str, level: Level) -> None:
        answered = select(CaseEntryRow.code).filter_by(case_id=case_id, kind=Kind.CHECKED.value)
        lacking = [item for item in self.checklist.of(level) if item not in set(session.scalars(answered))]
        if lacking:
            raise SignpostError(Code.E635, case=case_id, items=", ".join(lacking))


def _hold(session: Any, case_id: str, seen: int) -> Level:
    """Let no message count in a case meanwhile, and make sure that none came after what was read."""
    opened = session.get(CaseRow, case_id)
    conversations.lock(session, opened.conversation_id)
    session.refresh(opened)
    if last_event(session, case_id) != seen:
        raise SignpostError(Code.E636, case=case_id)
    return Level(opened.level)


def _finish(session: Any, row: WorkRow, now: datetime) -> None:
    row.state, row.closed_at = State.CLOSED.value, now
    _let_go(row)
    session.get(CaseRow, row.case_id).status = "closed"


def _let_go(row: WorkRow) -> None:
    row.staff_id = row.claimed_at = row.lease_until = None


def _checked(text: str) -> str:
    text = text.strip()
    if not 0 < len(text) <= LONGEST_NOTE:
        raise SignpostError(Code.E634, problem=f"it has not from 1 to {LONGEST_NOTE} characters")
    return text


def _enter(
    session: Any,
    case_id: str,
    person: Person,
    now: datetime,
    kind: Kind,
    *,
    code: str = "",
    answer: str = "",
    text: str = "",
) -> None:
    row = CaseEntryRow(
        case_id=case_id, staff_id=person.id, at=now, kind=kind.value, code=code, answer=answer, text=text
    )
    session.add(row)


def _log(session: Any, action: Action, case_id: str, person: Person, now: datetime, **detail: str | int | None) -> None:
    audit.append(session, action, actor=person.id, now=now, subject=f"case:{case_id}", detail=detail)
