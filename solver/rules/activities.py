"""Rules about which activities go ahead: minimum, go, prerequisite, exclusive, together."""

from collections import defaultdict
from itertools import pairwise

import numpy as np

from planner.rulebook import Condition
from solver.arrays import GO_MUST, GO_NO
from solver.network.plan_model import PlanModel
from solver.program import Linear

REAL_WORK = 0.01  # least coverage of an activity that must go ahead or that another one depends on


def minimum(model: PlanModel, condition: Condition) -> None:
    """Each resource of an activity that goes ahead reaches its least share, over all periods together.

    sum of x >= m · sum of R · y_a    (whole resources: rounded up, 1e-9 forgiven)
    """
    arrays = model.arrays
    model.add_go_variables(arrays.min_share_a > 0)
    width = max(1, len(arrays.resources))
    cell_q = arrays.activity_q * width + arrays.resource_q
    total = np.bincount(cell_q, arrays.required_q)
    cells = np.unique(cell_q)
    activity, resource = cells // width, cells % width
    kept = (arrays.min_share_a[activity] > 0) & (arrays.go_a[activity] != GO_NO)
    cells, activity, resource = cells[kept], activity[kept], resource[kept]
    least = arrays.min_share_a[activity] * total[cells]
    least = np.where(arrays.is_whole_k[resource], np.ceil(least - 1e-9), least)
    number = np.full(len(total), -1, dtype=np.int64)
    number[cells] = np.arange(len(cells))
    legs = model.serving
    leg = np.flatnonzero(number[cell_q[legs.requirement]] >= 0)
    model.program.add_rows(
        "minimum",
        np.concatenate([number[cell_q[legs.requirement[leg]]], np.arange(len(cells))]),
        np.concatenate([legs.variable[leg], model.go_variable_a[activity]]),
        np.concatenate([legs.scale[leg], -least]),
        0.0,
        np.inf,
        count=len(cells),
    )


def go(model: PlanModel, condition: Condition) -> None:
    """must: y_a = 1 with real work, c_a >= 0.01; no: nothing is allocated (no variables exist)."""
    for activity in np.flatnonzero(model.arrays.go_a == GO_MUST):
        weight = np.zeros(len(model.arrays.go_a))
        weight[activity] = 1.0
        model.program.add_row("go", model.coverage(weight), lower=REAL_WORK)


def prerequisite(model: PlanModel, condition: Condition) -> None:
    """An initiative goes ahead in a region only with its prerequisites there, and those with real work.

    y_(i,r) <= y_(j,r), c_(j,r) >= 0.01 · y_(j,r) for each prerequisite j of i that has an activity in r
    """
    arrays = model.arrays
    needed: set[int] = set()
    for initiative in arrays.scenario.initiatives:
        for code in initiative.prerequisites:
            for region in range(len(arrays.regions)):
                here = arrays.activity_index.get((arrays.initiatives.index[initiative.code], region))
                before = arrays.activity_index.get((arrays.initiatives.index[code], region))
                if here is None or before is None:
                    continue
                _add_go_variables(model, [here, before])
                _add_row(model, "prerequisite", [(before, 1.0), (here, -1.0)], 0.0, np.inf)
                needed.add(before)
    for activity in sorted(needed):
        if arrays.go_a[activity] == GO_NO:
            continue
        weight = np.zeros(len(arrays.go_a))
        weight[activity] = 1.0
        switch = Linear(model.go_variable_a[[activity]], np.array([-REAL_WORK]))
        model.program.add_row("prerequisite", model.coverage(weight) + switch, lower=0.0)


def exclusive(model: PlanModel, condition: Condition) -> None:
    """At most one initiative of a group goes ahead per region: sum of y over the group <= 1."""
    arrays = model.arrays
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    group_of = {row.code: row.exclusive_group for row in arrays.scenario.initiatives if row.exclusive_group}
    for (initiative, region), activity in arrays.activity_index.items():
        group = group_of.get(arrays.initiatives.codes[initiative])
        if group:
            groups[group, region].append(activity)
    for members in groups.values():
        if len(members) > 1:
            _add_go_variables(model, members)
            _add_row(model, "exclusive", [(activity, 1.0) for activity in members], -np.inf, 1.0)


def together(model: PlanModel, condition: Condition) -> None:
    """An initiative goes ahead in all its regions or in none: y_(i,r) equal over r."""
    arrays = model.arrays
    wanted = {arrays.initiatives.index[row.code] for row in arrays.scenario.initiatives if row.together}
    members: dict[int, list[int]] = defaultdict(list)
    for (initiative, _), activity in arrays.activity_index.items():
        if initiative in wanted:
            members[initiative].append(activity)
    for activities in members.values():
        _add_go_variables(model, activities)
        for one, other in pairwise(activities):
            _add_row(model, "together", [(one, 1.0), (other, -1.0)], 0.0, 0.0)


def _add_go_variables(model: PlanModel, activities: list[int]) -> None:
    needed = np.zeros(len(model.arrays.go_a), dtype=bool)
    needed[activities] = True
    model.add_go_variables(needed)


def _add_row(model: PlanModel, name: str, terms: list[tuple[int, float]], lower: float, upper: float) -> None:
    """lower <= sum of factor · y_a <= upper; what is fixed at 0 or 1 moves to the bounds."""
    expression = Linear.empty()
    for activity, factor in terms:
        y = model.go(activity)
        if isinstance(y, Linear):
            expression = expression + y * factor
        else:
            lower, upper = lower - factor * y, upper - factor * y
    model.program.add_row(name, expression, lower, upper)
