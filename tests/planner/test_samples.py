"""The built-in samples: varied enough to show every rule, scarce enough to make a plan choose, the same every time."""

from collections import Counter

import pytest

from planner.plan import Plan, RuleReport
from planner.problems import ConcordError
from planner.rulebook import RULES, conditions
from planner.samples import SAMPLES, build_sample
from planner.scenario import Scenario
from planner.validate import check
from resources.money import rates_by_currency, usable_quantity
from solver.options import Options
from solver.run import solve

NAMES = tuple(SAMPLES)


@pytest.fixture(scope="module")
def stabilisation() -> Scenario:
    return build_sample()


@pytest.mark.parametrize("name", NAMES)
def test_that_a_sample_is_the_same_scenario_with_the_same_ids_every_time(name: str) -> None:
    first, second = build_sample(name), build_sample(name)
    assert first == second
    assert first.id == second.id
    for (_, rows), (_, again) in zip(first.tables(), second.tables(), strict=True):
        assert [row.id for row in rows] == [row.id for row in again]


@pytest.mark.parametrize("name", NAMES)
def test_that_no_two_rows_of_a_sample_share_an_id(name: str) -> None:
    ids = Counter(row.id for _, rows in build_sample(name).tables() for row in rows)
    assert max(ids.values()) == 1


@pytest.mark.parametrize("name", NAMES)
def test_that_the_checks_find_nothing_in_a_sample(name: str) -> None:
    assert [problem.message for problem in check(build_sample(name))] == []


@pytest.mark.parametrize("name", NAMES)
def test_that_a_sample_has_the_title_it_is_listed_with(name: str) -> None:
    assert build_sample(name).settings.title == SAMPLES[name].title


def test_that_an_unknown_sample_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(ConcordError, match="first-steps"):
        build_sample("stabilization")


def test_that_the_programme_has_partners_of_every_kind(stabilisation: Scenario) -> None:
    types = Counter(partner.type for partner in stabilisation.partners)
    assert {"10", "21", "22", "24", "40", "60", "70", "80"} <= set(types)
    assert sum(partner.local for partner in stabilisation.partners) >= 4
    bringing = {pledge.partner for pledge in stabilisation.pledges}
    assert bringing == {partner.code for partner in stabilisation.partners}


def test_that_the_programme_has_the_announced_extent(stabilisation: Scenario) -> None:
    description = SAMPLES["stabilisation"].description
    assert f"{len(stabilisation.partners)} partners" in description
    assert f"{len(stabilisation.regions)} regions" in description
    assert f"{len(stabilisation.initiatives)} initiatives" in description
    assert f"{stabilisation.settings.periods} quarters" in description
    assert len(stabilisation.pledges) >= 115
    assert Counter(resource.category for resource in stabilisation.resources) == {
        "funding": 1,
        "logistics": 5,
        "personnel": 4,
    }
    assert len({initiative.strategy for initiative in stabilisation.initiatives}) == 10
    assert all(initiative.dac_code for initiative in stabilisation.initiatives)


def test_that_pledges_carry_every_kind_of_limit(stabilisation: Scenario) -> None:
    pledges = stabilisation.pledges
    kinds = Counter((len(pledge.initiatives) > 0, len(pledge.regions) > 0) for pledge in pledges)
    assert min(kinds[first, second] for first in (False, True) for second in (False, True)) >= 10
    assert any(pledge.exclude_initiatives for pledge in pledges)
    assert any(pledge.exclude_regions for pledge in pledges)
    assert {pledge.status for pledge in pledges} == {"pledge", "commitment", "paid"}
    assert len({pledge.currency for pledge in pledges if pledge.resource == "FUND"}) == 3
    assert len({pledge.overhead for pledge in pledges}) >= 5
    assert len({pledge.likelihood for pledge in pledges}) >= 5
    instalments = Counter(pledge.agreement for pledge in pledges if pledge.agreement)
    assert len(instalments) >= 3
    assert set(instalments.values()) == {2}
    assert any(pledge.mobilisation_cost for pledge in pledges)
    personnel = {resource.code for resource in stabilisation.resources if resource.category == "personnel"}
    assert all(bool(pledge.languages) == (pledge.resource in personnel) for pledge in pledges)


def test_that_partners_refuse_initiatives_regions_and_implementers(stabilisation: Scenario) -> None:
    kinds = {(bool(veto.initiative), bool(veto.region), bool(veto.implementer)) for veto in stabilisation.vetoes}
    assert kinds == {(True, False, False), (False, True, False), (True, True, False), (False, False, True)}
    assert all(veto.reason for veto in stabilisation.vetoes)


@pytest.mark.parametrize("name", NAMES)
def test_that_needs_exceed_supply_in_most_resources(name: str) -> None:
    scenario = build_sample(name)
    scarce = [
        resource.code
        for resource in scenario.resources
        if _supply(scenario, resource.code) < _need(scenario, resource.code)
    ]
    assert len(scarce) >= 0.8 * len(scenario.resources)


def test_that_every_rule_is_on_but_the_expected_quantities(stabilisation: Scenario) -> None:
    on = {condition.key for condition in conditions(stabilisation)}
    assert {rule.rule for rule in stabilisation.rules if rule.on is False} == {"expected"}
    assert {key for key, rule in RULES.items() if not rule.is_always_on} - on == {"expected"}


def test_that_the_agreed_plan_stays_within_pledges_and_requirements(stabilisation: Scenario) -> None:
    rates = rates_by_currency(stabilisation.exchange_rates)
    resources = {resource.code: resource for resource in stabilisation.resources}
    pledges = {pledge.code: pledge for pledge in stabilisation.pledges}
    required = {
        (row.initiative, row.region, row.resource, row.period): row.quantity for row in stabilisation.requirements
    }
    given: Counter[tuple[str, int | None]] = Counter()
    received: Counter[tuple[str, str, str, int]] = Counter()
    assert {line.keep for line in stabilisation.baseline} == {True, False}
    for line in stabilisation.baseline:
        resource = resources[line.resource]
        assert pledges[line.pledge].resource == line.resource
        given[line.pledge, line.period if resource.is_reusable else None] += line.quantity
        received[line.initiative, line.region, line.resource, line.period] += line.quantity
    for (code, _), quantity in given.items():
        resource = resources[pledges[code].resource]
        usable = usable_quantity(pledges[code], resource, stabilisation.settings.currency, rates)
        assert quantity <= usable + 0.01
    for key, quantity in received.items():
        assert quantity <= required[key] + 0.01


def _need(scenario: Scenario, resource: str) -> float:
    refused = {(activity.initiative, activity.region) for activity in scenario.activities if activity.go == "no"}
    return sum(
        row.quantity
        for row in scenario.requirements
        if row.resource == resource and (row.initiative, row.region) not in refused
    )


def _supply(scenario: Scenario, code: str) -> float:
    """What counts (signed or paid); of reusable resources in all periods of the window together."""
    resource = next(row for row in scenario.resources if row.code == code)
    rates = rates_by_currency(scenario.exchange_rates)
    last = scenario.settings.periods
    return sum(
        usable_quantity(pledge, resource, scenario.settings.currency, rates)
        * ((pledge.to_period or last) - (pledge.from_period or 1) + 1 if resource.is_reusable else 1)
        for pledge in scenario.pledges
        if pledge.resource == code and pledge.status != "pledge"
    )


@pytest.fixture(scope="module")
def plan(stabilisation: Scenario) -> Plan:
    return solve(stabilisation, Options(gap=0.01))


@pytest.mark.slow
def test_that_every_level_of_the_programme_is_planned_to_within_a_hundredth(plan: Plan) -> None:
    assert plan.status == "optimal"
    assert all(level.gap <= 0.01 for level in plan.objectives)


@pytest.mark.slow
def test_that_every_rule_that_is_on_says_how_the_plan_stands_to_it(plan: Plan, stabilisation: Scenario) -> None:
    reports = {(report.rule, report.scope): report for report in plan.rules}
    assert {rule for (rule, _), report in reports.items() if report.state == "off"} == {"expected"}
    for condition in conditions(stabilisation):
        report = reports[condition.key, condition.scope]
        assert report.state in ("met", "binding"), report
        assert report.actual is not None, report


@pytest.mark.slow
def test_that_most_rules_make_the_plan_choose(plan: Plan) -> None:
    reports = [report for report in plan.rules if report.state != "off"]
    assert sum(_is_in_reach(report) for report in reports if report.limit) >= sum(bool(r.limit) for r in reports) / 2
    binding = {report.rule for report in reports if report.state == "binding"}
    assert {"local_share", "access_limit", "count_status", "pay_delivery", "go", "exclusive", "minimum"} <= binding


def _is_in_reach(report: RuleReport) -> bool:
    """Whether the plan runs into a limit, or comes within a tenth of it."""
    assert report.limit is not None
    assert report.actual is not None
    return report.state == "binding" or abs(report.actual - report.limit) <= 0.1 * abs(report.limit)


@pytest.mark.slow
def test_that_a_plan_of_the_programme_leaves_out_some_needs_for_many_reasons(plan: Plan) -> None:
    assert 0.3 < plan.totals.worst_region < plan.totals.coverage < 0.95
    assert len({gap.reason for gap in plan.gaps}) >= 5
    assert sum(activity.go for activity in plan.activities) < len(plan.activities)
