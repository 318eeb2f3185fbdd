"""The order of the queue, whatever happens: level, then time to target, then age, for every mixture of cases."""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from bot.routes import Level
from bot.triage.migrate import upgrade
from bot.triage.service import Triage
from tests.triage.databases import NOON
from tests.triage.test_invariants import hurry
from tests.triage.test_queue import LEASE, TARGETS, Desk

HOURS = st.integers(0, 24 * 9).map(lambda hours: NOON + timedelta(hours=hours))  # a week with a weekend
MESSAGES = st.lists(st.tuples(st.integers(0, 7), st.sampled_from(Level), HOURS), min_size=1, max_size=20)
LATE = NOON + timedelta(days=20)


@functools.cache
def template() -> Path:
    """A file with our tables."""
    path = Path(tempfile.mkdtemp()) / "signpost.db"
    upgrade(f"sqlite:///{path}")
    return path


@contextmanager
def fresh_desk() -> Iterator[Desk]:
    """A desk on a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "signpost.db"
        shutil.copy(template(), path)
        triage = Triage.connect(f"sqlite:///{path}")
        desk = Desk(triage, f"sqlite:///{path}")
        for database in (triage.database, desk.database):
            event.listen(database.engine, "connect", hurry)
        yield desk
        triage.close()
        desk.database.engine.dispose()


def play(desk: Desk, messages: list[tuple[int, Level, datetime]]) -> None:
    """Let messages come in, in the order of time, each in one of a few chats."""
    chats: dict[int, str] = {}
    for chat, level, at in sorted(messages, key=lambda message: message[2]):
        chats[chat] = chats.get(chat) or desk.triage.start_conversation(at).id
        desk.open(level, at, chats[chat])


@given(messages=MESSAGES)
@settings(max_examples=40, deadline=None)
def test_cases_stand_by_level_then_by_target_then_by_age(messages: list[tuple[int, Level, datetime]]) -> None:
    with fresh_desk() as desk:
        play(desk, messages)
        board = desk.queue.board(desk.sue, LATE)
        keys = [(entry.level.rank, entry.due_at, entry.opened_at) for entry in board]
        assert keys == sorted(keys)
        assert len(board) == len({message[0] for message in messages})
        raised = {case.id: case for entry in board for case in desk.triage.cases(entry.conversation_id)}
        assert all(entry.due_at == TARGETS.due(entry.level, raised[entry.case_id].raised_at) for entry in board)


@given(messages=MESSAGES, after=MESSAGES)
@settings(max_examples=25, deadline=None)
def test_messages_that_raise_nothing_leave_the_order_as_it_is(
    messages: list[tuple[int, Level, datetime]], after: list[tuple[int, Level, datetime]]
) -> None:
    with fresh_desk() as desk:
        play(desk, messages)
        before = desk.queue.board(desk.sue, LATE)
        for number, _, _ in after:
            entry = before[number % len(before)]
            desk.open(entry.level, LATE, entry.conversation_id)
        assert desk.queue.board(desk.sue, LATE) == before


@given(messages=MESSAGES, silent=st.sets(st.integers(0, 7)))
@settings(max_examples=25, deadline=None)
def test_next_gives_what_stands_first_among_the_free_ones(
    messages: list[tuple[int, Level, datetime]], silent: set[int]
) -> None:
    with fresh_desk() as desk:
        play(desk, messages)
        board = desk.board(LATE)
        held = {case for number, case in enumerate(board) if number in silent}
        for case in held:
            desk.queue.claim(case, desk.bea, LATE)
        for case in [case for case in board if case not in held]:
            assert desk.next(desk.ada, LATE) == case
            desk.queue.hand_over(case, desk.ada, "bea", LATE)
        assert desk.next(desk.ada, LATE) is None
        assert desk.next(desk.ada, LATE + LEASE) == board[0]
