"""The plan agreed last, measured under today's rules."""

from collections import defaultdict

from planner.plan import Allocation, Comparison
from planner.scenario import Scenario
from solver.reasons.sentences import BASELINE_ALIKE
from solver.verify import Violation, measure

NOT_RECORDED = "pay_delivery"  # the agreed plan does not say who pays for delivery


def compare_baseline(scenario: Scenario) -> Comparison | None:
    """Key figures of the agreed plan, and the rules that it breaks today, one sentence each; None without one."""
    lines = baseline_lines(scenario)
    if not lines:
        return None
    measured = measure(scenario, lines)
    of_rule: dict[str, list[Violation]] = defaultdict(list)
    for violation in measured.violations:
        if violation.rule != NOT_RECORDED:
            of_rule[violation.rule].append(violation)
    return Comparison(measured.totals, tuple(_told(of_rule[rule]) for rule in sorted(of_rule)))


def baseline_lines(scenario: Scenario) -> tuple[Allocation, ...]:
    """The agreed plan as lines of a plan, those with the same key added up."""
    pledges = {row.code: row for row in scenario.pledges}
    amounts: dict[tuple[str, str, str, int], float] = defaultdict(float)
    for row in scenario.baseline:
        if row.quantity > 0 and row.pledge in pledges:
            amounts[row.pledge, row.initiative, row.region, row.period] += row.quantity
    return tuple(
        Allocation(code, pledges[code].partner, initiative, region, pledges[code].resource, period, quantity)
        for (code, initiative, region, period), quantity in sorted(amounts.items())
    )


def _told(violations: list[Violation]) -> str:
    """The largest breach of one rule, and how many more there are."""
    first = min(violations, key=lambda violation: (-violation.amount, violation.text))
    if len(violations) == 1:
        return first.text
    return BASELINE_ALIKE.format(text=first.text, count=len(violations) - 1)
