"""A drug, a dose, a result, an age and the like take a question from a passage that is for everybody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Code, SignpostError
from bot.nlu.details import DETAILS_FILE, Details
from tests.nlu.builders import SCRIPT

DETAILS = Details.load()


@pytest.mark.parametrize(
    ("text", "answer", "kinds"),
    [
        ("How long have I got with it in my liver?", "ask_outlook", ("site",)),
        ("what's the outlook at 72? I'm 72", "ask_outlook", ("age",)),
        ("She is 45 and HER2 positive, how long?", "ask_outlook", ("receptor", "age")),
        ("can it be cured if it's triple-negative", "ask_curable", ("receptor",)),
        ("Is ER+ curable", "ask_curable", ("receptor",)),
        ("is letrozole one of the treatments", "ask_treatment", ("drug",)),
        ("treatment with 20 mg a day", "ask_treatment", ("dose",)),
        ("I'm deaf, how do I get hold of the helpline", "ask_helpline", ("cannot_phone",)),
        ("what does grade 3 mean", "ask_names", ("result",)),
        ("my tumour markers went up, what is that", "ask_what_is", ("result",)),
    ],
)
def test_a_detail_is_found(text: str, answer: str, kinds: tuple[str, ...]) -> None:
    assert DETAILS.found_in(text, answer) == kinds


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("what's my outlook?", "ask_outlook"),
        ("will I make old bones?", "ask_outlook"),
        ("I was told 25 days ago, how long do people live?", "ask_outlook"),
        ("I'm 47. How long do people usually live with it?", "ask_outlook"),
        ("can it be cured", "ask_curable"),
        ("how can it be in her bones when it was her breast", "ask_what_is"),
        ("have you something to read about the liver", "ask_sites"),
        ("I'm on letrozole and would love to meet others", "ask_meetups"),
        ("i am 70 and want to read how others cope", "ask_stories"),
        ("what does stage 4 mean", "ask_names"),
        ("is it posh to say prognosis", "ask_names"),
    ],
)
def test_a_question_for_everybody_stays_answered(text: str, answer: str) -> None:
    assert DETAILS.found_in(text, answer) == ()


def test_every_answer_that_details_matter_to_is_known() -> None:
    assert set(DETAILS.answers) <= set(SCRIPT.intents)


@given(st.text(max_size=300), st.sampled_from([*DETAILS.answers, "complex", "crisis_self"]))
def test_any_text_can_be_looked_at(text: str, answer: str) -> None:
    assert set(DETAILS.found_in(text, answer)) <= {"drug", "dose", "receptor", "result", "age", "site", "cannot_phone"}


@pytest.fixture
def load(tmp_path: Path) -> Callable[[Any], Details]:
    """Reads details from a file with this data."""

    def write_and_load(data: Any) -> Details:
        path = tmp_path / "details.yml"
        path.write_text(yaml.safe_dump(data))
        return Details.load(path)

    return write_and_load


@pytest.mark.parametrize(
    "change",
    [
        {"kinds": {"drug": {}}},
        {"kinds": {"drug": {"words": ["a"], "other": 1}}},
        {"kinds": {"drug": {"pattern": "("}}},
        {"taken_from": {"ask_outlook": ["moon"]}},
        {"more": 1},
    ],
)
def test_a_file_of_another_form_is_refused(load: Callable[[Any], Details], change: dict[str, Any]) -> None:
    data = yaml.safe_load(DETAILS_FILE.read_text(encoding="utf-8"))
    with pytest.raises(SignpostError) as error:
        load({**data, **change})
    assert error.value.code is Code.E331
