"""What was agreed last: kept and frozen lines, and the objective that stays close to it."""

from typing import Any

import pytest

from planner.plan import Plan
from planner.scenario import Initiative, Objective, Scenario
from resources.offers import DeliveryCost, Veto
from solver.run import solve
from tests.solver.verify_scenarios import activity, agreed, having, need, pledge, rule, scenario

CLOSE = (Objective(order=1, objective="coverage"), Objective(order=2, objective="stability"))


def lines(plan: Plan) -> dict[tuple[str, str, int], float]:
    """Quantity by pledge, "INITIATIVE REGION" and period."""
    return {(each.pledge, f"{each.initiative} {each.region}", each.period): each.quantity for each in plan.allocations}


def two_periods(**tables: Any) -> Scenario:
    """100 needed by each of two activities in each of two periods, and 150 pledged by ALFA."""
    return scenario(
        **{
            "settings": {"periods": 2},
            "initiatives": (Initiative(code="DEMINE", priority=2), Initiative(code="RETURN")),
            "pledges": (pledge("A", "ALFA", "MONEY", 150),),
            "requirements": tuple(need(i, "R1", "MONEY", 100, t) for i in ("DEMINE", "RETURN") for t in (1, 2)),
        }
        | tables
    )


# -- keep --


def test_that_a_kept_line_is_held_exactly_where_the_plan_would_choose_otherwise() -> None:
    case = two_periods(baseline=(agreed("A", "RETURN R1", 70, keep=True),))
    assert lines(solve(case))["A", "RETURN R1", 1] == 70
    assert ("A", "RETURN R1", 1) not in lines(solve(having(case, rules=(rule("keep", on=False),))))


def test_that_rows_of_one_line_are_added_up_and_kept_where_one_says_so() -> None:
    case = two_periods(baseline=(agreed("A", "RETURN R1", 30), agreed("A", "RETURN R1", 20, keep=True)))
    assert lines(solve(case))["A", "RETURN R1", 1] == 50


def test_that_a_line_kept_at_nothing_stays_at_nothing() -> None:
    case = two_periods(baseline=(agreed("A", "DEMINE R1", 0, 2, keep=True),))
    given = lines(solve(case))
    assert given["A", "DEMINE R1", 1] == 100
    assert ("A", "DEMINE R1", 2) not in given


@pytest.mark.parametrize(
    "tables",
    [
        {"vetoes": (Veto(partner="ALFA", initiative="RETURN"),)},
        {"pledges": (pledge("A", "ALFA", "MONEY", 150, regions=("R2",)),)},
        {"pledges": (pledge("A", "ALFA", "MONEY", 150, from_period=2),)},
        {"pledges": (pledge("A", "ALFA", "MONEY", 150, status="pledge"),)},
        {"pledges": (pledge("A", "ALFA", "MONEY", 150, likelihood=0.1),), "rules": (rule("expected", "yes"),)},
    ],
    ids=["veto", "earmark", "window", "status", "likelihood"],
)
def test_that_eligibility_does_not_concern_a_kept_line(tables: dict[str, Any]) -> None:
    case = two_periods(baseline=(agreed("A", "RETURN R1", 70, keep=True),), **tables)
    assert lines(solve(case))["A", "RETURN R1", 1] == 70


def test_that_a_pledge_that_does_not_count_gives_its_kept_lines_alone() -> None:
    case = two_periods(
        baseline=(agreed("A", "RETURN R1", 70, keep=True),),
        pledges=(pledge("A", "ALFA", "MONEY", 150, status="pledge"),),
    )
    assert lines(solve(case)) == {("A", "RETURN R1", 1): 70}


def test_that_a_kept_line_makes_its_activity_go_ahead() -> None:
    case = two_periods(
        baseline=(agreed("A", "RETURN R1", 10, keep=True),),
        activities=(activity("RETURN", "R1", min_share=0.4),),
    )
    given = lines(solve(case))
    assert sum(quantity for (_, place, _), quantity in given.items() if place == "RETURN R1") == pytest.approx(80)


def test_that_a_kept_line_in_a_refused_activity_is_a_conflict_that_names_it() -> None:
    plan = solve(
        two_periods(
            baseline=(agreed("A", "RETURN R1", 70, keep=True), agreed("A", "DEMINE R1", 30, keep=True)),
            activities=(activity("RETURN", "R1", go="no"),),
        )
    )
    assert plan.status == "infeasible"
    assert [(member.rule, member.text) for member in plan.conflict] == [
        ("go", "RETURN in R1 does not go ahead (go = no)."),
        ("keep", "Pledge A gives 70 MONEY to RETURN in R1, Period 1, as agreed (keep = yes)."),
    ]


def test_that_every_other_rule_counts_kept_lines() -> None:
    plan = solve(
        two_periods(
            baseline=(agreed("A", "RETURN R1", 70, keep=True),),
            rules=(rule("max_contribution", 60, "partner:ALFA"),),
        )
    )
    assert plan.status == "infeasible"
    assert {member.rule for member in plan.conflict} == {"keep", "max_contribution"}


# -- frozen_until --


def test_that_frozen_periods_are_the_agreed_plan_and_nothing_else() -> None:
    case = two_periods(baseline=(agreed("A", "RETURN R1", 40),), rules=(rule("frozen_until", 1),))
    assert lines(solve(case)) == {("A", "RETURN R1", 1): 40, ("A", "DEMINE R1", 2): 100, ("A", "RETURN R1", 2): 10}


def test_that_agreed_lines_after_the_frozen_periods_are_free() -> None:
    case = two_periods(baseline=(agreed("A", "RETURN R1", 40, 2),), rules=(rule("frozen_until", 1),))
    assert lines(solve(case))["A", "DEMINE R1", 2] == 100


def test_that_delivery_may_be_paid_in_a_frozen_period() -> None:
    case = two_periods(
        pledges=(pledge("A", "ALFA", "MONEY", 150, to_period=1), pledge("K", "ALFA", "KITS", 5)),
        requirements=(need("DEMINE", "R1", "KITS", 5, 2), need("DEMINE", "R1", "MONEY", 5, 1)),
        delivery_costs=(DeliveryCost(resource="KITS", fixed_cost=20),),
        rules=(rule("frozen_until", 1), rule("pay_delivery", "yes")),
    )
    plan = solve(case)
    assert lines(plan) == {("K", "DEMINE R1", 2): 5}
    assert sum(payment.quantity for payment in plan.delivery) == pytest.approx(20)


# -- stability --


def test_that_among_equal_plans_the_agreed_one_is_chosen() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "MONEY", 50), pledge("B", "BETA", "MONEY", 50)),
        requirements=(need("DEMINE", "R1", "MONEY", 50), need("RETURN", "R2", "MONEY", 50)),
        baseline=(agreed("B", "DEMINE R1", 50), agreed("A", "RETURN R2", 50)),
        objectives=CLOSE,
    )
    plan = solve(case)
    assert lines(plan) == {("A", "RETURN R2", 1): 50, ("B", "DEMINE R1", 1): 50}
    assert plan.objectives[1].value == pytest.approx(0.0)


def test_that_a_plan_without_changes_has_exactly_none() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "MONEY", 30), pledge("B", "BETA", "MONEY", 20), pledge("K", "ALFA", "KITS", 3)),
        requirements=(
            need("DEMINE", "R1", "MONEY", 20),
            need("RETURN", "R2", "MONEY", 30),
            need("DEMINE", "R1", "KITS", 3),
        ),
        baseline=(agreed("B", "DEMINE R1", 20), agreed("A", "RETURN R2", 30), agreed("K", "DEMINE R1", 3)),
        objectives=CLOSE,
    )
    stability = solve(case).objectives[1]
    assert (repr(stability.best), repr(stability.bound)) == ("0.0", "0.0")  # neither -0.0 nor -2e-16


def test_that_changes_are_measured_in_parts_of_what_was_agreed() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "MONEY", 60), pledge("K", "ALFA", "KITS", 3)),
        requirements=(need("DEMINE", "R1", "MONEY", 60), need("DEMINE", "R1", "KITS", 3)),
        baseline=(agreed("A", "DEMINE R1", 40), agreed("K", "DEMINE R1", 4)),
        objectives=CLOSE,
    )
    assert solve(case).objectives[1].best == pytest.approx(20 / 40 + 1 / 4, abs=1e-5)


def test_that_an_agreed_line_that_is_no_longer_possible_counts_in_full() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "MONEY", 60),),
        requirements=(need("DEMINE", "R1", "MONEY", 60), need("RETURN", "R1", "MONEY", 60)),
        vetoes=(Veto(partner="ALFA", initiative="RETURN"),),
        baseline=(agreed("A", "RETURN R1", 60), agreed("A", "RETURN R2", 60)),
        objectives=CLOSE,
    )
    assert solve(case).objectives[1].best == pytest.approx((60 + 60 + 60) / 120, abs=1e-5)


def test_that_staying_close_can_come_first() -> None:
    case = two_periods(
        pledges=(pledge("A", "ALFA", "KITS", 150),),
        requirements=tuple(need(i, "R1", "KITS", 100, t) for i in ("DEMINE", "RETURN") for t in (1, 2)),
        baseline=(agreed("A", "RETURN R1", 40), agreed("A", "RETURN R1", 60, 2)),
        objectives=(Objective(order=1, objective="stability"), Objective(order=2, objective="coverage")),
    )
    assert lines(solve(case)) == {("A", "RETURN R1", 1): 40, ("A", "RETURN R1", 2): 60}
