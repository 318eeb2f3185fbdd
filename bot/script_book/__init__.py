"""The script book: everything that the bot can say, to be printed, read and signed by a clinician."""
