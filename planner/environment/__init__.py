"""Concord's own environment: its Python and packages in one folder, set up with the standard library only."""
