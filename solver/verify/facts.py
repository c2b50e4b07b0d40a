"""The scenario, looked up by code: needs, weights, usable quantities and what the conditions ask."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cached_property
from math import fsum
from statistics import fmean, median

from planner.rulebook import Condition, conditions
from planner.scenario import Activity, Initiative, Region, Requirement, Scenario
from resources.money import rates_by_currency, usable_quantity
from resources.offers import STATUSES, Partner, Pledge, Resource

ActivityKey = tuple[str, str]  # initiative, region
Need = tuple[str, str, str, int]  # initiative, region, resource, period
LineKey = tuple[str, str, str, int]  # pledge, initiative, region, period; the resource is the pledge's

DEFAULT_STATUS = STATUSES.index("commitment")
HIGHEST_ACCESS = 5.0


@dataclass(frozen=True)
class Facts:
    """One scenario, each thing under its code; everything derived is worked out once, when first asked for.

    Requirements come in the order of their codes, so that no sum depends on the order of a workbook's rows.
    """

    scenario: Scenario

    @cached_property
    def partners(self) -> Mapping[str, Partner]:
        """Partners by code."""
        return {row.code: row for row in self.scenario.partners}

    @cached_property
    def regions(self) -> Mapping[str, Region]:
        """Regions by code."""
        return {row.code: row for row in self.scenario.regions}

    @cached_property
    def initiatives(self) -> Mapping[str, Initiative]:
        """Initiatives by code."""
        return {row.code: row for row in self.scenario.initiatives}

    @cached_property
    def resources(self) -> Mapping[str, Resource]:
        """Resources by code."""
        return {row.code: row for row in self.scenario.resources}

    @cached_property
    def pledges(self) -> Mapping[str, Pledge]:
        """Pledges by code."""
        return {row.code: row for row in self.scenario.pledges}

    @cached_property
    def _names(self) -> Mapping[tuple[str, str], str]:
        tables = ("partners", "regions", "initiatives", "resources")
        return {(table, row.code): row.name or row.code for table in tables for row in getattr(self.scenario, table)}

    def partner(self, code: str) -> str:
        """What people call a partner; the code where nobody knows it."""
        return self._names.get(("partners", code), code)

    def region(self, code: str) -> str:
        """What people call a region."""
        return self._names.get(("regions", code), code)

    def initiative(self, code: str) -> str:
        """What people call an initiative."""
        return self._names.get(("initiatives", code), code)

    def resource(self, code: str) -> str:
        """What people call a resource."""
        return self._names.get(("resources", code), code)

    def place(self, key: ActivityKey) -> str:
        """An activity in words."""
        return f"{self.initiative(key[0])} in {self.region(key[1])}"

    @cached_property
    def details(self) -> Mapping[ActivityKey, Activity]:
        """What the Activities sheet says, by initiative and region."""
        return {(row.initiative, row.region): row for row in self.scenario.activities}

    @cached_property
    def required(self) -> Mapping[Need, float]:
        """Required quantity (R_q) by initiative, region, resource, period; requirements of 0 count nothing."""
        return {(row.initiative, row.region, row.resource, row.period): row.quantity for row in self._needed}

    @cached_property
    def requirements(self) -> Mapping[ActivityKey, tuple[Requirement, ...]]:
        """The requirements of each activity; an activity exists where one has a quantity above 0."""
        rows: dict[ActivityKey, list[Requirement]] = defaultdict(list)
        for row in self._needed:
            rows[row.initiative, row.region].append(row)
        return {key: tuple(found) for key, found in rows.items()}

    @cached_property
    def _needed(self) -> Sequence[Requirement]:
        needed = (row for row in self.scenario.requirements if row.quantity > 0)
        return sorted(needed, key=lambda row: (row.initiative, row.region, row.resource, row.period))

    @cached_property
    def required_in_all(self) -> Mapping[ActivityKey, Mapping[str, float]]:
        """Required quantity of each resource of each activity, over all periods."""
        return {key: _sum_by_resource(rows) for key, rows in self.requirements.items()}

    @cached_property
    def resource_weights(self) -> Mapping[ActivityKey, Mapping[str, float]]:
        """Weight of each resource in its activity: the mean of its rows."""
        weights: dict[ActivityKey, dict[str, float]] = {}
        for key, rows in self.requirements.items():
            of_resource: dict[str, list[float]] = defaultdict(list)
            for row in rows:
                of_resource[row.resource].append(row.weight)
            weights[key] = {code: fmean(found) for code, found in of_resource.items()}
        return weights

    @cached_property
    def asked(self) -> Mapping[str, tuple[Condition, ...]]:
        """The conditions that are on, by rule."""
        by_rule: dict[str, list[Condition]] = defaultdict(list)
        for condition in conditions(self.scenario):
            by_rule[condition.key].append(condition)
        return {key: tuple(found) for key, found in by_rule.items()}

    def go(self, key: ActivityKey) -> str:
        """decide, must or no; decide where the rule is off."""
        row = self.details.get(key)
        return row.go if row is not None and "go" in self.asked else "decide"

    @cached_property
    def counted(self) -> tuple[ActivityKey, ...]:
        """The activities that every mean, floor and total is over: all but those that are `go` = no."""
        return tuple(key for key in self.requirements if self.go(key) != "no")

    @cached_property
    def weights(self) -> Mapping[ActivityKey, float]:
        """w_a = priority · severity of the region · size, by counted activity."""
        sizes = self._sizes()
        return {key: self._priority(key) * self._severity(key[1]) * sizes[key] for key in self.counted}

    @cached_property
    def usable(self) -> Mapping[str, float]:
        """Usable quantity of each pledge (Q_o): after rate, overhead, rounding and, where asked, likelihood.

        Never below what is held of the pledge.
        """
        rates = rates_by_currency(self.scenario.exchange_rates)
        is_expected, held = self.is_asked("expected"), self._held_of_pledges()
        quantities = {}
        for pledge in self.scenario.pledges:
            resource = self.resources[pledge.resource]
            quantity = usable_quantity(pledge, resource, self.scenario.settings.currency, rates)
            if is_expected:
                expected = Decimal(repr(quantity)) * Decimal(repr(float(pledge.likelihood)))
                if resource.is_whole:
                    expected = expected.to_integral_value(rounding=ROUND_HALF_UP)
                quantity = float(expected)
            quantities[pledge.code] = max(quantity, held.get(pledge.code, 0.0))
        return quantities

    @cached_property
    def agreed(self) -> Mapping[LineKey, float]:
        """The plan agreed last: quantity by line, rows with the same key added up."""
        quantities: dict[LineKey, list[float]] = defaultdict(list)
        for row in self.scenario.baseline:
            quantities[row.pledge, row.initiative, row.region, row.period].append(row.quantity)
        return {key: fsum(found) for key, found in sorted(quantities.items())}

    @cached_property
    def kept(self) -> Mapping[LineKey, float]:
        """The agreed lines that `keep` holds, with the quantity that every plan has there."""
        if "keep" not in self.asked:
            return {}
        keys = {(row.pledge, row.initiative, row.region, row.period) for row in self.scenario.baseline if row.keep}
        return {key: quantity for key, quantity in self.agreed.items() if key in keys}

    @cached_property
    def held(self) -> Mapping[LineKey, float]:
        """The agreed lines that eligibility does not concern: the kept ones and those in frozen periods."""
        frozen = {key: quantity for key, quantity in self.agreed.items() if key[3] <= self.frozen_until}
        return {**self.kept, **frozen}

    @cached_property
    def frozen_until(self) -> int:
        """The last frozen period; 0 where none is."""
        return max((round(condition.value or 0.0) for condition in self.asked.get("frozen_until", ())), default=0)

    @cached_property
    def lowest_status(self) -> int:
        """Rank from which a pledge counts (0 pledge, 1 commitment, 2 paid)."""
        asked = self.asked.get("count_status", ())
        return max((round(condition.value or 0.0) for condition in asked), default=DEFAULT_STATUS)

    def is_asked(self, key: str) -> bool:
        """Whether a yes/no rule is on and says yes."""
        return any(condition.value for condition in self.asked.get(key, ()))

    def window(self, pledge: Pledge) -> tuple[int, int]:
        """First and last period of a pledge."""
        first = 1 if pledge.from_period is None else pledge.from_period
        last = self.scenario.settings.periods if pledge.to_period is None else pledge.to_period
        return first, last

    def access_condition(self, partner: str) -> Condition | None:
        """The access_limit that holds for a partner: its own before its type's before everybody's; None: default."""
        kind = self.partners[partner].type if partner in self.partners else ""
        asked = {(c.scope_kind, c.scope_code): c for c in self.asked.get("access_limit", ())}
        return asked.get(("partner", partner)) or asked.get(("type", kind)) or asked.get(("", ""))

    def is_local(self, partner: str, region: str) -> bool:
        """Whether a partner is local in a region."""
        row = self.partners.get(partner)
        if row is None or not row.local:
            return False
        return not row.country or (region in self.regions and row.country == self.regions[region].country)

    @cached_property
    def fair_shares(self) -> Mapping[str, float]:
        """Fair share of each partner that has one, divided by their sum; none where all are 0."""
        shares = {code: row.fair_share for code, row in sorted(self.partners.items()) if row.fair_share is not None}
        total = fsum(shares.values())
        return {code: share / total for code, share in shares.items()} if total > 0 else {}

    def implementer(self, key: ActivityKey) -> str:
        """Who carries an activity out; empty where nobody is named."""
        row = self.details.get(key)
        return row.implementer if row is not None else ""

    def least(self, key: ActivityKey, resource: str) -> float:
        """What an activity that goes ahead needs of a resource, over all its periods, for its `min_share`."""
        row = self.details.get(key)
        if row is None or not row.min_share:
            return 0.0
        quantity = row.min_share * self.required_in_all[key][resource]
        if not self.resources[resource].is_whole:
            return quantity
        floor = Decimal(quantity).to_integral_value(rounding=ROUND_FLOOR)
        return float(floor if quantity - float(floor) <= 1e-9 else floor + 1)

    def _held_of_pledges(self) -> Mapping[str, float]:
        """What is held of each pledge over all periods; of a reusable one, in the period in which it is most."""
        by_period: dict[tuple[str, int], float] = defaultdict(float)
        for (code, _, _, period), quantity in self.held.items():
            if code in self.pledges:
                is_reusable = self.resources[self.pledges[code].resource].is_reusable
                by_period[code, period if is_reusable else 0] += quantity
        most: dict[str, float] = defaultdict(float)
        for (code, _), quantity in by_period.items():
            most[code] = max(most[code], quantity)
        return most

    def _priority(self, key: ActivityKey) -> float:
        row = self.details.get(key)
        return row.priority if row is not None and row.priority is not None else self.initiatives[key[0]].priority

    def _severity(self, region: str) -> float:
        severity = self.regions[region].severity
        return 1.0 if severity is None else severity

    def _sizes(self) -> Mapping[ActivityKey, float]:
        """size_a by counted activity: 1, or need or people scaled to mean 1, with the median where there is none."""
        if self.scenario.settings.weighting == "activity":
            return dict.fromkeys(self.counted, 1.0)
        raw = {key: self._raw_size(key) for key in self.counted}
        known = [size for size in raw.values() if size]
        middle = median(known) if known else 1.0
        filled = {key: size or middle for key, size in raw.items()}
        mean = fmean(filled.values()) if filled else 1.0
        return {key: size / mean for key, size in filled.items()}

    def _raw_size(self, key: ActivityKey) -> float:
        """Value of all that an activity needs, or the people it serves; 0 where unknown."""
        if self.scenario.settings.weighting == "requirement":
            return sum(row.quantity * self.resources[row.resource].value_per_unit for row in self.requirements[key])
        row = self.details.get(key)
        people = row.people if row is not None and row.people is not None else self.regions[key[1]].people_in_need
        return people or 0.0


def _sum_by_resource(rows: Iterable[Requirement]) -> Mapping[str, float]:
    totals: dict[str, float] = defaultdict(float)
    for row in rows:
        totals[row.resource] += row.quantity
    return dict(totals)
