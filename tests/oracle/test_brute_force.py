"""The oracle against itself: the straightforward model finds what going through every plan finds."""

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from planner.scenario import Scenario
from tests.oracle.brute_force import best_first_value, count_plans
from tests.oracle.rule_features import FEATURES_OF
from tests.oracle.straight_model import best_values
from tests.tiny_scenarios import FEATURES, tiny_scenarios

MOST_PLANS = 700
WHOLE = FEATURES - {"fractions", "money", "likelihood"}
SHARES_OF_VALUE = {"partner_type_share", "burden_cap", "burden"}
ALL_WHOLE = WHOLE - SHARES_OF_VALUE


def agree(scenario: Scenario) -> None:
    assume(2 <= count_plans(scenario) <= MOST_PLANS)
    expected, found = best_first_value(scenario), best_values(scenario)
    event("possible" if expected is not None else "impossible")
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
@pytest.mark.parametrize("key", FEATURES_OF)
@settings(max_examples=60)
@given(data=st.data())
def test_that_the_straightforward_model_finds_the_best_of_all_plans_under_one_rule(
    key: str, data: st.DataObject
) -> None:
    # Money for delivery can be split so that a share is met exactly, which no plan in whole units does.
    features = FEATURES_OF[key] - ({"pay_delivery"} if key in SHARES_OF_VALUE else set())
    agree(data.draw(tiny_scenarios(features & WHOLE)))


@pytest.mark.slow
@settings(max_examples=1000)
@given(data=st.data())
def test_that_the_straightforward_model_finds_the_best_of_all_plans_under_two_rules(data: st.DataObject) -> None:
    keys = data.draw(st.lists(st.sampled_from(sorted(FEATURES_OF)), min_size=2, max_size=2, unique=True))
    agree(data.draw(tiny_scenarios((FEATURES_OF[keys[0]] | FEATURES_OF[keys[1]]) & ALL_WHOLE)))


@pytest.mark.slow
@given(tiny_scenarios(ALL_WHOLE))
@settings(max_examples=1500)
def test_that_the_straightforward_model_finds_the_best_of_all_plans_under_all_rules(scenario: Scenario) -> None:
    agree(scenario)
