"""Imports Rasa once, with the warnings off that it gives about its own dependencies; later warnings are errors."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def without_warnings() -> Iterator[None]:
    """Warnings are neither errors nor shown; recorded, since TensorFlow puts filters of its own in front."""
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("ignore")
        yield


with without_warnings():
    import rasa.core.agent
    import rasa.engine.storage.local_model_storage  # noqa: F401

RASA_WARNS = [
    pytest.mark.filterwarnings(warning)
    for warning in (
        # It builds the address of a database in a way that SQLAlchemy has since replaced,
        r"ignore:Calling URL\(\) directly:sqlalchemy.exc.SADeprecationWarning",
        # and reads YAML schemas with a library that loads modules in an old way.
        r"ignore:the load_module\(\) method:DeprecationWarning",
    )
]
"""Marks for tests that make Rasa do what it does in an outdated way."""
