"""Tests of the approved text: how it is read, checked and sealed, and what it says."""
