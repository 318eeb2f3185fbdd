"""The benchmark: thresholds come from the validation split, figures from the test split."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SignpostError
from bot.nlu.encoder import Encoder
from bot.settings import ROOT
from bot.testing import bench_nlu
from bot.testing.bench_nlu import Predicted, bench, find_threshold, measure, read_splits, report
from bot.testing.statistics import Share

TINY = {
    "train": [
        *([text, "lights"] for text in ("turn on the lamp", "turn off the lamp", "dim the lamp", "the lamp on please")),
        *([text, "tea"] for text in ("make a cup of tea", "brew me tea", "a pot of tea please", "put the tea on")),
        *([text, "bus"] for text in ("when is the next bus", "is the bus late", "which bus goes home", "bus times")),
    ],
    "val": [["lamp off please", "lights"], ["another cup of tea", "tea"], ["when does the bus come", "bus"]] * 40,
    "test": [["switch the lamp on", "lights"], ["tea for me please", "tea"], ["next bus home", "bus"]] * 10,
    "oos_train": [["who painted this", "oos"], ["seven times eight", "oos"]],
    "oos_val": [["feed the parrot", "oos"], ["a rhyme for silver", "oos"]],
    "oos_test": [["how high is that hill", "oos"], ["the plural of ox", "oos"]],
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data.json"
    path.write_text(json.dumps(TINY), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def predicted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Predicted]:
    path = tmp_path_factory.mktemp("bench") / "data.json"
    path.write_text(json.dumps(TINY), encoding="utf-8")
    return bench(read_splits(path), Encoder.general())


def test_the_splits_are_read(file: Path) -> None:
    splits = read_splits(file)
    assert set(splits) == set(TINY)
    assert (splits["train"].texts[4], splits["train"].intents[4]) == ("make a cup of tea", "tea")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        json.dumps({"train": []}),
        json.dumps(TINY | {"val": []}),
        json.dumps(TINY | {"test": [["words only"]]}),
    ],
)
def test_a_file_of_another_form_is_refused_with_its_code(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SignpostError, match="E702"):
        read_splits(path)


def test_a_path_without_a_file_ends_with_one_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="E702"):
        bench_nlu.main([str(tmp_path / "nothing.json")])


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=200), st.floats(0.1, 0.9))
def test_the_threshold_keeps_the_goal_wherever_that_is_possible(rows: list[tuple[float, bool]], goal: float) -> None:
    scores, right = np.array([score for score, _ in rows]), np.array([good for _, good in rows])
    kept = right & (scores <= find_threshold(scores, right, goal))
    possible = Share(int(right.sum()), len(rows)).interval[0] >= goal
    assert (Share(int(kept.sum()), len(rows)).interval[0] >= goal) == possible


def test_the_threshold_turns_away_as_much_as_it_may() -> None:
    scores = np.arange(1000) / 1000
    threshold = find_threshold(scores, np.ones(1000, dtype=np.bool_), goal=0.9)
    kept = int((scores <= threshold).sum())
    assert Share(kept, 1000).interval[0] >= 0.9 > Share(kept - 1, 1000).interval[0]


def test_a_text_that_is_turned_away_is_not_a_right_answer() -> None:
    inside = Predicted(np.array([True, True, False, True]), {"score": np.array([0.1, 0.9, 0.1, 0.2])})
    outside = Predicted(np.array([False, False]), {"score": np.array([0.15, 0.8])})
    says = measure("score", 0.5, inside, outside)
    assert (says.accuracy, says.recall) == (Share(2, 4), Share(1, 2))
    assert says.ranked == pytest.approx(5 / 8)


def test_the_model_learns_from_the_train_split(predicted: dict[str, Predicted]) -> None:
    assert predicted["test"].right.all()
    assert not predicted["oos_test"].right.any()


def test_every_split_has_every_score(predicted: dict[str, Predicted]) -> None:
    assert set(predicted) == set(TINY) - {"train"}
    for name, says in predicted.items():
        assert set(says.scores) == {"probability", "margin", "prototype", "neighbours", "combined"}
        assert {len(values) for values in says.scores.values()} == {len(TINY[name])}


@pytest.mark.parametrize("score", ["prototype", "neighbours", "combined"])
def test_what_is_out_of_scope_scores_higher(predicted: dict[str, Predicted], score: str) -> None:
    assert measure(score, 0.0, predicted["test"], predicted["oos_test"]).ranked == 1.0


def test_the_report_names_each_score_on_both_splits(predicted: dict[str, Predicted]) -> None:
    lines = report(predicted).splitlines()
    assert lines[1].startswith("in-scope accuracy, test: 100.00%")
    assert [line.split()[0] for line in lines[3:]] == [name for name in predicted["val"].scores for _ in range(2)]


def test_make_says_what_is_missing_where_no_file_is_named() -> None:
    done = subprocess.run(
        ["make", "bench-nlu", "CLINC=", "-o", "setup"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "CLINC=path/to/data_full.json" in done.stderr
