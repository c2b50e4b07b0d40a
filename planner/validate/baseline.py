"""The plan agreed last: lines of existing pledges, and kept or frozen lines that can be held."""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from planner.problems import Problem
from planner.rulebook import RULES, conditions, is_on
from planner.scenario import Scenario
from planner.validate.findings import error, quoted, warning
from resources.money import rate_of, rates_by_currency, usable_quantity

TOLERANCE = 1e-6
FROZEN = "frozen_until"


@dataclass(slots=True)
class _Held:
    """What every plan holds of one pledge for one requirement: rows with the same key together."""

    pledge: str
    initiative: str
    region: str
    period: int
    row: int
    quantity: float = 0.0
    is_kept: bool = False
    is_frozen: bool = False

    @property
    def how(self) -> str:
        """What holds it."""
        return "kept" if self.is_kept else f"frozen (rule “{RULES[FROZEN].title}”)"


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


def check_frozen_periods_have_lines(scenario: Scenario) -> Iterator[Problem]:
    """Something was agreed for the frozen periods: without that nothing is given in them."""
    first = min((row.period for row in scenario.baseline), default=math.inf)
    for condition in conditions(scenario):
        last = condition.value or 0.0
        if condition.key == FROZEN and first > last:
            message = (
                f"The rule {RULES[FROZEN].name} holds what the sheet Baseline has up to period {last:g}, which is "
                "nothing: nothing is given until then; write the agreed lines, or remove the row."
            )
            yield warning("frozen_nothing", "Rules", condition.row, "value", message)


def check_held_lines_are_whole(scenario: Scenario) -> Iterator[Problem]:
    """A kept or frozen quantity of a whole resource is whole."""
    resource_of = {pledge.code: pledge.resource for pledge in scenario.pledges}
    whole = {resource.code for resource in scenario.resources if resource.is_whole}
    for line in _held_lines(scenario):
        resource = resource_of[line.pledge]
        if resource in whole and abs(line.quantity - round(line.quantity)) > TOLERANCE:
            message = (
                f"{quoted(resource)} is counted in whole units, so {line.quantity:.15g} cannot be {line.how}; "
                "write a whole number."
            )
            yield error("kept_line", "Baseline", line.row, "quantity", message)


def check_held_lines_fit_requirements(scenario: Scenario) -> Iterator[Problem]:
    """Kept and frozen lines together do not exceed the requirement that they serve."""
    lines = _held_lines(scenario)
    if not lines:
        return
    resource_of = {pledge.code: pledge.resource for pledge in scenario.pledges}
    required = {(row.initiative, row.region, row.resource, row.period): row.quantity for row in scenario.requirements}
    held: dict[tuple[str, str, str, int], list[_Held]] = defaultdict(list)
    for line in lines:
        held[line.initiative, line.region, resource_of[line.pledge], line.period].append(line)
    for key, together in held.items():
        total, limit = sum(line.quantity for line in together), required.get(key, 0.0)
        if _exceeds(total, limit):
            message = (
                f"{total:.15g} is {together[-1].how} of {quoted(key[2])} for {quoted(key[0])} in {quoted(key[1])}, "
                f"period {key[3]}, which needs {limit:.15g}; write less, or raise the requirement."
            )
            yield error("kept_line", "Baseline", together[-1].row, "quantity", message)


def check_held_lines_fit_pledges(scenario: Scenario) -> Iterator[Problem]:
    """Kept and frozen lines together do not exceed their pledge (a reusable resource: in each period)."""
    lines = _held_lines(scenario)
    if not lines:
        return
    resources = {resource.code: resource for resource in scenario.resources}
    pledges = {pledge.code: pledge for pledge in scenario.pledges}
    rates = rates_by_currency(scenario.exchange_rates)
    held: dict[tuple[str, int], list[_Held]] = defaultdict(list)
    for line in lines:
        resource = resources.get(pledges[line.pledge].resource)
        if resource:
            held[line.pledge, line.period if resource.is_reusable else 0].append(line)
    for (code, period), together in held.items():
        pledge = pledges[code]
        rate = rate_of(pledge, scenario.settings.currency, rates)
        if rate is None or not 1e-9 < rate < 1e9:
            continue  # the rate itself is at fault, and said so elsewhere
        limit = usable_quantity(pledge, resources[pledge.resource], scenario.settings.currency, rates)
        total = sum(line.quantity for line in together)
        if _exceeds(total, limit):
            when = f" in period {period}" if period else ""
            message = (
                f"{total:.15g} is {together[-1].how} of the pledge {quoted(code)}{when}, of which {limit:.15g} can be "
                "used; write less, or raise the pledge."
            )
            yield error("kept_line", "Baseline", together[-1].row, "quantity", message)


def _held_lines(scenario: Scenario) -> list[_Held]:
    """The kept and frozen lines of known pledges, rows with the same key added up; none where both rules are off."""
    keeps = is_on(scenario, "keep") and any(row.keep for row in scenario.baseline)
    frozen = [condition.value or 0.0 for condition in conditions(scenario) if condition.key == FROZEN]
    if not keeps and not frozen:
        return []
    last_frozen = max(frozen, default=0.0)
    pledges = {pledge.code for pledge in scenario.pledges}
    lines: dict[tuple[str, str, str, int], _Held] = {}
    for index, row in enumerate(scenario.baseline):
        if row.pledge in pledges:
            key = (row.pledge, row.initiative, row.region, row.period)
            line = lines.setdefault(key, _Held(*key, row=index))
            line.quantity += row.quantity
            is_kept, line.is_frozen = keeps and row.keep, row.period <= last_frozen
            line.is_kept = line.is_kept or is_kept
            line.row = index if is_kept or (line.is_frozen and not line.is_kept) else line.row
    return [line for line in lines.values() if line.is_kept or line.is_frozen]


def _exceeds(total: float, limit: float) -> bool:
    return total > limit + TOLERANCE * max(1.0, abs(limit))
