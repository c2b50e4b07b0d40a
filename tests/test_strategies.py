"""The random scenarios of the property tests are what they promise to be."""

import pytest
from hypothesis import Phase, find, given, settings

from planner.problems import Severity
from planner.rulebook import OBJECTIVES, RULES, conditions
from planner.scenario import TABLES, Scenario
from planner.validate import check
from tests.strategies import free_scenarios
from tests.tiny_scenarios import FEATURES, tiny_scenarios

UNSHRUNK = settings(phases=[Phase.generate], max_examples=500, database=None)


@settings(max_examples=60)
@given(scenario=tiny_scenarios())
def test_that_tiny_scenarios_have_no_errors(scenario: Scenario) -> None:
    assert [problem for problem in check(scenario) if problem.severity is Severity.ERROR] == []


@settings(max_examples=20)
@given(scenario=tiny_scenarios(()))
def test_that_tiny_scenarios_without_features_have_neither_rules_nor_conditions(scenario: Scenario) -> None:
    assert (scenario.rules, scenario.vetoes, scenario.delivery_costs, scenario.objectives) == ((), (), (), ())
    assert all(resource.is_whole for resource in scenario.resources)
    assert all(pledge.quantity.is_integer() for pledge in scenario.pledges)


@pytest.mark.parametrize("key", [key for key, rule in RULES.items() if not rule.is_always_on])
def test_that_every_rule_is_drawn(key: str) -> None:
    find(
        tiny_scenarios(),
        lambda scenario: any(condition.key == key for condition in conditions(scenario)),
        settings=UNSHRUNK,
    )


@pytest.mark.parametrize("key", OBJECTIVES)
def test_that_every_objective_is_drawn(key: str) -> None:
    find(
        tiny_scenarios(),
        lambda scenario: any(row.objective == key for row in scenario.objectives),
        settings=UNSHRUNK,
    )


def test_that_unknown_features_are_refused() -> None:
    with pytest.raises(AssertionError):
        find(tiny_scenarios(("magic",)), lambda scenario: True, settings=UNSHRUNK)
    assert "earmarks" in FEATURES


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_that_free_scenarios_fill_every_table(table: str) -> None:
    find(free_scenarios(), lambda scenario: bool(getattr(scenario, table)), settings=UNSHRUNK)
