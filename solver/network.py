"""The planning model in its compact form: sources -> pools -> requirements.

A pool is a resource in a region and period. A source that is open to all activities of a pool flows into it, and the
pool serves the requirements; a source that is open to few of them has direct arcs instead. A source that refuses some
activities of its pool stays in it under cuts (Hall's condition): for every intersection S of refused sets, what the
pool gives to S comes from sources that do not refuse all of S. This is exact (max-flow min-cut), and it keeps region,
partner, cost and period visible on the source side and the activity on the requirement side.

Legs, one entry per variable that moves something (flow = variable · scale, in units):
    serving legs   v: into a requirement, from a pool (source -1) or directly from a source
    supplying legs f: out of a source, into a pool or directly into a requirement (a direct arc is both)
"""

from dataclasses import dataclass, field

import numpy as np

from planner.rulebook import Condition
from solver.arrays import GO_MUST, GO_NO, Arrays, Booleans, Floats, Integers
from solver.program import Linear, Program
from solver.sources import Sources

POOL = -1
MOST_CUTS = 64  # a pool whose refused sets have more intersections gives its refusing sources direct arcs instead


@dataclass(frozen=True, slots=True)
class Pool:
    """One pool: its place and the requirements it can serve."""

    resource: int
    region: int
    period: int
    requirements: Integers


@dataclass(slots=True)
class Legs:
    """Parallel arrays, one entry per leg."""

    variable: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    source: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    requirement: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # -1 on pool inflow
    pool: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # -1 on direct arcs
    region: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    period: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    scale: Floats = field(default_factory=lambda: np.zeros(0))

    def __len__(self) -> int:
        return len(self.variable)


@dataclass(frozen=True, slots=True)
class SupplyUse:
    """Something that draws on sources: flow = variable · scale out of `source`, in `period`."""

    variable: Integers
    source: Integers
    period: Integers
    scale: Floats


class PlanModel:
    """The program of one scenario, with the maps that rules, objectives and the extraction read."""

    def __init__(self, arrays: Arrays, sources: Sources) -> None:
        self.arrays = arrays
        self.sources = sources
        self.program = Program()
        self.pools: list[Pool] = []
        self.serving = Legs()
        self.supplying = Legs()
        self.uses: list[SupplyUse] = []
        self.whole_variables = np.zeros(0, dtype=np.int64)  # flows of whole resources, fractional until asked
        self.go_variable_a = np.full(len(arrays.initiative_a), -1, dtype=np.int64)
        self.charge_variables: Integers | None = None
        self.mobilisation_variables: Integers | None = None
        self.mobilisation_amounts = np.zeros(0)
        self.payments: Legs | None = None
        self.blocks_of: dict[Condition, range] = {}  # the blocks of rows that each rule added
        self.inverse_required_q = _inverse_required(arrays)
        _Wiring(self).wire()

    # -- what rules and objectives are written in --

    def served(self, coefficient_q: Floats) -> Linear:
        """sum over q of coefficient_q · quantity served of q."""
        legs = self.serving
        coefficient = coefficient_q[legs.requirement] * legs.scale
        kept = coefficient != 0
        return Linear(legs.variable[kept], coefficient[kept])

    def coverage(self, weight_a: Floats) -> Linear:
        """sum over a of weight_a · c_a."""
        return self.served(weight_a[self.arrays.activity_q] * self.arrays.share_q)

    def supplied(self, coefficient: Floats) -> Linear:
        """sum over supplying legs of coefficient · flow."""
        legs = self.supplying
        return Linear(legs.variable, coefficient * legs.scale)

    def unit_cost(self, region: int | None = None, period: int | None = None) -> Linear:
        """Delivery cost per unit of all flows, of one region or period where given; scenario currency."""
        expression = self.supplied(self.unit_cost_of_legs())
        kept = expression.coefficients != 0
        if region is not None:
            kept &= self.supplying.region == region
        if period is not None:
            kept &= self.supplying.period == period
        return Linear(expression.variables[kept], expression.coefficients[kept])

    def unit_cost_of_legs(self) -> Floats:
        """cost_per_unit of each supplying leg."""
        legs, first = self.supplying, self.sources.first_o
        pledge = first[legs.source]
        cost: Floats = self.arrays.delivery.cost_pkr[
            self.arrays.partner_o[pledge], self.arrays.resource_o[pledge], legs.region
        ]
        return cost

    def fixed_cost(self, region: int | None = None) -> Linear:
        """Fixed delivery costs incurred, of one region where given; scenario currency."""
        delivery = self.arrays.delivery
        if not len(delivery.amount_c):
            return Linear.empty()
        if self.charge_variables is None:
            self.charge_variables = self._add_charges()
        kept = np.ones(len(delivery.amount_c), dtype=bool) if region is None else delivery.region_c == region
        return Linear(self.charge_variables[kept], delivery.amount_c[kept])

    def mobilisation_cost(self) -> Linear:
        """Mobilisation costs of pledges (agreements) that are used; scenario currency."""
        if not self.arrays.mobilisation_o.any():
            return Linear.empty()
        if self.mobilisation_variables is None:
            self._add_mobilisations()
        assert self.mobilisation_variables is not None
        return Linear(self.mobilisation_variables, self.mobilisation_amounts)

    def go(self, activity: int) -> Linear | float:
        """y_a: an expression where it is decided, else 0 or 1."""
        if self.go_variable_a[activity] >= 0:
            return Linear(self.go_variable_a[[activity]], np.ones(1))
        return 0.0 if self.arrays.go_a[activity] == GO_NO else 1.0

    def add_go_variables(self, needed_a: Booleans) -> None:
        """Create y_a where a rule needs it; `go` = must fixes it at 1."""
        wanted = np.flatnonzero(needed_a & (self.arrays.go_a != GO_NO) & (self.go_variable_a < 0))
        lower = (self.arrays.go_a[wanted] == GO_MUST).astype(float)
        self.go_variable_a[wanted] = self.program.add_variables(len(wanted), lower, 1.0, is_integer=True)

    # -- costs that come once --

    def _add_charges(self) -> Integers:
        """One yes/no per fixed charge; every leg that incurs it is closed while it is 0."""
        delivery, legs = self.arrays.delivery, self.supplying
        charges = self.program.add_variables(len(delivery.amount_c), is_integer=True)
        pledge = self.sources.first_o[legs.source]
        charge = delivery.charge_pkr[self.arrays.partner_o[pledge], self.arrays.resource_o[pledge], legs.region]
        self._close_unless(charges[charge[charge >= 0]], np.flatnonzero(charge >= 0), "fixed_cost")
        return charges

    def _add_mobilisations(self) -> None:
        """One yes/no per agreement with a mobilisation cost (the largest of its instalments)."""
        arrays = self.arrays
        agreement_s = arrays.agreement_o[self.sources.first_o]
        amount_g = np.zeros(int(arrays.agreement_o.max()) + 1)
        np.maximum.at(amount_g, arrays.agreement_o, arrays.mobilisation_o)
        costly = np.flatnonzero(amount_g > 0)
        number_g = np.full(len(amount_g), -1, dtype=np.int64)
        number_g[costly] = self.program.add_variables(len(costly), is_integer=True)
        self.mobilisation_variables = number_g[costly]
        self.mobilisation_amounts = amount_g[costly]
        switch = number_g[agreement_s[self.supplying.source]]
        self._close_unless(switch[switch >= 0], np.flatnonzero(switch >= 0), "mobilisation_cost")
        for use in self.uses[1:]:  # payments of delivery draw on the pledge too
            switch = number_g[agreement_s[use.source]]
            hit = np.flatnonzero(switch >= 0)
            row = np.arange(len(hit))
            self.program.add_rows(
                "mobilisation_cost",
                np.concatenate([row, row]),
                np.concatenate([use.variable[hit], switch[hit]]),
                np.concatenate([np.ones(len(hit)), -np.ones(len(hit))]),
                -np.inf,
                0.0,
                count=len(hit),
            )

    def _close_unless(self, switch: Integers, leg: Integers, name: str) -> None:
        """variable of each leg <= its upper bound · its switch."""
        variable = self.supplying.variable[leg]
        upper = self.program.upper[variable]
        row = np.arange(len(leg))
        self.program.add_rows(
            name,
            np.concatenate([row, row]),
            np.concatenate([variable, switch]),
            np.concatenate([np.ones(len(leg)), -upper]),
            -np.inf,
            0.0,
            count=len(leg),
        )


def _inverse_required(arrays: Arrays) -> Floats:
    """1 / required over all periods of q's resource in its activity."""
    cell_q = arrays.activity_q * max(1, len(arrays.resources)) + arrays.resource_q
    total = np.bincount(cell_q, arrays.required_q)
    return 1.0 / total[cell_q] if len(cell_q) else np.zeros(0)


class _Wiring:
    """Builds the legs, the pools and their balance and cuts."""

    def __init__(self, model: PlanModel) -> None:
        self.model = model
        self.arrays, self.sources, self.program = model.arrays, model.sources, model.program
        self.whole: list[Integers] = []
        self.columns: dict[str, list[Integers | Floats]] = {}

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
            self._wire_place(int(resource), int(region), int(period), requirements)
        self._finish()

    def _wire_place(self, resource: int, region: int, period: int, requirements: Integers) -> None:
        """Decide for one resource, region and period who flows through a pool and who has direct arcs."""
        sources = self.sources
        present = np.flatnonzero(
            (sources.resource_s == resource) & (sources.first_sr[:, region] <= period) & (sources.last_s >= period)
        )
        opens = sources.opens_sa[np.ix_(present, self.arrays.activity_q[requirements])]
        count = opens.sum(axis=1)
        all_of_it = len(requirements)
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
            self._add_pool(Pool(resource, region, period, requirements), present[pooled], opens[pooled], cuts)
        source_at, requirement_at = np.nonzero(opens & ~pooled[:, None])
        self._add_direct(present[source_at], requirements[requirement_at])

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
        region, period = int(arrays.region_q[requirements[0]]), int(arrays.period_q[requirements[0]])
        self._keep("supplying", variables, sources, requirements, -1, region, period, scale)
        self._keep("serving", variables, sources, requirements, -1, region, period, scale)

    def _keep(
        self,
        side: str,
        variable: Integers,
        source: Integers | int,
        requirement: Integers | int,
        pool: int,
        region: int,
        period: int,
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
        for name, value in values.items():
            column = np.broadcast_to(np.asarray(value), (len(variable),))
            self.columns.setdefault(f"{side}.{name}", []).append(column)

    def _finish(self) -> None:
        model = self.model
        for side, legs in (("serving", model.serving), ("supplying", model.supplying)):
            for name in ("variable", "source", "requirement", "pool", "region", "period", "scale"):
                parts = self.columns.get(f"{side}.{name}")
                if parts:
                    setattr(legs, name, np.concatenate(parts))
        if self.whole:
            model.whole_variables = np.concatenate(self.whole)
        legs = model.supplying
        model.uses.append(SupplyUse(legs.variable, legs.source, legs.period, legs.scale))


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
