"""The flat list of objectives: one function per key, each an expression of the planning model and its sense."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from solver.arrays import GO_NO, summed
from solver.network import POOL, PlanModel
from solver.program import Linear


@dataclass(frozen=True, slots=True)
class Objective:
    """How an objective is built, and whether more of it is better."""

    build: Callable[[PlanModel], Linear]
    is_maximised: bool


def coverage(model: PlanModel) -> Linear:
    """sum over a of w_a · c_a."""
    return model.coverage(model.arrays.weight_a)


def effective(model: PlanModel) -> Linear:
    """sum over a of w_a · e_a, e_a the mean over periods of the smallest share served of an essential requirement.

    One variable u_at per activity and period with essential requirements: u_at <= served / R_q for each of them.
    """
    arrays, legs = model.arrays, model.serving
    counted = arrays.is_essential_q & (arrays.go_a[arrays.activity_q] != GO_NO)
    cell_q = arrays.activity_q * arrays.periods + arrays.period_q
    cells = np.unique(cell_q[counted])
    activity = cells // arrays.periods
    weakest = model.program.add_variables(len(cells))
    number_q = np.full(len(cell_q), -1, dtype=np.int64)
    number_q[counted] = np.searchsorted(cells, cell_q[counted])
    row_q = np.cumsum(counted) - 1
    leg = np.flatnonzero(counted[legs.requirement])
    requirement = legs.requirement[leg]
    essential = np.flatnonzero(counted)
    model.program.add_rows(
        "effective",
        np.concatenate([row_q[requirement], row_q[essential]]),
        np.concatenate([legs.variable[leg], weakest[number_q[essential]]]),
        np.concatenate([legs.scale[leg] / arrays.required_q[requirement], -np.ones(len(essential))]),
        0.0,
        np.inf,
        count=len(essential),
    )
    cells_of_a = np.bincount(activity, minlength=len(arrays.go_a))
    without = np.where(cells_of_a == 0, arrays.weight_a, 0.0)
    return Linear(weakest, arrays.weight_a[activity] / cells_of_a[activity]) + model.coverage(without)


def worst_region(model: PlanModel) -> Linear:
    """The smallest coverage of any region with requirements."""
    arrays = model.arrays
    regions = np.unique(arrays.region_a[arrays.weight_a > 0])
    worst = model.program.add_variables(1, upper=1.0 if len(regions) else 0.0)
    for region in regions:
        weight = arrays.weight_a * (arrays.region_a == region)
        model.program.add_row(
            "worst_region", model.coverage(weight / weight.sum()) + Linear(worst, -np.ones(1)), lower=0.0
        )
    return Linear(worst, np.ones(1))


def delivery_cost(model: PlanModel) -> Linear:
    """Unit costs, fixed costs and mobilisation costs, in scenario currency."""
    return model.unit_cost() + model.fixed_cost() + model.mobilisation_cost()


def stability(model: PlanModel) -> Linear:
    """How far the plan is from the one agreed last, each resource in parts of what was agreed of it.

    sum over k of (sum b + sum x - 2 · sum min(x, b)) / sum b, which is sum |x - b| / sum b. One variable m per agreed
    line that is still possible, in parts of it: b · m <= x. Lines that are not count in full.
    """
    arrays, legs, agreed = model.arrays, model.serving, model.arrays.agreed
    agreed_k = summed(arrays.resource_o[agreed.pledge_l], agreed.quantity_l, len(arrays.resources))
    part_k = np.divide(1.0, agreed_k, out=np.zeros_like(agreed_k), where=agreed_k > 0)
    leg_of = {place: leg for leg, place in enumerate(zip(legs.source.tolist(), legs.requirement.tolist(), strict=True))}
    places = zip(model.sources.source_o[agreed.pledge_l].tolist(), agreed.requirement_l.tolist(), strict=True)
    leg_l = np.array([leg_of.get(place, -1) if place[0] != POOL else -1 for place in places], dtype=np.int64)
    line = np.flatnonzero((leg_l >= 0) & (agreed.quantity_l > 0))
    quantity, leg = agreed.quantity_l[line], leg_l[line]
    followed = model.program.add_variables(len(line))
    number = np.arange(len(line))
    model.program.add_rows(
        "stability",
        np.concatenate([number, number]),
        np.concatenate([followed, legs.variable[leg]]),
        np.concatenate([quantity, -legs.scale[leg]]),
        -np.inf,
        0.0,
        count=len(line),
    )
    one = model.program.add_variables(1, 1.0, 1.0)  # sum b / sum b of each resource, a constant
    given = model.served(part_k[arrays.resource_q])
    return (
        Linear(one, np.array([float((agreed_k > 0).sum())]))
        + given
        + Linear(followed, -2.0 * quantity * part_k[arrays.resource_o[agreed.pledge_l[line]]])
    )


OBJECTIVES: Mapping[str, Objective] = {
    "coverage": Objective(coverage, is_maximised=True),
    "effective": Objective(effective, is_maximised=True),
    "worst_region": Objective(worst_region, is_maximised=True),
    "delivery_cost": Objective(delivery_cost, is_maximised=False),
    "stability": Objective(stability, is_maximised=False),
}
