"""From arrays to the planning model: sources, network, rules."""

from collections.abc import Callable

from planner.rulebook import RULES, Level, ValueKind
from solver.arrays import Arrays
from solver.network.plan_model import PlanModel
from solver.network.sources import build_sources
from solver.network.wiring import wire
from solver.rules import add_rules


def build_model(
    arrays: Arrays, levels: tuple[Level, ...], prepare: Callable[[PlanModel], None] = lambda model: None
) -> PlanModel:
    """The model with every rule that is on; objectives are added to it as they are optimised.

    `prepare` sees the network before any rule reads it.
    """
    model = PlanModel(arrays, build_sources(arrays, keys_read(arrays, levels)))
    wire(model)
    prepare(model)
    add_rules(model)
    return model


def keys_read(arrays: Arrays, levels: tuple[Level, ...]) -> frozenset[str]:
    """The rules that are on and the objectives: they decide which differences between pledges can be seen."""
    # A yes/no rule that says no reads nothing; any other value counts, 0 too.
    on = (c.key for c in arrays.conditions if c.value or RULES[c.key].value_kind is not ValueKind.YES_NO)
    return frozenset({*on, *(level.key for level in levels)})
