"""What delivery costs: the look-up of contract rows and the bill of a plan."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import fsum

from resources.offers import DeliveryCost
from solver.verify.facts import Facts

Route = tuple[str, str, str]  # partner, resource, region


@dataclass(frozen=True)
class Tariff:
    """Which delivery cost row says what for a partner, resource and region."""

    facts: Facts
    _known: dict[tuple[Route, str], DeliveryCost | None] = field(default_factory=dict)

    def cost_per_unit(self, route: Route) -> float:
        """Scenario currency per unit (reusable: and period)."""
        row = self._row(route, "cost_per_unit", lambda row: row.cost_per_unit is not None)
        return row.cost_per_unit or 0.0 if row is not None else 0.0

    def lead_periods(self, route: Route) -> int:
        """Periods after the start of its window before a pledge can serve the region."""
        row = self._row(route, "lead_periods", lambda row: row.lead_periods is not None)
        return row.lead_periods or 0 if row is not None else 0

    def fixed_row(self, route: Route) -> DeliveryCost | None:
        """The row that the fixed cost comes from."""
        return self._row(route, "fixed_cost", lambda row: row.fixed_cost is not None)

    def _row(self, route: Route, cell: str, is_filled: Callable[[DeliveryCost], bool]) -> DeliveryCost | None:
        """The row that names most of the three; on a tie the one that names the partner, then the resource."""
        if (route, cell) not in self._known:
            matching = [row for row in self._rows_for(route) if is_filled(row)]
            self._known[route, cell] = max(matching, key=_preference, default=None)
        return self._known[route, cell]

    def _rows_for(self, route: Route) -> Iterable[DeliveryCost]:
        partner, resource, region = route
        resources = (resource,) if self.facts.resources[resource].is_funding else (resource, "")
        for key in product((partner, ""), resources, (region, "")):
            if key in self._rows:
                yield self._rows[key]

    @cached_property
    def _rows(self) -> Mapping[Route, DeliveryCost]:
        return {(row.partner, row.resource, row.region): row for row in self.facts.scenario.delivery_costs}


def _preference(row: DeliveryCost) -> tuple[int, bool, bool]:
    return bool(row.partner) + bool(row.resource) + bool(row.region), bool(row.partner), bool(row.resource)


@dataclass(frozen=True, slots=True)
class Bill:
    """Delivery costs: unit costs by region and period, fixed by region, mobilisation by pledge or agreement."""

    unit: Mapping[tuple[str, int], float]
    fixed: Mapping[str, float]
    mobilisation: Mapping[tuple[str, str], float]

    def to_pay(self, region: str) -> float:
        """Unit and fixed costs of a region."""
        return fsum(cost for (code, _), cost in self.unit.items() if code == region) + self.fixed.get(region, 0.0)

    @property
    def paid_for(self) -> float:
        """Unit and fixed costs of all regions: what `pay_delivery` pays."""
        return fsum(self.unit.values()) + fsum(self.fixed.values())

    @property
    def total(self) -> float:
        """The delivery cost: unit, fixed and mobilisation costs."""
        return self.paid_for + fsum(self.mobilisation.values())


def make_bill(
    facts: Facts, tariff: Tariff, carried: Mapping[Route, Mapping[int, float]], used_pledges: Iterable[str]
) -> Bill:
    """The bill for what is carried (quantity by route and period) and the pledges that are used at all."""
    unit: dict[tuple[str, int], float] = defaultdict(float)
    incurred: dict[Route, float] = {}
    for route, by_period in carried.items():
        partner, resource, region = route
        cost = tariff.cost_per_unit(route)
        for period, quantity in by_period.items():
            if cost:
                unit[region, period] += cost * quantity
        row = tariff.fixed_row(route)
        if row is not None and any(quantity > 0 for quantity in by_period.values()):
            # Without a resource in its row the cost is incurred once for all that the partner brings there.
            incurred[partner, resource if row.resource else "", region] = row.fixed_cost or 0.0
    fixed: dict[str, float] = defaultdict(float)
    for (_, _, region), cost in incurred.items():
        fixed[region] += cost
    return Bill(dict(unit), dict(fixed), _mobilisation(facts, used_pledges))


def _mobilisation(facts: Facts, used_pledges: Iterable[str]) -> Mapping[tuple[str, str], float]:
    """Mobilisation cost of each used pledge; instalments of one agreement count once, with the largest cost of them.

    Keyed by ("agreement" or "pledge", code).
    """
    largest: dict[str, float] = defaultdict(float)
    for pledge in facts.scenario.pledges:
        if pledge.agreement:
            largest[pledge.agreement] = max(largest[pledge.agreement], pledge.mobilisation_cost)
    costs = {}
    for code in used_pledges:
        pledge = facts.pledges[code]
        if pledge.agreement:
            costs["agreement", pledge.agreement] = largest[pledge.agreement]
        else:
            costs["pledge", code] = pledge.mobilisation_cost
    return costs
