"""Starting Signpost and keeping it running: checks, training, and the processes that serve visitors."""
