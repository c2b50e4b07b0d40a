"""The straightforward planning model, to compare with: one variable per pledge and requirement that it may serve.

It knows the rules supply, requirement and minimum and the objective coverage, and leaves the pools and the gathering of
pledges out that the planner's own model is made of (solver.network.plan_model, solver.network.sources). Scaled as well
as the planner's. Axes as in solver.arrays; v numbers the variables x_oq.
"""

from dataclasses import dataclass

import numpy as np

from solver.arrays import GO_MUST, GO_NO, Arrays, Booleans, Floats, Integers
from solver.program import Linear, Program

KNOWN_RULES = {"minimum"}


@dataclass(frozen=True, slots=True)
class StraightModel:
    """The program, its objective (coverage) and which variables are whole."""

    program: Program
    coverage: Linear

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(len(block.lower) for block in self.program.blocks)


def build_straight_model(arrays: Arrays) -> StraightModel:
    """The model of a scenario with the rules supply, requirement and minimum; ValueError where there are others."""
    others = {condition.key for condition in arrays.conditions} - KNOWN_RULES
    if others or (arrays.go_a == GO_MUST).any():
        raise ValueError(f"The straightforward model does not know these rules: {', '.join(sorted(others)) or 'go'}.")
    pledge_v, requirement_v = eligible_pairs(arrays)
    most_v = np.minimum(arrays.usable_o[pledge_v], arrays.required_q[requirement_v])
    is_whole_v = arrays.is_whole_k[arrays.resource_q[requirement_v]]
    scale_v = np.where(is_whole_v, 1.0, most_v)  # whole resources in units, others as shares of the most there can be
    program = Program()
    x_v = program.add_variables(len(pledge_v), 0.0, most_v / scale_v, is_integer=is_whole_v)
    y_a = program.add_variables(len(arrays.go_a), 0.0, np.where(arrays.go_a == GO_NO, 0.0, 1.0), is_integer=True)
    _add_supply(program, arrays, pledge_v, requirement_v, x_v, scale_v)
    _add_requirement(program, arrays, requirement_v, x_v, scale_v, y_a)
    _add_minimum(program, arrays, requirement_v, x_v, scale_v, y_a)
    worth_q = arrays.weight_a[arrays.activity_q] * arrays.share_q
    return StraightModel(program, Linear(x_v, worth_q[requirement_v] * scale_v))


def eligible_pairs(arrays: Arrays) -> tuple[Integers, Integers]:
    """Every pledge and requirement of which the one may serve the other: pledge and requirement of each v."""
    pledges: list[Integers] = []
    requirements: list[Integers] = []
    is_active_q = arrays.go_a[arrays.activity_q] != GO_NO
    for resource in range(len(arrays.resources)):
        q = np.flatnonzero((arrays.resource_q == resource) & is_active_q)
        for pledge in np.flatnonzero((arrays.resource_o == resource) & (arrays.usable_o > 0)):
            served = q[_may_serve(arrays, int(pledge), q)]
            requirements.append(served)
            pledges.append(np.full(len(served), pledge, dtype=np.int64))
    nothing = np.zeros(0, dtype=np.int64)
    return np.concatenate([nothing, *pledges]), np.concatenate([nothing, *requirements])


def _may_serve(arrays: Arrays, pledge: int, q: Integers) -> Booleans:
    """Window, lead, status, regions and access are in first_or; earmarks on initiatives and vetoes in opens_oa."""
    is_in_time = (arrays.first_or[pledge, arrays.region_q[q]] <= arrays.period_q[q]) & (
        arrays.period_q[q] <= arrays.last_o[pledge]
    )
    allowed: Booleans = is_in_time & arrays.opens_oa[pledge, arrays.activity_q[q]]
    return allowed


def _add_supply(
    program: Program, arrays: Arrays, pledge_v: Integers, requirement_v: Integers, x_v: Integers, scale_v: Floats
) -> None:
    """sum over q of x_oq <= Q_o (reusable: in each period)."""
    is_reusable_v = arrays.is_reusable_k[arrays.resource_o[pledge_v]]
    slot_v = pledge_v * arrays.periods + np.where(is_reusable_v, arrays.period_q[requirement_v], 0)
    slots, row_v = np.unique(slot_v, return_inverse=True)
    program.add_rows(
        "supply", row_v.ravel(), x_v, scale_v, -np.inf, arrays.usable_o[slots // arrays.periods], count=len(slots)
    )


def _add_requirement(
    program: Program, arrays: Arrays, requirement_v: Integers, x_v: Integers, scale_v: Floats, y_a: Integers
) -> None:
    """sum over o of x_oq <= R_q · y_a."""
    count = len(arrays.required_q)
    program.add_rows(
        "requirement",
        np.concatenate([requirement_v, np.arange(count)]),
        np.concatenate([x_v, y_a[arrays.activity_q]]),
        np.concatenate([scale_v, -arrays.required_q]),
        -np.inf,
        0.0,
        count=count,
    )


def _add_minimum(
    program: Program, arrays: Arrays, requirement_v: Integers, x_v: Integers, scale_v: Floats, y_a: Integers
) -> None:
    """For each resource of an activity: sum of x >= m · sum of R · y_a (whole resources: rounded up)."""
    cell_q = arrays.activity_q * len(arrays.resources) + arrays.resource_q
    cells, number_q = np.unique(cell_q, return_inverse=True)
    number_q = number_q.ravel()
    activity_c, resource_c = cells // len(arrays.resources), cells % len(arrays.resources)
    least_c = arrays.min_share_a[activity_c] * np.bincount(number_q, arrays.required_q)
    least_c = np.where(arrays.is_whole_k[resource_c], np.ceil(least_c - 1e-9), least_c)
    program.add_rows(
        "minimum",
        np.concatenate([number_q[requirement_v], np.arange(len(cells))]),
        np.concatenate([x_v, y_a[activity_c]]),
        np.concatenate([scale_v, -least_c]),
        0.0,
        np.inf,
        count=len(cells),
    )
