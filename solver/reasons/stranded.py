"""Pledges that a finished plan leaves unused, and what keeps each from the needs that are still open.

Of what is unused of a pledge, U, with D the open needs of its resource that it may still take after a stage:

    met     = U - min(U, D before all stages)
    a stage = min(U, D before it) - min(U, D after it)   (status, window, earmark, veto, access, not ahead)
    the rest is held back by a rule, or free

Reusable pledges period by period. Needs of activities that are not to go ahead (`go` = no) are not open.
"""

from collections import defaultdict
from collections.abc import Iterator
from math import fsum

import numpy as np

from planner.plan import Part, StrandedPledge
from resources.offers import Pledge
from solver.arrays import GO_NO, Arrays, Booleans, Floats, Integers
from solver.network.eligibility import STAGES, closed_by, closed_requirements
from solver.reasons.leftovers import Leftovers
from solver.reasons.sentences import NOT, ONLY, STRANDED_TEXTS, place
from solver.reasons.share_limits import TINY
from solver.reasons.waterfall import adding_up
from solver.reasons.wording import Reason, Wording

Share = tuple[str, float, Integers]  # reason, quantity, the open needs that it concerns
FREE = "free"
ORDER = {reason: rank for rank, reason in enumerate(("met", *STAGES, "not_ahead"))}


def stranded_pledges(
    arrays: Arrays, leftovers: Leftovers, wording: Wording, goes_a: Booleans
) -> tuple[StrandedPledge, ...]:
    """Every pledge with something unused, by code."""
    return _Stranded(arrays, leftovers, wording, goes_a).all()


class _Stranded:
    def __init__(self, arrays: Arrays, leftovers: Leftovers, wording: Wording, goes_a: Booleans) -> None:
        self._arrays, self._leftovers, self._wording, self._goes_a = arrays, leftovers, wording, goes_a
        self._rows = sorted(arrays.scenario.pledges, key=lambda row: row.code)
        self._missing_q: Floats = np.maximum(0.0, arrays.required_q - leftovers.served_q)
        is_open = (arrays.go_a[arrays.activity_q] != GO_NO) & (self._missing_q > TINY * arrays.required_q)
        self._open_of = [np.flatnonzero(is_open & (arrays.resource_q == k)) for k in range(len(arrays.resources))]
        self._held: dict[int, Reason | None] = {}

    def all(self) -> tuple[StrandedPledge, ...]:
        found = (self._stranded(pledge) for pledge in range(len(self._rows)))
        return tuple(row for row in found if row is not None)

    def _stranded(self, pledge: int) -> StrandedPledge | None:
        arrays, row = self._arrays, self._rows[pledge]
        periods = self._periods(pledge)
        unused_t = [float(self._leftovers.left_of(np.array([pledge]), period)[0]) for period in periods]
        unused = fsum(unused_t)
        if unused <= 0:
            return None
        parts = adding_up(self._parts(pledge, list(zip(periods, unused_t, strict=True))), unused, TINY * unused)
        largest = max(parts, key=lambda part: part.quantity)
        return StrandedPledge(
            row.code,
            row.partner,
            row.resource,
            float(arrays.usable_o[pledge]) * len(periods),
            float(self._leftovers.allocated_o[pledge]),
            float(self._leftovers.paid_o[pledge]),
            unused,
            largest.reason,
            largest.text,
            parts,
        )

    def _periods(self, pledge: int) -> list[int]:
        """The periods in which a reusable pledge serves anew; the first for what is consumed."""
        arrays = self._arrays
        if not arrays.is_reusable_k[arrays.resource_o[pledge]]:
            return [int(arrays.from_o[pledge])]
        return list(range(int(arrays.from_o[pledge]), min(arrays.periods, int(arrays.last_o[pledge]) + 1)))

    def _parts(self, pledge: int, unused: list[tuple[int, float]]) -> list[Part]:
        """The parts in the order of the stages; those with one sentence are one."""
        arrays = self._arrays
        resource = int(arrays.resource_o[pledge])
        amounts: dict[tuple[str, str], list[float]] = defaultdict(list)
        for period, amount in unused:
            needs = self._open_of[resource]
            if arrays.is_reusable_k[resource]:
                needs = needs[arrays.period_q[needs] == period]
            for reason, quantity, concerned in self._shares(pledge, amount, needs):
                amounts[self._told(pledge, reason, concerned)].append(quantity)
        parts = [Part(reason, fsum(quantities), text) for (reason, text), quantities in amounts.items()]
        return sorted(parts, key=lambda part: (ORDER.get(part.reason, len(ORDER)), part.text))

    def _shares(self, pledge: int, unused: float, needs: Integers) -> Iterator[Share]:
        before = unused
        for stage, still, closed in (("met", needs, needs), *self._stages(pledge, needs)):
            after = min(before, float(self._missing_q[still].sum()))
            if before - after > TINY * unused:
                yield stage, before - after, closed
                before = after
            needs = still
        if before > TINY * unused:
            yield FREE, before, needs

    def _stages(self, pledge: int, needs: Integers) -> Iterator[tuple[str, Integers, Integers]]:
        for stage, still, closed in closed_requirements(self._arrays, pledge, needs):
            yield stage, still, closed
            needs = still
        goes = self._goes_a[self._arrays.activity_q[needs]]
        yield "not_ahead", needs[goes], needs[~goes]

    def _told(self, pledge: int, reason: str, needs: Integers) -> Reason:
        """The code and the sentence of a part; what is left may be held back by a rule from all open needs."""
        if reason == FREE:
            held = [self._held_back(int(need)) for need in needs]
            if all(held) and held[0]:
                return held[0]
        row, wording = self._rows[pledge], self._wording
        text = STRANDED_TEXTS[reason].format(
            resource=wording.resource(int(self._arrays.resource_o[pledge])),
            partner=wording.partner(int(self._arrays.partner_o[pledge])),
            status=wording.status(),
            earmark=self._earmark(row),
            why=self._veto_reasons(row.partner, needs),
        )
        return reason, text

    def _held_back(self, requirement: int) -> Reason | None:
        """The rule that holds supply back from an open need."""
        if requirement not in self._held:
            held = self._leftovers.held_back([self._leftovers.step(requirement)])
            where = place(self._wording.region(int(self._arrays.region_q[requirement])))
            self._held[requirement] = self._wording.held(held, where) if held else None
        return self._held[requirement]

    def _earmark(self, row: Pledge) -> str:
        """A pledge's limits to initiatives and regions, as the pledge states them."""
        initiatives, regions = self._wording.initiatives, self._wording.regions
        limits = (
            (ONLY, initiatives(row.initiatives)),
            (ONLY, regions(row.regions)),
            (NOT, initiatives(row.exclude_initiatives)),
            (NOT, regions(row.exclude_regions)),
        )
        return "; ".join(words.format(codes=codes) for words, codes in limits if codes)

    def _veto_reasons(self, partner: str, needs: Integers) -> str:
        """What the partner says about its vetoes that close these needs."""
        arrays, activities = self._arrays, self._arrays.activity_q[needs]
        vetoes = arrays.scenario.vetoes
        mine = (veto for veto in vetoes if veto.partner == partner and not veto.with_partner and veto.reason)
        reasons = sorted({veto.reason for veto in mine if closed_by(arrays, veto)[activities].any()})
        return f" ({'; '.join(reasons)})" if reasons else ""
