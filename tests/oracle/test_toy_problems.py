"""Small textbook problems with answers that a person can prove, told as scenarios and planned."""

import pytest

from planner.plan import Plan
from planner.scenario import Scenario
from solver.run import solve
from solver.verify import measure
from tests.oracle.classic_problems import knapsack, transport
from tests.oracle.straight_model import best_values

# Items A 10 (needs 5), B 6 (needs 3), C 6 (needs 3), room for 6: B and C, 12; A alone is 10 although it is the first.
KNAPSACK = knapsack([10, 6, 6], [[5, 3, 3]], [6])
# The second capacity allows only one of B and C: then A alone, 10.
TWO_CAPACITIES = knapsack([10, 6, 6], [[5, 3, 3], [0, 1, 1]], [6, 1])
# Cheap source 0 has 5 of the 7 needed: 5 at 1 and 2 at 4; the far place costs 1 more from either.
TRANSPORT = transport([5, 10], [3, 4], [[1, 2], [4, 5]])
# Going along one route only: 7 · 2 + 10 = 24 beats 5 · 1 + 2 · 2 + 10 + 10 = 29.
FIXED_ROUTES = transport([5, 10], [7], [[1], [2]], [[10], [10]])
# Both hubs open: 5 + 5 + 3 · 1 + 3 · 1 = 16; one hub alone: 5 + 3 · 1 + 3 · 4 = 20.
HUBS = transport([6, 6], [3, 3], [[1, 4], [4, 1]], opening_cost=[5, 5])


@pytest.mark.parametrize(
    ("scenario", "answer"),
    [
        (KNAPSACK, 12),
        (TWO_CAPACITIES, 10),
        # 5 from source 0, 2 from source 1 (dearer by 3 each): 3 + 8 if all came cheaply, and 2 · 3 more.
        (TRANSPORT, 17),
        (FIXED_ROUTES, 24),
        (HUBS, 16),
    ],
    ids=["knapsack", "two capacities", "transport", "fixed routes", "hubs"],
)
def test_that_a_textbook_problem_has_the_answer_proved_by_hand(scenario: Scenario, answer: float) -> None:
    assert best_values(scenario) == (pytest.approx(answer),)
    plan = solve(scenario)
    assert plan.status == "optimal"
    assert plan.objectives[0].value == pytest.approx(answer, rel=1e-6)
    assert plan.objectives[0].bound == pytest.approx(answer, rel=1e-6)
    assert measure(scenario, plan.allocations, plan.delivery).is_sound


def served(plan: Plan) -> dict[tuple[str, str], float]:
    return {(line.partner, line.region): line.quantity for line in plan.allocations}


def test_that_the_plan_of_a_knapsack_is_the_only_best_choice() -> None:
    assert {line.initiative for line in solve(KNAPSACK).allocations} == {"I1", "I2"}
    assert {line.initiative for line in solve(TWO_CAPACITIES).allocations} == {"I0"}


def test_that_goods_take_the_cheaper_way_and_one_route_where_routes_cost() -> None:
    assert served(solve(FIXED_ROUTES)) == {("P1", "R0"): pytest.approx(7)}
    assert served(solve(HUBS)) == {("P0", "R0"): pytest.approx(3), ("P1", "R1"): pytest.approx(3)}
