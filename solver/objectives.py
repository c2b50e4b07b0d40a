"""The flat list of objectives: one function per key, each an expression of the planning model and its sense."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from solver.arrays import GO_NO, Arrays, Integers, summed
from solver.network.plan_model import POOL, PlanModel
from solver.program import Linear
from solver.rules.contributions import contributions_compared


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


def starts(model: PlanModel) -> Linear:
    """Units of reusable resources that begin in an activity, each resource in parts of what is offered of it.

    sum over a, k, t of max(0, X_akt - X_ak,t-1) / sum of Q_o of k, X the quantity served and 0 before period 1.
    One variable s_q per requirement, in parts of it: R_q · s_q >= X_akt - X_ak,t-1.
    """
    arrays, legs = model.arrays, model.serving
    offered_k = summed(arrays.resource_o, np.where(arrays.counts_o, arrays.usable_o, 0.0), len(arrays.resources))
    counted = arrays.is_reusable_k[arrays.resource_q] & (offered_k[arrays.resource_q] > 0)
    number_q = np.where(counted, np.cumsum(counted) - 1, -1)
    next_q = _requirement_one_period_later(arrays)
    requirement = np.flatnonzero(counted)
    begun = model.program.add_variables(len(requirement))
    here = np.flatnonzero(counted[legs.requirement])
    before = here[next_q[legs.requirement[here]] >= 0]
    model.program.add_rows(
        "starts",
        np.concatenate(
            [number_q[legs.requirement[here]], number_q[next_q[legs.requirement[before]]], number_q[counted]]
        ),
        np.concatenate([legs.variable[here], legs.variable[before], begun]),
        np.concatenate([legs.scale[here], -legs.scale[before], -arrays.required_q[requirement]]),
        -np.inf,
        0.0,
        count=len(requirement),
    )
    return Linear(begun, arrays.required_q[requirement] / offered_k[arrays.resource_q[requirement]])


def _requirement_one_period_later(arrays: Arrays) -> Integers:
    """The requirement for the same resource of the same activity one period later, or -1 (axis q)."""
    places = zip(arrays.activity_q, arrays.resource_q, arrays.period_q, strict=True)
    found = [arrays.requirement_index.get((int(a), int(k), int(t) + 1), -1) for a, k, t in places]
    return np.array(found, dtype=np.int64)


def burden(model: PlanModel) -> Linear:
    """The largest value that a partner with a fair_share contributes beyond its fair share, in scenario currency.

    max over p of (value of p - fair_share_p · sum of their values): never below 0, as these differences sum up to 0.
    """
    compared = list(contributions_compared(model))
    most = max((float(model.contribution(partner).coefficients.sum()) for partner, _, _ in compared), default=0.0)
    if most <= 0:
        return Linear.empty()
    worst = Linear(model.program.add_variables(1), np.array([most]))
    for partner, share, total in compared:
        model.program.add_row("burden", model.contribution(partner) + total * -share + worst * -1.0, upper=0.0)
    return worst


OBJECTIVES: Mapping[str, Objective] = {
    "coverage": Objective(coverage, is_maximised=True),
    "effective": Objective(effective, is_maximised=True),
    "worst_region": Objective(worst_region, is_maximised=True),
    "delivery_cost": Objective(delivery_cost, is_maximised=False),
    "stability": Objective(stability, is_maximised=False),
    "starts": Objective(starts, is_maximised=False),
    "burden": Objective(burden, is_maximised=False),
}
