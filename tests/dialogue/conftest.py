"""What the tests of the dialogue share."""

from __future__ import annotations

from tests.model import arrive, dialogue, talk

__all__ = ["arrive", "dialogue", "talk"]
