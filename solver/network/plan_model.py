"""The planning model in its compact form: sources -> pools -> requirements.

A pool is a resource in a region and period. A source that is open to all activities of a pool flows into it, and the
pool serves the requirements; a source that is open to few of them has direct arcs instead. A source that refuses some
activities of its pool stays in it under cuts (Hall's condition): for every intersection S of refused sets, what the
pool gives to S comes from sources that do not refuse all of S. This is exact (max-flow min-cut), and it keeps region,
partner, cost and period visible on the source side and the activity on the requirement side. Where a rule reads who
gives to which activity, the source refuses it in the pool and has arcs of its own (solver.network.own_arcs); a kept
line of the agreed plan is an arc whose flow is fixed.

Legs, one entry per variable that moves something (flow = variable · scale, in units):
    serving legs   v: into a requirement, from a pool (source -1) or directly from a source
    supplying legs f: out of a source, into a pool or directly into a requirement (a direct arc is both)
"""

from dataclasses import dataclass, field

import numpy as np

from planner.rulebook import Condition
from solver.arrays import GO_MUST, GO_NO, NO_PARTNER, Arrays, Booleans, Floats, Integers
from solver.network.sources import Sources
from solver.program import Linear, Program
from solver.yes_no import YesNo

POOL = -1
LEAST_DELIVERED = 1e-5  # of a requirement: a delivery that the finished plan surely shows


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
        """Without legs as yet: solver.network.wiring adds them."""
        self.arrays = arrays
        self.sources = sources
        self.program = Program()
        self.pools: list[Pool] = []
        self.serving = Legs()
        self.supplying = Legs()
        self.uses: list[SupplyUse] = []
        self.whole_variables = np.zeros(0, dtype=np.int64)  # flows of whole resources, fractional until asked
        self.go_variable_a = np.full(len(arrays.initiative_a), -1, dtype=np.int64)
        self.yes_no: list[YesNo] = []
        self.gives: dict[tuple[int, int, int], int] = {}  # partner, activity, number of legs -> its yes/no
        self.charge_variables: Integers | None = None
        self._is_charged_for_deliveries_alone = False
        self.mobilisation_variables: Integers | None = None
        self.mobilisation_amounts = np.zeros(0)
        self.payments: Legs | None = None
        self.contributions: dict[int, tuple[Linear, Linear]] = {}  # partner -> variable, and what it stands for
        self.blocks_of: dict[Condition, range] = {}  # the blocks of rows that each rule added
        self.inverse_required_q = inverse_required(arrays)

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
        legs, kept = self.supplying, coefficient != 0
        return Linear(legs.variable[kept], (coefficient * legs.scale)[kept])

    def contributed(self, coefficient_p: Floats) -> Linear:
        """sum over partners p of coefficient_p · value that p contributes, delivery money with it; scenario currency.

        The coefficients of partners that no rule or objective tells apart (solver.network.traits) must be equal.
        """
        coefficient_s = coefficient_p[self.arrays.partner_o[self.sources.first_o]]
        value_s = coefficient_s * self.arrays.value_k[self.sources.resource_s]
        expression = self.supplied(value_s[self.supplying.source])
        if self.payments is None:
            return expression
        self._charge_only_deliveries()
        paid = self.payments
        return expression + Linear(paid.variable, coefficient_s[paid.source] * paid.scale)

    def contribution(self, partner: int) -> Linear:
        """The value that a partner contributes as one variable, for rows that compare many partners."""
        if partner not in self.contributions:
            value = self.contributed(np.eye(1, len(self.arrays.partners), partner)[0])
            most = float(self.program.upper[value.variables] @ value.coefficients)
            if most <= 0:
                return Linear.empty()
            variable = Linear(self.program.add_variables(1), np.array([most]))
            self.program.add_row("contribution", variable + value * -1.0, 0.0, 0.0)
            self.contributions[partner] = variable, value
        return self.contributions[partner][0]

    def partner_of_serving_legs(self) -> Integers:
        """The partner of each serving leg, NO_PARTNER out of a pool; right where a rule reads it."""
        partner_s = np.append(self.arrays.partner_o[self.sources.first_o], NO_PARTNER)
        return partner_s[self.serving.source]  # POOL is the last

    def unit_cost(self, region: int | None = None, period: int | None = None) -> Linear:
        """Delivery cost per unit of all flows, of one region or period where given; scenario currency."""
        legs = self.supplying
        counts = np.ones(len(legs), dtype=bool)
        if region is not None:
            counts &= legs.region == region
        if period is not None:
            counts &= legs.period == period
        return self.supplied(np.where(counts, self.unit_cost_of_legs(), 0.0))

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
        """Create y_a where a rule needs it; `go` = must and kept lines fix it at 1."""
        arrays = self.arrays
        wanted = np.flatnonzero(needed_a & (arrays.go_a != GO_NO) & (self.go_variable_a < 0))
        is_held = np.isin(wanted, arrays.activity_q[arrays.agreed.held_requirements])
        lower = (is_held | (arrays.go_a[wanted] == GO_MUST)).astype(float)
        self.go_variable_a[wanted] = self.program.add_variables(len(wanted), lower, 1.0, is_integer=True)

    # -- costs that come once --

    def _add_charges(self) -> Integers:
        """One yes/no per fixed charge; every leg that incurs it is closed while it is 0."""
        delivery = self.arrays.delivery
        charges = self.program.add_variables(len(delivery.amount_c), is_integer=True)
        charge = self._charge_of_legs()
        self._close_unless(charges[charge[charge >= 0]], np.flatnonzero(charge >= 0), "fixed_cost")
        return charges

    def _charge_of_legs(self) -> Integers:
        """Number of the fixed charge that each supplying leg incurs, or NO_CHARGE."""
        pledge = self.sources.first_o[self.supplying.source]
        partner, resource = self.arrays.partner_o[pledge], self.arrays.resource_o[pledge]
        return np.asarray(self.arrays.delivery.charge_pkr[partner, resource, self.supplying.region])

    def _charge_only_deliveries(self) -> None:
        """No fixed cost is charged for nothing, where paying it has a merit of its own.

        sum over the legs that incur a charge of flow / least flow >= charge
        """
        if self.charge_variables is None or self._is_charged_for_deliveries_alone:
            return
        self._is_charged_for_deliveries_alone = True
        arrays, legs = self.arrays, self.supplying
        largest = np.array([arrays.required_q[pool.requirements].max() for pool in self.pools])
        required = np.append(arrays.required_q, np.nan)[legs.requirement]
        required = np.where(legs.pool >= 0, np.append(largest, np.nan)[legs.pool], required)
        is_whole = arrays.is_whole_k[self.sources.resource_s[legs.source]]
        least = np.where(is_whole, 1.0, LEAST_DELIVERED * required)
        charge, number = self._charge_of_legs(), np.arange(len(self.charge_variables))
        leg = np.flatnonzero(charge >= 0)
        self.program.add_rows(
            "fixed_cost",
            np.concatenate([charge[leg], number]),
            np.concatenate([legs.variable[leg], self.charge_variables]),
            np.concatenate([legs.scale[leg] / least[leg], -np.ones(len(number))]),
            0.0,
            np.inf,
            count=len(number),
        )

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


def inverse_required(arrays: Arrays) -> Floats:
    """1 / required over all periods of q's resource in its activity."""
    cell_q = arrays.activity_q * max(1, len(arrays.resources)) + arrays.resource_q
    total = np.bincount(cell_q, arrays.required_q)
    return 1.0 / total[cell_q] if len(cell_q) else np.zeros(0)
