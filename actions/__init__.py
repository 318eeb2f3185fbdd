"""Rasa's custom actions, one a file. They keep records; they say nothing, for words come before records."""
