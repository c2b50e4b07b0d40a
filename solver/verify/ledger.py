"""What the lines of a plan add up to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum, isfinite

from planner.plan import Allocation, DeliveryPayment
from solver.verify.delivery import Bill, Route, Tariff, make_bill
from solver.verify.facts import ActivityKey, Facts, LineKey, Need


@dataclass(frozen=True)
class Ledger:
    """Every sum over the lines of a plan. Lines that make no sense are in none: unknown codes, no finite quantity.

    Coverage is never above 1: what is more than required breaks the rule `requirement`, and the rest is rounding.
    """

    facts: Facts
    tariff: Tariff
    allocations: Sequence[Allocation]
    delivery: Sequence[DeliveryPayment]

    @cached_property
    def lines(self) -> tuple[Allocation, ...]:
        """The lines that can be added up: a known pledge serves a requirement for its resource with some quantity."""
        pledges, required = self.facts.pledges, self.facts.required
        return tuple(
            line
            for line in self.allocations
            if line.pledge in pledges
            and pledges[line.pledge].resource == line.resource
            and (line.initiative, line.region, line.resource, line.period) in required
            and isfinite(line.quantity)
            and line.quantity > 0
        )

    @cached_property
    def by_line(self) -> Mapping[LineKey, float]:
        """Allocated quantity by pledge, initiative, region, period."""
        sums: dict[LineKey, float] = defaultdict(float)
        for line in self.lines:
            sums[line.pledge, line.initiative, line.region, line.period] += line.quantity
        return sums

    @cached_property
    def chosen_lines(self) -> tuple[Allocation, ...]:
        """The lines that no agreement holds: eligibility concerns these alone."""
        held = self.facts.held
        if not held:
            return self.lines
        return tuple(
            line for line in self.lines if (line.pledge, line.initiative, line.region, line.period) not in held
        )

    @cached_property
    def payments(self) -> tuple[DeliveryPayment, ...]:
        """The delivery payments that can be added up."""
        return tuple(
            line
            for line in self.delivery
            if line.pledge in self.facts.pledges
            and line.region in self.facts.regions
            and isfinite(line.quantity)
            and line.quantity > 0
        )

    @cached_property
    def served(self) -> Mapping[Need, float]:
        """Allocated quantity by initiative, region, resource, period."""
        sums: dict[Need, float] = defaultdict(float)
        for line in self.lines:
            sums[line.initiative, line.region, line.resource, line.period] += line.quantity
        return sums

    @cached_property
    def served_in_all(self) -> Mapping[ActivityKey, Mapping[str, float]]:
        """Allocated quantity of each resource of each served activity, over all periods."""
        sums: dict[ActivityKey, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for (initiative, region, resource, _), quantity in self.served.items():
            sums[initiative, region][resource] += quantity
        return {key: dict(found) for key, found in sums.items()}

    @cached_property
    def given(self) -> Mapping[tuple[str, int], float]:
        """What each pledge gives, delivery payments with it, by pledge and period."""
        sums: dict[tuple[str, int], float] = defaultdict(float)
        for line in self.lines:
            sums[line.pledge, line.period] += line.quantity
        for payment in self.payments:
            sums[payment.pledge, payment.period] += payment.quantity
        return sums

    @cached_property
    def drawn(self) -> Mapping[tuple[str, int | None], float]:
        """What is drawn on each supply: a reusable pledge in each period, a consumed one (period None) over all."""
        resources, pledges = self.facts.resources, self.facts.pledges
        sums: dict[tuple[str, int | None], float] = defaultdict(float)
        for (code, period), quantity in self.given.items():
            is_reusable = resources[pledges[code].resource].is_reusable
            sums[code, period if is_reusable else None] += quantity
        return sums

    @cached_property
    def used_pledges(self) -> tuple[str, ...]:
        """The pledges that are used at all, by code."""
        return tuple(sorted({pledge for pledge, _ in self.given}))

    @cached_property
    def paid(self) -> Mapping[tuple[str, int], float]:
        """Delivery money paid, by region and period."""
        sums: dict[tuple[str, int], float] = defaultdict(float)
        for payment in self.payments:
            sums[payment.region, payment.period] += payment.quantity
        return sums

    @cached_property
    def carried(self) -> Mapping[Route, Mapping[int, float]]:
        """What each partner brings where, by period."""
        carried: dict[Route, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for line in self.lines:
            partner = self.facts.pledges[line.pledge].partner
            carried[partner, line.resource, line.region][line.period] += line.quantity
        return carried

    @cached_property
    def by_partner(self) -> Mapping[str, Mapping[ActivityKey, Mapping[str, float]]]:
        """What each partner allocates to each activity of each resource, over all periods."""
        sums: dict[str, dict[ActivityKey, dict[str, float]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(float))
        )
        for line in self.lines:
            partner = self.facts.pledges[line.pledge].partner
            sums[partner][line.initiative, line.region][line.resource] += line.quantity
        return {partner: dict(sums[partner]) for partner in sorted(sums)}

    def value_to(self, partner: str, key: ActivityKey) -> float:
        """Value that a partner allocates to an activity, in scenario currency, over all periods."""
        given = self.by_partner.get(partner, {}).get(key, {})
        return fsum(quantity * self.facts.resources[code].value_per_unit for code, quantity in given.items())

    @cached_property
    def contributed(self) -> Mapping[str, float]:
        """Value that each partner contributes: quantity · unit_value (reusable: per period) + delivery money paid."""
        values: dict[str, list[float]] = {partner: [] for partner in sorted(self.facts.partners)}
        for partner, given in self.by_partner.items():
            values.setdefault(partner, []).extend(self.value_to(partner, key) for key in given)
        for payment in self.payments:
            values.setdefault(self.facts.pledges[payment.pledge].partner, []).append(payment.quantity)
        return {partner: fsum(found) for partner, found in values.items()}

    @cached_property
    def bill(self) -> Bill:
        """What the delivery of all lines costs."""
        return make_bill(self.facts, self.tariff, self.carried, self.used_pledges)

    @cached_property
    def funding(self) -> Mapping[ActivityKey, float]:
        """Funding allocated to each activity, in scenario currency."""
        return {
            key: sum(quantity for code, quantity in found.items() if self.facts.resources[code].is_funding)
            for key, found in self.served_in_all.items()
        }

    @cached_property
    def ahead(self) -> frozenset[ActivityKey]:
        """The activities that go ahead (y = 1).

        Those to which something is allocated, those that must, and those that an initiative marked `together` takes
        along; never one that is refused. The fewest that the lines allow: what goes ahead without need could only break
        more rules.
        """
        facts = self.facts
        ahead = {key for key in facts.requirements if key in self.served_in_all or facts.go(key) == "must"}
        if "together" in facts.asked:
            bound = {key[0] for key in ahead if facts.initiatives[key[0]].together}
            ahead |= {key for key in facts.requirements if key[0] in bound}
        refused_and_unserved = {key for key in ahead if facts.go(key) == "no" and key not in self.served_in_all}
        return frozenset(ahead - refused_and_unserved)

    def coverage_of(self, key: ActivityKey, resource: str) -> float:
        """c_ak: allocated over required of a resource in an activity, over all periods."""
        served = self.served_in_all.get(key, {}).get(resource, 0.0)
        return min(1.0, served / self.facts.required_in_all[key][resource])

    @cached_property
    def coverage(self) -> Mapping[ActivityKey, float]:
        """c_a by activity: mean of c_ak over its resources, weighted by `weight`."""
        found = {}
        for key, weights in self.facts.resource_weights.items():
            total = fsum(weight * self.coverage_of(key, resource) for resource, weight in weights.items())
            found[key] = min(1.0, total / fsum(weights.values()))
        return found

    @cached_property
    def effective(self) -> Mapping[ActivityKey, float]:
        """e_a by activity: mean over periods with essential needs of the smallest coverage among them; else c_a."""
        found = {}
        for key, rows in self.facts.requirements.items():
            smallest: dict[int, float] = {}
            for row in rows:
                if row.essential:
                    served = self.served.get((row.initiative, row.region, row.resource, row.period), 0.0)
                    ratio = min(1.0, served / row.quantity)
                    smallest[row.period] = min(ratio, smallest.get(row.period, ratio))
            found[key] = fsum(smallest.values()) / len(smallest) if smallest else self.coverage[key]
        return found

    def weighted_mean(self, values: Mapping[ActivityKey, float], keys: Iterable[ActivityKey]) -> float | None:
        """Mean of shares over counted activities, weighted by w_a; None where there is none."""
        weights = self.facts.weights
        counted = [key for key in keys if key in weights]
        total = fsum(weights[key] for key in counted)
        return min(1.0, fsum(weights[key] * values[key] for key in counted) / total) if counted else None

    def scope_coverage(self, kind: str, code: str) -> float | None:
        """Coverage of the whole plan, a region, an initiative or a resource; None where nothing in it counts."""
        if kind == "resource":
            keys = [key for key in self.facts.counted if code in self.facts.required_in_all[key]]
            return self.weighted_mean({key: self.coverage_of(key, code) for key in keys}, keys)
        place = {"initiative": 0, "region": 1}.get(kind)
        keys = [key for key in self.facts.counted if place is None or key[place] == code]
        return self.weighted_mean(self.coverage, keys)

    @cached_property
    def coverage_by_region(self) -> Mapping[str, float]:
        """Coverage of each region with requirements that count."""
        keys: dict[str, list[ActivityKey]] = defaultdict(list)
        for key in self.facts.counted:
            keys[key[1]].append(key)
        means = {region: self.weighted_mean(self.coverage, found) for region, found in sorted(keys.items())}
        return {region: mean for region, mean in means.items() if mean is not None}
