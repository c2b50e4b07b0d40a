"""The plan agreed last, in arrays: what it gives, and what of it every plan holds.

Axis l: the lines of the baseline, one per pledge, activity and period; rows with the same key are one line.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from planner.rulebook import Condition
from planner.scenario import BaselineLine, Scenario
from solver.program import Booleans, Floats, Integers

NO_REQUIREMENT = -1
NEARLY_WHOLE = 1e-6  # a quantity this near to a whole number of a whole resource means it


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedLines:
    """The lines with their quantities in units; in the first `frozen` periods they are kept and nothing else flows."""

    pledge_l: Integers
    requirement_l: Integers  # NO_REQUIREMENT where nothing is required any more
    period_l: Integers
    quantity_l: Floats
    is_marked_l: Booleans  # `keep` says that the line is held, and the rule is on
    frozen: int

    @property
    def is_kept_l(self) -> Booleans:
        """Which lines every plan holds exactly: those marked, and those of frozen periods."""
        kept: Booleans = self.is_marked_l | (self.period_l < self.frozen)
        return kept

    def kept_of_pledges(self, is_reusable_o: Booleans) -> Floats:
        """What is kept of each pledge (axis o): over all periods; of a reusable resource the most in any one."""
        kept = self.is_kept_l
        kept_ot = np.zeros((len(is_reusable_o), int(self.period_l.max(initial=0)) + 1))
        np.add.at(kept_ot, (self.pledge_l[kept], self.period_l[kept]), self.quantity_l[kept])
        most: Floats = np.where(is_reusable_o, kept_ot.max(axis=1), kept_ot.sum(axis=1))
        return most

    @property
    def held_requirements(self) -> Integers:
        """The requirements for which more than nothing is kept: their activities go ahead."""
        held = self.is_kept_l & (self.quantity_l > 0) & (self.requirement_l >= 0)
        return self.requirement_l[held]

    def kept_of_requirements(self, requirements: int) -> Floats:
        """What is kept for each requirement (axis q)."""
        kept = self.is_kept_l & (self.requirement_l >= 0)
        quantities = np.bincount(self.requirement_l[kept], self.quantity_l[kept], minlength=requirements)
        return quantities.astype(np.float64)


def agreed_lines(
    scenario: Scenario,
    on: Iterable[Condition],
    pledge_of: Mapping[str, int],
    requirement_of: Callable[[BaselineLine, str], int],
) -> AgreedLines:
    """The lines in the order of their pledges and requirements; `requirement_of` takes a row and its resource."""
    values = {condition.key: condition.value for condition in on if condition.key in ("keep", "frozen_until")}
    resource_of = {row.code: row.resource for row in scenario.pledges}
    whole = {row.code for row in scenario.resources if row.is_whole}
    quantities: dict[tuple[str, str, str, int], float] = {}
    marked: set[tuple[str, str, str, int]] = set()
    places: dict[tuple[str, str, str, int], int] = {}
    for row in scenario.baseline:
        key = (row.pledge, row.initiative, row.region, row.period)
        quantities[key] = quantities.get(key, 0.0) + row.quantity
        places[key] = requirement_of(row, resource_of[row.pledge])
        if row.keep and "keep" in values:
            marked.add(key)
    keys = sorted(quantities)
    return AgreedLines(
        pledge_l=np.array([pledge_of[key[0]] for key in keys], dtype=np.int64),
        requirement_l=np.array([places[key] for key in keys], dtype=np.int64),
        period_l=np.array([key[3] - 1 for key in keys], dtype=np.int64),
        quantity_l=np.array(
            [_counted(quantities[key], is_whole=resource_of[key[0]] in whole) for key in keys], dtype=float
        ),
        is_marked_l=np.array([key in marked for key in keys], dtype=bool),
        frozen=int(values.get("frozen_until") or 0),
    )


def _counted(quantity: float, *, is_whole: bool) -> float:
    """A quantity without the rounding errors of adding up."""
    return round(quantity) if is_whole and abs(quantity - round(quantity)) <= NEARLY_WHOLE else quantity
