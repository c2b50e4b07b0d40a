"""The random scenarios of the property tests are what they promise to be."""

import pytest
from hypothesis import Phase, find, given, settings

from planner.problems import Severity
from planner.rulebook import RULES
from planner.scenario import TABLES, Scenario
from planner.validate import check
from tests.strategies import FEATURES, free_scenarios, tiny_scenarios

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


def test_that_every_rule_of_a_feature_is_drawn() -> None:
    for key in (
        "count_status",
        "expected",
        "access_limit",
        "local_share",
        "coverage_floor",
        "pay_delivery",
        "delivery_cap",
    ):
        assert key in RULES
        find(
            tiny_scenarios(),
            lambda scenario, key=key: any(rule.rule == key for rule in scenario.rules),
            settings=UNSHRUNK,
        )


def test_that_unknown_features_are_refused() -> None:
    with pytest.raises(AssertionError):
        find(tiny_scenarios(("magic",)), lambda scenario: True, settings=UNSHRUNK)
    assert "earmarks" in FEATURES


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_that_free_scenarios_fill_every_table(table: str) -> None:
    find(free_scenarios(), lambda scenario: bool(getattr(scenario, table)), settings=UNSHRUNK)
