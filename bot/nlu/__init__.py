"""Understanding a message: sentence encoder, intent classifier, safety net and router, as parts of Rasa's pipeline."""
