"""Rules about the plan agreed last: keep, frozen_until. Their lines are arcs of fixed flow."""

import numpy as np

from planner.rulebook import Condition
from solver.arrays import GO_NO, Booleans
from solver.network.plan_model import PlanModel
from solver.program import Linear


def keep(model: PlanModel, condition: Condition) -> None:
    """A kept line is held exactly, so its activity goes ahead: x_oq = baseline, y_a = 1 where that is more than 0."""
    _hold(model, "keep", model.arrays.agreed.is_marked_l)


def frozen_until(model: PlanModel, condition: Condition) -> None:
    """Up to period n the plan is the agreed one and nothing else: x_oq = baseline for t <= n; else as `keep`."""
    agreed = model.arrays.agreed
    _hold(model, "frozen_until", agreed.period_l < agreed.frozen)


def _hold(model: PlanModel, name: str, is_held_l: Booleans) -> None:
    """Where an activity is refused, its line cannot be held: 0 >= 1. Elsewhere the flow itself makes it go ahead."""
    arrays, agreed = model.arrays, model.arrays.agreed
    held = agreed.requirement_l[is_held_l & (agreed.quantity_l > 0) & (agreed.requirement_l >= 0)]
    for _ in np.unique(arrays.activity_q[held][arrays.go_a[arrays.activity_q[held]] == GO_NO]):
        model.program.add_row(name, Linear.empty(), lower=1.0)
