"""Measure a finished plan: every figure and every rule again, from the scenario and the lines of the plan alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum

from planner.plan import Allocation, DeliveryPayment, RuleReport, Totals
from planner.scenario import Scenario
from solver.verify.checks import check_rules
from solver.verify.delivery import Bill, Tariff
from solver.verify.facts import ActivityKey, Facts, Need
from solver.verify.findings import Violation
from solver.verify.ledger import Ledger
from solver.verify.lines import check_lines
from solver.verify.objectives import MEASURED_OBJECTIVES, worst_region
from solver.verify.quantities import local_funding


@dataclass(frozen=True, slots=True)
class ActivityMeasure:
    """One activity in a plan. `weight` is w_a; 0 where the activity is refused (`go` = no) and counts nowhere."""

    go: bool
    coverage: float
    effective: float
    weight: float


@dataclass(frozen=True, slots=True)
class Measurement:
    """A plan measured. `violations` is empty for a sound plan; then no rule is reported as "broken"."""

    activities: Mapping[ActivityKey, ActivityMeasure]
    objectives: Mapping[str, float]  # every one, asked for or not
    totals: Totals
    rules: tuple[RuleReport, ...]
    violations: tuple[Violation, ...]
    allocated: Mapping[Need, float] = field(default_factory=dict)  # by initiative, region, resource, period
    coverage_by_region: Mapping[str, float] = field(default_factory=dict)
    bill: Bill = field(default_factory=lambda: Bill({}, {}, {}))

    @property
    def is_sound(self) -> bool:
        """Whether the plan keeps every rule."""
        return not self.violations


def measure(
    scenario: Scenario, allocations: Sequence[Allocation], delivery: Sequence[DeliveryPayment] = ()
) -> Measurement:
    """Measure a plan for a scenario without errors."""
    facts = Facts(scenario)
    ledger = Ledger(facts, Tariff(facts), allocations, delivery)
    rule_violations, reports = check_rules(ledger)
    return Measurement(
        activities=_measure_activities(ledger),
        objectives={key: value_of(ledger) for key, value_of in MEASURED_OBJECTIVES.items()},
        totals=_totals(ledger),
        rules=reports,
        violations=(*check_lines(ledger), *rule_violations),
        allocated=dict(ledger.served),
        coverage_by_region=ledger.coverage_by_region,
        bill=ledger.bill,
    )


def _measure_activities(ledger: Ledger) -> Mapping[ActivityKey, ActivityMeasure]:
    weights = ledger.facts.weights
    return {
        key: ActivityMeasure(key in ledger.ahead, ledger.coverage[key], ledger.effective[key], weights.get(key, 0.0))
        for key in sorted(ledger.facts.requirements)
    }


def _totals(ledger: Ledger) -> Totals:
    """Key figures over the activities that count; 0 where there is nothing to divide by."""
    facts = ledger.facts
    local, funding = local_funding(ledger, facts.counted)
    required = fsum(
        quantity
        for key in facts.counted
        for resource, quantity in facts.required_in_all[key].items()
        if facts.resources[resource].is_funding
    )
    return Totals(
        coverage=ledger.weighted_mean(ledger.coverage, facts.counted) or 0.0,
        effective=ledger.weighted_mean(ledger.effective, facts.counted) or 0.0,
        funding_coverage=min(1.0, funding / required) if required else 0.0,
        delivery_cost=ledger.bill.total,
        funding_allocated=funding,
        local_share=min(1.0, local / funding) if funding else 0.0,
        worst_region=worst_region(ledger),
    )
