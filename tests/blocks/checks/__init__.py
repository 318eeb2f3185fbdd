"""Tests of the single checks."""
