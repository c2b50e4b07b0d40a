"""A plan taken over as the agreed plan."""

from dataclasses import replace

import pytest

from planner.agreement import agree
from planner.changes import changes_since_baseline
from planner.plan import Plan
from planner.samples import build_sample
from planner.scenario import Scenario
from planner.validate import check
from solver.run import solve


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return build_sample("first-steps")


@pytest.fixture(scope="module")
def plan(scenario: Scenario) -> Plan:
    return solve(scenario)


def test_that_nothing_has_changed_since_a_plan_that_was_just_agreed(scenario: Scenario, plan: Plan) -> None:
    agreed = agree(scenario, plan)

    assert len(agreed.baseline) == len(plan.allocations)
    assert not any(problem.severity == "error" for problem in check(agreed))
    assert {shift.change for shift in changes_since_baseline(agreed, plan.allocations)} == {0.0}


def test_that_lines_agreed_before_keep_their_identity_and_their_keep(scenario: Scenario, plan: Plan) -> None:
    once = agree(scenario, plan)
    kept = replace(once, baseline=(replace(once.baseline[0], keep=True, quantity=1.0), *once.baseline[1:]))

    again = agree(kept, plan)

    assert [row.id for row in again.baseline] == [row.id for row in once.baseline]
    assert [row.keep for row in again.baseline] == [True] + [False] * (len(once.baseline) - 1)
    assert again.baseline[0].quantity == once.baseline[0].quantity


def test_that_lines_about_what_is_gone_are_left_out(scenario: Scenario, plan: Plan) -> None:
    gone = plan.allocations[0].pledge
    smaller = replace(scenario, pledges=tuple(row for row in scenario.pledges if row.code != gone))

    agreed = agree(smaller, plan)

    assert agreed.baseline
    assert gone not in {row.pledge for row in agreed.baseline}
