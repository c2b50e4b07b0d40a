"""supply and requirement: the two rules that always hold."""

import numpy as np

from solver.network.plan_model import PlanModel


def supply(model: PlanModel) -> None:
    """No more than a source has: consumed, over all periods with what it pays for delivery; reusable, per period.

    sum over q of x_sq + payments <= Q_s    (reusable: for each t)
    """
    arrays, sources = model.arrays, model.sources
    is_reusable_s = arrays.is_reusable_k[sources.resource_s]
    row, variable, coefficient = [], [], []
    for use in model.uses:
        period = np.where(is_reusable_s[use.source], use.period, 0)
        row.append(use.source * arrays.periods + period)
        variable.append(use.variable)
        coefficient.append(use.scale)
    rows, number = np.unique(np.concatenate(row), return_inverse=True)
    model.program.add_rows(
        "supply",
        number.ravel(),
        np.concatenate(variable),
        np.concatenate(coefficient),
        -np.inf,
        sources.usable_s[rows // arrays.periods],
        count=len(rows),
    )


def requirement(model: PlanModel) -> None:
    """No more than is required, and nothing where the activity does not go ahead.

    sum over o of x_oq <= R_q · y_a
    """
    arrays, legs = model.arrays, model.serving
    if not len(legs):
        return
    go_q = model.go_variable_a[arrays.activity_q]
    decided = np.unique(legs.requirement[go_q[legs.requirement] >= 0])
    row = np.arange(len(arrays.required_q))
    most_q = np.maximum(arrays.required_q, arrays.agreed.kept_of_requirements(len(row)))  # kept up to rounding
    model.program.add_rows(
        "requirement",
        np.concatenate([legs.requirement, row[decided]]),
        np.concatenate([legs.variable, go_q[decided]]),
        np.concatenate([legs.scale, -most_q[decided]]),
        -np.inf,
        np.where(go_q >= 0, 0.0, most_q),
        count=len(row),
    )
