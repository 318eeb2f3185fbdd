"""Signpost: approved answers and safe routing for a breast-cancer charity's support chat."""
