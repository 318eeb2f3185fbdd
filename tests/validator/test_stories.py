"""Rules, stories and test cases as they stand in their files."""

from __future__ import annotations

from pathlib import Path

from bot.validator.stories import read_told

TEXT = """\
rules:
- rule: Someone asks
  steps:
  - intent: greet
  - action: utter_greet
stories:
- story: A talk
  steps:
  - intent: greet
- steps: []
test_cases:
- test_case: A greeting
  steps:
  - user: hello
- nonsense
"""


def test_each_is_read_with_its_kind_title_steps_and_line(tmp_path: Path) -> None:
    path = tmp_path / "all.yml"
    path.write_text(TEXT)
    told = list(read_told(path))
    assert [(one.kind, one.title, one.place.line) for one in told] == [
        ("rule", "Someone asks", 2),
        ("story", "A talk", 7),
        ("story", "", 10),
        ("test_case", "A greeting", 12),
        ("test_case", "", 15),
    ]
    assert told[0].of("intent") == ["greet"]
    assert told[0].of("action") == ["utter_greet"]


def test_a_file_of_something_else_holds_none(tmp_path: Path) -> None:
    path = tmp_path / "nlu.yml"
    path.write_text('version: "3.1"\nnlu: []\nrules: none\n')
    assert list(read_told(path)) == []
