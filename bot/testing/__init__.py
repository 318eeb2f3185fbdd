"""Testing the whole bot: labelled messages, dialogues, and how one message is decided."""
