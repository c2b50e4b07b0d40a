"""How the rows of a rule depend on its limit: what its price and the smallest limit that works are read from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.rulebook import RULES, Condition, ValueKind
from solver.arrays import summed
from solver.network import PlanModel
from solver.program import Booleans, Floats, Rows
from solver.rules import ROW_RULES

NUMERIC = (ValueKind.SHARE, ValueKind.MONEY, ValueKind.NUMBER, ValueKind.WHOLE)
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


def limit_rows(model: PlanModel, condition: Condition) -> Sequence[LimitRows] | None:
    """The rows of a rule of the model in which its limit stands; None where it has no limit or it is no such rule.

    The rule is written down a second time with another limit, compared, and taken out of the program again.
    """
    if RULES[condition.key].value_kind not in NUMERIC or condition not in model.blocks_of:
        return None
    program = model.program
    mine = [number for number in model.blocks_of[condition] if program.blocks[number].name == condition.key]
    first, size = len(program.blocks), program.size
    ROW_RULES[condition.key](model, replace(condition, value=float(condition.value or 0.0) + STEP))
    twins = [block for block in program.blocks[first:] if block.name == condition.key]
    del program.blocks[first:]
    if program.size != size or [len(twin.lower) for twin in twins] != [len(program.blocks[n].lower) for n in mine]:
        return None  # not the same rows
    return [
        LimitRows(number, program.blocks[number], _difference(program.blocks[number], twin, size))
        for number, twin in zip(mine, twins, strict=True)
    ]


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
