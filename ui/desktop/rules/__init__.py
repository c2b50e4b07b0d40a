"""Rules and objectives in the window: sentences with fields in them, and an order to drag."""
