"""Who flows through pools and who has direct arcs: the legs of the planning model (solver.network.plan_model)."""

import numpy as np

from solver.arrays import GO_NO, Booleans, Floats, Integers
from solver.network.plan_model import POOL, PlanModel, Pool, SupplyUse
from solver.program import Linear

MOST_CUTS = 64  # a pool whose refused sets have more intersections gives its refusing sources direct arcs instead


def wire(model: PlanModel) -> None:
    """Give a model its legs and pools, with their balance and cuts."""
    _Wiring(model).wire()


class _Wiring:
    """Builds the legs, the pools and their balance and cuts."""

    def __init__(self, model: PlanModel) -> None:
        self.model = model
        self.arrays, self.sources, self.program = model.arrays, model.sources, model.program
        self.whole: list[Integers] = []
        self.columns: dict[str, list[Integers | Floats | int]] = {}  # per block of legs, one for all of it or one each
        self.counts: dict[str, list[int]] = {"serving": [], "supplying": []}  # legs per block
        self.region_q = self.arrays.region_q
        self.kept_pairs = self._kept_pairs()

    def wire(self) -> None:
        """All legs, then one supply use for all of them."""
        arrays = self.arrays
        active_q = np.flatnonzero(arrays.go_a[arrays.activity_q] != GO_NO)
        place = np.stack([arrays.resource_q, arrays.region_q, arrays.period_q], axis=1)[active_q]
        places, member = np.unique(place, axis=0, return_inverse=True)
        order = np.argsort(member.ravel(), kind="stable")
        starts = np.searchsorted(member.ravel()[order], np.arange(len(places) + 1))
        for number, (resource, region, period) in enumerate(places):
            requirements = active_q[order[starts[number] : starts[number + 1]]]
            if period >= arrays.agreed.frozen:
                self._wire_place(int(resource), int(region), int(period), requirements)
        self._add_kept()
        self._finish()

    def _kept_pairs(self) -> Integers:
        """One number for each source and requirement between which a line of the agreed plan is kept."""
        agreed = self.arrays.agreed
        kept = agreed.is_kept_l & (agreed.requirement_l >= 0)
        source = self.sources.source_o[agreed.pledge_l[kept]]
        return np.asarray(source * len(self.arrays.required_q) + agreed.requirement_l[kept])

    def _wire_place(self, resource: int, region: int, period: int, requirements: Integers) -> None:
        """Decide for one resource, region and period who flows through a pool and who has direct arcs."""
        sources = self.sources
        present = np.flatnonzero(
            (sources.resource_s == resource) & (sources.first_sr[:, region] <= period) & (sources.last_s >= period)
        )
        where = np.ix_(present, self.arrays.activity_q[requirements])
        opens, owns = sources.opens_sa[where], sources.owns_sa[where]
        shared = np.flatnonzero(opens.any(axis=0))  # requirements that anyone may serve through a pool
        self._wire_shared(Pool(resource, region, period, requirements[shared]), present, opens[:, shared])
        source_at, requirement_at = np.nonzero(owns)
        source, requirement = present[source_at], requirements[requirement_at]
        free = ~np.isin(source * len(self.arrays.required_q) + requirement, self.kept_pairs)
        self._add_direct(source[free], requirement[free])

    def _wire_shared(self, pool: Pool, present: Integers, opens: Booleans) -> None:
        """A pool where it saves arcs, and direct arcs for the sources outside it."""
        count = opens.sum(axis=1)
        all_of_it = len(pool.requirements)
        pooled = count > (all_of_it / 2 if all_of_it > 2 else all_of_it - 1)
        if pooled.sum() < 2 or all_of_it < 2:
            pooled[:] = False
        cuts = _cuts(~opens[pooled & (count < all_of_it)], MOST_CUTS)
        if cuts is None:
            pooled &= count == all_of_it
            cuts = []
            if pooled.sum() < 2:
                pooled[:] = False
        if pooled.any():
            self._add_pool(pool, present[pooled], opens[pooled], cuts)
        source_at, requirement_at = np.nonzero(opens & ~pooled[:, None])
        self._add_direct(present[source_at], pool.requirements[requirement_at])

    def _add_pool(self, pool: Pool, sources: Integers, opens: Booleans, cuts: list[Booleans]) -> None:
        """Inflow and outflow variables of one pool, its balance, and a cut for each intersection of refused sets."""
        number = len(self.model.pools)
        self.model.pools.append(pool)
        required = self.arrays.required_q[pool.requirements]
        is_whole = bool(self.arrays.is_whole_k[pool.resource])
        most_in = np.minimum(self.sources.usable_s[sources], opens @ required)
        in_scale = np.ones(len(sources)) if is_whole else most_in
        out_scale = np.ones(len(required)) if is_whole else required
        inflow = self.program.add_variables(len(sources), 0.0, most_in / in_scale)
        outflow = self.program.add_variables(len(required), 0.0, required / out_scale)
        if is_whole:
            self.whole += [inflow, outflow]
        self._keep("supplying", inflow, sources, -1, number, pool.region, pool.period, in_scale)
        self._keep("serving", outflow, POOL, pool.requirements, number, pool.region, pool.period, out_scale)
        self.program.add_row(
            "pool", Linear(np.concatenate([inflow, outflow]), np.concatenate([in_scale, -out_scale])), 0.0, 0.0
        )
        for cut in cuts:
            giving = (opens & cut).any(axis=1)
            self.program.add_row(
                "pool_cut",
                Linear(
                    np.concatenate([outflow[cut], inflow[giving]]),
                    np.concatenate([out_scale[cut], -in_scale[giving]]),
                ),
                upper=0.0,
            )

    def _add_direct(self, sources: Integers, requirements: Integers) -> None:
        """Direct arcs of one resource, region and period."""
        if not len(sources):
            return
        arrays = self.arrays
        most = np.minimum(self.sources.usable_s[sources], arrays.required_q[requirements])
        is_whole = bool(arrays.is_whole_k[arrays.resource_q[requirements[0]]])
        scale = np.ones(len(sources)) if is_whole else most
        variables = self.program.add_variables(len(sources), 0.0, most / scale)
        if is_whole:
            self.whole.append(variables)
        region, period = int(self.region_q[requirements[0]]), int(arrays.period_q[requirements[0]])
        self._keep("supplying", variables, sources, requirements, -1, region, period, scale)
        self._keep("serving", variables, sources, requirements, -1, region, period, scale)

    def _add_kept(self) -> None:
        """An arc for each kept line of the agreed plan, whatever eligibility says, its flow fixed."""
        arrays, agreed = self.arrays, self.arrays.agreed
        line = np.flatnonzero(agreed.is_kept_l & (agreed.quantity_l > 0) & (agreed.requirement_l >= 0))
        requirement = agreed.requirement_l[line]
        line = line[arrays.go_a[arrays.activity_q[requirement]] != GO_NO]
        if not len(line):
            return
        source, requirement = self.sources.source_o[agreed.pledge_l[line]], agreed.requirement_l[line]
        quantity = agreed.quantity_l[line]
        scale = np.where(arrays.is_whole_k[arrays.resource_q[requirement]], 1.0, quantity)
        variables = self.program.add_variables(len(line), quantity / scale, quantity / scale)
        region, period = arrays.region_q[requirement], arrays.period_q[requirement]
        self._keep("supplying", variables, source, requirement, -1, region, period, scale)
        self._keep("serving", variables, source, requirement, -1, region, period, scale)

    def _keep(
        self,
        side: str,
        variable: Integers,
        source: Integers | int,
        requirement: Integers | int,
        pool: int,
        region: Integers | int,
        period: Integers | int,
        scale: Floats,
    ) -> None:
        values = {
            "variable": variable,
            "source": source,
            "requirement": requirement,
            "pool": pool,
            "region": region,
            "period": period,
            "scale": scale,
        }
        self.counts[side].append(len(variable))
        for name, value in values.items():
            self.columns.setdefault(f"{side}.{name}", []).append(value)

    def _finish(self) -> None:
        model = self.model
        for side, legs in (("serving", model.serving), ("supplying", model.supplying)):
            for name in ("variable", "source", "requirement", "pool", "region", "period", "scale"):
                parts = self.columns.get(f"{side}.{name}")
                if parts:
                    setattr(legs, name, _joined(parts, self.counts[side]))
        if self.whole:
            model.whole_variables = np.concatenate(self.whole)
        legs = model.supplying
        model.uses.append(SupplyUse(legs.variable, legs.source, legs.period, legs.scale))


def _joined(parts: list[Integers | Floats | int], counts: list[int]) -> Integers | Floats:
    """Parts as one column; a number stands for as many of it as its block counts."""
    kind = next((part.dtype for part in parts if not isinstance(part, int)), np.int64)
    column, ends = np.empty(sum(counts), dtype=kind), np.cumsum(counts).tolist()
    for part, count, end in zip(parts, counts, ends, strict=True):
        column[end - count : end] = part
    return column


def _cuts(refused: Booleans, most: int) -> list[Booleans] | None:
    """Every non-empty intersection of refused sets (rows of `refused`); None where there are more than `most`."""
    sets = {row.tobytes(): row for row in refused if row.any()}
    waiting = list(sets.values())
    while waiting:
        one = waiting.pop()
        for other in list(sets.values()):
            both = one & other
            if both.any() and both.tobytes() not in sets:
                sets[both.tobytes()] = both
                waiting.append(both)
        if len(sets) > most:
            return None
    return list(sets.values())
