"""The plan agreed last: lines of existing pledges, and kept lines that can be held."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from planner.problems import Problem
from planner.rulebook import conditions
from planner.scenario import Scenario
from planner.validate.findings import error, quoted
from resources.money import rate_of, rates_by_currency, usable_quantity

TOLERANCE = 1e-6


@dataclass(slots=True)
class _Kept:
    """What is kept of one pledge for one requirement: rows with the same key together."""

    pledge: str
    initiative: str
    region: str
    period: int
    row: int
    quantity: float = 0.0
    is_kept: bool = False


def check_baseline_resources(scenario: Scenario) -> Iterator[Problem]:
    """The resource of a line is its pledge's."""
    resource_of = {pledge.code: pledge.resource for pledge in scenario.pledges}
    for index, row in enumerate(scenario.baseline):
        resource = resource_of.get(row.pledge)
        if row.resource and resource and row.resource != resource:
            message = (
                f"The pledge {quoted(row.pledge)} gives {quoted(resource)}, not {quoted(row.resource)}; "
                f"write {quoted(resource)}."
            )
            yield error("baseline_resource", "Baseline", index, "resource", message)


def check_kept_lines_are_whole(scenario: Scenario) -> Iterator[Problem]:
    """A kept quantity of a whole resource is whole."""
    resource_of = {pledge.code: pledge.resource for pledge in scenario.pledges}
    whole = {resource.code for resource in scenario.resources if resource.is_whole}
    for line in _kept_lines(scenario):
        resource = resource_of[line.pledge]
        if resource in whole and abs(line.quantity - round(line.quantity)) > TOLERANCE:
            message = (
                f"{quoted(resource)} is counted in whole units, so {line.quantity:g} cannot be kept; "
                "write a whole number."
            )
            yield error("kept_line", "Baseline", line.row, "quantity", message)


def check_kept_lines_fit_requirements(scenario: Scenario) -> Iterator[Problem]:
    """Kept lines together do not exceed the requirement that they serve."""
    lines = _kept_lines(scenario)
    if not lines:
        return
    resource_of = {pledge.code: pledge.resource for pledge in scenario.pledges}
    required = {(row.initiative, row.region, row.resource, row.period): row.quantity for row in scenario.requirements}
    kept: dict[tuple[str, str, str, int], list[_Kept]] = defaultdict(list)
    for line in lines:
        kept[line.initiative, line.region, resource_of[line.pledge], line.period].append(line)
    for key, together in kept.items():
        total, limit = sum(line.quantity for line in together), required.get(key, 0.0)
        if _exceeds(total, limit):
            message = (
                f"{total:g} is kept of {quoted(key[2])} for {quoted(key[0])} in {quoted(key[1])}, period {key[3]}, "
                f"which needs {limit:g}; write less, or raise the requirement."
            )
            yield error("kept_line", "Baseline", together[-1].row, "quantity", message)


def check_kept_lines_fit_pledges(scenario: Scenario) -> Iterator[Problem]:
    """Kept lines together do not exceed their pledge (a reusable resource: in each period)."""
    lines = _kept_lines(scenario)
    if not lines:
        return
    resources = {resource.code: resource for resource in scenario.resources}
    pledges = {pledge.code: pledge for pledge in scenario.pledges}
    rates = rates_by_currency(scenario.exchange_rates)
    kept: dict[tuple[str, int], list[_Kept]] = defaultdict(list)
    for line in lines:
        resource = resources.get(pledges[line.pledge].resource)
        if resource:
            kept[line.pledge, line.period if resource.is_reusable else 0].append(line)
    for (code, period), together in kept.items():
        pledge = pledges[code]
        rate = rate_of(pledge, scenario.settings.currency, rates)
        if rate is None or not 1e-9 < rate < 1e9:
            continue  # the rate itself is at fault, and said so elsewhere
        limit = usable_quantity(pledge, resources[pledge.resource], scenario.settings.currency, rates)
        total = sum(line.quantity for line in together)
        if _exceeds(total, limit):
            when = f" in period {period}" if period else ""
            message = (
                f"{total:g} is kept of the pledge {quoted(code)}{when}, of which {limit:g} can be used; write less, or "
                "raise the pledge."
            )
            yield error("kept_line", "Baseline", together[-1].row, "quantity", message)


def _kept_lines(scenario: Scenario) -> list[_Kept]:
    """The lines of known pledges that are kept by their mark or in frozen periods, rows with the same key added up."""
    values = {condition.key: condition.value for condition in conditions(scenario)}
    frozen, is_keep_on = values.get("frozen_until") or 0.0, "keep" in values
    if not scenario.baseline or not (frozen or is_keep_on):
        return []
    pledges = {pledge.code for pledge in scenario.pledges}
    lines: dict[tuple[str, str, str, int], _Kept] = {}
    for index, row in enumerate(scenario.baseline):
        if row.pledge in pledges:
            key = (row.pledge, row.initiative, row.region, row.period)
            line = lines.setdefault(key, _Kept(*key, row=index))
            line.quantity += row.quantity
            is_marked = row.keep and is_keep_on
            line.is_kept = line.is_kept or is_marked or row.period <= frozen
            line.row = index if is_marked else line.row
    return [line for line in lines.values() if line.is_kept]


def _exceeds(total: float, limit: float) -> bool:
    return total > limit + TOLERANCE * max(1.0, abs(limit))
