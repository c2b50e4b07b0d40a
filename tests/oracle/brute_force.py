"""Every plan there is, for the smallest scenarios: the verification judges each of them."""

import math
from collections.abc import Iterator
from itertools import product

from planner.plan import Allocation, DeliveryPayment
from planner.rulebook import OBJECTIVES, conditions, objectives
from planner.scenario import Scenario
from solver.verify import measure


def count_plans(scenario: Scenario) -> int:
    """How many plans `all_plans` goes through."""
    return math.prod(len(values) for _, values in _choices(scenario))


def all_plans(scenario: Scenario) -> Iterator[tuple[list[Allocation], list[DeliveryPayment]]]:
    """Every plan in whole units, allowed or not: each pledge to each requirement of its resource, in every quantity."""
    choices = _choices(scenario)
    for quantities in product(*(values for _, values in choices)):
        lines: list[Allocation] = []
        payments: list[DeliveryPayment] = []
        for (line, _), quantity in zip(choices, quantities, strict=True):
            if quantity and isinstance(line, Allocation):
                lines.append(
                    Allocation(
                        line.pledge, line.partner, line.initiative, line.region, line.resource, line.period, quantity
                    )
                )
            elif quantity:
                payments.append(DeliveryPayment(line.pledge, line.region, line.period, quantity))
        yield lines, payments


def best_first_value(scenario: Scenario) -> float | None:
    """The best first objective of all plans that the verification finds sound; None where none is."""
    key = objectives(scenario)[0].key
    values = [found.objectives[key] for plan in all_plans(scenario) if (found := measure(scenario, *plan)).is_sound]
    best = min if OBJECTIVES[key].sense == "min" else max
    return best(values) if values else None


def _choices(scenario: Scenario) -> list[tuple[Allocation | DeliveryPayment, range]]:
    """One line for each pair that could be, with the quantities it can have."""
    choices: list[tuple[Allocation | DeliveryPayment, range]] = []
    funding = {row.code for row in scenario.resources if row.is_funding}
    pays = any(condition.key == "pay_delivery" and condition.value for condition in conditions(scenario))
    periods = range(1, scenario.settings.periods + 1)
    for pledge in scenario.pledges:
        most = int(pledge.quantity / (pledge.rate or 1))
        for need in scenario.requirements:
            if need.resource == pledge.resource and need.quantity > 0:
                place = pledge.partner, need.initiative, need.region, need.resource, need.period
                choices.append((Allocation(pledge.code, *place, 0), range(int(min(most, need.quantity)) + 1)))
        if pays and pledge.resource in funding:
            for region, period in product(scenario.regions, periods):
                choices.append((DeliveryPayment(pledge.code, region.code, period, 0), range(most + 1)))
    return choices
