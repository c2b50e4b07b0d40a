"""How the rows of a rule depend on its limit: what its price and the smallest limit that works are read from."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from planner.rulebook import RULES, Condition, ValueKind
from solver.arrays import Arrays, summed
from solver.network.plan_model import PlanModel
from solver.program import Booleans, Floats, Rows
from solver.rules import ROW_RULES

NUMERIC = (ValueKind.SHARE, ValueKind.MONEY, ValueKind.NUMBER)  # a limit that counts moves in whole steps
STEP = 1.0  # of a limit; any will do, as rows are linear in it


@dataclass(frozen=True, slots=True)
class LimitRows:
    """One block of a rule: its rows as they are, and by how much they change per unit of the limit."""

    block: int
    rows: Rows
    per_unit: Rows

    def room(self, values: Floats) -> Floats:
        """What each row leaves free at a solution; below 0 where it is broken."""
        activity = _activity(self.rows, values)
        return np.minimum(activity - self.rows.lower, self.rows.upper - activity)

    def room_per_unit(self, values: Floats) -> Floats:
        """How much more each row leaves free per unit of the limit."""
        activity = _activity(self.per_unit, values)
        is_least = np.isfinite(self.rows.lower)
        return np.where(is_least, activity - self.per_unit.lower, self.per_unit.upper - activity)

    @property
    def is_elastic(self) -> Booleans:
        """Which rows the limit has a say in."""
        count = len(self.rows.lower)
        moved = summed(self.per_unit.row, np.abs(self.per_unit.coefficient), count)
        return (moved + np.abs(self.per_unit.lower) + np.abs(self.per_unit.upper)) > 0


def limit_rows(model: PlanModel, build: Callable[[Arrays], PlanModel]) -> dict[Condition, tuple[LimitRows, ...]]:
    """For each rule with a limit the rows in which it stands.

    `build` makes such a model from arrays: the model is built a second time with each limit one step higher, and the
    two are compared. Rules that then have other rows or variables altogether leave nothing to compare.
    """
    limited = [condition for condition in model.blocks_of if _has_limit(condition)]
    if not limited:
        return {}
    twin = build(_with_higher_limits(model.arrays))
    if twin.program.size != model.program.size or len(twin.program.blocks) != len(model.program.blocks):
        return {}
    return {condition: _rows_of(condition, model, twin) for condition in limited}


def _with_higher_limits(arrays: Arrays) -> Arrays:
    conditions = (
        replace(condition, value=float(condition.value or 0.0) + STEP) if _has_limit(condition) else condition
        for condition in arrays.conditions
    )
    return replace(arrays, conditions=tuple(conditions))


def _has_limit(condition: Condition) -> bool:
    return condition.key in ROW_RULES and RULES[condition.key].value_kind in NUMERIC


def _rows_of(condition: Condition, model: PlanModel, twin: PlanModel) -> tuple[LimitRows, ...]:
    """The blocks of one rule in which the twin differs."""
    found = []
    for number in model.blocks_of[condition]:
        rows, other = model.program.blocks[number], twin.program.blocks[number]
        if rows.name == condition.key and len(rows.lower) == len(other.lower):
            found.append(LimitRows(number, rows, _difference(rows, other, model.program.size)))
    return tuple(limit for limit in found if limit.is_elastic.any())


def _activity(rows: Rows, values: Floats) -> Floats:
    return summed(rows.row, rows.coefficient * values[rows.variable], len(rows.lower))


def _difference(rows: Rows, twin: Rows, size: int) -> Rows:
    """What changes from one block to the other; entries that do not are left out."""
    entry = np.concatenate([twin.row, rows.row]) * size + np.concatenate([twin.variable, rows.variable])
    entries, number = np.unique(entry, return_inverse=True)
    change = summed(number.ravel(), np.concatenate([twin.coefficient, -rows.coefficient]), len(entries))
    moved = np.flatnonzero(change)
    return Rows(
        rows.name,
        entries[moved] // size,
        entries[moved] % size,
        change[moved] / STEP,
        _moved(rows.lower, twin.lower),
        _moved(rows.upper, twin.upper),
    )


def _moved(old: Floats, new: Floats) -> Floats:
    is_finite = np.isfinite(old)
    return np.where(is_finite, np.subtract(new, old, out=np.zeros_like(old), where=is_finite), 0.0) / STEP
