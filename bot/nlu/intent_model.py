"""The intent model: character and word n-grams beside the sentence vector, into one logistic regression.

Kept apart from Rasa, so that experiments and cross-validation run without it. Saved as numbers and words only
(NumPy arrays without pickle, JSON), so that loading a model file can never run code.
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

from bot.nlu.encoder import Vectors
from bot.nlu.text import plain

Scores = npt.NDArray[np.float64]

WORD = r"[\w']+"


@dataclass(frozen=True)
class ModelOptions:
    """What can be chosen about the model; the defaults won the comparison in docs/experiments.md.

    Attributes:
        char_ngrams: Shortest and longest character n-gram, within words.
        word_ngrams: Shortest and longest word n-gram.
        vector_weight: Factor on the sentence vector, which has length 1, as each of the two n-gram parts has.
        inverse_regularisation: C of the logistic regression.
        max_iterations: Of the solver.
    """

    char_ngrams: tuple[int, int] = (2, 5)
    word_ngrams: tuple[int, int] = (1, 2)
    vector_weight: float = 1.5
    inverse_regularisation: float = 10.0
    max_iterations: int = 300


class IntentModel:
    """Gives each intent a probability."""

    def __init__(
        self,
        intents: Sequence[str],
        chars: TfidfVectorizer,
        words: TfidfVectorizer,
        weights: npt.NDArray[np.float32],
        bias: npt.NDArray[np.float32],
        vector_weight: float,
    ) -> None:
        """Make a model; `fit` and `load` are the usual ways.

        Args:
            intents: Names of the classes.
            chars: Fitted character n-grams.
            words: Fitted word n-grams.
            weights: Array of shape (features, intents).
            bias: Array of shape (intents,).
            vector_weight: Factor on the sentence vector.
        """
        self.intents = tuple(intents)
        self._chars = chars
        self._words = words
        self._weights = np.ascontiguousarray(weights, dtype=np.float32)
        self._bias = bias.astype(np.float32)
        self._vector_weight = vector_weight

    @classmethod
    def fit(
        cls, texts: Sequence[str], vectors: Vectors, intents: Sequence[str], options: ModelOptions | None = None
    ) -> IntentModel:
        """Train a model.

        Args:
            texts: The examples.
            vectors: Their sentence vectors, shape (len(texts), 384).
            intents: The intent of each example.
            options: What to choose; defaults as documented.

        Returns:
            The trained model. The same input gives the same model: the solver is deterministic.
        """
        options = options or ModelOptions()
        chars = TfidfVectorizer(analyzer="char_wb", ngram_range=options.char_ngrams, **_TFIDF)
        words = TfidfVectorizer(ngram_range=options.word_ngrams, token_pattern=WORD, **_TFIDF)
        cleaned = [plain(text) for text in texts]
        features = hstack(
            [
                chars.fit_transform(cleaned),
                words.fit_transform(cleaned),
                csr_matrix(vectors * options.vector_weight),
            ]
        ).tocsr()
        classifier = LogisticRegression(
            C=options.inverse_regularisation, class_weight="balanced", max_iter=options.max_iterations
        )
        classifier.fit(features, list(intents))
        return cls(
            [str(name) for name in classifier.classes_],
            chars,
            words,
            classifier.coef_.T,
            classifier.intercept_,
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
        cleaned = [plain(text) for text in texts]
        ngrams = hstack([self._chars.transform(cleaned), self._words.transform(cleaned)]).tocsr()
        split = ngrams.shape[1]
        logits = ngrams @ self._weights[:split]
        logits = logits + (vectors * self._vector_weight) @ self._weights[split:] + self._bias
        logits = logits.astype(np.float64)
        logits -= logits.max(axis=1, keepdims=True)
        scores: Scores = np.exp(logits)
        scores /= scores.sum(axis=1, keepdims=True)
        return scores

    def save(self, folder: Path) -> None:
        """Write the model.

        Args:
            folder: An existing folder.
        """
        about = {
            "intents": self.intents,
            "vector_weight": self._vector_weight,
            "chars": _describe(self._chars),
            "words": _describe(self._words),
        }
        (folder / "model.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        np.savez(
            folder / "model.npz",
            weights=self._weights,
            bias=self._bias,
            chars_idf=self._chars.idf_,
            words_idf=self._words.idf_,
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
                _restore(about["chars"], arrays["chars_idf"], analyzer="char_wb"),
                _restore(about["words"], arrays["words_idf"], token_pattern=WORD),
                arrays["weights"],
                arrays["bias"],
                about["vector_weight"],
            )


_TFIDF: dict[str, Any] = {"min_df": 2, "sublinear_tf": True, "lowercase": False, "dtype": np.float32}


def _describe(vectorizer: TfidfVectorizer) -> dict[str, Any]:
    vocabulary = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
    return {"ngrams": vectorizer.ngram_range, "vocabulary": vocabulary}


def _restore(about: dict[str, Any], idf: npt.NDArray[np.float32], **options: Any) -> TfidfVectorizer:
    options = {**_TFIDF, **options, "min_df": 1}
    vectorizer = TfidfVectorizer(ngram_range=tuple(about["ngrams"]), vocabulary=about["vocabulary"], **options)
    vectorizer.idf_ = idf
    return vectorizer
