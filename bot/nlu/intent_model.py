"""The intent model: character and word n-grams in a linear SVM, and the encoder's opinion, weighed into probabilities.

Kept apart from Rasa, so that experiments and cross-validation run without it. Saved as numbers and words only
(NumPy arrays without pickle, JSON), so that loading a model file can never run code.

Spelling and meaning see different things, so both are asked. The margins of the SVM (one against the rest, hinge loss)
and the logits of the encoder's head are added up with one weight each; the weights are those that make the truth
likeliest on examples that neither has seen, which calibrates too (temperature scaling, Guo et al., "On Calibration of
Modern Neural Networks", 2017). A regression over all margins and logits was no better: docs/experiments.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.errors import Code, SignpostError
from bot.nlu.encoder import Opinions
from bot.nlu.text import plain

Array = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]

TINY = 1e-12
RESTRAINT = 1e-4
WORD = r"[\w']+"
SEED = 1


@dataclass(frozen=True)
class ModelOptions:
    """What can be chosen about the model; the defaults won the comparison in docs/experiments.md.

    Attributes:
        char_ngrams: Shortest and longest character n-gram, within words.
        word_ngrams: Shortest and longest word n-gram.
        softness: C of the SVM: the larger, the closer it follows the examples.
        folds: Into how many parts the examples are cut to weigh both views.
    """

    char_ngrams: tuple[int, int] = (2, 5)
    word_ngrams: tuple[int, int] = (1, 2)
    softness: float = 0.5
    folds: int = 4


class Blend(NamedTuple):
    """How much each view counts.

    Attributes:
        spelling: Factor on the margins of the SVM.
        meaning: Factor on the logits of the encoder's head.
    """

    spelling: float
    meaning: float


class NgramFeatures:
    """Character and word n-grams, weighted by how telling they are (tf-idf)."""

    def __init__(self, chars: TfidfVectorizer, words: TfidfVectorizer) -> None:
        """Make features; `fit` and `restore` are the usual ways.

        Args:
            chars: Fitted character n-grams.
            words: Fitted word n-grams.
        """
        self._chars = chars
        self._words = words

    @classmethod
    def fit(cls, texts: Sequence[str], options: ModelOptions) -> NgramFeatures:
        """Learn which n-grams there are.

        Args:
            texts: The examples, cleaned.
            options: Which lengths to take.

        Returns:
            The features.
        """
        chars = TfidfVectorizer(analyzer="char_wb", ngram_range=options.char_ngrams, **_TFIDF)
        words = TfidfVectorizer(ngram_range=options.word_ngrams, token_pattern=WORD, **_TFIDF)
        return cls(chars.fit(texts), words.fit(texts))

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Return the features of texts.

        Args:
            texts: Cleaned texts.

        Returns:
            Sparse array of shape (len(texts), n-grams); each of its two parts has rows of length 1.
        """
        return hstack([self._chars.transform(texts), self._words.transform(texts)]).tocsr()

    def describe(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """Return what `restore` needs: plain data, and arrays."""
        parts = {"chars": self._chars, "words": self._words}
        about = {name: _describe(part) for name, part in parts.items()}
        return about, {f"{name}_idf": part.idf_ for name, part in parts.items()}

    @classmethod
    def restore(cls, about: dict[str, Any], arrays: Any) -> NgramFeatures:
        """Make features again from what `describe` gave.

        Args:
            about: The plain data.
            arrays: The arrays by name.

        Returns:
            The features.
        """
        return cls(
            _restore(about["chars"], arrays["chars_idf"], analyzer="char_wb"),
            _restore(about["words"], arrays["words_idf"], token_pattern=WORD),
        )


class IntentModel:
    """Gives each intent a probability."""

    def __init__(
        self,
        intents: Sequence[str],
        ngrams: NgramFeatures,
        weights: Array,
        bias: Array,
        blend: Blend,
        columns: Sequence[int],
    ) -> None:
        """Make a model; `fit` and `load` are the usual ways.

        Args:
            intents: Names of the classes.
            ngrams: The n-gram features.
            weights: Of the SVM, shape (n-grams, intents).
            bias: Of the SVM, shape (intents,).
            blend: How much each view counts.
            columns: Where the intents stand among the opinions.
        """
        self.intents = tuple(intents)
        self._ngrams = ngrams
        self._weights = np.ascontiguousarray(weights, dtype=np.float32)
        self._bias = bias.astype(np.float32)
        self._blend = blend
        self._columns = tuple(columns)

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        opinions: Opinions,
        intents: Sequence[str],
        head: Sequence[str],
        options: ModelOptions | None = None,
    ) -> IntentModel:
        """Train a model.

        Args:
            texts: The examples.
            opinions: What the encoder's head says about each, by an encoder that has not seen it; shape
                (len(texts), len(head)).
            intents: The intent of each example; each must have at least `options.folds` of them.
            head: The intents that the head knows, in the order of its opinions.
            options: What to choose; defaults as documented.

        Returns:
            The trained model. The same input gives the same model.

        Raises:
            SignpostError: E333, the head does not know one of the intents.
        """
        options = options or ModelOptions()
        cleaned = [plain(text) for text in texts]
        truth = np.array([*intents])
        columns = columns_of(truth, head)
        blend = weigh(out_of_fold(cleaned, truth, options), opinions[:, columns], truth)
        ngrams, machine = _machine(cleaned, truth, options)
        names = [str(name) for name in machine.classes_]
        return cls(names, ngrams, machine.coef_.T, machine.intercept_, blend, columns)

    def predict(self, texts: Sequence[str], opinions: Opinions) -> Scores:
        """Return the probability of every intent for every text.

        Args:
            texts: Any texts.
            opinions: What the encoder's head says about each, shape (len(texts), classes of the head).

        Returns:
            Array of shape (len(texts), len(self.intents)), each row with sum 1.
        """
        margins = self._ngrams.transform([plain(text) for text in texts]) @ self._weights + self._bias
        return probabilities(margins, opinions[:, self._columns], self._blend)

    def save(self, folder: Path) -> None:
        """Write the model.

        Args:
            folder: An existing folder.
        """
        ngrams, arrays = self._ngrams.describe()
        about = {"intents": self.intents, "columns": self._columns, "blend": self._blend, "ngrams": ngrams}
        (folder / "model.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / "model.npz", weights=self._weights, bias=self._bias, **arrays)

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read a model back.

        Args:
            folder: What `save` wrote to.

        Returns:
            The model.
        """
        about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "model.npz", allow_pickle=False) as arrays:
            return cls(
                about["intents"],
                NgramFeatures.restore(about["ngrams"], arrays),
                arrays["weights"],
                arrays["bias"],
                Blend(*about["blend"]),
                about["columns"],
            )


def out_of_fold(cleaned: Sequence[str], truth: npt.NDArray[Any], options: ModelOptions) -> Scores:
    """Return the margins of each example by a machine that has not seen it.

    Args:
        cleaned: The examples.
        truth: Their intents.
        options: How to train, and into how many parts to cut.

    Returns:
        Array of shape (examples, intents), the intents in alphabetical order.
    """
    margins: Scores = np.zeros((len(truth), len(set(truth))))
    folds = StratifiedKFold(options.folds, shuffle=True, random_state=SEED)
    for seen, unseen in folds.split(np.zeros(len(truth)), truth):
        ngrams, machine = _machine([cleaned[row] for row in seen], truth[seen], options)
        margins[unseen] = machine.decision_function(ngrams.transform([cleaned[row] for row in unseen]))
    return margins


def _machine(cleaned: Sequence[str], truth: npt.NDArray[Any], options: ModelOptions) -> tuple[NgramFeatures, LinearSVC]:
    ngrams = NgramFeatures.fit(cleaned, options)
    machine = LinearSVC(C=options.softness, class_weight="balanced", random_state=SEED)
    return ngrams, machine.fit(ngrams.transform(cleaned), truth)


def columns_of(truth: npt.NDArray[Any], head: Sequence[str]) -> list[int]:
    """Say where intents stand among the opinions.

    Args:
        truth: The intents of all examples.
        head: The intents that the head knows, in the order of its opinions.

    Returns:
        For each intent, in alphabetical order, its column.

    Raises:
        SignpostError: E333, the head does not know one of them.
    """
    names = sorted({str(name) for name in truth})
    unknown = [name for name in names if name not in head]
    if unknown:
        raise SignpostError(Code.E333, intents=", ".join(unknown))
    return [head.index(name) for name in names]


def probabilities(margins: Scores, opinions: Opinions, blend: Blend) -> Scores:
    """Make probabilities of both views.

    Args:
        margins: Of the SVM, shape (texts, intents).
        opinions: Of the encoder's head, the same shape.
        blend: How much each counts.

    Returns:
        Array of the same shape, each row with sum 1.
    """
    logits = blend.spelling * margins.astype(np.float64) + blend.meaning * opinions.astype(np.float64)
    logits -= logits.max(axis=1, keepdims=True)
    scores: Scores = np.exp(logits)
    scores /= scores.sum(axis=1, keepdims=True)
    return scores


def weigh(margins: Scores, opinions: Opinions, truth: npt.NDArray[Any]) -> Blend:
    """Find the weights that make the truth likeliest.

    Args:
        margins: Of the SVM, by machines that have not seen the example; columns by name of the intent.
        opinions: Of the head, by encoders that have not seen the example; the same columns.
        truth: The intents.

    Returns:
        The weights, none below 0.
    """
    rows, columns = np.arange(len(truth)), np.unique(truth, return_inverse=True)[1]

    def surprise(weights: Scores) -> float:
        likely = probabilities(margins, opinions, Blend(*np.abs(weights)))[rows, columns]
        # A little restraint, so that a handful of examples that are easy to tell apart gives no boundless weights.
        return float(-np.log(likely + TINY).mean() + RESTRAINT * np.square(weights).sum())

    found = minimize(surprise, np.array([2.0, 1.0]), method="Nelder-Mead").x
    return Blend(*(round(float(weight), 3) for weight in np.abs(found)))


_TFIDF: dict[str, Any] = {"min_df": 2, "sublinear_tf": True, "lowercase": False, "dtype": np.float32}


def _describe(vectorizer: TfidfVectorizer) -> dict[str, Any]:
    vocabulary = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
    return {"ngrams": vectorizer.ngram_range, "vocabulary": vocabulary}


def _restore(about: dict[str, Any], idf: Array, **options: Any) -> TfidfVectorizer:
    options = {**_TFIDF, **options, "min_df": 1}
    vectorizer = TfidfVectorizer(ngram_range=tuple(about["ngrams"]), vocabulary=about["vocabulary"], **options)
    vectorizer.idf_ = idf
    return vectorizer
