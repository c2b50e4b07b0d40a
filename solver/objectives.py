"""The flat list of objectives: one function per key, each an expression of the planning model and its sense."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from solver.arrays import GO_NO
from solver.network import PlanModel
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


OBJECTIVES: Mapping[str, Objective] = {
    "coverage": Objective(coverage, is_maximised=True),
    "effective": Objective(effective, is_maximised=True),
    "worst_region": Objective(worst_region, is_maximised=True),
    "delivery_cost": Objective(delivery_cost, is_maximised=False),
}
