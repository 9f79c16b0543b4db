"""Leaderboards: what others measured, taken in as facts of the day on which they stood there."""
