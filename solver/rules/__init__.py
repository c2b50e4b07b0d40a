"""The flat list of rules as the planning model knows them: one function per key.

Most functions add a named block of rows. Rules of eligibility have no rows: they decide which variables exist, in
solver.arrays. A key that stands in neither list is not built and is refused by the checks.
"""

from collections.abc import Callable, Mapping

from planner.rulebook import Condition
from solver.network.plan_model import PlanModel
from solver.rules.activities import exclusive, go, minimum, prerequisite, together
from solver.rules.agreed import frozen_until, keep
from solver.rules.contributions import burden_cap, language_share, partner_type_share
from solver.rules.delivery import delivery_cap, pay_delivery
from solver.rules.quantities import requirement, supply
from solver.rules.serving import apart, joint, max_activities, max_contribution, min_contribution, single_source
from solver.rules.shares import coverage_floor, implementer_cap, implementer_share, local_share

ROW_RULES: Mapping[str, Callable[[PlanModel, Condition], None]] = {
    "minimum": minimum,
    "go": go,
    "prerequisite": prerequisite,
    "exclusive": exclusive,
    "together": together,
    "joint": joint,
    "apart": apart,
    "keep": keep,
    "frozen_until": frozen_until,
    "local_share": local_share,
    "implementer_share": implementer_share,
    "implementer_cap": implementer_cap,
    "coverage_floor": coverage_floor,
    "max_activities": max_activities,
    "min_contribution": min_contribution,
    "max_contribution": max_contribution,
    "single_source": single_source,
    "pay_delivery": pay_delivery,  # before the rules that count delivery money as contributed
    "delivery_cap": delivery_cap,
    "partner_type_share": partner_type_share,
    "language_share": language_share,
    "burden_cap": burden_cap,
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
