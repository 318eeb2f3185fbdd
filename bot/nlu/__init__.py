"""Understanding a message: sentence encoder, intent classifier, safety net and router, as components of Rasa's graph."""
