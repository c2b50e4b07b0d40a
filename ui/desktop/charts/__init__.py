"""Pictures painted by plain functions, so that one drawing serves the screen, PNG, SVG and PDF."""
