"""The search for the best plan, one level per objective, each in stages."""
