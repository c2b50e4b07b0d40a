"""Why more does not come under the rules that read who gives to which activity: codes and sentences of gaps."""

from typing import Any

import pytest

from planner.plan import Plan
from planner.scenario import Scenario
from resources.offers import Partner, Veto
from solver.run import solve
from tests.solver.verify_scenarios import activity, agreed, having, need, pledge, rule, scenario

FREE = "More of MONEY is pledged and free, but "


def short(**tables: Any) -> Scenario:
    """100 needed in one activity; ALFA pledges 60 and BETA 30."""
    return scenario(
        **{
            "partners": (Partner(code="ALFA", name="Alfa"), Partner(code="BETA", name="Beta")),
            "pledges": (pledge("A", "ALFA", "MONEY", 60), pledge("B", "BETA", "MONEY", 30)),
            "requirements": (need("DEMINE", "R1", "MONEY", 100),),
        }
        | tables
    )


def reason(plan: Plan, initiative: str = "DEMINE") -> tuple[str, str]:
    """The reason of the one gap of an initiative."""
    (gap,) = (gap for gap in plan.gaps if gap.initiative == initiative)
    return gap.reason, gap.text


def reason_of(**tables: Any) -> tuple[str, str]:
    """The reason where enough would be pledged for the need, but for the rule."""
    return reason(solve(short(requirements=(need("DEMINE", "R1", "MONEY", 85),), **tables)))


def test_that_a_veto_on_serving_together_is_named_with_whom_it_keeps_away() -> None:
    assert reason_of(vetoes=(Veto(partner="BETA", with_partner="ALFA"),)) == (
        "cap_rule",
        FREE + "a veto keeps Beta apart from who serves it here.",
    )


def test_that_the_most_activities_are_named_with_who_serves_them() -> None:
    case = short(
        requirements=(need("DEMINE", "R1", "MONEY", 85), need("RETURN", "R1", "MONEY", 20)),
        pledges=(pledge("A", "ALFA", "MONEY", 100),),
        activities=(activity("DEMINE", "R1", priority=9),),
        rules=(rule("max_activities", 1, "partner:ALFA"),),
    )
    assert reason(solve(case), "RETURN") == (
        "cap_rule",
        "The activity does not go ahead. " + FREE + "Alfa may serve no further activities (at most 1).",
    )


def test_that_the_least_contribution_is_named_where_a_partner_cannot_reach_it() -> None:
    assert reason_of(rules=(rule("min_contribution", 40),)) == (
        "cap_rule",
        FREE + "what Beta could bring here comes to less than the least contribution of 40 USD.",
    )


def test_that_the_most_contribution_is_named_with_those_who_give_it() -> None:
    assert reason_of(rules=(rule("max_contribution", 20),)) == (
        "cap_rule",
        FREE + "with more of it here Alfa; Beta would go beyond the most contribution of 20 USD.",
    )


def test_that_a_need_with_one_source_says_that_it_may_have_no_other() -> None:
    assert reason_of(rules=(rule("single_source", "yes"),)) == (
        "cap_rule",
        FREE + "this need may come from one pledge only, and does.",
    )


def test_that_two_rules_that_keep_two_partners_away_are_both_named() -> None:
    code, text = reason_of(rules=(rule("max_contribution", 20, "partner:ALFA"), rule("min_contribution", 40, "BETA")))
    assert code == "cap_rule"
    assert text.startswith(FREE + "what Beta could bring here comes to less than the least contribution of 40 USD.")
    assert text.endswith("Others are kept from it by the rule “Most contribution to an activity”.")


def test_that_an_activity_says_how_many_partners_it_lacks() -> None:
    case = short(activities=(activity("DEMINE", "R1", min_partners=3),))
    plan = solve(having(case, partners=(*case.partners, Partner(code="GAMA"))))
    assert (plan.activities[0].reason, plan.activities[0].text) == (
        "cap_rule",
        "3 partners must each bring a real share here; only 2 could.",
    )


def test_that_an_activity_says_how_many_partners_are_left_for_it() -> None:
    case = short(
        requirements=(need("DEMINE", "R1", "MONEY", 60), need("RETURN", "R1", "MONEY", 60, weight=1)),
        pledges=(pledge("A", "ALFA", "MONEY", 90), pledge("B", "BETA", "MONEY", 3)),
        activities=(
            activity("DEMINE", "R1", min_partners=2, priority=2),
            activity("RETURN", "R1", min_partners=2, priority=1),
        ),
    )
    assert reason(solve(case), "RETURN") == (
        "cap_rule",
        "The activity does not go ahead. " + FREE + "2 partners must each bring a real share here, and what is free "
        "comes from 1 that could.",
    )


@pytest.mark.parametrize("rules", [(), (rule("frozen_until", 1),)], ids=["kept", "frozen"])
def test_that_a_held_line_says_that_it_is_held(rules: tuple[Any, ...]) -> None:
    line = agreed("A", "DEMINE R1", 40, keep=not rules)
    code, text = reason_of(pledges=(pledge("A", "ALFA", "MONEY", 90),), baseline=(line,), rules=rules)
    assert code == "kept_line"
    assert text == FREE + (
        "all of this period is held as agreed." if rules else "what Alfa could give here is held as agreed."
    )
