"""An independent optimiser for tiny scenarios: one variable per pledge and requirement, nothing clever.

It shares no code with the solver or with the verification: a straightforward mixed-integer model for another solver.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise, product
from statistics import mean, median
from typing import Any

from planner.rulebook import OBJECTIVES, conditions, objectives
from planner.scenario import Requirement, Scenario
from resources.money import rates_by_currency, usable_quantity
from resources.offers import STATUSES, Pledge
from tests.oracle import straight_objectives, straight_rules
from tests.oracle.program import Program, Terms, add, times

Place = tuple[str, str]  # initiative, region
Line = tuple[str, str, str, int]  # pledge, initiative, region, period


def best_values(scenario: Scenario) -> tuple[float, ...] | None:
    """The best value of each objective in its order, by the straightforward model; None where no plan is possible."""
    return StraightModel(scenario).best_values()


class StraightModel:
    """The planning model as it is written down: x for every pair that may be, y for every activity."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.program = Program()
        self.asked: dict[str, list[Any]] = defaultdict(list)
        for condition in conditions(scenario):
            self.asked[condition.key].append(condition)
        self.partners = {row.code: row for row in scenario.partners}
        self.regions = {row.code: row for row in scenario.regions}
        self.initiatives = {row.code: row for row in scenario.initiatives}
        self.resources = {row.code: row for row in scenario.resources}
        self.sheet = {(row.initiative, row.region): row for row in scenario.activities}
        self.needs = [row for row in scenario.requirements if row.quantity > 0]
        self.places: list[Place] = sorted({(row.initiative, row.region) for row in self.needs})
        self.counted = [place for place in self.places if self.go(place) != "no"]
        self.weights = self.make_weights()
        self.pledges = {row.code: row for row in scenario.pledges}
        self.agreed = self.lines_agreed()
        self.held = self.lines_held()
        self.supplies = {row.code: self.supply_of(row) for row in scenario.pledges}
        self.make_variables()
        self.make_rows()

    # what the sheets say

    def go(self, place: Place) -> str:
        return self.sheet[place].go if place in self.sheet and self.asked["go"] else "decide"

    def needs_of(self, place: Place) -> list[Requirement]:
        return [row for row in self.needs if (row.initiative, row.region) == place]

    def make_weights(self) -> Mapping[Place, float]:
        sizes: dict[Place, float | None] = {}
        for place in self.counted:
            row = self.sheet.get(place)
            match self.scenario.settings.weighting:
                case "activity":
                    sizes[place] = 1.0
                case "requirement":
                    values = [
                        need.quantity * self.resources[need.resource].value_per_unit for need in self.needs_of(place)
                    ]
                    sizes[place] = sum(values)
                case "people":
                    own = row.people if row else None
                    sizes[place] = own if own is not None else self.regions[place[1]].people_in_need
        known = [size for size in sizes.values() if size]
        whole = {place: size or (median(known) if known else 1.0) for place, size in sizes.items()}
        middle = mean(whole.values()) if whole and self.scenario.settings.weighting != "activity" else 1.0
        weights = {}
        for place in self.counted:
            row = self.sheet.get(place)
            priority = row.priority if row and row.priority is not None else self.initiatives[place[0]].priority
            severity = self.regions[place[1]].severity
            weights[place] = priority * (1.0 if severity is None else severity) * whole[place] / middle
        return weights

    def supply_of(self, pledge: Pledge) -> float:
        resource = self.resources[pledge.resource]
        rates = rates_by_currency(self.scenario.exchange_rates)
        quantity = usable_quantity(pledge, resource, self.scenario.settings.currency, rates)
        if any(condition.value for condition in self.asked["expected"]):
            quantity = float(Decimal(str(quantity)) * Decimal(str(pledge.likelihood)))
            if resource.is_whole:
                quantity = math.floor(quantity + 0.5)
        held = [(line[3], amount) for line, amount in self.held.items() if line[0] == pledge.code]
        if not resource.is_reusable:
            return max(quantity, sum(amount for _, amount in held))
        periods = {period for period, _ in held}
        return max([quantity, *(sum(amount for t, amount in held if t == period) for period in periods)])

    def lines_agreed(self) -> dict[Line, float]:
        """The baseline, rows of the same line added up."""
        agreed: dict[Line, float] = defaultdict(float)
        for row in self.scenario.baseline:
            agreed[row.pledge, row.initiative, row.region, row.period] += row.quantity
        return dict(agreed)

    def lines_held(self) -> dict[Line, float]:
        """The lines of the baseline that every plan holds exactly: kept, or in frozen periods."""
        frozen = self.asked["frozen_until"][0].value if self.asked["frozen_until"] else 0
        kept = {
            (row.pledge, row.initiative, row.region, row.period)
            for row in self.scenario.baseline
            if row.keep and self.asked["keep"]
        }
        return {line: amount for line, amount in self.agreed.items() if line in kept or line[3] <= frozen}

    def cost_cell(self, partner: str, resource: str, region: str, cell: str) -> tuple[float, bool]:
        """A figure of the delivery cost look-up, and whether its row names the resource."""
        best: tuple[tuple[int, int, int], float, bool] | None = None
        for row in self.scenario.delivery_costs:
            value = getattr(row, cell)
            if value is None or (row.partner and row.partner != partner) or (row.region and row.region != region):
                continue
            if row.resource != resource and (row.resource or self.resources[resource].is_funding):
                continue
            named = (row.partner != "", row.resource != "", row.region != "")
            rank = (sum(named), int(named[0]), int(named[1]))
            if best is None or rank > best[0]:
                best = rank, value, row.resource != ""
        return (best[1], best[2]) if best else (0.0, False)

    def counts(self, pledge: Pledge) -> bool:
        lowest = self.asked["count_status"][0].value if self.asked["count_status"] else 1
        return STATUSES.index(pledge.status) >= lowest

    def may_serve(self, pledge: Pledge, need: Requirement) -> bool:
        if pledge.resource != need.resource:
            return False
        if (pledge.code, need.initiative, need.region, need.period) in self.held:
            return True
        lead = self.cost_cell(pledge.partner, pledge.resource, need.region, "lead_periods")[0]
        if not self.counts(pledge) or need.period < (pledge.from_period or 1) + lead:
            return False
        if need.period > (pledge.to_period or self.scenario.settings.periods):
            return False
        if pledge.initiatives and need.initiative not in pledge.initiatives:
            return False
        if pledge.regions and need.region not in pledge.regions:
            return False
        if need.initiative in pledge.exclude_initiatives or need.region in pledge.exclude_regions:
            return False
        row = self.sheet.get((need.initiative, need.region))
        for veto in self.scenario.vetoes:
            if veto.partner != pledge.partner or veto.with_partner:
                continue
            if veto.implementer and (row is None or row.implementer != veto.implementer):
                continue
            if veto.initiative in ("", need.initiative) and veto.region in ("", need.region):
                return False
        if self.resources[need.resource].is_funding:
            return True
        return self.regions[need.region].access <= self.access_limit(pledge.partner)

    def access_limit(self, partner: str) -> float:
        for kind, code in (("partner", partner), ("type", self.partners[partner].type), ("", "")):
            for condition in self.asked["access_limit"]:
                if (condition.scope_kind, condition.scope_code) == (kind, code):
                    return float(condition.value)
        return 5.0

    def may_pay(self, pledge: Pledge, region: str, period: int) -> bool:
        if not self.resources[pledge.resource].is_funding or not self.counts(pledge):
            return False
        if not (pledge.from_period or 1) <= period <= (pledge.to_period or self.scenario.settings.periods):
            return False
        if (pledge.regions and region not in pledge.regions) or region in pledge.exclude_regions:
            return False
        return not any(
            veto.partner == pledge.partner
            and not (veto.initiative or veto.implementer or veto.with_partner)
            and veto.region in ("", region)
            for veto in self.scenario.vetoes
        )

    # variables

    def make_variables(self) -> None:
        program = self.program
        self.x: dict[tuple[str, int], int] = {}
        self.payments: dict[tuple[str, str, int], int] = {}
        self.y = {place: program.variable(1, integer=True) for place in self.places}
        self.switches: dict[tuple[str, ...], tuple[int, float]] = {}  # fixed and mobilisation costs: binary, cost
        for pledge in self.scenario.pledges:
            for index, need in enumerate(self.needs):
                if self.may_serve(pledge, need):
                    most = min(self.supplies[pledge.code], need.quantity)
                    whole = self.resources[need.resource].is_whole
                    self.x[pledge.code, index] = program.variable(most, whole)
        if any(condition.value for condition in self.asked["pay_delivery"]):
            for pledge in self.scenario.pledges:
                for region, period in product(self.regions, range(1, self.scenario.settings.periods + 1)):
                    if self.may_pay(pledge, region, period):
                        variable = program.variable(self.supplies[pledge.code])
                        self.payments[pledge.code, region, period] = variable

    def switch(self, key: tuple[str, ...], cost: float, variable: int, most: float) -> None:
        """`variable` above 0 costs `cost` once for all variables of the key."""
        if cost <= 0:
            return
        if key not in self.switches:
            self.switches[key] = self.program.variable(1, integer=True), cost
        self.program.row({variable: 1.0, self.switches[key][0]: -most}, upper=0)

    # sums

    def served(self, place: Place | None = None, **match: Any) -> Terms:
        """Sum of x over an activity (or all) and the columns of the requirement that are given."""
        terms: Terms = {}
        for (_, index), variable in self.x.items():
            need = self.needs[index]
            if place is not None and (need.initiative, need.region) != place:
                continue
            if all(getattr(need, name) == value for name, value in match.items()):
                terms[variable] = 1.0
        return terms

    def resource_coverage(self, place: Place, resource: str) -> Terms:
        total = sum(need.quantity for need in self.needs_of(place) if need.resource == resource)
        return times(self.served(place, resource=resource), 1 / total)

    def activity_coverage(self, place: Place) -> Terms:
        weights: dict[str, list[float]] = defaultdict(list)
        for need in self.needs_of(place):
            weights[need.resource].append(need.weight)
        whole = sum(mean(values) for values in weights.values())
        return add(times(self.resource_coverage(place, code), mean(values) / whole) for code, values in weights.items())

    def scope_coverage(self, kind: str, code: str) -> Terms | None:
        places = list(self.counted)
        if kind in ("region", "initiative"):
            places = [place for place in places if place[kind == "region"] == code]
        if kind == "resource":
            places = [place for place in places if any(need.resource == code for need in self.needs_of(place))]
        if not places:
            return None
        total = sum(self.weights[place] for place in places)
        parts = []
        for place in places:
            part = self.resource_coverage(place, code) if kind == "resource" else self.activity_coverage(place)
            parts.append(times(part, self.weights[place] / total))
        return add(parts)

    def unit_costs(self, region: str, period: int | None = None) -> Terms:
        terms: Terms = {}
        for (code, index), variable in self.x.items():
            need = self.needs[index]
            if need.region == region and period in (None, need.period):
                terms[variable] = self.cost_cell(self.pledges[code].partner, need.resource, region, "cost_per_unit")[0]
        return terms

    def fixed_costs(self, region: str) -> Terms:
        return {
            variable: cost for key, (variable, cost) in self.switches.items() if key[0] == "fixed" and key[1] == region
        }

    def delivery_cost(self) -> Terms:
        mobilisation = {variable: cost for key, (variable, cost) in self.switches.items() if key[0] != "fixed"}
        return add(
            [mobilisation, *(self.unit_costs(r) for r in self.regions), *(self.fixed_costs(r) for r in self.regions)]
        )

    # rows

    def make_rows(self) -> None:
        self.rows_of_supply()
        self.rows_of_requirement()
        self.rows_of_switches()
        if self.asked["minimum"]:
            self.rows_of_minimum()
        self.rows_of_going_ahead()
        self.rows_of_shares()
        self.rows_of_delivery()
        straight_rules.add_rows(self)

    def rows_of_supply(self) -> None:
        for pledge in self.scenario.pledges:
            periods = range(1, self.scenario.settings.periods + 1)
            for group in [[t] for t in periods] if self.resources[pledge.resource].is_reusable else [list(periods)]:
                terms = {v: 1.0 for (o, q), v in self.x.items() if o == pledge.code and self.needs[q].period in group}
                terms |= {v: 1.0 for (o, _, t), v in self.payments.items() if o == pledge.code and t in group}
                self.program.row(terms, upper=self.supplies[pledge.code])

    def rows_of_requirement(self) -> None:
        for index, need in enumerate(self.needs):
            terms = {variable: 1.0 for (_, q), variable in self.x.items() if q == index}
            self.program.row(terms | {self.y[need.initiative, need.region]: -need.quantity}, upper=0)

    def rows_of_switches(self) -> None:
        largest: dict[str, float] = defaultdict(float)
        for pledge in self.scenario.pledges:
            largest[pledge.agreement] = max(largest[pledge.agreement], pledge.mobilisation_cost)
        for pledge in self.scenario.pledges:
            key = ("agreement", pledge.agreement) if pledge.agreement else ("pledge", pledge.code)
            cost = largest[pledge.agreement] if pledge.agreement else pledge.mobilisation_cost
            most = self.supplies[pledge.code]
            for (code, index), variable in self.x.items():
                if code != pledge.code:
                    continue
                need = self.needs[index]
                self.switch(key, cost, variable, min(most, need.quantity))
                fixed, names = self.cost_cell(pledge.partner, need.resource, need.region, "fixed_cost")
                place = ("fixed", need.region, pledge.partner, need.resource if names else "")
                self.switch(place, fixed, variable, min(most, need.quantity))
            for (code, _, _), variable in self.payments.items():
                if code == pledge.code:
                    self.switch(key, cost, variable, most)

    def rows_of_minimum(self) -> None:
        for place in self.places:
            share = self.sheet[place].min_share if place in self.sheet else 0.0
            for code in {need.resource for need in self.needs_of(place)}:
                least = share * sum(need.quantity for need in self.needs_of(place) if need.resource == code)
                if self.resources[code].is_whole:
                    least = math.ceil(least - 1e-9)
                self.program.row(self.served(place, resource=code) | {self.y[place]: -least}, lower=0)

    def rows_of_going_ahead(self) -> None:
        working = set()
        for place in self.places:
            if self.go(place) == "must":
                self.program.row({self.y[place]: 1.0}, lower=1)
                working.add(place)
            if self.go(place) == "no":
                self.program.row({self.y[place]: 1.0}, upper=0)
            if self.asked["prerequisite"]:
                for code in self.initiatives[place[0]].prerequisites:
                    if (code, place[1]) in self.y:
                        self.program.row({self.y[place]: 1.0, self.y[code, place[1]]: -1.0}, upper=0)
                        working.add((code, place[1]))
        for place in working:
            self.program.row(self.activity_coverage(place) | {self.y[place]: -0.01}, lower=0)
        if self.asked["exclusive"]:
            self.rows_of_exclusive()
        if self.asked["together"]:
            self.rows_of_together()

    def rows_of_exclusive(self) -> None:
        groups = {row.exclusive_group for row in self.scenario.initiatives} - {""}
        for group, region in product(groups, self.regions):
            members = {
                variable: 1.0
                for place, variable in self.y.items()
                if place[1] == region and self.initiatives[place[0]].exclusive_group == group
            }
            self.program.row(members, upper=1)

    def rows_of_together(self) -> None:
        for row in self.scenario.initiatives:
            for first, second in pairwise(place for place in self.places if place[0] == row.code):
                if row.together:
                    self.program.row({self.y[first]: 1.0, self.y[second]: -1.0}, 0, 0)

    def rows_of_shares(self) -> None:
        for condition in self.asked["coverage_floor"]:
            terms = self.scope_coverage(condition.scope_kind, condition.scope_code)
            if terms is not None:
                self.program.row(terms, lower=condition.value)
        for condition in self.asked["local_share"]:
            terms = {}
            for (_, index), variable in self.x.items():
                need = self.needs[index]
                if not self.resources[need.resource].is_funding or condition.scope_code not in ("", need.region):
                    continue
                row = self.sheet.get((need.initiative, need.region))
                partner = self.partners.get(row.implementer) if row else None
                country = self.regions[need.region].country
                is_local = partner is not None and partner.local and partner.country in ("", country)
                terms[variable] = float(is_local) - condition.value
            self.program.row(terms, lower=0)

    def rows_of_delivery(self) -> None:
        for condition in self.asked["delivery_cap"]:
            region = condition.scope_code
            terms = add([self.unit_costs(region), self.fixed_costs(region)]) if region else self.delivery_cost()
            self.program.row(terms, upper=condition.value)
        if not any(condition.value for condition in self.asked["pay_delivery"]):
            return
        for region in self.regions:
            paid = {variable: 1.0 for (_, r, _), variable in self.payments.items() if r == region}
            bill = add([self.unit_costs(region), self.fixed_costs(region)])
            self.program.row(add([paid, times(bill, -1)]), 0, 0)
            for period in range(1, self.scenario.settings.periods + 1):
                paid = {variable: 1.0 for (_, r, t), variable in self.payments.items() if (r, t) == (region, period)}
                self.program.row(add([paid, times(self.unit_costs(region, period), -1)]), lower=0)

    def best_values(self) -> tuple[float, ...] | None:
        """The best value of each level, given what the earlier ones reached; None where no plan is possible."""
        values = []
        for level in objectives(self.scenario):
            terms = straight_objectives.objective(self, level.key)
            best = self.program.maximise(terms)
            if best is None:
                return None
            self.program.row(terms, lower=best - level.tolerance * abs(best) - 1e-6 * max(1.0, abs(best)))
            values.append(-best if OBJECTIVES[level.key].sense == "min" else best)
        return tuple(values)
