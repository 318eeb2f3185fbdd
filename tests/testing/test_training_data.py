"""The training data held against the domain and the messages kept for measuring."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import Code, SignpostError
from bot.settings import Settings
from bot.testing.training_data import check_training_data

HEAD = 'version: "3.1"\n\nnlu:\n'
KEPT = "a message that is only for measuring"


@pytest.fixture
def kept_apart(tmp_path: Path) -> Path:
    folder = tmp_path / "eval"
    folder.mkdir()
    (folder / "messages.jsonl").write_text(json.dumps({"text": KEPT, "expect": "chat:greet"}) + "\n")
    return folder


def check(tmp_path: Path, kept_apart: Path, *examples: tuple[str, str]) -> list[Code]:
    folder = tmp_path / "nlu"
    folder.mkdir()
    for number, (intent, text) in enumerate(examples):
        (folder / f"{number}.yml").write_text(f"{HEAD}- intent: {intent}\n  examples: |\n    - {text}\n")
    found = check_training_data(Settings.load({}), examples_dir=folder, kept_apart_dir=kept_apart)
    return [error.code for error in found]


def test_right_examples_have_no_problem(tmp_path: Path, kept_apart: Path) -> None:
    assert check(tmp_path, kept_apart, ("greet", "hello there")) == []


def test_a_message_kept_for_measuring_is_found_among_the_examples(tmp_path: Path, kept_apart: Path) -> None:
    assert check(tmp_path, kept_apart, ("greet", KEPT.upper())) == [Code.E304]


def test_an_intent_that_the_domain_does_not_know_is_found(tmp_path: Path, kept_apart: Path) -> None:
    assert check(tmp_path, kept_apart, ("sing", "la la la")) == [Code.E305]


def test_an_installation_without_measuring_messages_is_checked_too(tmp_path: Path) -> None:
    assert check(tmp_path, tmp_path / "missing", ("greet", KEPT)) == []


def test_a_file_of_another_form_is_an_error_and_not_passed_over(tmp_path: Path, kept_apart: Path) -> None:
    with pytest.raises(SignpostError) as error:
        check(tmp_path, kept_apart, ("greet", "hello\n  there"))
    assert error.value.code in (Code.E100, Code.E300)
