"""Measuring the screen on labelled messages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import Code, SignpostError
from bot.safety import measure as module
from bot.safety.measure import by_label, by_rule, main, measure, read_messages, table, wilson
from tests.safety.conftest import SCREEN

ROWS = [
    ("I want to kill myself", "helpline:crisis"),
    ("something that nobody could tell", "helpline:crisis"),
    ("I can't breathe", "helpline:emergency"),
    ("I'm terrified", "helpline:distress"),
    ("what is secondary breast cancer", "answer:what_is"),
    ("I want to die", "chat:other"),
]


def test_the_table_gives_shares_and_intervals_by_group() -> None:
    text = table(measure(SCREEN, ROWS))
    lines = text.splitlines()
    assert lines[1].split()[:6] == ["crisis", "2", "50.0%", "0.0%", "0.0%", "50.0%"]
    assert lines[4].split()[:6] == ["calm", "2", "50.0%", "0.0%", "0.0%", "50.0%"]


def test_false_alarms_are_counted_by_label_and_by_rule() -> None:
    results = measure(SCREEN, ROWS)
    assert by_label(results).split() == ["chat:other", "1", "crisis", "1", "emergency", "0", "distress", "0"]
    assert by_rule(results).splitlines()[0].split()[0] == "crisis.want_to_die"


def test_the_interval_is_wilsons() -> None:
    low, high = wilson(9, 10)
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "messages.jsonl"
    path.write_text("\n".join(json.dumps({"text": text, "label": label}) for text, label in ROWS), "utf-8")
    return path


def test_messages_are_read_from_json_lines(file: Path) -> None:
    assert read_messages([file]) == ROWS


@pytest.mark.parametrize("line", ["{", '{"text": "a"}', "[1]"])
def test_a_line_that_is_no_labelled_message_is_refused_by_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_text(f'{{"text": "a", "label": "b"}}\n{line}\n', "utf-8")
    with pytest.raises(SignpostError, match="line 2") as caught:
        read_messages([path])
    assert caught.value.code is Code.E700


def test_the_command_prints_totals_and_no_message(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.Screen, "load", lambda folder: SCREEN)
    main([str(file)])
    printed = capsys.readouterr().out
    assert "crisis" in printed
    assert "kill myself" not in printed


def test_the_command_lists_misses_alarms_and_rules_when_asked(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.Screen, "load", lambda folder: SCREEN)
    main([str(file), "--misses", "crisis", "--alarms", "--rules", "--speed"])
    printed = capsys.readouterr().out
    assert "something that nobody could tell" in printed
    assert "crisis.want_to_die [" in printed
    assert "crisis.kill_self" in printed
    assert "2,000 characters: median" in printed
