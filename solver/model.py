"""From arrays to the planning model: sources, network, rules."""

from collections.abc import Callable

from planner.rulebook import Level
from solver.arrays import Arrays
from solver.network import PlanModel
from solver.rules import add_rules
from solver.sources import build_sources

COST_RULES = ("pay_delivery", "delivery_cap")


def build_model(
    arrays: Arrays, levels: tuple[Level, ...], prepare: Callable[[PlanModel], None] = lambda model: None
) -> PlanModel:
    """The model with every rule that is on; objectives are added to it as they are optimised.

    `prepare` sees the network before any rule reads it.
    """
    is_costed = any(level.key == "delivery_cost" for level in levels)
    reads_costs = is_costed or any(arrays.with_key(key) for key in COST_RULES)
    sources = build_sources(
        arrays,
        reads_costs=reads_costs and not arrays.delivery.is_free,
        reads_payments=arrays.is_on("pay_delivery") and not arrays.delivery.is_free,
        reads_mobilisation=reads_costs and bool(arrays.mobilisation_o.any()),
    )
    model = PlanModel(arrays, sources)
    prepare(model)
    add_rules(model)
    return model
