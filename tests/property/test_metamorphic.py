"""What must not change the proven value of the first objective, or change it in one direction only."""

import dataclasses
import math
import random
from collections import defaultdict
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planner.edits import rename_code
from planner.plan import Plan
from planner.problems import Severity
from planner.rulebook import objectives
from planner.scenario import TABLES, Objective, Rule, Scenario
from planner.validate import check
from solver.generate import generate
from solver.objectives import OBJECTIVES
from solver.options import Options
from solver.run import solve
from solver.verify import measure
from tests.tiny_scenarios import FEATURES, tiny_scenarios

Change = Callable[[Scenario], Scenario]
ANY = tiny_scenarios(FEATURES)
MORE_RULES = (
    Rule(rule="coverage_floor", value="0.4", scope="region:R1"),
    Rule(rule="delivery_cap", value="2"),
    Rule(rule="local_share", value="0.5"),
    Rule(rule="pay_delivery", value="yes"),
)
WITHOUT_MORE_RULES = FEATURES - {rule.rule for rule in MORE_RULES}


def assume_plannable(scenario: Scenario) -> None:
    assume(not [problem for problem in check(scenario) if problem.severity is Severity.ERROR])


def proven(scenario: Scenario) -> float | None:
    """The proven value of the first objective alone, made better by rising; None where no plan is possible."""
    first = objectives(scenario)[0].key
    plan = solve(dataclasses.replace(scenario, objectives=(Objective(order=1, objective=first),)))
    if plan.status == "infeasible":
        return None
    assert plan.status == "optimal"
    return plan.objectives[0].best * (1 if OBJECTIVES[first].is_maximised else -1)


def assert_same(value: float | None, other: float | None) -> None:
    if value is None or other is None:
        assert value is other
    else:
        assert value == pytest.approx(other, rel=1e-6, abs=1e-6)


def assert_not_better(value: float | None, than: float | None) -> None:
    if value is not None:
        assert than is not None
        assert value <= than + 1e-6 * max(1.0, abs(than))


def shuffled(scenario: Scenario, order: random.Random) -> Scenario:
    """The same rows in another order; the order of objectives is a column of its own."""
    return dataclasses.replace(
        scenario,
        **{
            table.name: tuple(order.sample(rows, len(rows)))
            for table in TABLES
            if (rows := getattr(scenario, table.name))
        },
    )


def renamed(scenario: Scenario) -> Scenario:
    """Every code another one, so that their order turns round."""
    for table in ("partners", "regions", "initiatives", "resources", "pledges"):
        codes = sorted(row.code for row in getattr(scenario, table))
        for number, code in enumerate(codes):
            scenario = rename_code(scenario, table, code, f"N{len(codes) - number:04}-{code}")
    return scenario


@settings(max_examples=15)
@given(ANY, st.randoms(use_true_random=False))
def test_that_renaming_and_shuffling_change_no_value(scenario: Scenario, order: random.Random) -> None:
    assume_plannable(scenario)
    assert_same(proven(shuffled(renamed(scenario), order)), proven(scenario))


@settings(max_examples=15)
@given(tiny_scenarios(FEATURES - {"money", "likelihood", "baseline"}), st.data())
def test_that_a_pledge_split_under_one_agreement_changes_no_value(scenario: Scenario, data: st.DataObject) -> None:
    assume_plannable(scenario)
    pledge = data.draw(st.sampled_from(scenario.pledges))
    part = float(math.floor(pledge.quantity / 2))
    assume(part > 0)
    first = dataclasses.replace(pledge, quantity=part, agreement=pledge.agreement or "TOGETHER")
    second = dataclasses.replace(first, code=f"{pledge.code}-2", quantity=pledge.quantity - part)
    others = tuple(row for row in scenario.pledges if row is not pledge)
    split = dataclasses.replace(scenario, pledges=(*others, first, second))
    assume_plannable(split)
    assert_same(proven(split), proven(scenario))


@settings(max_examples=20)
@given(tiny_scenarios(WITHOUT_MORE_RULES | {"delivery"}), st.sampled_from(MORE_RULES))
def test_that_one_more_rule_improves_no_value(scenario: Scenario, rule: Rule) -> None:
    assume_plannable(scenario)
    stricter = dataclasses.replace(scenario, rules=(*scenario.rules, rule))
    assert_not_better(proven(stricter), than=proven(scenario))


@settings(max_examples=20)
@given(ANY, st.data())
def test_that_more_supply_worsens_no_value(scenario: Scenario, data: st.DataObject) -> None:
    assume_plannable(scenario)
    pledge = data.draw(st.sampled_from(scenario.pledges))
    more = dataclasses.replace(pledge, quantity=pledge.quantity + data.draw(st.integers(1, 3)))
    richer = dataclasses.replace(scenario, pledges=tuple(more if row is pledge else row for row in scenario.pledges))
    assert_not_better(proven(scenario), than=proven(richer))


def coverage_of_regions(scenario: Scenario, plan: Plan) -> dict[str, float]:
    """Mean coverage of the activities of each region that count, by their weight."""
    served: dict[str, float] = defaultdict(float)
    weight: dict[str, float] = defaultdict(float)
    for (_, region), found in measure(scenario, plan.allocations, plan.delivery).activities.items():
        served[region] += found.weight * found.coverage
        weight[region] += found.weight
    return {region: served[region] / weight[region] for region in weight if weight[region] > 0}


@settings(max_examples=15)
@given(tiny_scenarios(FEATURES - {"coverage_floor", "objectives"}))
def test_that_the_value_reached_set_as_a_floor_keeps_it(scenario: Scenario) -> None:
    assume_plannable(scenario)
    plan = solve(scenario)
    assume(plan.status == "optimal")
    floors = tuple(
        Rule(rule="coverage_floor", value=repr(round(max(0.0, floor - 1e-9), 12)), scope=f"region:{region}")
        for region, floor in coverage_of_regions(scenario, plan).items()
    )
    held = dataclasses.replace(scenario, rules=(*scenario.rules, *floors))
    assert_same(proven(held), plan.objectives[0].best)


@pytest.mark.slow
@pytest.mark.parametrize("size", ["s", "m"])
def test_that_ten_runs_give_the_same_allocations_whatever_the_order_of_the_rows(size: str) -> None:
    scenario = generate(size, seed=1, partner_vetoes_initiative=True)
    order = random.Random(1)
    first = solve(scenario, Options(seed=3)).allocations
    assert first
    for number in range(9):
        again = shuffled(scenario, order) if number % 2 else scenario
        assert solve(again, Options(seed=3)).allocations == first


@pytest.mark.slow
@pytest.mark.parametrize("size", ["s", "m"])
def test_that_several_levels_give_the_same_allocations_whatever_the_order_of_the_rows(size: str) -> None:
    scenario = generate(size, seed=1, four_objectives=True)
    first, second = solve(scenario), solve(shuffled(scenario, random.Random(2)))
    assert first.allocations == second.allocations
    assert first.objectives == second.objectives
