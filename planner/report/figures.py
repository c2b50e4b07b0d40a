"""A scenario and its plan, looked up by code and added up once: what every table of the report is made from.

A plan may be older than its scenario, so every look-up copes with codes that are no longer there.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import fmean, median
from typing import Any

from planner.cells import CellError, period_label, period_start
from planner.plan import ActivityResult, Plan, StrandedPledge
from planner.rulebook import is_on, value_in_force
from planner.scenario import Activity, Scenario
from resources.money import rates_by_currency, usable_quantity
from resources.offers import STATUSES, Partner, Pledge, Resource

ActivityKey = tuple[str, str]  # initiative, region
NOTHING = 1e-9  # quantities and amounts below it are nothing


@dataclass(frozen=True)
class Figures:
    """One scenario with one plan; each figure is worked out when first asked for."""

    scenario: Scenario
    plan: Plan

    @property
    def currency(self) -> str:
        """Currency of every amount."""
        return self.scenario.settings.currency

    # -- looked up

    @cached_property
    def partners(self) -> Mapping[str, Partner]:
        """Partners by code."""
        return {row.code: row for row in self.scenario.partners}

    @cached_property
    def resources(self) -> Mapping[str, Resource]:
        """Resources by code."""
        return {row.code: row for row in self.scenario.resources}

    @cached_property
    def pledges(self) -> Mapping[str, Pledge]:
        """Pledges by code."""
        return {row.code: row for row in self.scenario.pledges}

    @cached_property
    def details(self) -> Mapping[ActivityKey, Activity]:
        """Rows of the Activities sheet by initiative and region."""
        return {(row.initiative, row.region): row for row in self.scenario.activities}

    @cached_property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """Name of every code by table; the code itself where no name is given."""
        tables: dict[str, tuple[Any, ...]] = {
            "partners": self.scenario.partners,
            "regions": self.scenario.regions,
            "initiatives": self.scenario.initiatives,
            "resources": self.scenario.resources,
        }
        return {table: {row.code: row.name or row.code for row in rows} for table, rows in tables.items()}

    def name(self, table: str, code: str) -> str:
        """What people call a code of `partners`, `regions`, `initiatives` or `resources`."""
        return self.names[table].get(code, code)

    def unit(self, resource: str) -> str:
        """Unit of a resource; funding is counted in scenario currency."""
        row = self.resources.get(resource)
        if row is None:
            return ""
        return self.scenario.settings.currency if row.is_funding else row.unit

    def unit_over_time(self, resource: str, amount: float = math.inf) -> str:
        """Unit of a sum over periods: reusable things count anew in each, a person over a year is 4 person-quarters."""
        row = self.resources.get(resource)
        is_counted_anew = row is not None and row.is_reusable
        period = f"-{self.scenario.settings.period}{'' if amount == 1 else 's'}" if is_counted_anew else ""
        return self.unit(resource) + period

    def unit_value(self, resource: str) -> float:
        """Scenario currency per unit (and period) of a resource."""
        row = self.resources.get(resource)
        return row.value_per_unit if row is not None else 0.0

    @cached_property
    def periods(self) -> Mapping[int, tuple[str, date | None]]:
        """Label and first day of every period that the scenario or the plan names."""
        last = max([self.scenario.settings.periods, *(line.period for line in self.plan.allocations)])
        return {number: self._period(number) for number in range(1, last + 1)}

    def period(self, number: int) -> tuple[str, date | None]:
        """Label and first day (None without a start date) of a period."""
        return self.periods.get(number) or self._period(number)

    def _period(self, number: int) -> tuple[str, date | None]:
        try:
            start = period_start(number, self.scenario.settings)
        except CellError:
            start = None
        return period_label(number, self.scenario.settings), start

    # -- what is needed

    @cached_property
    def required(self) -> Mapping[ActivityKey, Mapping[str, float]]:
        """Required quantity over all periods, by activity (in the scenario's order) and resource."""
        found: dict[ActivityKey, dict[str, float]] = {}
        for row in self.scenario.requirements:
            if row.quantity > 0:
                of_activity = found.setdefault((row.initiative, row.region), defaultdict(float))
                of_activity[row.resource] += row.quantity
        ranks = {row.code: rank for rank, row in enumerate(self.scenario.initiatives)}
        places = {row.code: rank for rank, row in enumerate(self.scenario.regions)}
        order = sorted(found, key=lambda key: (ranks.get(key[0], len(ranks)), places.get(key[1], len(places)), key))
        return {key: dict(found[key]) for key in order}

    @cached_property
    def is_go_on(self) -> bool:
        """Whether `must` and `no` of the Activities sheet count."""
        return is_on(self.scenario, "go")

    def go(self, key: ActivityKey) -> str:
        """decide, must or no."""
        row = self.details.get(key)
        return row.go if row is not None and self.is_go_on else "decide"

    @cached_property
    def counted(self) -> tuple[ActivityKey, ...]:
        """The activities that means are over: all but the refused ones."""
        return tuple(key for key in self.required if self.go(key) != "no")

    @cached_property
    def weights(self) -> Mapping[ActivityKey, float]:
        """w_a = priority · severity of the region · size_a, by counted activity (planning model)."""
        priorities = {row.code: row.priority for row in self.scenario.initiatives}
        severities = {row.code: row.severity for row in self.scenario.regions}
        sizes = self._sizes()
        weights = {}
        for key in self.counted:
            row = self.details.get(key)
            own = row.priority if row is not None else None
            priority = own if own is not None else priorities.get(key[0], 1.0)
            severity = severities.get(key[1])
            weights[key] = priority * (1.0 if severity is None else severity) * sizes[key]
        return weights

    @cached_property
    def objective_wholes(self) -> Mapping[str, float]:
        """What 100 % is of each objective that is a share; of a sum over activities it is the sum of their weights."""
        weight = sum(self.weights.values())
        return {"worst_region": 1.0} | (dict.fromkeys(("coverage", "effective"), weight) if weight else {})

    def _sizes(self) -> Mapping[ActivityKey, float]:
        """size_a: 1, or need or people scaled to mean 1, with the median where there is none."""
        match self.scenario.settings.weighting:
            case "requirement":
                raw = {key: self.value_of(self.required[key]) for key in self.counted}
            case "people":
                raw = {key: self.people(key) for key in self.counted}
            case _:
                return dict.fromkeys(self.counted, 1.0)
        known = [size for size in raw.values() if size]
        middle = median(known) if known else 1.0
        filled = {key: size or middle for key, size in raw.items()}
        mean = fmean(filled.values()) if filled else 1.0
        return {key: size / mean for key, size in filled.items()}

    def people(self, key: ActivityKey) -> float:
        """People that an activity serves; 0 where nobody says."""
        row = self.details.get(key)
        if row is not None and row.people is not None:
            return row.people
        return self._people_in_need.get(key[1]) or 0.0

    @cached_property
    def _people_in_need(self) -> Mapping[str, float | None]:
        return {row.code: row.people_in_need for row in self.scenario.regions}

    @cached_property
    def resource_shares(self) -> Mapping[ActivityKey, Mapping[str, float]]:
        """Share of each resource in the coverage of its activity: its weight over the weights of all."""
        weights: dict[ActivityKey, dict[str, list[float]]] = {}
        for row in self.scenario.requirements:
            if row.quantity > 0:
                of_activity = weights.setdefault((row.initiative, row.region), defaultdict(list))
                of_activity[row.resource].append(row.weight)
        means = {key: {code: fmean(found) for code, found in each.items()} for key, each in weights.items()}
        return {key: {code: mean / sum(each.values()) for code, mean in each.items()} for key, each in means.items()}

    def value_of(self, quantities: Mapping[str, float]) -> float:
        """Scenario currency of so much of each resource."""
        return sum(quantity * self.unit_value(resource) for resource, quantity in quantities.items())

    # -- what is there

    @cached_property
    def usable(self) -> Mapping[str, float]:
        """Usable quantity of each pledge (Q_o), whatever its status; reusable: in one period."""
        rates = rates_by_currency(self.scenario.exchange_rates)
        is_expected = bool(value_in_force(self.scenario, "expected"))
        found = {}
        for pledge in self.scenario.pledges:
            resource = self.resources.get(pledge.resource)
            quantity = usable_quantity(pledge, resource, self.scenario.settings.currency, rates) if resource else 0.0
            if is_expected and resource is not None:
                quantity *= pledge.likelihood
                quantity = float(int(quantity + 0.5 + NOTHING)) if resource.is_whole else quantity
            found[pledge.code] = quantity
        return found

    @cached_property
    def lowest_status(self) -> int:
        """Rank of the status from which a pledge counts (0 pledge, 1 commitment, 2 paid)."""
        value = value_in_force(self.scenario, "count_status")
        return STATUSES.index("commitment") if value is None else round(value)

    def is_counted(self, pledge: Pledge) -> bool:
        """Whether the status of a pledge lets it serve."""
        return pledge.status in STATUSES and STATUSES.index(pledge.status) >= self.lowest_status

    def window(self, pledge: Pledge) -> tuple[int, int]:
        """First and last period of a pledge."""
        return pledge.from_period or 1, pledge.to_period or self.scenario.settings.periods

    def capacity(self, pledge: Pledge) -> float:
        """What a pledge could give over all its periods: reusable things serve anew in each of them."""
        resource = self.resources.get(pledge.resource)
        if resource is None:
            return 0.0
        first, last = self.window(pledge)
        times = max(0, last - first + 1) if resource.is_reusable else 1
        return self.usable[pledge.code] * times

    # -- what the plan gives

    @cached_property
    def results(self) -> Mapping[ActivityKey, ActivityResult]:
        """What the plan says of each activity."""
        return {(row.initiative, row.region): row for row in self.plan.activities}

    @cached_property
    def allocated_by_pledge(self) -> Mapping[str, float]:
        """Allocated quantity over all periods, by pledge; delivery money apart."""
        totals: dict[str, float] = defaultdict(float)
        for line in self.plan.allocations:
            totals[line.pledge] += line.quantity
        return totals

    @cached_property
    def stranded(self) -> Mapping[str, StrandedPledge]:
        """What is said of each pledge that is not used in full."""
        return {row.pledge: row for row in self.plan.stranded}

    @cached_property
    def paid_by_pledge(self) -> Mapping[str, float]:
        """Funding spent on delivery, by pledge."""
        totals: dict[str, float] = defaultdict(float)
        for payment in self.plan.delivery:
            totals[payment.pledge] += payment.quantity
        return totals

    @cached_property
    def allocated(self) -> Mapping[ActivityKey, Mapping[str, float]]:
        """Allocated quantity over all periods, by activity and resource."""
        totals: dict[ActivityKey, dict[str, float]] = {}
        for line in self.plan.allocations:
            of_activity = totals.setdefault((line.initiative, line.region), defaultdict(float))
            of_activity[line.resource] += line.quantity
        return totals

    @cached_property
    def partners_of(self) -> Mapping[ActivityKey, tuple[str, ...]]:
        """The partners that serve each activity, in code order."""
        found: dict[ActivityKey, set[str]] = defaultdict(set)
        for line in self.plan.allocations:
            found[line.initiative, line.region].add(line.partner)
        return {key: tuple(sorted(codes)) for key, codes in found.items()}

    @cached_property
    def contributed(self) -> Mapping[str, float]:
        """Contributed value by partner: quantity · unit_value (reusable: per period) plus delivery money paid."""
        values = {code: row.value_per_unit for code, row in self.resources.items()}
        totals: dict[str, float] = defaultdict(float)
        for line in self.plan.allocations:
            totals[line.partner] += line.quantity * values.get(line.resource, 0.0)
        for pledge, paid in self.paid_by_pledge.items():
            if pledge in self.pledges:
                totals[self.pledges[pledge].partner] += paid
        return totals

    # -- what partners agreed to bear

    @cached_property
    def fair_shares(self) -> Mapping[str, float]:
        """Fair share of every partner that has one, divided by their sum."""
        shares = {row.code: row.fair_share for row in self.scenario.partners if row.fair_share is not None}
        whole = sum(shares.values())
        return {code: share / whole for code, share in shares.items()} if whole else {}

    @cached_property
    def fair_whole(self) -> float:
        """Value contributed by the partners with a fair share."""
        return sum(self.contributed.get(code, 0.0) for code in self.fair_shares)
