"""What everything is worth to a finished plan: prices of its rules, every condition by what it costs, the ask list."""

from collections.abc import Callable
from dataclasses import replace

from planner.plan import Plan
from planner.rulebook import objectives
from planner.scenario import Scenario
from solver.network.plan_model import PlanModel
from solver.program import Floats
from solver.worth.asks import asks
from solver.worth.prices import gains_at, priced_reports
from solver.worth.ranking import ranked_conditions

MOST_RANKED = 200  # conditions of one plan; beyond them nobody reads on


def price_plan(
    scenario: Scenario,
    plan: Plan,
    planned: PlanModel,
    values: Floats,
    seconds: float | None,
    cancelled: Callable[[], bool],
) -> Plan:
    """The plan with the price of each condition and the ask list; as it is where the time does not suffice for them."""
    levels = objectives(scenario)
    gains = gains_at(planned, levels, values, seconds=seconds, cancelled=cancelled)
    if gains is None:
        return plan
    return replace(
        plan,
        rules=priced_reports(plan.rules, gains),
        prices=ranked_conditions(scenario, gains)[:MOST_RANKED],
        asks=asks(scenario, gains, levels[0].key, plan.allocations),
    )
