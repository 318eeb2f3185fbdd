"""The queue of the desk: level, then time to target, then age; each case with one person at a time.

`next` is the way to work: it gives the most pressing free case. A claim is a lease. Whoever goes silent loses it
when it runs out, by nothing but the time: there is no job that has to run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, exists, func, literal_column, or_, select, true

from bot.errors import Code, SignpostError
from bot.routes import Level
from bot.triage import audit
from bot.triage.audit import Action
from bot.triage.claims import holder_of, take_turns, theirs
from bot.triage.database import Database
from bot.triage.models import CaseEventRow, CaseRow, ConversationRow, StaffRow, WorkRow
from bot.triage.roles import Person, Right
from bot.triage.staff import person_of
from bot.triage.states import State
from bot.triage.targets import Targets

MOST = 200
"""No page of the queue is longer."""

IS_OPEN = CaseRow.status == literal_column("'open'")
"""Written out: SQLite uses the index over open cases only where it sees that the query asks for no others."""

ORDER = (
    case({level.value: level.rank for level in Level}, value=CaseRow.level),
    WorkRow.due_at,
    CaseRow.opened_at,
    CaseRow.id,
)
"""Level, time to target, age; the id only so that the order of equals does not change between two looks."""


@dataclass(frozen=True)
class Entry:
    """An open case in the queue.

    Attributes:
        case_id: The case.
        conversation_id: The chat that it is about.
        reference: The chat's reference code.
        level: How soon it should be looked at.
        opened_at: When it was opened, UTC.
        due_at: By when it should be looked at, UTC.
        state: How far the work has got.
        again_at: When it comes back, UTC, where it was put aside.
        staff_id: Who has it, where somebody does and the lease has not run out.
        lease_until: When the lease runs out, UTC.
        closing_by: Who proposed to close it, where a second person has to agree.
    """

    case_id: str
    conversation_id: str
    reference: str
    level: Level
    opened_at: datetime
    due_at: datetime
    state: State
    again_at: datetime | None
    staff_id: str | None
    lease_until: datetime | None
    closing_by: str | None


@dataclass(frozen=True)
class Count:
    """How many open cases of a level there are.

    Attributes:
        open: All of them.
        free: Those that nobody has and that are not put aside.
        late: Those past their target that nobody has begun with.
    """

    open: int = 0
    free: int = 0
    late: int = 0


class Queue:
    """The open cases in a database, in the order in which they should be looked at."""

    def __init__(self, database: Database, targets: Targets, *, lease: timedelta) -> None:
        """Use a database.

        Args:
            database: Where cases are kept.
            targets: By when a case is due.
            lease: How long a claim lasts without a sign of life (Settings.lease_minutes).
        """
        self.database = database
        self.targets = targets
        self.lease = lease

    def next(self, person: Person, now: datetime) -> Entry | None:
        """Give somebody the most pressing free case. Whoever has one already gets that one: pressing twice is harmless.

        Args:
            person: Who asks.
            now: The time, aware.

        Returns:
            The case, theirs until the lease runs out; None where nothing is free.

        Raises:
            SignpostError: E600, the database cannot be reached; E620, this person may not work on cases.
        """
        person.require(Right.WORK)

        def work(session: Any) -> Entry | None:
            self._begin(session, now)
            held = _open().where(WorkRow.staff_id == person.id, WorkRow.lease_until > now)
            found = session.execute(held.order_by(*ORDER).limit(1)).first()
            if found is not None:
                found.WorkRow.lease_until = now + self.lease
                return _entry(found, now)
            first = _in_order(session, _is_free(person, now), limit=1)
            return self._give(session, first[0], person, now, by=person) if first else None

        return self.database.write(work)

    def claim(self, case_id: str, person: Person, now: datetime) -> Entry:
        """Give somebody a case of their choice, as after a search by reference code.

        Args:
            case_id: The case.
            person: Who asks.
            now: The time, aware.

        Returns:
            The case, theirs until the lease runs out.

        Raises:
            SignpostError: E600, the database cannot be reached; E620, this person may not work on cases;
                E630, there is no such open case; E631, somebody else has it.
        """
        person.require(Right.WORK)

        def work(session: Any) -> Entry:
            self._begin(session, now)
            found = _find(session, case_id)
            holder = holder_of(found.WorkRow, now)
            if holder == person.id:
                found.WorkRow.lease_until = now + self.lease
                return _entry(found, now)
            if holder is not None:
                raise SignpostError(Code.E631, case=case_id, holder=holder)
            return self._give(session, found, person, now, by=person)

        return self.database.write(work)

    def heartbeat(self, case_id: str, person: Person, now: datetime) -> datetime:
        """Keep a claim. One that has run out is kept too, unless somebody else has taken the case.

        Args:
            case_id: The case.
            person: Whose claim.
            now: The time, aware.

        Returns:
            When the lease runs out now, UTC.

        Raises:
            SignpostError: E600, the database cannot be reached; E630, there is no such open case;
                E632, it is not theirs (any more).
        """

        def work(session: Any) -> datetime:
            until = now + self.lease
            theirs(session, case_id, person).lease_until = until
            return until

        return self.database.write(work)

    def release(self, case_id: str, person: Person, now: datetime) -> None:
        """Give a case back into the queue.

        Args:
            case_id: The case.
            person: Who has it.
            now: The time, aware.

        Raises:
            SignpostError: E600, the database cannot be reached; E630, there is no such open case;
                E632, it is not theirs (any more).
        """

        def work(session: Any) -> None:
            row = theirs(session, case_id, person)
            row.staff_id = row.claimed_at = row.lease_until = None
            audit.append(session, Action.CASE_RELEASED, actor=person.id, now=now, subject=f"case:{case_id}")

        self.database.write(work)

    def hand_over(self, case_id: str, person: Person, to: str, now: datetime) -> Entry:
        """Give a case to a colleague. Whoever sees the whole queue may do so with anybody's, also to themselves.

        Args:
            case_id: The case.
            person: Who has it, or a supervisor.
            to: The colleague's user name.
            now: The time, aware.

        Returns:
            The case, the colleague's until the lease runs out.

        Raises:
            SignpostError: E600, the database cannot be reached; E630, there is no such open case; E632, it is not
                theirs; E633, the colleague may not have it.
        """

        def work(session: Any) -> Entry:
            self._begin(session, now)
            if Right.BROWSE not in person.role.rights:
                theirs(session, case_id, person)
            found, colleague = _find(session, case_id), session.get(StaffRow, to)
            if colleague is None or colleague.disabled_at or Right.WORK not in person_of(colleague).role.rights:
                raise SignpostError(Code.E633, to=to)
            return self._give(session, found, person_of(colleague), now, by=person)

        return self.database.write(work)

    def board(self, person: Person, now: datetime, *, limit: int = MOST, offset: int = 0) -> list[Entry]:
        """Return open cases in order: all of them, those that are claimed or put aside too.

        Args:
            person: Who looks; a line of the audit log says so.
            now: The time, aware.
            limit: At most so many.
            offset: So many of the most pressing ones are left out.

        Returns:
            The cases.

        Raises:
            SignpostError: E600, the database cannot be reached; E620, this person may not see the whole queue.
        """
        person.require(Right.BROWSE)

        def work(session: Any) -> list[Entry]:
            self._begin(session, now)
            found = _in_order(session, true(), limit=min(limit, MOST), offset=offset)
            audit.append(session, Action.QUEUE_READ, actor=person.id, now=now, detail={"cases": len(found)})
            return [_entry(row, now) for row in found]

        return self.database.write(work)

    def counts(self, now: datetime) -> dict[Level, Count]:
        """Return how many open cases there are: numbers only, for everybody who works on cases.

        Args:
            now: The time, aware.

        Returns:
            A count by level.

        Raises:
            SignpostError: E600, the database cannot be reached.
        """

        def work(session: Any) -> dict[Level, Count]:
            self._begin(session, now)
            late = and_(WorkRow.due_at <= now, WorkRow.state == State.NEW.value)
            query = (
                select(CaseRow.level, func.count(), _how_many(_is_free(None, now)), _how_many(late))
                .join(WorkRow, WorkRow.case_id == CaseRow.id)
                .where(IS_OPEN)
                .group_by(CaseRow.level)
            )
            found = {Level(level): Count(*numbers) for level, *numbers in session.execute(query)}
            return {level: found.get(level, Count()) for level in Level}

        return self.database.write(work)

    def _give(self, session: Any, found: Any, person: Person, now: datetime, *, by: Person) -> Entry:
        row, before = found.WorkRow, found.WorkRow.staff_id
        row.staff_id, row.claimed_at, row.lease_until = person.id, now, now + self.lease
        if row.state in (State.NEW.value, State.WAITING.value):
            row.state, row.again_at = State.WORKING.value, None
        action = Action.CASE_CLAIMED if by == person else Action.CASE_HANDED_OVER
        detail = {"level": found.CaseRow.level, "from": before, "to": person.id, "late": now > row.due_at}
        audit.append(session, action, actor=by.id, now=now, subject=f"case:{row.case_id}", detail=detail)
        return _entry(found, now)

    def _begin(self, session: Any, now: datetime) -> None:
        """Take turns, and bring the desk's rows up to what the gateway has opened or raised since the last look."""
        take_turns(session)
        fresh = (
            select(CaseRow, WorkRow)
            .outerjoin(WorkRow, WorkRow.case_id == CaseRow.id)
            .where(IS_OPEN)
            .where(or_(WorkRow.case_id.is_(None), WorkRow.raised_at != CaseRow.raised_at))
        )
        for opened, row in session.execute(fresh).all():
            if row is None:
                row = WorkRow(case_id=opened.id, state=State.NEW.value)
                session.add(row)
            row.level, row.raised_at = opened.level, opened.raised_at
            row.due_at = self.targets.due(Level(opened.level), opened.raised_at)
            _wake(row)
        news = exists().where(CaseEventRow.case_id == WorkRow.case_id, CaseEventRow.id > WorkRow.seen_event)
        asleep = WorkRow.state.in_([State.WAITING.value, State.CLOSING.value])
        for row in session.scalars(select(WorkRow).where(asleep, news)):
            _wake(row)
        session.flush()


def _wake(row: WorkRow) -> None:
    """A new message ends every pause, and whatever was proposed without knowing it."""
    if row.state in (State.WAITING.value, State.CLOSING.value):
        row.state, row.again_at = State.NEW.value, None
        row.outcome = row.closing_by = None


def _open() -> Any:
    """All open cases, with what the desk knows of them."""
    return (
        select(CaseRow, WorkRow, ConversationRow.reference)
        .join(WorkRow, WorkRow.case_id == CaseRow.id)
        .join(ConversationRow, ConversationRow.id == CaseRow.conversation_id)
        .where(IS_OPEN)
    )


def _in_order(session: Any, condition: Any, *, limit: int, offset: int = 0) -> list[Any]:
    """Open cases in the order of the queue. Only ids are sorted: to sort whole rows takes three times as long."""
    ids = select(CaseRow.id).join(WorkRow, WorkRow.case_id == CaseRow.id).where(IS_OPEN, condition)
    first = session.scalars(ids.order_by(*ORDER).limit(limit).offset(offset)).all()
    return list(session.execute(_open().where(CaseRow.id.in_(first)).order_by(*ORDER)))


def _is_free(person: Person | None, now: datetime) -> Any:
    """Whether a case can be given out: one that waits for a second person only to somebody who can be that."""
    can_agree = person is not None and Right.SECOND in person.role.rights
    closing = WorkRow.state == State.CLOSING.value
    agreeable = and_(closing, WorkRow.closing_by != person.id) if person is not None and can_agree else None
    return and_(
        or_(WorkRow.staff_id.is_(None), WorkRow.lease_until <= now),
        or_(WorkRow.again_at.is_(None), WorkRow.again_at <= now),
        ~closing if agreeable is None else or_(~closing, agreeable),
    )


def _how_many(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _find(session: Any, case_id: str) -> Any:
    found = session.execute(_open().where(CaseRow.id == case_id)).first()
    if found is None:
        raise SignpostError(Code.E630, case=case_id)
    return found


def _entry(found: Any, now: datetime) -> Entry:
    opened, row = found.CaseRow, found.WorkRow
    holder = holder_of(row, now)
    return Entry(
        case_id=opened.id,
        conversation_id=opened.conversation_id,
        reference=found.reference,
        level=Level(opened.level),
        opened_at=opened.opened_at,
        due_at=row.due_at,
        state=State(row.state),
        again_at=row.again_at,
        staff_id=holder,
        lease_until=row.lease_until if holder else None,
        closing_by=row.closing_by,
    )
