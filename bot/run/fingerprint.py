"""What a model was trained from: a fingerprint of the data, the configuration, the code and the packages.

The model's record, `signpost.json` beside it, keeps the fingerprint and the sha256 of the model file. So a change
retrains, and a model from elsewhere, or a damaged one, is never loaded.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.settings import ROOT

INPUTS = (
    "config.yml",
    "domain.yml",
    "data/nlu",
    "data/stories",
    "data/encoder",
    "bot/nlu/encoder.py",
    "bot/nlu/sentence_encoder.py",
    "bot/nlu/text.py",
    "bot/nlu/intent_model.py",
    "bot/nlu/intent_classifier.py",
    "requirements/runtime.txt",
)
"""Files and folders that decide what the model becomes.

Safety patterns, thresholds and the code that decides with them are read at each start and are no part of the model.
"""

FINGERPRINT_VARIABLE = "SIGNPOST_FINGERPRINT"
"""Tells the dialogue engine the fingerprint at the time of `make run`, so that a file which is edited while Signpost
runs does not keep a restarted engine from loading the very model that served until then."""

_IGNORED = {".pyc", ".md"}


@dataclass(frozen=True)
class ModelRecord:
    """What stands in `signpost.json`.

    Attributes:
        fingerprint: What the model was trained from, as one digest.
        model_sha256: Digest of the model file.
        inputs: Digest of each file it was trained from, so that one can say which of them changed.
    """

    fingerprint: str
    model_sha256: str
    inputs: Mapping[str, str]

    @classmethod
    def read(cls, path: Path) -> ModelRecord | None:
        """Read a record.

        Args:
            path: The file.

        Returns:
            The record, or None where there is none that can be read: the remedy, training, is the same.
        """
        try:
            return cls(**json.loads(path.read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, path: Path) -> None:
        """Write the record in one step.

        Args:
            path: The file.
        """
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(self), indent=1) + "\n")
        new.replace(path)


def digests(root: Path = ROOT) -> dict[str, str]:
    """Digest every file that decides what the model becomes.

    Args:
        root: The project's folder.

    Returns:
        Hex digests by path, sorted by path.
    """
    return {str(path.relative_to(root)): file_digest(path) for path in sorted(_files(root))}


def combine(inputs: Mapping[str, str]) -> str:
    """Make one fingerprint of many digests.

    Args:
        inputs: Digests by path.

    Returns:
        A hex digest.
    """
    return hashlib.sha256("\n".join(f"{digest} {path}" for path, digest in sorted(inputs.items())).encode()).hexdigest()


def record_file(model_file: Path) -> Path:
    """Return where the record of a model stands.

    Args:
        model_file: The model.

    Returns:
        The file beside it.
    """
    return model_file.with_name("signpost.json")


def trained_fingerprint(model_file: Path) -> str:
    """Return what a model was trained from.

    Args:
        model_file: The model.

    Returns:
        Its fingerprint; empty where its record is missing or is that of another model file.
    """
    record = ModelRecord.read(record_file(model_file))
    if record is None or not model_file.exists() or file_digest(model_file) != record.model_sha256:
        return ""
    return record.fingerprint


def expected_fingerprint() -> str:
    """Return the fingerprint that the loaded model must have.

    Returns:
        What the supervisor passed on, or else that of the files as they are now.
    """
    return os.environ.get(FINGERPRINT_VARIABLE) or combine(digests())


def file_digest(path: Path) -> str:
    """Digest a file.

    Args:
        path: The file.

    Returns:
        Its sha256 as hex.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for name in INPUTS:
        path = root / name
        candidates = path.rglob("*") if path.is_dir() else [path]
        yield from (file for file in candidates if file.is_file() and file.suffix not in _IGNORED)
