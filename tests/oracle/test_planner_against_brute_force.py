"""The planner against the oracle on random tiny scenarios: the same values, the same impossibilities, sound plans."""

import dataclasses

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from planner.problems import Severity
from planner.rulebook import OBJECTIVES, RULES, objectives
from planner.scenario import Scenario
from planner.validate import check
from solver.run import solve
from solver.verify import measure
from tests.oracle.rule_features import FEATURES_OF
from tests.oracle.straight_model import best_values
from tests.oracle.wild_scenarios import wild_scenarios
from tests.tiny_scenarios import FEATURES, tiny_scenarios

PAIRS = st.lists(st.sampled_from(sorted(FEATURES_OF)), min_size=2, max_size=2, unique=True).map(
    lambda keys: FEATURES_OF[keys[0]] | FEATURES_OF[keys[1]]
)
IN_MONEY = {"delivery_cap", "implementer_cap", "min_contribution", "max_contribution"}  # rules whose value is money


def assert_as_the_oracle(scenario: Scenario) -> None:
    """The planner's plan is sound, and at every level as good as the oracle's."""
    assume(not [problem for problem in check(scenario) if problem.severity is Severity.ERROR])
    assume(any(found.weight for found in measure(scenario, ()).activities.values()))
    expected, plan = best_values(scenario), solve(scenario)
    event("possible" if expected else "impossible")
    if expected is None:
        assert plan.status == "infeasible"
        return
    assert plan.status == "optimal"
    found = measure(scenario, plan.allocations, plan.delivery)
    assert found.is_sound, found.violations
    assert [level.objective for level in plan.objectives] == [level.key for level in objectives(scenario)]
    for level, best in zip(plan.objectives, expected, strict=True):
        assert level.value == pytest.approx(found.objectives[level.objective], abs=1e-9)
        assert level.best == pytest.approx(best, rel=1e-5, abs=1e-5)
    assert plan.objectives[0].best == pytest.approx(expected[0], rel=1e-6, abs=1e-6)
    # The finished plan keeps the first level up to its tolerance.
    tolerance = objectives(scenario)[0].tolerance
    assert abs(plan.objectives[0].value - expected[0]) <= (tolerance + 2e-6) * max(1.0, abs(expected[0]))


@pytest.mark.parametrize("key", FEATURES_OF)
@settings(max_examples=12)
@given(data=st.data())
def test_that_a_rule_or_objective_alone_gives_the_value_of_the_oracle(key: str, data: st.DataObject) -> None:
    assert_as_the_oracle(data.draw(tiny_scenarios(FEATURES_OF[key])))


@pytest.mark.slow
@pytest.mark.parametrize("key", FEATURES_OF)
@settings(max_examples=300)
@given(data=st.data())
def test_that_a_rule_or_objective_alone_gives_the_value_of_the_oracle_often(key: str, data: st.DataObject) -> None:
    assert_as_the_oracle(data.draw(tiny_scenarios(FEATURES_OF[key])))


@settings(max_examples=25)
@given(data=st.data())
def test_that_two_rules_give_the_value_of_the_oracle(data: st.DataObject) -> None:
    assert_as_the_oracle(data.draw(PAIRS.flatmap(tiny_scenarios)))


@pytest.mark.slow
@settings(max_examples=1500)
@given(data=st.data())
def test_that_two_rules_give_the_value_of_the_oracle_often(data: st.DataObject) -> None:
    assert_as_the_oracle(data.draw(PAIRS.flatmap(tiny_scenarios)))


@pytest.mark.slow
@settings(max_examples=1500)
@given(tiny_scenarios(FEATURES))
def test_that_all_rules_together_give_the_value_of_the_oracle(scenario: Scenario) -> None:
    assert_as_the_oracle(scenario)


@pytest.mark.slow
@settings(max_examples=500)
@given(wild_scenarios())
def test_that_scenarios_of_rare_corners_give_the_value_of_the_oracle(scenario: Scenario) -> None:
    assert_as_the_oracle(scenario)


@settings(max_examples=15)
@given(tiny_scenarios(FEATURES - IN_MONEY - {"fractions"}), st.sampled_from((1e3, 1e6)))
def test_that_counting_money_in_thousands_or_millions_changes_no_value(scenario: Scenario, factor: float) -> None:
    assume(not [problem for problem in check(scenario) if problem.severity is Severity.ERROR])
    scenario = in_smaller_units(scenario, 1)
    small, large = solve(scenario), solve(in_smaller_units(scenario, factor))
    assert small.status == large.status
    for before, after in zip(small.objectives, large.objectives, strict=True):
        unit = factor if before.objective in ("delivery_cost", "burden") else 1.0
        assert after.best / unit == pytest.approx(before.best, rel=1e-5, abs=1e-5)


def in_smaller_units(scenario: Scenario, factor: float) -> Scenario:
    """The same scenario with every amount of money multiplied, and money that need not be whole."""
    funding = {row.code for row in scenario.resources if row.is_funding}
    return dataclasses.replace(
        scenario,
        pledges=tuple(
            dataclasses.replace(
                row,
                quantity=row.quantity * (factor if row.resource in funding else 1),
                mobilisation_cost=row.mobilisation_cost * factor,
            )
            for row in scenario.pledges
        ),
        requirements=tuple(
            dataclasses.replace(row, quantity=row.quantity * (factor if row.resource in funding else 1))
            for row in scenario.requirements
        ),
        resources=tuple(
            dataclasses.replace(row, whole=False)
            if row.is_funding
            else dataclasses.replace(row, unit_value=row.value_per_unit * factor)
            for row in scenario.resources
        ),
        baseline=tuple(
            dataclasses.replace(row, quantity=row.quantity * (factor if row.resource in funding else 1))
            for row in scenario.baseline
        ),
        delivery_costs=tuple(
            dataclasses.replace(
                row,
                cost_per_unit=None
                if row.cost_per_unit is None
                else row.cost_per_unit * (1 if row.resource in funding else factor),
                fixed_cost=None if row.fixed_cost is None else row.fixed_cost * factor,
            )
            for row in scenario.delivery_costs
        ),
    )


def test_that_every_rule_and_objective_is_compared_with_the_oracle() -> None:
    assert set(FEATURES_OF) == set(RULES) | set(OBJECTIVES)
