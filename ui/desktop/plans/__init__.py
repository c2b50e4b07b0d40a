"""Plans in the window: making them, what people do with them, and why they are as they are."""
