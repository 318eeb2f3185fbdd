"""The intent model: character and word n-grams beside the sentence vector, into a linear SVM with calibration.

Kept apart from Rasa, so that experiments and cross-validation run without it. Saved as numbers and words only
(NumPy arrays without pickle, JSON), so that loading a model file can never run code.

The margins of the SVM (one against the rest, hinge loss) become probabilities by a multinomial logistic regression on
margins that were computed out of fold: matrix scaling, Guo et al., "On Calibration of Modern Neural Networks", 2017.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.nlu.encoder import Vectors
from bot.nlu.text import plain

Array = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]

WORD = r"[\w']+"
SEED = 1


@dataclass(frozen=True)
class ModelOptions:
    """What can be chosen about the model; the defaults won the comparison in docs/experiments.md.

    Attributes:
        char_ngrams: Shortest and longest character n-gram, within words.
        word_ngrams: Shortest and longest word n-gram.
        vector_weight: Factor on the sentence vector, which has length 1, as each of the two n-gram parts has.
        softness: C of the SVM: the larger, the closer it follows the examples.
        calibration_softness: C of the calibration.
        folds: Into how many parts the examples are cut to calibrate.
    """

    char_ngrams: tuple[int, int] = (2, 5)
    word_ngrams: tuple[int, int] = (1, 2)
    vector_weight: float = 1.5
    softness: float = 0.5
    calibration_softness: float = 1.0
    folds: int = 4


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
        scaling: Scores,
        offset: Scores,
        vector_weight: float,
    ) -> None:
        """Make a model; `fit` and `load` are the usual ways.

        Args:
            intents: Names of the classes.
            ngrams: The n-gram features.
            weights: Of the SVM, shape (features, intents).
            bias: Of the SVM, shape (intents,).
            scaling: Of the calibration, shape (intents, intents).
            offset: Of the calibration, shape (intents,).
            vector_weight: Factor on the sentence vector.
        """
        self.intents = tuple(intents)
        self._ngrams = ngrams
        self._weights = np.ascontiguousarray(weights, dtype=np.float32)
        self._bias = bias.astype(np.float32)
        self._scaling = scaling
        self._offset = offset
        self._vector_weight = vector_weight

    @classmethod
    def fit(
        cls, texts: Sequence[str], vectors: Vectors, intents: Sequence[str], options: ModelOptions | None = None
    ) -> IntentModel:
        """Train a model.

        Args:
            texts: The examples.
            vectors: Their sentence vectors, shape (len(texts), 384).
            intents: The intent of each example; each must have at least `options.folds` of them.
            options: What to choose; defaults as documented.

        Returns:
            The trained model. The same input gives the same model.
        """
        options = options or ModelOptions()
        cleaned = [plain(text) for text in texts]
        truth = np.array([*intents])
        scaling = _calibrate(out_of_fold(cleaned, vectors, truth, options), truth, options)
        ngrams, machine = _machine(cleaned, vectors, truth, options)
        return cls(
            [str(name) for name in machine.classes_],
            ngrams,
            machine.coef_.T,
            machine.intercept_,
            scaling.coef_.T,
            scaling.intercept_,
            options.vector_weight,
        )

    def predict(self, texts: Sequence[str], vectors: Vectors) -> Scores:
        """Return the probability of every intent for every text.

        Args:
            texts: Any texts.
            vectors: Their sentence vectors, shape (len(texts), 384).

        Returns:
            Array of shape (len(texts), len(self.intents)), each row with sum 1.
        """
        ngrams = self._ngrams.transform([plain(text) for text in texts])
        split = ngrams.shape[1]
        margins = ngrams @ self._weights[:split]
        margins = margins + (vectors * self._vector_weight) @ self._weights[split:] + self._bias
        logits = margins.astype(np.float64) @ self._scaling + self._offset
        logits -= logits.max(axis=1, keepdims=True)
        scores: Scores = np.exp(logits)
        scores /= scores.sum(axis=1, keepdims=True)
        return scores

    def save(self, folder: Path) -> None:
        """Write the model.

        Args:
            folder: An existing folder.
        """
        ngrams, arrays = self._ngrams.describe()
        about = {"intents": self.intents, "vector_weight": self._vector_weight, "ngrams": ngrams}
        (folder / "model.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        np.savez(
            folder / "model.npz",
            weights=self._weights,
            bias=self._bias,
            scaling=self._scaling,
            offset=self._offset,
            **arrays,
        )

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
                arrays["scaling"],
                arrays["offset"],
                about["vector_weight"],
            )


def out_of_fold(cleaned: Sequence[str], vectors: Vectors, truth: npt.NDArray[Any], options: ModelOptions) -> Scores:
    """Return the margins of each example by a machine that has not seen it.

    Args:
        cleaned: The examples.
        vectors: Their sentence vectors.
        truth: Their intents.
        options: How to train, and into how many parts to cut.

    Returns:
        Array of shape (examples, intents), the intents in alphabetical order.
    """
    margins: Scores = np.zeros((len(truth), len(set(truth))))
    folds = StratifiedKFold(options.folds, shuffle=True, random_state=SEED)
    for seen, unseen in folds.split(vectors, truth):
        ngrams, machine = _machine([cleaned[row] for row in seen], vectors[seen], truth[seen], options)
        features = _features(ngrams, [cleaned[row] for row in unseen], vectors[unseen], options)
        margins[unseen] = machine.decision_function(features)
    return margins


def _machine(
    cleaned: Sequence[str], vectors: Vectors, truth: npt.NDArray[Any], options: ModelOptions
) -> tuple[NgramFeatures, LinearSVC]:
    ngrams = NgramFeatures.fit(cleaned, options)
    machine = LinearSVC(C=options.softness, class_weight="balanced", random_state=SEED)
    return ngrams, machine.fit(_features(ngrams, cleaned, vectors, options), truth)


def _features(ngrams: NgramFeatures, cleaned: Sequence[str], vectors: Vectors, options: ModelOptions) -> csr_matrix:
    return hstack([ngrams.transform(cleaned), csr_matrix(vectors * options.vector_weight)]).tocsr()


def _calibrate(margins: Scores, truth: npt.NDArray[Any], options: ModelOptions) -> LogisticRegression:
    return LogisticRegression(C=options.calibration_softness, max_iter=1000).fit(margins, truth)


_TFIDF: dict[str, Any] = {"min_df": 2, "sublinear_tf": True, "lowercase": False, "dtype": np.float32}


def _describe(vectorizer: TfidfVectorizer) -> dict[str, Any]:
    vocabulary = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
    return {"ngrams": vectorizer.ngram_range, "vocabulary": vocabulary}


def _restore(about: dict[str, Any], idf: Array, **options: Any) -> TfidfVectorizer:
    options = {**_TFIDF, **options, "min_df": 1}
    vectorizer = TfidfVectorizer(ngram_range=tuple(about["ngrams"]), vocabulary=about["vocabulary"], **options)
    vectorizer.idf_ = idf
    return vectorizer
