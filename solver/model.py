"""From arrays to the planning model: sources, network, rules."""

from planner.rulebook import Level
from solver.arrays import Arrays
from solver.network import PlanModel
from solver.rules import add_rules
from solver.sources import Sources, build_sources

COST_RULES = ("pay_delivery", "delivery_cap")


def build_model(arrays: Arrays, levels: tuple[Level, ...]) -> PlanModel:
    """The model with every rule that is on; objectives are added to it as they are optimised."""
    model = PlanModel(arrays, gather_sources(arrays, levels))
    add_rules(model)
    return model


def gather_sources(arrays: Arrays, levels: tuple[Level, ...]) -> Sources:
    """The pledges grouped by what the rules that are on and the objectives can see of them."""
    reads = reads_costs(arrays, levels)
    return build_sources(
        arrays,
        reads_costs=reads and not arrays.delivery.is_free,
        reads_payments=arrays.is_on("pay_delivery") and not arrays.delivery.is_free,
        reads_mobilisation=reads and bool(arrays.mobilisation_o.any()),
    )


def reads_costs(arrays: Arrays, levels: tuple[Level, ...]) -> bool:
    """Whether a rule that is on or an objective looks at what delivery costs."""
    return any(level.key == "delivery_cost" for level in levels) or any(arrays.with_key(key) for key in COST_RULES)
