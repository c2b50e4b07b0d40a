"""Where a finished plan uses what could have come to a requirement."""

from collections.abc import Sequence

import numpy as np

from planner.plan import Allocation
from solver.arrays import Arrays, Booleans, Integers, summed
from solver.reasons.leftovers import Leftovers
from solver.reasons.wording import Use


class Destinations:
    """The lines of a plan by resource: who gets what of which pledges."""

    def __init__(self, arrays: Arrays, leftovers: Leftovers, allocations: Sequence[Allocation]) -> None:
        self._arrays, self._leftovers = arrays, leftovers
        self._pledge_l = np.array([arrays.pledges.index[line.pledge] for line in allocations], dtype=np.int64)
        self._requirement_l = np.array([leftovers.requirement_of(line) for line in allocations], dtype=np.int64)
        self._quantity_l = np.array([line.quantity for line in allocations], dtype=float)
        agreed = arrays.agreed
        kept = {*zip(agreed.pledge_l[agreed.is_kept_l], agreed.requirement_l[agreed.is_kept_l], strict=True)}
        lines = zip(self._pledge_l, self._requirement_l, strict=True)
        self._is_kept_l = np.array([line in kept for line in lines], dtype=bool)
        resource_l = arrays.resource_o[self._pledge_l]
        self._lines_k = [np.flatnonzero(resource_l == k) for k in range(len(arrays.resources))]

    def is_frozen(self, requirement: int) -> bool:
        """Whether everything in the requirement's period is held as agreed."""
        return bool(self._arrays.period_q[requirement] < self._arrays.agreed.frozen)

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

    def kept_elsewhere(self, requirement: int) -> float:
        """How much of what may come to a requirement agreed lines hold elsewhere."""
        if not self._is_kept_l.any():
            return 0.0
        lines = self._rivals(requirement, self._leftovers.eligible(requirement))
        return float(self._quantity_l[lines[self._is_kept_l[lines]]].sum())

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
