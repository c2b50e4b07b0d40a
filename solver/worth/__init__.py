"""What things are worth to a plan: the price of each condition, and what to ask for."""
