"""Versions of a scenario in the window: merged, compared, and told as a history."""
