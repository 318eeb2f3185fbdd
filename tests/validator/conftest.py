"""A copy of the project that a test may change."""

from tests.mutation.conftest import copy

__all__ = ["copy"]
