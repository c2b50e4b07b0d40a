"""The oracle against itself: the straightforward model finds what going through every plan finds."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planner.scenario import Scenario
from tests.oracle.brute_force import best_first_value, count_plans
from tests.oracle.straight_model import best_values
from tests.strategies import FEATURES, tiny_scenarios

MOST_PLANS = 700
WHOLE = FEATURES - {"fractions", "money", "likelihood"}


def agree(scenario: Scenario) -> None:
    assume(2 <= count_plans(scenario) <= MOST_PLANS)
    expected, found = best_first_value(scenario), best_values(scenario)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert found[0] == pytest.approx(expected, abs=2e-6)


@given(st.sampled_from(sorted(WHOLE)).flatmap(lambda feature: tiny_scenarios({feature, "objectives", "delivery"})))
@settings(max_examples=40)
def test_that_the_straightforward_model_finds_the_best_of_all_plans(scenario: Scenario) -> None:
    agree(scenario)


@pytest.mark.slow
@given(tiny_scenarios(WHOLE))
@settings(max_examples=1500)
def test_that_the_straightforward_model_finds_the_best_of_all_plans_under_all_rules(scenario: Scenario) -> None:
    agree(scenario)
