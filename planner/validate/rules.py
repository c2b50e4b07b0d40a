"""Rules and objectives: rows that can be read, values and scopes that fit."""

from collections.abc import Iterator
from difflib import get_close_matches

from planner.problems import Problem
from planner.rulebook import (
    OBJECTIVES,
    RULES,
    RuleProblem,
    ScopeCodes,
    ValueKind,
    conditions,
    is_on,
    parse_rule,
    rule_reference,
)
from planner.scenario import Scenario
from planner.validate.activities import activities_of
from planner.validate.findings import both_rows, error, quoted, warning


def check_rule_rows(scenario: Scenario) -> Iterator[Problem]:
    """Every row names a rule, with a value and a scope that the rule can have. Values of rows that are off may wait."""
    codes = ScopeCodes(scenario)
    for index, row in enumerate(scenario.rules):
        try:
            if row.rule and (row.on or rule_reference(row.rule.strip()).is_data_rule):
                parse_rule(row, scenario, index=index, codes=codes)
        except RuleProblem as problem:
            yield error(problem.code, "Rules", index, problem.column, str(problem))


def check_rules_that_cannot_be_off(scenario: Scenario) -> Iterator[Problem]:
    """supply and requirement always hold."""
    for index, row in enumerate(scenario.rules):
        rule = RULES.get(row.rule.strip())
        if rule and rule.is_always_on and not row.on:
            message = (
                f"The rule {quoted(rule.key)} always holds and cannot be switched off; "
                "write on = yes or remove the row."
            )
            yield error("rule_always_on", "Rules", index, "on", message)


def check_switches_have_a_value(scenario: Scenario) -> Iterator[Problem]:
    """A yes/no rule without a value does what its default says, which may not be what was meant."""
    for index, row in enumerate(scenario.rules):
        rule = RULES.get(row.rule.strip())
        if rule and row.on and rule.value_kind is ValueKind.YES_NO and rule.default == "no" and not row.value.strip():
            message = f"The rule {quoted(rule.key)} has no value, which means no; write yes, or remove the row."
            yield warning("rule_without_value", "Rules", index, "value", message)


def check_floors_have_activities(scenario: Scenario) -> Iterator[Problem]:
    """A coverage_floor covers something."""
    floors = [
        condition for condition in conditions(scenario) if condition.key == "coverage_floor" and condition.scope_kind
    ]
    if not floors:
        return
    refused = (
        {(row.initiative, row.region) for row in scenario.activities if row.go == "no"}
        if is_on(scenario, "go")
        else set()
    )
    planned = activities_of(scenario) - refused
    needed = {
        "initiative": {initiative for initiative, _ in planned},
        "region": {region for _, region in planned},
        "resource": {
            row.resource
            for row in scenario.requirements
            if row.quantity > 0 and (row.initiative, row.region) in planned
        },
    }
    for floor in floors:
        if floor.scope_code not in needed[floor.scope_kind]:
            message = f"Nothing is needed for {floor.scope}, so this floor has no effect; correct its scope."
            yield warning("floor_without_activity", "Rules", floor.row, "scope", message)


def check_objective_rows(scenario: Scenario) -> Iterator[Problem]:
    """Every row names an objective that there is."""
    for index, row in enumerate(scenario.objectives):
        key = row.objective
        if key and key not in OBJECTIVES:
            near = get_close_matches(key[:40], OBJECTIVES, n=1)
            hint = f"Did you mean {quoted(near[0])}?" if near else f"Write one of {', '.join(OBJECTIVES)}."
            yield error(
                "unknown_objective", "Objectives", index, "objective", f"There is no objective {quoted(key)}. {hint}"
            )


def check_objective_order(scenario: Scenario) -> Iterator[Problem]:
    """Objectives have different ranks."""
    first: dict[int, int] = {}
    for index, row in enumerate(scenario.objectives):
        earlier = first.setdefault(row.order, index)
        if earlier != index:
            message = (
                f"The order {row.order} stands in {both_rows('Objectives', earlier, index)}; number them 1, 2, 3 ... "
                "to say which comes first."
            )
            yield warning("objective_order", "Objectives", index, "order", message)


def check_objectives_have_data(scenario: Scenario) -> Iterator[Problem]:
    """An objective has something to look at: without that every plan is as good as another."""
    missing = {
        "stability": ("the sheet Baseline has no quantity", "write the agreed plan there")
        if not any(row.quantity > 0 for row in scenario.baseline)
        else None,
        "starts": ("no resource is reusable", "write use = reusable in the sheet Resources")
        if not any(row.is_reusable for row in scenario.resources)
        else None,
    }
    for index, row in enumerate(scenario.objectives):
        if found := missing.get(row.objective):
            message = (
                f"The objective {quoted(row.objective)} has no effect, as {found[0]}; {found[1]}, or remove the row."
            )
            yield warning("objective_without_data", "Objectives", index, "objective", message)
