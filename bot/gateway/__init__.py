"""The gateway: the public chat API and the plain chat page. It works, in its own narrow way, without Rasa."""
