"""A scenario's fingerprint: one short text that changes whenever something changes that can change a plan.

A plan remembers the fingerprint it was made from; as soon as the scenario's differs, the plan is shown as stale. Names,
notes, reasons, the order of rows, rules that are off and how a figure was written do not count. What only some rules
read (access, languages, local partners ...) counts only while one of them is on.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from math import fsum
from typing import Any

from planner.rulebook import RULES, Condition, Level, ValueKind, conditions, is_on, objectives, value_in_force
from planner.scenario import Scenario
from planner.validate import readable
from resources.money import rates_by_currency, usable_quantity
from resources.offers import STATUSES, Pledge

VERSION = 1  # a new one makes every older plan stale: only when the meaning of a scenario changed

_READ_VALUE = {"partner_type_share", "burden_cap", "min_contribution", "max_contribution", "burden"}
_READ_IMPLEMENTER = {"implementer_share", "implementer_cap"}

Pair = tuple[str, str]  # initiative, region


def fingerprint(scenario: Scenario) -> str:
    """SHA-256 of the canonical form, as 64 hexadecimal digits."""
    text = json.dumps(canonical(scenario), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def canonical(scenario: Scenario) -> dict[str, Any]:
    """What the fingerprint is made of: every figure that can change a plan, defaults filled in, in code order."""
    return _Reading(readable(scenario)).everything()


class _Reading:
    """One scenario, with the rules that are on: they decide what counts."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.conditions = _effective(conditions(scenario))
        self.levels = objectives(scenario)
        self.keys = {condition.key for condition in self.conditions} | {level.key for level in self.levels}
        self.needed = [row for row in scenario.requirements if row.quantity > 0]
        self.activities: set[Pair] = {(row.initiative, row.region) for row in self.needed}

    def everything(self) -> dict[str, Any]:
        """Every part, each in an order of its own content."""
        return {
            "version": VERSION,
            "currency": self.scenario.settings.currency,  # the plan's amounts are in it
            "periods": self.scenario.settings.periods,
            "weighting": self.scenario.settings.weighting,
            "resources": self._resources(),
            "pledges": self._pledges(),
            "types": self._types(),
            "requirements": self._requirements(),
            "weights": self._resource_weights(),
            "activities": self._activities(),
            "exclusive": self._exclusive_groups(),
            "vetoes": self._vetoes(),
            "delivery": self._delivery_costs(),
            "rules": _rules(self.conditions),
            "objectives": _objectives(self.levels),
            "baseline": self._baseline(),
        }

    def _is_read(self, keys: set[str]) -> bool:
        return not keys.isdisjoint(self.keys)

    def _resources(self) -> list[Any]:
        used = {row.resource for row in self.needed} | {pledge.resource for pledge in self.scenario.pledges}
        has_value = self.scenario.settings.weighting == "requirement" or self._is_read(_READ_VALUE)
        return sorted(
            (row.code, row.category, row.is_reusable, row.is_whole, float(row.value_per_unit) if has_value else 0.0)
            for row in self.scenario.resources
            if row.code in used
        )

    def _pledges(self) -> list[Any]:
        scenario = self.scenario
        resources = {row.code: row for row in scenario.resources}
        rates = rates_by_currency(scenario.exchange_rates)
        least = value_in_force(scenario, "count_status") or 0.0
        is_expected = is_on(scenario, "expected")
        agreements: dict[str, list[Pledge]] = defaultdict(list)
        for pledge in scenario.pledges:
            agreements[pledge.agreement or f":{pledge.code}"].append(pledge)  # no code holds a colon
        found = []
        for together in agreements.values():
            codes = sorted(pledge.code for pledge in together)
            mobilisation = max(float(pledge.mobilisation_cost) for pledge in together)
            for pledge in together:
                resource = resources.get(pledge.resource)
                try:
                    usable = usable_quantity(pledge, resource, scenario.settings.currency, rates) if resource else 0.0
                except ArithmeticError:  # an impossible rate, which the checks refuse
                    usable = -1.0
                window = pledge.from_period or 1, pledge.to_period or scenario.settings.periods
                found.append(
                    (
                        pledge.code,
                        pledge.partner,
                        pledge.resource,
                        usable,
                        window,
                        STATUSES.index(pledge.status) >= least if pledge.status in STATUSES else False,
                        float(pledge.likelihood) if is_expected else 1.0,
                        _set(pledge.initiatives),
                        _set(pledge.regions),
                        _set(pledge.exclude_initiatives),
                        _set(pledge.exclude_regions),
                        self._languages(pledge.languages),
                        codes,
                        mobilisation,
                    )
                )
        return sorted(found)

    def _languages(self, languages: Iterable[str]) -> list[str]:
        return _set(code.casefold() for code in languages) if self._is_read({"language_share"}) else []

    def _types(self) -> list[Any]:
        """Types and fair shares of partners, where a rule asks for them."""
        by_type = any(condition.scope_kind == "type" for condition in self.conditions)
        by_share = self._is_read({"burden_cap", "burden"})
        found = []
        for row in self.scenario.partners:
            # A share of 0 allows nothing, none at all leaves the partner outside.
            share = [float(row.fair_share)] if by_share and row.fair_share is not None else []
            if share or (by_type and row.type):
                found.append((row.code, row.type * by_type, share))
        return sorted(found)

    def _requirements(self) -> list[Any]:
        return sorted(
            (row.initiative, row.region, row.resource, row.period, float(row.quantity), row.essential)
            for row in self.needed
        )

    def _resource_weights(self) -> list[Any]:
        weights: dict[tuple[str, str, str], list[float]] = defaultdict(list)
        for row in self.needed:
            weights[row.initiative, row.region, row.resource].append(float(row.weight))
        means = ((key, fsum(sorted(values)) / len(values)) for key, values in weights.items())
        return sorted((*key, mean) for key, mean in means if mean != 1.0)

    def _activities(self) -> list[Any]:
        """Each activity with what its row, its initiative and its region say about it."""
        scenario = self.scenario
        on = {key: is_on(scenario, key) for key, rule in RULES.items() if rule.is_data_rule}
        rows = {(row.initiative, row.region): row for row in scenario.activities}
        initiatives = {row.code: row for row in scenario.initiatives}
        regions = {row.code: row for row in scenario.regions}
        partners = {row.code: row for row in scenario.partners}
        reads_implementer = self._is_read(_READ_IMPLEMENTER) or any(veto.implementer for veto in scenario.vetoes)
        reads_people = scenario.settings.weighting == "people"
        regions_of = Counter(initiative for initiative, _ in self.activities)
        found = []
        for pair in sorted(self.activities):
            row, initiative, region = rows.get(pair), initiatives.get(pair[0]), regions.get(pair[1])
            priority = row.priority if row and row.priority is not None else initiative.priority if initiative else 1.0
            severity = region.severity if region and region.severity is not None else 1.0
            people = row.people if row and row.people is not None else region.people_in_need if region else None
            implementer = partners.get(row.implementer) if row else None
            is_local = bool(
                implementer and implementer.local and implementer.country in ("", region.country if region else "")
            )
            needs = initiative.prerequisites if initiative and on["prerequisite"] else ()
            found.append(
                (
                    *pair,
                    float(priority * severity),
                    float(people or 0) if reads_people else 0.0,
                    row.go if row and on["go"] else "decide",
                    float(row.min_share) if row and on["minimum"] else 0.0,
                    row.min_partners if row and on["joint"] else 0,
                    row.implementer if row and reads_implementer else "",
                    is_local and self._is_read({"local_share"}),
                    _set(code for code in needs if (code, pair[1]) in self.activities),
                    bool(initiative and initiative.together and on["together"] and regions_of[pair[0]] > 1),
                    float(region.access) if region and self._is_read({"access_limit"}) else 0.0,
                    self._languages(region.languages if region else ()),
                )
            )
        return found

    def _exclusive_groups(self) -> list[Any]:
        if not is_on(self.scenario, "exclusive"):
            return []
        group_of = {row.code: row.exclusive_group for row in self.scenario.initiatives if row.exclusive_group}
        groups: dict[Pair, list[Pair]] = defaultdict(list)
        for initiative, region in self.activities:
            if initiative in group_of:
                groups[group_of[initiative], region].append((initiative, region))
        return sorted(sorted(members) for members in groups.values() if len(members) > 1)

    def _vetoes(self) -> list[Any]:
        is_apart = is_on(self.scenario, "apart")
        return sorted(
            {
                (veto.partner, veto.initiative, veto.region, veto.with_partner, veto.implementer)
                for veto in self.scenario.vetoes
                if is_apart or not veto.with_partner
            }
        )

    def _delivery_costs(self) -> list[Any]:
        found = []
        for row in self.scenario.delivery_costs:
            figures = [row.cost_per_unit, row.fixed_cost, row.lead_periods]
            if any(figure is not None for figure in figures):
                # An empty figure is looked up in other rows, a 0 is not: they differ.
                shown = ["" if figure is None else str(float(figure)) for figure in figures]
                found.append((row.partner, row.resource, row.region, *shown))
        return sorted(found)

    def _baseline(self) -> list[Any]:
        """Lines with the same key added up; the agreed plan also breaks ties, so it counts without any rule."""
        lines: dict[tuple[str, str, str, int], list[float]] = defaultdict(list)
        kept = set()
        for row in self.scenario.baseline:
            key = (row.pledge, row.initiative, row.region, row.period)
            lines[key].append(float(row.quantity))
            if row.keep and is_on(self.scenario, "keep"):
                kept.add(key)
        sums = {key: fsum(quantities) for key, quantities in lines.items()}
        return sorted((*key, total, key in kept) for key, total in sums.items() if total or key in kept)


def _effective(found: tuple[Condition, ...]) -> list[Condition]:
    """The conditions that change something: no yes/no rule that says no, no access limit where all are at the top."""
    is_limited = any(condition.key == "access_limit" and condition.value != 5 for condition in found)
    return [
        condition
        for condition in found
        if not (RULES[condition.key].value_kind is ValueKind.YES_NO and not condition.value)
        and (is_limited or condition.key != "access_limit")
    ]


def _rules(found: Iterable[Condition]) -> list[Any]:
    """The conditions by themselves; data rules show in their sheets, count_status in each pledge."""
    return sorted(
        (condition.key, condition.scope, float(condition.value or 0.0))
        for condition in found
        if not RULES[condition.key].is_data_rule
        and not RULES[condition.key].is_always_on
        and condition.key != "count_status"
    )


def _objectives(levels: tuple[Level, ...]) -> list[Any]:
    """The levels in their order; nothing comes after the last, so its tolerance does not count."""
    return [(level.key, 0.0 if level is levels[-1] else level.tolerance) for level in levels]


def _set(codes: Iterable[str]) -> list[str]:
    return sorted(set(codes))
