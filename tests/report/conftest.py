"""A plan without an optimiser: every pledge gives to what it may serve, first come, first served."""

from collections import defaultdict
from collections.abc import Callable

import pytest

from planner.plan import (
    ActivityResult,
    Allocation,
    Comparison,
    DeliveryPayment,
    Gap,
    ObjectiveResult,
    Plan,
    RuleReport,
    Run,
    Totals,
)
from planner.samples import build_sample
from planner.scenario import Scenario
from resources.money import rates_by_currency, usable_quantity


@pytest.fixture(scope="session")
def sample() -> Scenario:
    """The built-in sample."""
    return build_sample()


@pytest.fixture(scope="session")
def share_out() -> Callable[[Scenario], Plan]:
    """Makes a plan of any scenario, knowing only resource, window and earmarks."""
    return share_out_plainly


@pytest.fixture(scope="session")
def sample_plan(sample: Scenario) -> Plan:
    """A plan of the sample."""
    return share_out_plainly(sample)


def share_out_plainly(scenario: Scenario) -> Plan:
    resources = {row.code: row for row in scenario.resources}
    rates = rates_by_currency(scenario.exchange_rates)
    missing = {
        (row.initiative, row.region, row.resource, row.period): row.quantity
        for row in scenario.requirements
        if row.quantity > 0
    }
    needs = defaultdict(list)
    for key in missing:
        needs[key[2]].append(key)
    required = dict(missing)
    lines: dict[tuple, float] = {}
    for pledge in scenario.pledges:
        resource = resources[pledge.resource]
        usable = usable_quantity(pledge, resource, scenario.settings.currency, rates)
        if resource.is_funding:
            usable *= 0.75
        first, last = pledge.from_period or 1, pledge.to_period or scenario.settings.periods
        left = defaultdict(lambda usable=usable: usable)
        for key in needs[pledge.resource]:
            initiative, region, _, period = key
            pool = period if resource.is_reusable else 0
            is_open = (
                first <= period <= last
                and (not pledge.initiatives or initiative in pledge.initiatives)
                and (not pledge.regions or region in pledge.regions)
                and initiative not in pledge.exclude_initiatives
                and region not in pledge.exclude_regions
            )
            quantity = min(left[pool], missing[key]) if is_open else 0.0
            if quantity > 1e-6 * required[key]:
                lines[(pledge.code, pledge.partner, *key)] = quantity
                left[pool] -= quantity
                missing[key] -= quantity
    return _told(scenario, lines, required, missing)


def _told(scenario: Scenario, lines: dict, required: dict, missing: dict) -> Plan:
    given = defaultdict(float)
    asked = defaultdict(float)
    for key, quantity in required.items():
        asked[key[:3]] += quantity
        given[key[:3]] += quantity - missing[key]
    shares = defaultdict(list)
    for key, quantity in asked.items():
        shares[key[:2]].append(given[key] / quantity)
    refused = {(row.initiative, row.region) for row in scenario.activities if row.go == "no"}
    activities = []
    for (initiative, region), values in sorted(shares.items()):
        coverage = 0.0 if (initiative, region) in refused else sum(values) / len(values)
        reason = "refused" if (initiative, region) in refused else "complete" if coverage > 0.999 else "partly"
        reason = "no_supply" if not coverage and reason != "refused" else reason
        text = (
            "Everything that was asked for is there." if reason == "complete" else "What is missing stands under Gaps."
        )
        activities.append(ActivityResult(initiative, region, coverage > 0, coverage, coverage * 0.9, reason, text))
    allocations = tuple(
        Allocation(*key, quantity) for key, quantity in sorted(lines.items()) if key[2:4] not in refused
    )
    gaps = tuple(
        Gap(*key, required[key], required[key] - left, left, "used_elsewhere", "Other activities count more per unit.")
        for key, left in sorted(missing.items())
        if left > 1e-6
    )
    payer = next(
        row for row in scenario.pledges if row.resource in {r.code for r in scenario.resources if r.is_funding}
    )
    region = scenario.regions[0].code
    return Plan(
        title=scenario.settings.title,
        fingerprint="",
        status="feasible",
        name="Plan 7",
        made_at="2026-11-22T16:30:00+00:00",
        objectives=(
            ObjectiveResult("effective", 12.31, 12.4, 12.41, 0.0008),
            ObjectiveResult("coverage", 14.2, 14.25, 14.3, 0.0035),
        ),
        totals=Totals(0.71, 0.66, 0.743, 120_345.5, 10_633_333.33, 0.3, 0.556),
        activities=tuple(activities),
        allocations=allocations,
        delivery=(DeliveryPayment(payer.code, region, 1, 1250.5), DeliveryPayment(payer.code, region, 2, 800.0)),
        gaps=gaps,
        rules=(
            RuleReport("local_share", "", "binding", 0.3, 0.3, 0.8),
            RuleReport("coverage_floor", f"region:{region}", "met", 0.4, 0.62, None),
            RuleReport("access_limit", "type:21", "met", 3, 3, None),
            RuleReport("pay_delivery", "", "met", 1, None, None),
            RuleReport("count_status", "", "met", 1, None, None),
            RuleReport("delivery_cap", f"region:{region}", "binding", 50_000, 50_000, 0.001),
            RuleReport("prerequisite", "", "met", None, None, None),
        ),
        pro_rata=Comparison(
            Totals(0.65, 0.565, 0.837, 140_000, 11_981_603.0, 0.27, 0.531),
            ("Local share of funding: 27 % instead of 30 %",),
        ),
        run=Run(seconds=4.2, solver="HiGHS"),
    )
