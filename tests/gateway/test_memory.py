"""Chats in memory: enough to go on while the database is away, and no more than that."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.decision import Decision
from bot.gateway.memory import LONGEST, MOST_TURNS, Memory
from bot.routes import Route
from bot.triage.records import Conversation, StoredTurn
from tests.triage.databases import NOON

ONE, TWO = Conversation("one", "K7Q-42"), Conversation("two", "K7Q-57")


def turn(message_id: str, at: datetime = NOON) -> StoredTurn:
    return StoredTurn("id", message_id, 1, at, "hello", None, Decision("greet", Route.CHAT), (), ())


@pytest.fixture
def memory() -> Memory:
    memory = Memory()
    memory.remember("token one", ONE, NOON)
    memory.remember("token two", TWO, NOON, unsaved=True)
    return memory


def test_a_chat_is_found_by_its_token(memory: Memory) -> None:
    assert memory.find("token one", NOON, unsaved=False) == ONE
    assert memory.find("another token", NOON, unsaved=False) is None


def test_a_chat_that_the_database_knows_is_not_taken_for_one_that_only_the_spool_knows(memory: Memory) -> None:
    assert memory.find("token one", NOON, unsaved=True) is None
    assert memory.find("token two", NOON, unsaved=True) == TWO
    memory.remember("token two", TWO, NOON)
    assert memory.find("token two", NOON, unsaved=True) is None


def test_a_turn_is_kept_once_and_only_for_a_chat_in_mind(memory: Memory) -> None:
    memory.add("one", turn("a"))
    memory.add("one", turn("a"))
    memory.add("three", turn("a"))
    assert [kept.message_id for kept in memory.turns("one")] == ["a"]
    assert memory.turns("three") == []


def test_the_oldest_turns_of_a_very_long_chat_go(memory: Memory) -> None:
    for number in range(MOST_TURNS + 5):
        memory.add("one", turn(str(number)))
    assert len(memory.turns("one")) == MOST_TURNS
    assert memory.turns("one")[0].message_id == "5"


def test_a_chat_is_forgotten_when_it_is_deleted(memory: Memory) -> None:
    memory.add("one", turn("a"))
    memory.forget("one")
    memory.forget("one")
    assert memory.find("token one", NOON, unsaved=False) is None
    assert memory.turns("one") == []
    assert memory.find("token two", NOON, unsaved=False) == TWO


def test_a_chat_is_forgotten_after_hours_without_a_message(memory: Memory) -> None:
    later = NOON + LONGEST + timedelta(seconds=1)
    assert memory.find("token one", later, unsaved=False) is None
    memory.remember("token three", Conversation("three", "K7Q-68"), later)
    memory.add("one", turn("a", later))
    assert memory.turns("one") == []


def test_of_very_many_chats_the_one_not_seen_for_longest_goes(monkeypatch: pytest.MonkeyPatch, memory: Memory) -> None:
    monkeypatch.setattr("bot.gateway.memory.MOST_CHATS", 2)
    memory.remember("token one", ONE, NOON)
    memory.remember("token three", Conversation("three", "K7Q-68"), NOON)
    assert memory.find("token one", NOON, unsaved=False) == ONE
    assert memory.find("token two", NOON, unsaved=False) is None
