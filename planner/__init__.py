"""The product without a screen and without an optimiser: scenarios, plans, edits, files, reports."""

__version__ = "0.1.0"
