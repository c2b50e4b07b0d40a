"""Why each line of a plan comes from its pledge: what else could serve the need, and why it does not."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings

from planner.plan import Allocation, Plan
from planner.rulebook import RULES
from planner.scenario import BaselineLine, Initiative, Objective, Scenario
from resources.offers import DeliveryCost
from solver.reasons.choices import why
from solver.run import solve
from tests.solver.verify_scenarios import need, pledge, rule, scenario
from tests.tiny_scenarios import tiny_scenarios

ELSE = need("RETURN", "R1", "KITS", 1)  # what only a pledge without an earmark may serve
CHEAP = (Objective(order=1, objective="coverage"), Objective(order=2, objective="delivery_cost"))


def line_of(plan: Plan, code: str, initiative: str = "DEMINE") -> Allocation:
    (found,) = (row for row in plan.allocations if (row.pledge, row.initiative) == (code, initiative))
    return found


def test_that_the_only_pledge_that_may_serve_says_so() -> None:
    pledges = (pledge("A", "ALFA", "KITS", 5), pledge("B", "BETA", "KITS", 5, regions=("R2",)))
    plan = solve(scenario(pledges=pledges, requirements=(need("DEMINE", "R1", "KITS", 5),)))
    assert line_of(plan, "A").text == "No other pledge may serve this need."


def test_that_interchangeable_pledges_are_told_as_equal() -> None:
    pledges = tuple(pledge(code, "ALFA", "KITS", 5) for code in "ABC")
    case = scenario(pledges=pledges, requirements=(need("DEMINE", "R1", "KITS", 5),))
    plan = solve(case)
    assert line_of(plan, "A").text == "Equal to B, C; chosen by the split rule."
    texts = [(found.pledge, found.fate, found.text) for found in why(case, plan, line_of(plan, "A"))]
    told = "{} (ALFA) is equal to it for every rule and objective; the split rule chose."
    assert texts == [(code, "equal", told.format(code)) for code in "BC"]


def test_that_a_pledge_used_up_elsewhere_says_where() -> None:
    case = scenario(
        initiatives=(Initiative(code="DEMINE"), Initiative(code="RETURN", priority=2)),
        pledges=(pledge("A", "ALFA", "KITS", 5, initiatives=("DEMINE",)), pledge("B", "BETA", "KITS", 5)),
        requirements=(need("DEMINE", "R1", "KITS", 5), need("RETURN", "R1", "KITS", 5)),
    )
    plan = solve(case)
    assert line_of(plan, "A").text == "Used elsewhere: B."
    (found,) = why(case, plan, line_of(plan, "A"))
    assert found.text == "B (BETA) is used up elsewhere: 5 for RETURN in R1 (weight 2). Weight here: 1."


def dear(**columns: Any) -> Scenario:
    return scenario(
        pledges=(pledge("A", "ALFA", "KITS", 5), pledge("B", "BETA", "KITS", 5)),
        requirements=(need("DEMINE", "R1", "KITS", 5),),
        delivery_costs=(DeliveryCost(cost_per_unit=10), DeliveryCost(partner="ALFA", cost_per_unit=12)),
        **columns,
    )


def test_that_a_dearer_pledge_is_told_with_both_costs_where_costs_count() -> None:
    case = dear(objectives=CHEAP)
    plan = solve(case)
    assert line_of(plan, "B").text == "Dearer to deliver: A."
    (found,) = why(case, plan, line_of(plan, "B"))
    assert found.text == "A (ALFA) costs more to deliver here: 12 against 10 USD a unit, and 0 USD once."


def test_that_costs_are_no_reason_where_nothing_reads_them() -> None:
    (line,) = solve(dear()).allocations
    assert "Equal to" in line.text
    assert "Dearer" not in line.text


def test_that_a_charge_that_comes_once_makes_a_pledge_dearer() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "KITS", 5, mobilisation_cost=50), pledge("B", "BETA", "KITS", 5)),
        requirements=(need("DEMINE", "R1", "KITS", 5),),
        objectives=CHEAP,
    )
    plan = solve(case)
    assert line_of(plan, "B").text == "Dearer to deliver: A."
    (found,) = why(case, plan, line_of(plan, "B"))
    assert "and 50 USD once" in found.text


def test_that_pledges_that_serve_the_same_need_are_named_beside_each_other() -> None:
    pledges = (pledge("A", "ALFA", "KITS", 3, initiatives=("DEMINE",)), pledge("B", "BETA", "KITS", 3))
    plan = solve(scenario(pledges=pledges, requirements=(need("DEMINE", "R1", "KITS", 5), ELSE)))
    assert line_of(plan, "A").text == "Serving it too: B."
    assert line_of(plan, "B").text == "Serving it too: A."


def test_that_a_pledge_that_is_free_and_not_needed_says_how_much_is_left() -> None:
    pledges = (pledge("A", "ALFA", "KITS", 5, initiatives=("DEMINE",)), pledge("B", "BETA", "KITS", 9))
    case = scenario(pledges=pledges, requirements=(need("DEMINE", "R1", "KITS", 5), ELSE))
    plan = solve(case)
    assert line_of(plan, "A").text == "Open to it too, but not needed: B."
    (found,) = why(case, plan, line_of(plan, "A"))
    assert found.text == "B (BETA) has 8 left, which is not needed here."


def test_that_a_rule_that_keeps_a_free_pledge_away_is_named() -> None:
    case = scenario(
        initiatives=(Initiative(code="DEMINE"), Initiative(code="RETURN", priority=2)),
        pledges=(pledge("A", "ALFA", "KITS", 5, initiatives=("DEMINE",)), pledge("B", "BETA", "KITS", 9)),
        requirements=(need("DEMINE", "R1", "KITS", 5), need("RETURN", "R1", "KITS", 5)),
        rules=(rule("max_activities", 1, "partner:BETA"),),
    )
    plan = solve(case)
    assert line_of(plan, "A").text == "Kept away by a rule: B."
    (found,) = why(case, plan, line_of(plan, "A"))
    assert found.fate == "held"
    assert found.text == f"B (BETA) is kept away by the rule “{RULES['max_activities'].title}”."


def test_that_a_line_of_the_agreed_plan_says_so() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "KITS", 5), pledge("B", "BETA", "KITS", 5)),
        requirements=(need("DEMINE", "R1", "KITS", 5),),
        baseline=(BaselineLine(pledge="B", initiative="DEMINE", region="R1", quantity=5),),
    )
    assert line_of(solve(case), "B").text == "As in the agreed plan. Equal to A; chosen by the split rule."


def test_that_many_alternatives_are_named_by_a_few() -> None:
    pledges = tuple(pledge(f"A{number}", "ALFA", "KITS", 5) for number in range(9))
    plan = solve(scenario(pledges=pledges, requirements=(need("DEMINE", "R1", "KITS", 5),)))
    assert line_of(plan, "A0").text == "Equal to A1, A2, A3 and 5 more; chosen by the split rule."


def test_that_the_rule_of_delivery_makes_costs_count() -> None:
    (line,) = solve(dear(rules=(rule("delivery_cap", 55),))).allocations
    assert (line.pledge, line.text) == ("B", "Dearer to deliver: A.")


@settings(max_examples=40)
@given(tiny_scenarios())
def test_that_every_line_has_a_reason_and_every_alternative_one_fate(case: Scenario) -> None:
    plan = solve(case)
    served = {(row.pledge, row.initiative, row.region, row.resource, row.period) for row in plan.allocations}
    for line in plan.allocations:
        assert line.text.endswith(".")
        assert not set("{}") & set(line.text)
    for line in plan.allocations[:2]:
        found = why(case, plan, dataclasses.replace(line, text=""))
        assert line.pledge not in [other.pledge for other in found]
        assert len({other.pledge for other in found}) == len(found)
        for other in found:
            serves = (other.pledge, line.initiative, line.region, line.resource, line.period) in served
            assert serves == (other.fate == "beside") or other.fate == "equal"


@pytest.mark.parametrize("quantity", [5, 3])
def test_that_the_reason_is_no_part_of_what_a_line_is(quantity: int) -> None:
    line = Allocation("A", "ALFA", "DEMINE", "R1", "KITS", 1, quantity, "Because.")
    assert line == dataclasses.replace(line, text="")
