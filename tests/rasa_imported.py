"""Imports Rasa once, with the warnings off that it gives about its own dependencies; every later warning is an error."""

from __future__ import annotations

import warnings

# Recorded and not only ignored: TensorFlow, which Rasa imports, puts filters of its own in front.
with warnings.catch_warnings(record=True):
    warnings.simplefilter("ignore")
    import rasa.core.agent
    import rasa.engine.storage.local_model_storage  # noqa: F401
