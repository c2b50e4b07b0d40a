"""What a scenario asks for and could do without: each demand with its sentence, and the scenario without it.

Demands are the rows of `Rules` that are on, and the rows of other sheets that make a rule: "Demining in Serin Pass must
go ahead". Where a sheet has very many of them, the rule as a whole is one demand.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from planner.cells import period_label
from planner.rulebook import RULES, SCOPE_KINDS, Condition, ValueKind, conditions
from planner.scenario import Rule, Scenario
from resources.codelists import code_list
from resources.offers import STATUSES, Veto
from solver.reasons.sentences import all_of, percent, quantity

MOST_ROWS = 40  # of one rule: more than these are one demand together
MOST_LINES = 200  # of the agreed plan that are kept: as with MOST_ROWS
NO_DEMAND: dict[str, dict[str, Any]] = {  # columns of an activity that asks nothing
    "go": {"go": "decide"},
    "minimum": {"min_share": 0.0},
    "joint": {"min_partners": 0},
}
NO_LIMIT = {"count_status": "pledge", "access_limit": "5"}  # without a row a stricter default or row would count
EVERYTHING = {
    "access_limit": "all partners",
    "language_share": "each region",
    "max_activities": "each partner",
    "min_contribution": "each partner",
    "max_contribution": "each partner",
    "single_source": "each resource",
}  # what an empty scope means, where it is not the whole plan

Without = Callable[[Scenario], Scenario]


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing asked for: its rule, its scope as kind:code, a sentence, and how to take it out of a scenario."""

    rule: str
    scope: str
    text: str
    without: Without


def demands_of(scenario: Scenario) -> tuple[Demand, ...]:
    """Everything that the scenario asks for and could do without, in an order that no row order decides."""
    found: list[Demand] = []
    for condition in conditions(scenario):
        rule = RULES[condition.key]
        if rule.is_always_on or (rule.value_kind is ValueKind.YES_NO and not condition.value):
            continue
        if rule.is_data_rule:
            single = list(_Sheets(scenario).demands(condition.key))
            most = MOST_LINES if condition.key == "keep" else MOST_ROWS
            found += single if len(single) <= most else [_whole_rule(condition)]
        else:
            found.append(_rule_row(scenario, condition))
    return tuple(sorted(found, key=lambda demand: (demand.rule, demand.scope, demand.text)))


class _Sheets:
    """The demands that stand in other sheets than `Rules`, with names instead of codes."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._initiative = {row.code: row.name or row.code for row in scenario.initiatives}
        self._region = {row.code: row.name or row.code for row in scenario.regions}
        self._partner = {row.code: row.name or row.code for row in scenario.partners}
        self._resource = {row.code: row.name or row.code for row in scenario.resources}
        needed = [(row.initiative, row.region) for row in scenario.requirements if row.quantity > 0]
        self._activities = set(needed)
        self._ahead_anywhere = {initiative for initiative, _ in needed}

    def demands(self, key: str) -> Iterator[Demand]:
        """The demands of one rule; rows of what nothing is required for ask nothing."""
        match key:
            case "go" | "minimum" | "joint":
                yield from self._of_activities(key)
            case "apart":
                yield from self._of_vetoes()
            case "keep":
                yield from self._of_kept_lines()
            case "exclusive":
                yield from self._of_groups()
            case "prerequisite" | "together":
                yield from self._of_initiatives(key)

    def _of_activities(self, key: str) -> Iterator[Demand]:
        for index, row in enumerate(self._scenario.activities):
            if (row.initiative, row.region) not in self._activities:
                continue
            place = self._place(row.initiative, row.region)
            change = NO_DEMAND[key]
            if key == "minimum" and row.min_share > 0:
                least = "" if row.min_share >= 1 else f"at least {percent(row.min_share)} of "
                text = f"{place} goes ahead only with {least}everything it needs"
            elif key == "go" and row.go != "decide":
                text = f"{place} must go ahead" if row.go == "must" else f"{place} does not go ahead (go = no)"
            elif key == "joint" and row.min_partners > 0:
                partners = "one partner brings" if row.min_partners == 1 else f"{row.min_partners} partners each bring"
                text = f"{place} goes ahead only where {partners} a real share"
            else:
                continue
            without = _row_changed("activities", index, change)
            yield Demand(key, f"initiative:{row.initiative}", f"{text}.", without)

    def _of_initiatives(self, key: str) -> Iterator[Demand]:
        for index, row in enumerate(self._scenario.initiatives):
            name = self._initiative[row.code]
            change: dict[str, Any]
            if key == "prerequisite" and row.prerequisites:
                first = all_of(sorted(self._initiative[code] for code in row.prerequisites))
                text, change = f"{name} goes ahead in a region only together with {first}", {"prerequisites": ()}
            elif key == "together" and row.together:
                text, change = f"{name} goes ahead in all its regions or in none", {"together": False}
            else:
                continue
            if row.code in self._ahead_anywhere:
                yield Demand(key, f"initiative:{row.code}", f"{text}.", _row_changed("initiatives", index, change))

    def _of_groups(self) -> Iterator[Demand]:
        for group in sorted({row.exclusive_group for row in self._scenario.initiatives} - {""}):
            names = sorted(
                self._initiative[row.code] for row in self._scenario.initiatives if row.exclusive_group == group
            )
            if len(names) > 1:
                text = f"Only one of {all_of(names)} goes ahead in a region (group {group})."
                yield Demand("exclusive", "", text, _group_left(group))

    def _of_vetoes(self) -> Iterator[Demand]:
        for row in self._scenario.vetoes:
            if not row.with_partner:
                continue
            both = all_of([self._partner[row.partner], self._partner[row.with_partner]])
            where = f" in {self._region[row.region]}" if row.region else ""
            what = self._initiative[row.initiative] if row.initiative else "an activity"
            text = f"{both} do not both serve {what}{where}."
            yield Demand("apart", f"partner:{row.partner}", text, _veto_left(row))

    def _of_kept_lines(self) -> Iterator[Demand]:
        resource_of = {row.code: row.resource for row in self._scenario.pledges}
        rows_of: dict[tuple[str, str, str, int], list[int]] = defaultdict(list)
        for index, row in enumerate(self._scenario.baseline):
            rows_of[row.pledge, row.initiative, row.region, row.period].append(index)
        for (pledge, initiative, region, period), rows in rows_of.items():
            if not any(self._scenario.baseline[index].keep for index in rows):
                continue
            kept = quantity(sum(self._scenario.baseline[index].quantity for index in rows))
            what = f"{kept} {self._resource[resource_of[pledge]]}"
            where = f"{self._place(initiative, region)}, {period_label(period, self._scenario.settings)}"
            text = f"Pledge {pledge} gives {what} to {where}, as agreed (keep = yes)."
            yield Demand("keep", f"initiative:{initiative}", text, _rows_changed("baseline", rows, {"keep": False}))

    def _place(self, initiative: str, region: str) -> str:
        return f"{self._initiative[initiative]} in {self._region[region]}"


def _rule_row(scenario: Scenario, condition: Condition) -> Demand:
    """A row of `Rules`; taken out, it is off, or limits nothing where a default would take its place."""
    rule = RULES[condition.key]
    scope = scope_name(scenario, condition) or EVERYTHING.get(condition.key, "the whole plan")
    text = rule.sentence.format(value=value_words(scenario, condition), scope=scope)
    text = f"{text.removesuffix(': yes')}."
    if condition.key in NO_LIMIT:
        return Demand(
            condition.key, condition.scope, text, _row_changed("rules", condition.row, {"value": NO_LIMIT[rule.key]})
        )
    return Demand(condition.key, condition.scope, text, _row_changed("rules", condition.row, {"on": False}))


def _whole_rule(condition: Condition) -> Demand:
    def without(scenario: Scenario) -> Scenario:
        """Off by its row, or by one more row; further rows keep their places."""
        if condition.row >= 0:
            return _row_changed("rules", condition.row, {"on": False})(scenario)
        return dataclasses.replace(scenario, rules=(*scenario.rules, Rule(rule=condition.key, on=False)))

    return Demand(condition.key, "", f"{RULES[condition.key].sentence}.", without)


def _row_changed(table: str, index: int, change: dict[str, Any]) -> Without:
    return _rows_changed(table, [index], change)


def _rows_changed(table: str, indices: Sequence[int], change: dict[str, Any]) -> Without:
    def without(scenario: Scenario) -> Scenario:
        rows = list(getattr(scenario, table))
        for index in indices:
            rows[index] = dataclasses.replace(rows[index], **change)
        tables: dict[str, Any] = {table: tuple(rows)}
        return dataclasses.replace(scenario, **tables)

    return without


def _veto_left(veto: Veto) -> Without:
    def without(scenario: Scenario) -> Scenario:
        return dataclasses.replace(scenario, vetoes=tuple(row for row in scenario.vetoes if row is not veto))

    return without


def _group_left(group: str) -> Without:
    def without(scenario: Scenario) -> Scenario:
        initiatives = tuple(
            dataclasses.replace(row, exclusive_group="") if row.exclusive_group == group else row
            for row in scenario.initiatives
        )
        return dataclasses.replace(scenario, initiatives=initiatives)

    return without


def value_words(scenario: Scenario, condition: Condition) -> str:
    """The value of a rule as people write it."""
    value = condition.value or 0.0
    match RULES[condition.key].value_kind:
        case ValueKind.SHARE:
            return f"{100 * value:.6g} %"
        case ValueKind.MONEY:
            return f"{quantity(value)} {scenario.settings.currency}"
        case ValueKind.YES_NO:
            return "yes" if value else "no"
        case ValueKind.STATUS:
            return STATUSES[int(value)]
    return f"{value:.6g}"


def scope_name(scenario: Scenario, condition: Condition) -> str:
    """The name of what a rule covers; empty without a scope."""
    kind, code = condition.scope_kind, condition.scope_code
    if not kind:
        return ""
    if kind == "type":
        entry = code_list("organisation_types").get(code)
        return f"{SCOPE_KINDS[kind]} {entry.name if entry is not None else code}"
    names = {row.code: row.name for row in getattr(scenario, f"{kind}s")}
    return names.get(code) or code
