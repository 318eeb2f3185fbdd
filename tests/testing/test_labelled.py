"""Labelled messages and dialogues, read from JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Code, SignpostError
from bot.settings import ROOT
from bot.testing.labelled import Dialogue, LabelledMessage, read
from bot.testing.training_data import kept_apart

WORDS = "words of a visitor"
TURN = {"text": WORDS, "expect": "chat:greet"}


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Writes lines to a file."""

    def write(*lines: Any) -> Path:
        path = tmp_path / "labelled.jsonl"
        path.write_text("".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines))
        return path

    return write


def test_messages_and_dialogues_may_stand_in_one_file(file: Callable[..., Path]) -> None:
    dialogue = {"id": "d-1", "about": "a greeting", "turns": [{**TURN, "must": ["a"], "must_not": ["b"]}]}
    path = file({**TURN, "accept": ["chat:bot"], "tags": ["typo"]}, "\n", dialogue)
    assert read(path) == (
        [LabelledMessage(WORDS, "chat:greet", ("chat:bot",), ("typo",))],
        [Dialogue("d-1", "a greeting", (LabelledMessage(WORDS, "chat:greet", must=("a",), must_not=("b",)),))],
    )


@pytest.mark.parametrize(
    "line",
    [
        "not JSON\n",
        "[]\n",
        "1\n",
        {"text": WORDS},
        {"expect": "chat:greet"},
        {"text": WORDS, "expect": "chat:sing"},
        {"text": WORDS, "expect": "chat:greet", "accept": ["answer:weather"]},
        {"id": "d-1", "turns": [{"text": WORDS}]},
        {"turns": [TURN]},
        {"text": WORDS, "expect": "chat:greet", "accept": 1},
        {"text": WORDS, "expect": "chat:greet", "accept": "chat:bot"},
        {"text": ["a"], "expect": "chat:greet"},
        {"text": WORDS, "expect": ["chat:greet"]},
        {"id": "d-1", "turns": TURN},
    ],
)
def test_a_line_of_another_form_is_refused_with_its_number(file: Callable[..., Path], line: Any) -> None:
    with pytest.raises(SignpostError, match="line 2") as error:
        read(file(TURN, line))
    assert error.value.code is Code.E700
    assert WORDS not in str(error.value)


def test_the_dev_messages_and_dialogues_of_this_project_are_read() -> None:
    messages, _ = read(ROOT / "tests" / "eval" / "messages.dev.jsonl")
    _, dialogues = read(ROOT / "tests" / "eval" / "dialogues.dev.jsonl")
    assert len(messages) > 400
    assert len(dialogues) > 10


def test_all_texts_kept_apart_are_found_in_messages_and_turns(file: Callable[..., Path]) -> None:
    path = file({**TURN, "text": "one"}, {"id": "d", "turns": [{**TURN, "text": "two"}, {**TURN, "text": "three"}]})
    assert kept_apart(path.parent) == ["one", "two", "three"]


def test_without_the_folder_nothing_is_kept_apart(tmp_path: Path) -> None:
    assert kept_apart(tmp_path / "missing") == []
