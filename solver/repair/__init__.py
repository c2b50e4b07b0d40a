"""Why no plan is possible, and the smallest changes that make one possible."""
