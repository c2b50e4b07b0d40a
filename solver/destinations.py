"""Where a finished plan uses what could have come to a requirement."""

from collections.abc import Sequence

import numpy as np

from planner.plan import Allocation
from solver.arrays import Arrays, Booleans, Integers, summed
from solver.leftovers import Leftovers
from solver.wording import Use


class Destinations:
    """The lines of a plan by resource: who gets what of which pledges."""

    def __init__(self, arrays: Arrays, leftovers: Leftovers, allocations: Sequence[Allocation]) -> None:
        self._arrays, self._leftovers = arrays, leftovers
        self._pledge_l = np.array([arrays.pledges.index[line.pledge] for line in allocations], dtype=np.int64)
        self._requirement_l = np.array([leftovers.requirement_of(line) for line in allocations], dtype=np.int64)
        self._quantity_l = np.array([line.quantity for line in allocations], dtype=float)
        self._is_agreed_l = self._agreed(allocations)
        resource_l = arrays.resource_o[self._pledge_l]
        self._lines_k = [np.flatnonzero(resource_l == k) for k in range(len(arrays.resources))]
        self._is_frozen = np.zeros(len(arrays.required_q), dtype=bool)
        for condition in arrays.with_key("frozen_until"):
            self._is_frozen |= arrays.period_q < int(condition.value or 0)
        self._is_agreed_l |= self._is_frozen[self._requirement_l]

    def is_frozen(self, requirement: int) -> bool:
        """Whether everything in the requirement's period is held as agreed."""
        return bool(self._is_frozen[requirement])

    def uses(self, requirement: int, pledges: Integers | None = None) -> list[Use]:
        """The activities that get what may come to a requirement (or these pledges alone), the largest use first.

        Of what is reusable, in the same period; the requirement itself is left out.
        """
        lines = self._rivals(requirement, self._leftovers.eligible(requirement) if pledges is None else pledges)
        amount_a = summed(
            self._arrays.activity_q[self._requirement_l[lines]], self._quantity_l[lines], len(self._arrays.go_a)
        )
        users = np.flatnonzero(amount_a > 0)
        ordered = users[np.lexsort((users, -amount_a[users]))]
        return [(int(activity), float(amount_a[activity])) for activity in ordered]

    def agreed_uses(self, requirement: int) -> float:
        """How much of what may come to a requirement agreed lines hold elsewhere."""
        if not self._is_agreed_l.any():
            return 0.0
        lines = self._rivals(requirement, self._leftovers.eligible(requirement))
        return float(self._quantity_l[lines[self._is_agreed_l[lines]]].sum())

    def _rivals(self, requirement: int, pledges: Integers) -> Integers:
        """The lines of other requirements that use these pledges."""
        arrays = self._arrays
        resource = int(arrays.resource_q[requirement])
        lines = self._lines_k[resource]
        uses_these = np.zeros(len(arrays.partner_o), dtype=bool)
        uses_these[pledges] = True
        other = self._requirement_l[lines]
        rivals: Booleans = uses_these[self._pledge_l[lines]] & (other != requirement)
        if arrays.is_reusable_k[resource]:
            rivals &= arrays.period_q[other] == arrays.period_q[requirement]
        return np.asarray(lines[rivals])

    def _agreed(self, allocations: Sequence[Allocation]) -> Booleans:
        """Which lines every plan holds (`keep`)."""
        if not self._arrays.is_on("keep"):
            return np.zeros(len(allocations), dtype=bool)
        kept = {
            (row.pledge, row.initiative, row.region, row.period) for row in self._arrays.scenario.baseline if row.keep
        }
        return np.array(
            [(line.pledge, line.initiative, line.region, line.period) in kept for line in allocations], dtype=bool
        )
