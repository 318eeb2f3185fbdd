"""Rasa's own memory of a chat: what was erased while its turn went on does not come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.tracker_store import ConversationStore
from bot.privacy.erasure import erase_from_tracker
from tests.nlu.trackers import said, tracker
from tests.rasa_imported import RASA_WARNS

pytestmark = RASA_WARNS

WORDS = "words of a chat that goes"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "rasa.db"
    monkeypatch.setenv("SIGNPOST_TRACKER_DB", str(path))
    return path


@pytest.fixture
def store(path: Path) -> ConversationStore:
    return ConversationStore()


def holding(path: Path, words: str) -> list[str]:
    return [file.name for file in path.parent.iterdir() if words.encode() in file.read_bytes()]


async def test_a_chat_that_is_erased_while_its_turn_goes_on_is_not_saved_again(
    store: ConversationStore, path: Path
) -> None:
    going_on = tracker([said(None, WORDS)])
    await store.save(going_on)
    assert holding(path, WORDS)
    erase_from_tracker(path, "a conversation")
    await store.save(going_on)
    assert holding(path, WORDS) == holding(path, "a conversation") == []


async def test_a_chat_that_is_erased_while_it_is_saved_is_gone_all_the_same(
    store: ConversationStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    retrieve = store._additional_events

    def erase_first(*arguments: object) -> object:
        erase_from_tracker(path, "a conversation")
        return retrieve(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "_additional_events", erase_first)
    await store.save(tracker([said(None, WORDS)]))
    assert holding(path, WORDS) == holding(path, "a conversation") == []
