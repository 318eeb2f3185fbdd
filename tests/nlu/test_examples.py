"""Training examples: read as they stand, and each way of spoiling them is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Code, SignpostError
from bot.nlu.examples import LEAST_ANSWER, LEAST_SAFETY, Example, check_examples, normalised, read_examples
from bot.settings import ROOT
from tests.nlu.builders import SCRIPT

HEAD = 'version: "3.1"\n\nnlu:\n- intent: ask_outlook\n  examples: |\n'


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], list[Example]]:
    """Reads examples from a file with this text."""

    def write_and_read(text: str) -> list[Example]:
        (tmp_path / "file.yml").write_text(text)
        return read_examples(tmp_path)

    return write_and_read


@pytest.fixture
def right() -> list[Example]:
    """Examples with which nothing is wrong."""
    path = Path("file.yml")
    asked = [Example(f"what is the outlook of case {n}", "ask_outlook", path, n) for n in range(LEAST_ANSWER)]
    hard = [Example(f"i feel low on day {n}", "distress", path, 1_000 + n) for n in range(LEAST_SAFETY)]
    return [*asked, *hard]


def codes(problems: Sequence[SignpostError]) -> list[Code]:
    return [problem.code for problem in problems]


class TestReading:
    def test_each_example_knows_its_intent_file_and_line(
        self, read: Callable[[str], list[Example]], tmp_path: Path
    ) -> None:
        text = HEAD + "    - how long\n    - what now?\n- intent: greet\n  examples: |\n    - hello\n"
        path = tmp_path / "file.yml"
        assert read(text) == [
            Example("how long", "ask_outlook", path, 6),
            Example("what now?", "ask_outlook", path, 7),
            Example("hello", "greet", path, 10),
        ]

    def test_every_file_below_the_folder_is_read(self, tmp_path: Path) -> None:
        (tmp_path / "answers").mkdir()
        (tmp_path / "answers" / "one.yml").write_text(HEAD + "    - how long\n")
        assert [example.text for example in read_examples(tmp_path)] == ["how long"]

    @pytest.mark.parametrize(
        "text",
        [
            HEAD + "    how long\n",
            HEAD + "   - how long\n",
            HEAD + "    - how\n      long\n",
            'version: "3.1"\nnlu:\n-   intent: ask_outlook\n    examples: |\n      - how long\n',
            'version: "3.1"\nnlu:\n- {intent: ask_outlook, examples: "- how long"}\n',
            'version: "3.1"\nnlu:\n- synonym: liver\n  examples: |\n    - livers\n',
        ],
        ids=["no dash", "indented less", "two lines", "indented more", "in one line", "no intent"],
    )
    def test_another_form_than_ours_is_refused_with_its_file(
        self, read: Callable[[str], list[Example]], text: str
    ) -> None:
        with pytest.raises(SignpostError, match=r"file\.yml") as error:
            read(text)
        assert error.value.code is Code.E300

    @pytest.mark.parametrize("text", ["my [liver](site)", "[it]{x}", "[it][x]", "costs ${HOME}", "a \\u0041"])
    def test_what_rasa_would_change_is_refused(self, read: Callable[[str], list[Example]], text: str) -> None:
        with pytest.raises(SignpostError, match="line 6") as error:
            read(f"{HEAD}    - {text}\n")
        assert error.value.code is Code.E300

    @pytest.mark.parametrize("text", ["[phone]", "it cost $5 (or 10)", "a {brace}", "50/50"])
    def test_what_only_looks_like_it_is_not(self, read: Callable[[str], list[Example]], text: str) -> None:
        assert [example.text for example in read(f"{HEAD}    - {text}\n")] == [text]


class TestNormalised:
    @pytest.mark.parametrize(
        ("text", "same"),
        [("How long?", "how long"), ("how  long!!", "how long"), ("I can't", "i can t"), ("???", "???")],
    )
    def test_case_punctuation_and_spacing_make_no_other_example(self, text: str, same: str) -> None:
        assert normalised(text) == same

    @given(st.text())
    def test_normalising_twice_changes_nothing_more(self, text: str) -> None:
        assert normalised(normalised(text)) == normalised(text)


class TestChecks:
    def test_right_examples_have_no_problem(self, right: list[Example]) -> None:
        assert check_examples(right, SCRIPT.intents) == []

    def test_an_example_under_two_intents_is_found_with_file_and_line(self, right: list[Example]) -> None:
        copy = Example(right[0].text.upper() + "?", "distress", Path("other.yml"), 7)
        (problem,) = check_examples([*right, copy], SCRIPT.intents)
        assert problem.code is Code.E301
        for part in ("ask_outlook", "distress", "other.yml", "7"):
            assert part in str(problem)

    def test_an_example_that_stands_twice_under_one_intent_is_found(self, right: list[Example]) -> None:
        assert codes(check_examples([*right, replace(right[0], line=99)], SCRIPT.intents)) == [Code.E301]

    @pytest.mark.parametrize("drop", [0, -1], ids=["an answer", "a safety intent"])
    def test_an_intent_with_too_few_examples_is_found(self, right: list[Example], drop: int) -> None:
        dropped = right.pop(drop)
        (problem,) = check_examples(right, SCRIPT.intents)
        assert problem.code is Code.E302
        assert dropped.intent in str(problem)

    def test_a_message_kept_for_measuring_is_found_and_not_repeated(self, right: list[Example]) -> None:
        kept = right[3].text.upper() + "!"
        (problem,) = check_examples(right, SCRIPT.intents, [kept, "something else entirely"])
        assert problem.code is Code.E304
        assert right[3].text not in str(problem)

    def test_what_everybody_says_proves_no_leak(self, right: list[Example]) -> None:
        hello = Example("Thank you!", "thanks", Path("file.yml"), 5_000)
        assert check_examples([*right, hello], SCRIPT.intents, ["thank you"]) == []

    def test_an_intent_that_the_domain_does_not_know_is_found(self, right: list[Example]) -> None:
        (problem,) = check_examples([*right, Example("la la", "sing", Path("file.yml"), 1)], SCRIPT.intents)
        assert problem.code is Code.E305
        assert "sing" in str(problem)


class TestOurs:
    """The data that the model is trained from."""

    def test_the_training_data_has_no_problem(self) -> None:
        from bot.testing.labelled import read as read_labelled

        kept_apart = []
        for path in sorted((ROOT / "tests" / "eval").glob("*.jsonl")):
            messages, dialogues = read_labelled(path)
            kept_apart += [message.text for message in messages]
            kept_apart += [turn.text for dialogue in dialogues for turn in dialogue.turns]
        assert kept_apart
        assert [str(problem) for problem in check_examples(OURS, SCRIPT.intents, kept_apart)] == []

    def test_every_intent_that_a_message_can_have_has_examples(self) -> None:
        from tests.nlu.builders import SCORED

        assert {example.intent for example in OURS} == set(SCORED)


OURS = read_examples(ROOT / "data" / "nlu")
