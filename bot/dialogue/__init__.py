"""Rasa's side of the conversation: verbatim words out, decisions out, and proof at start that all of it was loaded."""
