"""The checks of all rules in one flat list: rule key, the function that checks it, when it runs."""

from collections.abc import Callable, Iterator, Mapping

from planner.plan import RuleReport
from planner.rulebook import RULES, Condition, ScopeCodes, ValueKind, plain_scope
from solver.verify.agreed import frozen_until, keep
from solver.verify.findings import Finding, Violation
from solver.verify.going_ahead import exclusive, go, minimum, prerequisite, together
from solver.verify.ledger import Ledger
from solver.verify.partners import burden_cap, implementer_cap, implementer_share, language_share, partner_type_share
from solver.verify.payments import delivery_cap, pay_delivery
from solver.verify.quantities import (
    access_limit,
    count_status,
    coverage_floor,
    expected,
    local_share,
    requirement,
    supply,
)
from solver.verify.serving import apart, joint, max_activities, max_contribution, min_contribution, single_source

# These hold without any row: either they always do, or they have a default that counts.
ALWAYS_CHECKED: Mapping[str, Callable[[Ledger, Condition | None], Finding]] = {
    "supply": supply,
    "requirement": requirement,
    "count_status": count_status,
    "access_limit": access_limit,
    "pay_delivery": pay_delivery,
}
CHECKED_WHERE_ASKED: Mapping[str, Callable[[Ledger, Condition], Finding]] = {
    "minimum": minimum,
    "go": go,
    "prerequisite": prerequisite,
    "exclusive": exclusive,
    "together": together,
    "joint": joint,
    "apart": apart,
    "keep": keep,
    "frozen_until": frozen_until,
    "expected": expected,
    "local_share": local_share,
    "implementer_share": implementer_share,
    "implementer_cap": implementer_cap,
    "partner_type_share": partner_type_share,
    "language_share": language_share,
    "coverage_floor": coverage_floor,
    "burden_cap": burden_cap,
    "max_activities": max_activities,
    "min_contribution": min_contribution,
    "max_contribution": max_contribution,
    "single_source": single_source,
    "delivery_cap": delivery_cap,
}
CHECKED_RULES = frozenset(ALWAYS_CHECKED) | frozenset(CHECKED_WHERE_ASKED)


def check_rules(ledger: Ledger) -> tuple[tuple[Violation, ...], tuple[RuleReport, ...]]:
    """What breaks the rules, and a report for each row of `Rules` and each rule with data in other sheets, sorted."""
    findings = list(_find(ledger))
    violations = tuple(violation for _, finding in findings for violation in finding.violations)
    reports = sorted(_report(ledger, findings), key=lambda report: (report.rule, report.scope))
    return violations, tuple(reports)


def _find(ledger: Ledger) -> Iterator[tuple[Condition | None, Finding]]:
    asked = ledger.facts.asked
    for key, check in ALWAYS_CHECKED.items():
        for condition in asked.get(key, ()) or (None,):
            yield condition, check(ledger, condition)
    for key, check_asked in CHECKED_WHERE_ASKED.items():
        for condition in asked.get(key, ()):
            yield condition, check_asked(ledger, condition)


def _report(ledger: Ledger, findings: list[tuple[Condition | None, Finding]]) -> Iterator[RuleReport]:
    """One for each row of `Rules`, and one for each rule that is on through other sheets."""
    by_row = {condition.row: (condition, finding) for condition, finding in findings if condition is not None}
    scenario = ledger.facts.scenario
    codes = ScopeCodes(scenario)
    for index, row in enumerate(scenario.rules):
        if index in by_row:
            yield _report_of(*by_row[index])
        else:
            yield RuleReport(row.rule.strip(), plain_scope(row, scenario, codes=codes), "off", None, None)
    without_row = {c.key: (c, finding) for c, finding in findings if c is not None and c.row < 0}
    for key in RULES:
        if key in without_row:
            yield _report_of(*without_row[key])


def _report_of(condition: Condition, finding: Finding) -> RuleReport:
    if RULES[condition.key].value_kind is ValueKind.YES_NO and not condition.value:
        return RuleReport(condition.key, condition.scope, "off", condition.value, None)
    return RuleReport(condition.key, condition.scope, finding.state, finding.limit, finding.actual)
