"""Stories: conversations that testers write, played word for word against the whole bot."""
