"""The smallest amounts to add to pledges so that a plan becomes possible, every demand being held."""

import math
from dataclasses import dataclass, replace

import numpy as np

from planner.cell_changes import changes_between
from planner.rulebook import is_on
from planner.scenario import Scenario
from resources.money import rates_by_currency, usable_quantity
from resources.offers import Partner, Pledge, Resource
from solver.arrays import Arrays, Floats, Integers, build_arrays, summed
from solver.model import build_model
from solver.network.plan_model import PlanModel
from solver.program import INFINITY, Linear
from solver.reasons.sentences import FIX_TEXTS, all_of, quantity
from solver.repair.feasibility import Feasibility
from solver.repair.loosening import Loosening

LARGE = 1e9  # a quantity at which rounding to cents or whole units is nothing
TINY = 1e-6  # of what a resource is required


@dataclass(frozen=True, slots=True)
class Addition:
    """So much more of one pledge, in units (funding: scenario currency)."""

    pledge: int
    amount: float


@dataclass(frozen=True, slots=True)
class Supplement:
    """Additions as a fix, and in sum: "10 USD of Funding"."""

    repair: Loosening
    amounts: str


def smallest_supplement(scenario: Scenario, feasibility: Feasibility) -> Supplement | None:
    """What to add to pledges, together as little as possible; None where more of them makes no plan possible."""
    arrays = build_arrays(scenario)
    additions, plan = _additions(scenario, arrays, feasibility)
    for steps in (0, 1):  # one more where rounding errors stood in the way
        edited = _added(scenario, arrays, additions, steps)
        if additions and feasibility.has_plan(edited, near=plan):
            sizes = [addition.amount / _required(arrays, addition) for addition in additions]
            texts = [_text(scenario, edited, arrays, addition) for addition in additions]
            repair = Loosening(changes_between(scenario, edited), " ".join(texts), sum(sizes))
            return Supplement(repair, _amounts(scenario, arrays, additions))
    return None


def _additions(scenario: Scenario, arrays: Arrays, feasibility: Feasibility) -> tuple[list[Addition], Floats | None]:
    """How much more of which pledges makes a plan possible, and that plan: least in sum of shares of what is required.

    Every pledge is enlarged by all that is required of its resource, and what is used beyond its own is minimised.
    """
    enlarged = build_arrays(_enlarged(scenario, arrays))
    model = build_model(enlarged, ())
    first_s = model.sources.first_o
    if not len(first_s):
        return [], None
    required_k = summed(arrays.resource_q, arrays.required_q, len(arrays.resources))
    weight_s = 1.0 / np.maximum(required_k[model.sources.resource_s], 1e-9)
    more = _add_excess(model, _own_supply(model, arrays), 1.0 / weight_s)
    outcome = feasibility.least_of_plans(model, Linear(more, np.ones(len(more))))
    if outcome.values is None:
        return [], None
    share_s = outcome.values[more]
    additions = [
        Addition(int(first_s[source]), float(share_s[source] / weight_s[source]))
        for source in np.flatnonzero(share_s > TINY)
    ]
    return additions, outcome.values


def _own_supply(model: PlanModel, arrays: Arrays) -> Floats:
    """What the pledges of each source of the enlarged model offer really."""
    source_o = model.sources.source_o
    members = source_o >= 0
    return summed(source_o[members], arrays.usable_o[members], len(model.sources))


def _add_excess(model: PlanModel, own_s: Floats, scale_s: Floats) -> Integers:
    """For each row of supply: use - more_s · scale_s <= own supply of s."""
    supply = next(block for block in model.program.blocks if block.name == "supply")
    source_of = np.zeros(model.program.size, dtype=np.int64)
    for use in model.uses:
        source_of[use.variable] = use.source
    rows, first = np.unique(supply.row, return_index=True)
    source_of_row = source_of[supply.variable[first]]
    more = model.program.add_variables(len(own_s), 0.0, INFINITY)
    model.program.add_rows(
        "more",
        np.concatenate([supply.row, rows]),
        np.concatenate([supply.variable, more[source_of_row]]),
        np.concatenate([supply.coefficient, -scale_s[source_of_row]]),
        -INFINITY,
        own_s[source_of_row],
        count=len(supply.lower),
    )
    return more


def _enlarged(scenario: Scenario, arrays: Arrays) -> Scenario:
    required = dict(
        zip(arrays.resources.codes, summed(arrays.resource_q, arrays.required_q, len(arrays.resources)), strict=True)
    )
    return replace(
        scenario,
        pledges=tuple(
            replace(row, quantity=_quantity(scenario, row, float(required[row.resource]), 0))
            for row in scenario.pledges
        ),
    )


def _added(scenario: Scenario, arrays: Arrays, additions: list[Addition], steps: int) -> Scenario:
    more = {arrays.pledges.codes[addition.pledge]: addition.amount for addition in additions}
    return replace(
        scenario,
        pledges=tuple(
            replace(row, quantity=_quantity(scenario, row, more[row.code], steps)) if row.code in more else row
            for row in scenario.pledges
        ),
    )


def _quantity(scenario: Scenario, row: Pledge, more: float, steps: int) -> float:
    """The quantity of a pledge with so much more of it usable, as a person would write it; `steps` beyond that."""
    resource = next(resource for resource in scenario.resources if resource.code == row.resource)
    rates = rates_by_currency(scenario.exchange_rates)
    usable = usable_quantity(replace(row, quantity=LARGE), resource, scenario.settings.currency, rates) / LARGE
    usable *= row.likelihood if is_on(scenario, "expected") else 1.0
    if usable <= 0:
        return row.quantity
    exact = row.quantity + more / usable
    per_unit = 1 if resource.is_whole or exact >= 100 else 100
    exact *= per_unit
    return (math.ceil(exact - 1e-6 * max(1.0, exact * 1e-6)) + steps) / per_unit


def _required(arrays: Arrays, addition: Addition) -> float:
    return float(arrays.required_q[arrays.resource_q == arrays.resource_o[addition.pledge]].sum())


def _amounts(scenario: Scenario, arrays: Arrays, additions: list[Addition]) -> str:
    """How much of which resources is added in all."""
    resources = sorted(scenario.resources, key=lambda row: row.code)
    total_k = np.zeros(len(resources))
    for addition in additions:
        total_k[arrays.resource_o[addition.pledge]] += addition.amount
    parts = []
    for resource, total in zip(resources, total_k, strict=True):
        if total > 0:
            unit = scenario.settings.currency if resource.is_funding else resource.unit
            parts.append(FIX_TEXTS["amount"].format(amount=quantity(total), unit=unit, resource=_name(resource)))
    return all_of([part.replace("  ", " ") for part in parts])


def _name(row: Resource | Partner) -> str:
    return row.name or row.code


def _text(scenario: Scenario, edited: Scenario, arrays: Arrays, addition: Addition) -> str:
    code = arrays.pledges.codes[addition.pledge]
    old, new = (next(row for row in version.pledges if row.code == code) for version in (scenario, edited))
    resource = next(row for row in scenario.resources if row.code == old.resource)
    partner = next(row for row in scenario.partners if row.code == old.partner)
    return (
        FIX_TEXTS["supply"]
        .format(
            amount=quantity(new.quantity - old.quantity),
            unit=old.currency or (scenario.settings.currency if resource.is_funding else resource.unit),
            resource=_name(resource),
            pledge=code,
            partner=_name(partner),
            old=quantity(old.quantity),
            new=quantity(new.quantity),
        )
        .replace("  ", " ")
    )
