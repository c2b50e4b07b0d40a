"""From a scenario to a plan: arrays, rules, objectives, the optimiser, and the checks of its answer."""
