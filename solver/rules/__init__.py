"""The flat list of rules as the planning model knows them: one function per key.

Most functions add a named block of rows. Rules of eligibility have no rows: they decide which variables exist, in
solver.arrays. A key that stands in neither list is not built and is refused by the checks.
"""

from collections.abc import Callable, Mapping

from planner.rulebook import Condition
from solver.network import PlanModel
from solver.rules.activities import exclusive, go, minimum, prerequisite, together
from solver.rules.delivery import delivery_cap, pay_delivery
from solver.rules.quantities import requirement, supply
from solver.rules.shares import coverage_floor, local_share

ROW_RULES: Mapping[str, Callable[[PlanModel, Condition], None]] = {
    "minimum": minimum,
    "go": go,
    "prerequisite": prerequisite,
    "exclusive": exclusive,
    "together": together,
    "local_share": local_share,
    "coverage_floor": coverage_floor,
    "pay_delivery": pay_delivery,
    "delivery_cap": delivery_cap,
}
ELIGIBILITY_RULES = frozenset({"count_status", "expected", "access_limit"})
ALWAYS: tuple[Callable[[PlanModel], None], ...] = (requirement, supply)


def add_rules(model: PlanModel) -> None:
    """Every rule of the scenario that is on, then those that always hold (supply last: it sums up all uses)."""
    for key, rule in ROW_RULES.items():
        for condition in model.arrays.with_key(key):
            first = len(model.program.blocks)
            rule(model, condition)
            model.blocks_of[condition] = range(first, len(model.program.blocks))
    for always in ALWAYS:
        always(model)
