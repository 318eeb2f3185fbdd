"""Measures our intent model on a public benchmark: `python -m bot.testing.bench_nlu data_full.json`.

CLINC150: 150 intents and texts out of scope (Larson et al., "An Evaluation Dataset for Intent Classification and
Out-of-Scope Prediction", EMNLP 2019). The model trains on the train split as it does on our own examples, but with the
general encoder under a linear head: fine-tuning one on the benchmark takes half an hour and other tools. Several scores
tell what is out of scope; the threshold of each is fixed on the validation split and then measured on the test split.
The combined score learns its weights from the validation split and the texts out of scope of the train split. Nothing
is learned or chosen from the test split. The file is not part of this repository.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from sklearn.svm import LinearSVC

from bot.errors import Code, SignpostError
from bot.nlu.encoder import Encoder, Opinions, Vectors
from bot.nlu.intent_model import IntentModel, ModelOptions
from bot.nlu.out_of_scope import OutOfScope
from bot.testing.statistics import Share

SPLITS = ("train", "val", "test", "oos_train", "oos_val", "oos_test")
IN_SCOPE_GOAL = 0.90
"""In-scope accuracy that must remain once texts are turned away."""
NEIGHBOURS = 10
COMBINED = ("probability", "prototype", "neighbours")
"""Scores that the combined one sees: the best few on the validation split."""

SEED = 1
TINY = 1e-12
"""Added where nothing may be 0."""

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Split:
    """Part of the benchmark.

    Attributes:
        texts: What was written.
        intents: The intent of each; "oos" in the splits out of scope.
    """

    texts: tuple[str, ...]
    intents: tuple[str, ...]


@dataclass(frozen=True)
class Predicted:
    """What the model says about a split.

    Attributes:
        right: For each text, whether its likeliest intent is the true one.
        scores: By name, how far out of scope each text is.
    """

    right: Flags
    scores: dict[str, Numbers]


@dataclass(frozen=True)
class Measured:
    """How one score does.

    Attributes:
        name: Of the score.
        threshold: Texts with a higher score are turned away; fixed on the validation split.
        ranked: Share of pairs in and out of scope that the score puts in order (area under the ROC curve), test split.
        accuracy: In-scope texts of the test split that are kept and get their intent.
        recall: Texts out of scope of the test split that are turned away.
    """

    name: str
    threshold: float
    ranked: float
    accuracy: Share
    recall: Share


def read_splits(path: Path) -> dict[str, Split]:
    """Read the benchmark.

    Args:
        path: A file of the form {"train": [[text, intent], ...], ...} with all six splits.

    Returns:
        The splits by name.

    Raises:
        SignpostError: E702, the file has another form.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        rows = {name: [(str(text), str(intent)) for text, intent in data[name]] for name in SPLITS}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SignpostError(Code.E702, path=path, problem=error.__class__.__name__) from None
    for name in SPLITS:
        if not rows[name]:
            raise SignpostError(Code.E702, path=path, problem=f"{name} is empty")
    return {name: Split(*(tuple(column) for column in zip(*rows[name], strict=True))) for name in SPLITS}


def find_threshold(scores: Numbers, right: Flags, goal: float = IN_SCOPE_GOAL) -> float:
    """Find where to turn texts away: as early as the goal allows.

    Args:
        scores: How far out of scope each in-scope text of the validation split is.
        right: Whether it gets its intent.
        goal: In-scope accuracy to keep. The lower end of its 95 % interval must reach it, since another split differs.

    Returns:
        The lowest threshold that keeps the goal; the highest score where none does.
    """
    order = np.sort(scores[right])
    kept = next((n for n in range(1, len(order) + 1) if Share(n, len(scores)).interval[0] >= goal), None)
    return float(order[kept - 1] if kept else scores.max())


def measure(name: str, threshold: float, inside: Predicted, outside: Predicted) -> Measured:
    """Measure one score on the test split.

    Args:
        name: Of the score.
        threshold: As fixed on the validation split.
        inside: In-scope texts.
        outside: Texts out of scope.

    Returns:
        The figures.
    """
    near, far = inside.scores[name], outside.scores[name]
    return Measured(
        name=name,
        threshold=threshold,
        ranked=float(roc_auc_score(np.r_[np.zeros(len(near)), np.ones(len(far))], np.r_[near, far])),
        accuracy=Share(int((inside.right & (near <= threshold)).sum()), len(near)),
        recall=Share(int((far > threshold).sum()), len(far)),
    )


@dataclass(frozen=True)
class Trained:
    """What was learned from the train split.

    Attributes:
        head: Gives opinions on vectors, as the head of a fine-tuned encoder would.
        model: The intent model.
        distance: How far a vector lies from an intent.
        seen: Vectors of the train split.
    """

    head: LinearSVC
    model: IntentModel
    distance: OutOfScope
    seen: Vectors

    @classmethod
    def on(cls, train: Split, seen: Vectors, options: ModelOptions | None) -> Trained:
        """Train on the train split.

        Args:
            train: The train split.
            seen: Its sentence vectors.
            options: Of the intent model; ours by default.

        Returns:
            All that the other splits are measured with.
        """
        head = LinearSVC(random_state=SEED)
        unseen: Opinions = cross_val_predict(
            head, seen, train.intents, cv=(options or ModelOptions()).folds, method="decision_function"
        )
        return cls(
            head.fit(seen, train.intents),
            IntentModel.fit(train.texts, unseen, train.intents, sorted(set(train.intents)), options),
            OutOfScope.fit(seen, train.intents),
            seen,
        )


def predict(trained: Trained, split: Split, vectors: Vectors) -> Predicted:
    """Say what the model and each simple score make of a split.

    Args:
        trained: What was learned from the train split.
        split: The texts.
        vectors: Their sentence vectors.

    Returns:
        The scores: "probability" (log-odds against the likeliest intent) and "margin" (of the second to the first, in
        log-probability) from the classifier; "prototype" (distance to the middle of the named intent) and "neighbours"
        (1 - mean cosine with the nearest examples) from the vectors.
    """
    probabilities = trained.model.predict(split.texts, trained.head.decision_function(vectors))
    intents = [trained.model.intents[column] for column in probabilities.argmax(axis=1)]
    second, first = np.sort(probabilities + TINY, axis=1)[:, -2:].T
    others = 1 - probabilities.max(axis=1) + TINY
    near = min(NEIGHBOURS, len(trained.seen))
    cosines = np.partition(vectors @ trained.seen.T, len(trained.seen) - near, axis=1)[:, len(trained.seen) - near :]
    return Predicted(
        right=np.array(intents) == np.array(split.intents),
        scores={
            "probability": np.log(others / first),
            "margin": np.log(second / first),
            "prototype": trained.distance.scores(vectors, intents),
            "neighbours": 1 - cosines.mean(axis=1).astype(np.float64),
        },
    )


def combine(predicted: dict[str, Predicted], names: Sequence[str] = COMBINED) -> None:
    """Add the score "combined" to every split but train: a logistic regression over some of the scores.

    Args:
        predicted: By split. Learned from val as in scope and oos_train as out of scope.
        names: The scores that it sees.
    """
    table = {split: np.column_stack([says.scores[name] for name in names]) for split, says in predicted.items()}
    middle, spread = table["val"].mean(axis=0), table["val"].std(axis=0) + TINY
    table = {split: (columns - middle) / spread for split, columns in table.items()}
    outside = np.r_[np.zeros(len(table["val"])), np.ones(len(table["oos_train"]))]
    weights = LogisticRegression(class_weight="balanced").fit(np.r_[table["val"], table["oos_train"]], outside)
    for split, columns in table.items():
        predicted[split].scores["combined"] = weights.decision_function(columns)


def bench(splits: dict[str, Split], encoder: Encoder, options: ModelOptions | None = None) -> dict[str, Predicted]:
    """Train on the train split and predict the others.

    Args:
        splits: The benchmark.
        encoder: The general encoder.
        options: Of the intent model; ours by default.

    Returns:
        By split, without train.
    """
    train = splits["train"]
    trained = Trained.on(train, encoder.encode(train.texts).vectors, options)
    predicted = {
        name: predict(trained, split, encoder.encode(split.texts).vectors)
        for name, split in splits.items()
        if name != "train"
    }
    combine(predicted)
    return predicted


def report(predicted: dict[str, Predicted]) -> str:
    """Write the figures.

    Args:
        predicted: What `bench` gives.

    Returns:
        Lines of text: accuracy, then each score on the validation split and, with the threshold fixed there, on test.
    """
    lines = [
        f"in-scope accuracy, {name}: {_percent(Share(int(predicted[name].right.sum()), len(predicted[name].right)))}"
        for name in ("val", "test")
    ]
    lines.append(f"{'score':12}{'threshold':>10}  {'split':5}{'ranked':>7}   in-scope accuracy, out-of-scope recall")
    for name in predicted["val"].scores:
        threshold = find_threshold(predicted["val"].scores[name], predicted["val"].right)
        for split in ("val", "test"):
            says = measure(name, threshold, predicted[split], predicted[f"oos_{split}"])
            figures = f"{says.ranked:7.4f}   {_percent(says.accuracy)}, {_percent(says.recall)}"
            lines.append(f"{name:12}{threshold:10.4f}  {split:5}{figures}")
    return "\n".join(lines)


def _percent(share: Share) -> str:
    low, high = share.interval
    return f"{share.value:.2%} ({low:.1%} to {high:.1%})"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line.

    Args:
        arguments: Arguments instead of the command line's.
    """
    parser = argparse.ArgumentParser(prog="python -m bot.testing.bench_nlu", description="Measure on CLINC150.")
    parser.add_argument("file", type=Path, help="data_full.json as its authors publish it")
    file = parser.parse_args(arguments).file
    start = time.perf_counter()
    try:
        splits = read_splits(file)
    except SignpostError as error:
        sys.exit(str(error))
    sys.stdout.write(report(bench(splits, Encoder.general())))
    sys.stdout.write(f"\n{time.perf_counter() - start:.0f} s in all, training included\n")


if __name__ == "__main__":
    main()
