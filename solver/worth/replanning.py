"""What the dearest conditions really cost: a plan made anew without each of them, by its first objective alone."""

import time
from collections.abc import Callable
from dataclasses import replace

from planner.plan import ConditionPrice, Plan
from planner.problems import InputProblem
from planner.rulebook import objectives
from planner.scenario import Scenario
from solver.events import ConditionPriced, Event
from solver.objectives import OBJECTIVES
from solver.options import Options
from solver.repair.demands import Demand, demands_of
from solver.repair.refusals import refusals_of
from solver.run import solve

MOST_CONDITIONS = 10


def with_gains(
    scenario: Scenario,
    plan: Plan,
    options: Options | None = None,
    on_event: Callable[[Event], None] = lambda event: None,
    cancelled: Callable[[], bool] = lambda: False,
    most: int = MOST_CONDITIONS,
) -> Plan:
    """The plan, its dearest conditions with their gain; `options` hold for each of the plans made for that.

    Cancelling ends it with the gains found so far.
    """
    began, options = time.monotonic(), options or Options()
    demands = {
        (demand.rule, demand.scope, demand.text): demand for demand in (*demands_of(scenario), *refusals_of(scenario))
    }
    prices = list(plan.prices)
    count = min(most, len(prices))
    for number, price in enumerate(prices[:count]):
        demand = demands.get((price.rule, price.scope, price.text))
        if cancelled():
            break
        if demand is None:
            continue
        gain = gain_without(scenario, plan, demand, options, cancelled)
        prices[number] = replace(price, gain=gain)
        on_event(ConditionPriced(price.text, gain, number + 1, count, time.monotonic() - began))
    return replace(plan, prices=tuple(_by_gain(prices)))


def gain_without(
    scenario: Scenario,
    plan: Plan,
    demand: Demand,
    options: Options,
    cancelled: Callable[[], bool] = lambda: False,
) -> float | None:
    """What the first objective gains where a condition is gone and all others hold; None where that is not known.

    Both values are the best found of their plans: nearer than their gaps they cannot be told apart.
    """
    first = objectives(scenario)[0].key
    rows = tuple(row for row in scenario.objectives if row.objective.strip() == first)
    try:
        other = solve(replace(demand.without(scenario), objectives=rows[:1]), options, cancelled=cancelled)
    except InputProblem:
        return None
    if not other.has_allocations or other.run.stopped == "user":
        return None
    sense = 1.0 if OBJECTIVES[first].is_maximised else -1.0
    return max(0.0, sense * (other.objectives[0].best - plan.objectives[0].best))


def _by_gain(prices: list[ConditionPrice]) -> list[ConditionPrice]:
    """Those with a gain by that, before the others in their order."""
    return sorted(prices, key=lambda price: (price.gain is None, -(price.gain or 0.0)))
