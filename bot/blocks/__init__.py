"""Approved text: every word that the bot can say, read from data/approved/ and checked."""
