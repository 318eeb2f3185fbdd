"""A copy of the project that a test may change."""

from tests.mutation.conftest import copy, sealed

__all__ = ["copy", "sealed"]
