"""The product without a screen and without an optimiser: scenarios, plans, edits, files, reports."""
