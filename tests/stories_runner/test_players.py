"""How many processes play stories."""

from __future__ import annotations

import os

import pytest

from bot.stories.players import CHUNK, TURNS_A_JOB, jobs_for
from tests.stories_runner.builders import ASKS, HOLDS, story


@pytest.fixture(autouse=True)
def four_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3})


@pytest.mark.parametrize(("turns", "jobs"), [(1, 1), (TURNS_A_JOB - 1, 1), (TURNS_A_JOB, 2), (99 * TURNS_A_JOB, 4)])
def test_a_process_more_is_started_only_where_it_has_enough_to_do(turns: int, jobs: int) -> None:
    stories = [story(*[ASKS] * 10)] * (turns // 10) + [story(*[ASKS] * (turns % 10))]
    assert jobs_for(stories, None) == jobs


def test_who_asks_for_a_number_gets_it() -> None:
    assert jobs_for([HOLDS] * 40 * CHUNK, 9) == 9


def test_there_are_never_more_processes_than_work() -> None:
    assert jobs_for([HOLDS] * 2 * CHUNK, 9) == 2
    assert jobs_for([HOLDS], 9) == 1
