"""Two at once: the action and the gateway, two threads or two processes. Each message still counts exactly once."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.routes import Level, Route
from bot.settings import ROOT
from bot.triage.service import Triage
from tests.triage.databases import NOON, decide

T = TypeVar("T")
THREADS = 4

WORKER = """
import sys
from tests.triage.test_concurrency import work
work(sys.argv[1], sys.argv[2])
"""


def at_once(call: Callable[[int], T]) -> list[T]:
    """Call from several threads that start together."""
    barrier = threading.Barrier(THREADS)

    def run(number: int) -> T:
        barrier.wait()
        return call(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def record(triage: Triage, conversation: str, message_id: str) -> object:
    decision = decide(Route.ANSWER)
    return triage.record_turn(
        conversation, message_id=message_id, text="", choice=None, decision=decision, blocks=(), choices=(), now=NOON
    )


def open_case(triage: Triage, conversation: str, message_id: str, route: Route) -> object:
    return triage.open_case(conversation, message_id=message_id, route=route, reasons=(), now=NOON)


def work(database_url: str, conversation: str) -> None:
    """What each of two processes does."""
    triage = Triage.connect(database_url)
    for number in range(15):
        record(triage, conversation, str(number))
        open_case(triage, conversation, str(number), Route.CRISIS if number == 9 else Route.HUMAN)


def test_the_same_message_from_many_threads_is_one_turn(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    turns = at_once(lambda _: record(triage, new.id, "m"))
    assert triage.transcript(new.id) == turns[:1]
    assert all(turn == turns[0] for turn in turns)


def test_different_messages_at_once_are_numbered_without_a_gap(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    at_once(lambda number: record(triage, new.id, str(number)))
    assert sorted(turn.number for turn in triage.transcript(new.id)) == list(range(1, THREADS + 1))


def test_the_same_message_from_many_threads_opens_one_case(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    cases = at_once(lambda _: open_case(triage, new.id, "m", Route.CRISIS))
    assert all(case == cases[0] for case in cases)
    assert triage.cases(new.id) == cases[:1]


def test_different_messages_at_once_make_one_case_of_the_highest_level(triage: Triage) -> None:
    new = triage.start_conversation(NOON)
    routes = [Route.HUMAN, Route.CRISIS, Route.DISTRESS, Route.EMERGENCY]
    at_once(lambda number: open_case(triage, new.id, str(number), routes[number]))
    [case] = triage.cases(new.id)
    assert case.level is Level.IMMEDIATE


def test_conversations_that_start_at_once_are_all_different(triage: Triage) -> None:
    started = at_once(lambda _: triage.start_conversation(NOON))
    assert len({new.reference for new in started}) == len({new.id for new in started}) == THREADS


def test_a_conversation_that_is_taken_over_twice_at_once_is_one(triage: Triage) -> None:
    def take_over(_: int) -> str:
        return triage.import_conversation("c", reference="K7Q-4237", token_sha256="0" * 64, started=NOON)

    assert set(at_once(take_over)) == {"K7Q-4237"}


def test_two_processes_that_record_the_same_chat_at_once_leave_each_turn_once(database_url: str) -> None:
    triage = Triage.connect(database_url)
    new = triage.start_conversation(NOON)
    command = [sys.executable, "-c", WORKER, database_url, new.id]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [process.wait() for process in processes] == [0, 0]
    turns = triage.transcript(new.id)
    assert sorted(turn.number for turn in turns) == list(range(1, 16))
    assert {turn.message_id for turn in turns} == {str(number) for number in range(15)}
    [case] = triage.cases(new.id)
    assert case.level is Level.IMMEDIATE
    triage.close()
