"""Rules that read who gives to which activity, each on two or three facts: met, binding, and off."""

from typing import Any

import pytest

from planner.plan import Plan
from planner.scenario import Rule, Scenario
from resources.offers import Veto
from solver.generate import generate
from solver.run import solve
from tests.solver.verify_scenarios import activity, having, need, pledge, rule, scenario

OFF_JOINT, OFF_APART = rule("joint", on=False), rule("apart", on=False)


def given(plan: Plan) -> dict[tuple[str, str, str], float]:
    """What each pledge gives to each activity, over all periods."""
    sums: dict[tuple[str, str, str], float] = {}
    for line in plan.allocations:
        key = line.pledge, line.initiative, line.region
        sums[key] = sums.get(key, 0.0) + line.quantity
    return sums


def both(**tables: Any) -> Scenario:
    """100 needed in one activity; ALFA could give all of it, BETA a little."""
    return scenario(
        **{
            "pledges": (pledge("A", "ALFA", "MONEY", 100), pledge("B", "BETA", "MONEY", 3)),
            "requirements": (need("DEMINE", "R1", "MONEY", 100),),
        }
        | tables
    )


def four(**tables: Any) -> Scenario:
    """100 of money needed by each of four activities; ALFA brings 250 and BETA 100."""
    return scenario(
        **{
            "pledges": (pledge("A", "ALFA", "MONEY", 250), pledge("B", "BETA", "MONEY", 100)),
            "requirements": tuple(need(i, r, "MONEY", 100) for i in ("DEMINE", "RETURN") for r in ("R1", "R2")),
        }
        | tables
    )


# -- joint --


def test_that_an_activity_gets_nothing_where_its_second_partner_brings_too_little() -> None:
    case = both(activities=(activity("DEMINE", "R1", min_partners=2),))
    assert given(solve(case)) == {}
    assert solve(having(case, rules=(OFF_JOINT,))).totals.coverage == pytest.approx(1.0)


def test_that_each_of_several_partners_brings_a_real_share() -> None:
    case = both(
        activities=(activity("DEMINE", "R1", min_partners=2),),
        pledges=(pledge("A", "ALFA", "MONEY", 100), pledge("B", "BETA", "MONEY", 8)),
        delivery_costs=(),
    )
    plan = solve(case)
    assert plan.totals.coverage == pytest.approx(1.0)
    assert given(plan)["B", "DEMINE", "R1"] >= 5 - 1e-6


def test_that_shares_of_several_resources_add_up_to_a_real_share() -> None:
    case = both(
        activities=(activity("DEMINE", "R1", min_partners=2),),
        pledges=(
            pledge("A1", "ALFA", "MONEY", 100),
            pledge("A2", "ALFA", "KITS", 100),
            pledge("B1", "BETA", "MONEY", 3),
            pledge("B2", "BETA", "KITS", 2),
        ),
        requirements=(need("DEMINE", "R1", "MONEY", 100), need("DEMINE", "R1", "KITS", 100)),
    )
    assert solve(case).totals.coverage == pytest.approx(1.0)


# -- apart --


def test_that_partners_kept_apart_do_not_serve_the_same_activity() -> None:
    case = both(
        pledges=(pledge("A", "ALFA", "MONEY", 60), pledge("B", "BETA", "MONEY", 40)),
        vetoes=(Veto(partner="ALFA", with_partner="BETA"),),
    )
    assert given(solve(case)) == {("A", "DEMINE", "R1"): 60}
    assert solve(having(case, rules=(OFF_APART,))).totals.coverage == pytest.approx(1.0)


def test_that_partners_are_kept_apart_only_where_the_veto_says() -> None:
    case = four(
        pledges=(pledge("A", "ALFA", "MONEY", 200), pledge("B", "BETA", "MONEY", 200)),
        vetoes=(Veto(partner="BETA", with_partner="ALFA", region="R1"),),
        activities=(activity("DEMINE", "R2", go="must", min_partners=2),),
    )
    plan = solve(case)
    assert plan.totals.coverage == pytest.approx(1.0)
    flows = given(plan)
    for initiative in ("DEMINE", "RETURN"):
        assert (("A", initiative, "R1") in flows) != (("B", initiative, "R1") in flows)


# -- max_activities --


def test_that_a_partner_serves_no_more_activities_than_it_may() -> None:
    plan = solve(four(rules=(rule("max_activities", 1, "partner:ALFA"),)))
    flows = given(plan)
    assert sum(code == "A" for code, _, _ in flows) == 1
    assert plan.totals.coverage == pytest.approx(0.5)
    assert solve(four()).totals.coverage == pytest.approx(350 / 400)


def test_that_an_empty_scope_counts_the_activities_of_each_partner_alone() -> None:
    flows = given(solve(four(rules=(rule("max_activities", 2),))))
    assert len(flows) == 3  # BETA covers one of the four, ALFA two


# -- min_contribution and max_contribution --


def test_that_a_partner_gives_nothing_where_it_cannot_give_enough() -> None:
    case = both(rules=(rule("min_contribution", 10, "partner:BETA"),), pledges=(pledge("B", "BETA", "MONEY", 9),))
    assert given(solve(case)) == {}
    assert given(solve(having(case, rules=()))) == {("B", "DEMINE", "R1"): 9}


def test_that_what_has_no_value_may_come_in_small_amounts() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "KITS", 1), pledge("B", "ALFA", "MONEY", 9)),
        requirements=(need("DEMINE", "R1", "KITS", 5), need("DEMINE", "R1", "MONEY", 100)),
        rules=(rule("min_contribution", 10), rule("max_activities", 1)),
    )
    assert given(solve(case)) == {("A", "DEMINE", "R1"): 1}


def test_that_the_least_contribution_counts_over_all_periods_and_pledges() -> None:
    case = scenario(
        settings={"periods": 2},
        pledges=(pledge("A", "ALFA", "MONEY", 6), pledge("B", "ALFA", "MONEY", 4, from_period=2)),
        requirements=(need("DEMINE", "R1", "MONEY", 5, 1), need("DEMINE", "R1", "MONEY", 5, 2)),
        rules=(rule("min_contribution", 10),),
    )
    assert solve(case).totals.coverage == pytest.approx(1.0)


def test_that_a_partner_gives_no_more_to_one_activity_than_it_may() -> None:
    case = both(rules=(rule("max_contribution", 40),))
    assert solve(case).totals.coverage == pytest.approx(0.43)
    assert given(solve(case)) == {("A", "DEMINE", "R1"): 40, ("B", "DEMINE", "R1"): 3}
    assert solve(having(case, rules=())).totals.coverage == pytest.approx(1.0)


# -- single_source --


def test_that_a_requirement_comes_from_one_pledge() -> None:
    case = both(
        pledges=(pledge("A1", "ALFA", "MONEY", 60), pledge("A2", "ALFA", "MONEY", 50)),
        rules=(rule("single_source", "yes", "resource:MONEY"),),
    )
    assert given(solve(case)) == {("A1", "DEMINE", "R1"): 60}
    for rules in ((), (rule("single_source", "no"),), (rule("single_source", "yes", "resource:KITS"),)):
        assert solve(having(case, rules=rules)).totals.coverage == pytest.approx(1.0)


def test_that_instalments_of_an_agreement_are_one_source() -> None:
    case = both(
        pledges=tuple(pledge(f"A{n}", "ALFA", "MONEY", 50, agreement="G") for n in (1, 2)),
        rules=(rule("single_source", "yes"),),
    )
    assert solve(case).totals.coverage == pytest.approx(1.0)


# -- arcs of their own --


@pytest.mark.parametrize(
    "idle",
    [
        rule("max_activities", 10**6),
        rule("max_activities", 40),
        rule("min_contribution", 1e-6),
        rule("max_contribution", 1e12),
        rule("min_contribution", 1e-6, "partner:P001"),
    ],
    ids=lambda row: f"{row.rule}-{row.value}-{row.scope}",
)
def test_that_a_rule_that_cannot_bind_changes_no_value(idle: Rule) -> None:
    case = generate("s", seed=3)
    assert first_value(having(case, rules=(idle,))) == pytest.approx(first_value(case), rel=1e-5)


def test_that_asking_for_one_partner_changes_no_value() -> None:
    case = generate("s", seed=3)
    asking = tuple(
        activity(row.initiative, row.region, min_share=row.min_share, min_partners=1) for row in case.activities
    )
    assert first_value(having(case, activities=asking)) == pytest.approx(first_value(case), rel=1e-5)


def first_value(case: Scenario) -> float:
    plan = solve(case)
    assert plan.status == "optimal"
    return plan.objectives[0].best
