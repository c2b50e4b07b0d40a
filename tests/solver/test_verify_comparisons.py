"""A plan compared - with the agreed plan, the period before, fair shares - against values worked out by hand."""

from dataclasses import replace

import pytest

from planner.plan import Allocation
from planner.scenario import Scenario
from resources.offers import DeliveryCost, Partner
from solver.verify import measure
from solver.verify.facts import Facts
from tests.solver.verify_scenarios import (
    KITS,
    MONEY,
    STAFF,
    agreed,
    having,
    line,
    need,
    payment,
    pledge,
    rule,
    scenario,
)

OPEN = scenario(
    settings={"periods": 3},
    resources=(MONEY, KITS, replace(STAFF, unit_value=10)),
    pledges=(
        pledge("M", "ALFA", "MONEY", 300),
        pledge("K", "BETA", "KITS", 9),
        pledge("S", "ALFA", "STAFF", 4),
        pledge("S2", "BETA", "STAFF", 6, status="paid"),
        pledge("MAYBE", "BETA", "STAFF", 90, status="pledge"),
    ),
    requirements=tuple(
        need("DEMINE", r, k, 100, t) for r in ("R1", "R2") for k in ("MONEY", "KITS", "STAFF") for t in (1, 2, 3)
    ),
)


def test_that_every_objective_has_the_value_worked_out_by_hand() -> None:
    case = having(
        OPEN,
        partners=(Partner(code="ALFA", fair_share=0.5), Partner(code="BETA", fair_share=0.5)),
        pledges=(pledge("M", "ALFA", "MONEY", 300), pledge("S", "BETA", "STAFF", 5)),
        requirements=(
            need("DEMINE", "R1", "MONEY", 100),
            need("DEMINE", "R1", "STAFF", 4, 1),
            need("DEMINE", "R1", "STAFF", 4, 2),
            need("DEMINE", "R2", "MONEY", 100),
        ),
        delivery_costs=(DeliveryCost(resource="STAFF", cost_per_unit=3),),
        baseline=(agreed("M", "DEMINE R1", 60), agreed("S", "DEMINE R1", 4, 1)),
    )
    lines = [
        line(case, "M", "DEMINE R1", 50),
        line(case, "M", "DEMINE R2", 25),
        line(case, "S", "DEMINE R1", 4, 1),
        line(case, "S", "DEMINE R1", 2, 2),
    ]
    assert dict(measure(case, lines).objectives) == pytest.approx(
        {
            "coverage": (0.5 + 6 / 8) / 2 + 0.25,
            "effective": (0.5 + 0.5) / 2 + 0.25,
            "worst_region": 0.25,
            "delivery_cost": 6 * 3,
            "stability": (10 + 25) / 60 + 2 / 4,
            "starts": 4 / 5,
            "burden": 75 - (75 + 60) / 2,
        }
    )


def value(case: Scenario, key: str, *lines: Allocation) -> float:
    return measure(case, lines).objectives[key]


def test_that_stability_adds_up_the_changed_part_of_each_resource_with_a_baseline() -> None:
    case = having(
        OPEN,
        baseline=(
            agreed("M", "DEMINE R1", 30),
            agreed("M", "DEMINE R1", 20),
            agreed("M", "DEMINE R2", 50),
            agreed("K", "DEMINE R1", 8),
        ),
    )
    lines = [
        line(case, "M", "DEMINE R1", 40),
        line(case, "M", "DEMINE R2", 50, 2),  # another period is another line
        line(case, "K", "DEMINE R1", 6),
        line(case, "S", "DEMINE R1", 4),  # nothing agreed of it
    ]
    assert value(case, "stability", *lines) == pytest.approx((10 + 50 + 50) / 100 + 2 / 8)
    assert value(having(case, baseline=()), "stability", *lines) == 0


def test_that_agreed_lines_that_are_no_longer_possible_count_in_full() -> None:
    case = having(
        OPEN,
        pledges=(*OPEN.pledges[1:], pledge("M", "ALFA", "MONEY", 300, regions=("R2",))),
        requirements=OPEN.requirements[1:],  # nothing is needed in DEMINE R1, period 1, any more
        baseline=(agreed("M", "DEMINE R1", 30), agreed("M", "DEMINE R2", 10), agreed("K", "DEMINE R1", 0)),
    )
    assert value(case, "stability", line(case, "M", "DEMINE R2", 10)) == pytest.approx(30 / 40)


def test_that_starts_count_what_begins_in_an_activity_against_the_pledges_that_count() -> None:
    lines = [
        line(OPEN, "S", "DEMINE R1", 4, 1),
        line(OPEN, "S2", "DEMINE R1", 4, 2),  # another partner's people go on: nothing begins
        line(OPEN, "S", "DEMINE R1", 1, 3),
        line(OPEN, "S", "DEMINE R2", 3, 3),
        line(OPEN, "K", "DEMINE R1", 9, 1),  # not reusable
    ]
    assert value(OPEN, "starts", *lines) == pytest.approx((4 + 3) / (4 + 6))
    again = [line(OPEN, "S", "DEMINE R1", 4, 1), line(OPEN, "S", "DEMINE R1", 4, 3)]
    assert value(OPEN, "starts", *again) == pytest.approx(8 / 10)


def test_that_starts_of_what_nobody_gives_for_sure_are_0() -> None:
    case = having(OPEN, pledges=OPEN.pledges[4:], baseline=(agreed("MAYBE", "DEMINE R1", 2, keep=True),))
    assert value(case, "starts", line(case, "MAYBE", "DEMINE R1", 2)) == 0


def test_that_burden_is_the_most_that_anybody_contributes_beyond_its_fair_share() -> None:
    partners = (Partner(code="ALFA", fair_share=0.6), Partner(code="BETA", fair_share=0.2))
    case = having(OPEN, partners=partners)
    lines = [line(case, "M", "DEMINE R1", 60), line(case, "S2", "DEMINE R1", 3, 1), line(case, "S2", "DEMINE R1", 1, 2)]
    # ALFA 60, BETA 40; fair are 75 and 25.
    assert value(case, "burden", *lines) == pytest.approx(15)
    assert value(case, "burden") == 0
    alone = having(case, partners=(partners[0], Partner(code="BETA")))
    assert value(alone, "burden", *lines) == pytest.approx(0)
    nobody = having(case, partners=(Partner(code="ALFA"), Partner(code="BETA")))
    assert value(nobody, "burden", *lines) == 0


def test_that_money_paid_for_delivery_is_contributed() -> None:
    case = having(
        OPEN,
        partners=(Partner(code="ALFA", fair_share=0.5), Partner(code="BETA", fair_share=0.5)),
        delivery_costs=(DeliveryCost(resource="KITS", cost_per_unit=5),),
        rules=(rule("pay_delivery", "yes"), rule("burden_cap", 2), rule("max_contribution", 0, "ALFA")),
    )
    plan = measure(case, [line(case, "K", "DEMINE R1", 4)], [payment("M", "R1", 20)])
    assert plan.is_sound
    assert plan.objectives["burden"] == pytest.approx(10)
    assert {report.rule: (report.limit, report.actual) for report in plan.rules} == {
        "burden_cap": (2, 2),
        "max_contribution": (0, 0),
        "pay_delivery": (20, 20),
    }


def test_that_a_pledge_is_worth_at_least_what_is_held_of_it() -> None:
    case = having(
        OPEN,
        pledges=tuple(replace(row, likelihood=0.1) for row in OPEN.pledges),
        baseline=(
            agreed("K", "DEMINE R1", 3, 1, keep=True),
            agreed("K", "DEMINE R1", 4, 2, keep=True),
            agreed("S", "DEMINE R1", 2, 1, keep=True),
            agreed("S", "DEMINE R2", 1, 1, keep=True),
            agreed("S", "DEMINE R1", 2, 3),
        ),
        rules=(rule("expected", "yes"),),
    )
    assert {code: Facts(case).usable[code] for code in "MKS"} == {"M": 30, "K": 7, "S": 3}
    frozen = having(case, rules=(*case.rules, rule("keep", on=False), rule("frozen_until", 1)))
    assert {code: Facts(frozen).usable[code] for code in "MKS"} == {"M": 30, "K": 3, "S": 3}


def test_that_reports_give_the_figures_of_the_scope_that_comes_closest() -> None:
    case = having(
        OPEN,
        rules=(
            rule("max_activities", 5),
            rule("min_contribution", 10),
            rule("max_contribution", 1000),
            rule("single_source", "yes"),
            rule("single_source", "no", "KITS"),
            rule("frozen_until", 1),
            rule("implementer_cap", 7, "ALFA"),
        ),
        baseline=(agreed("M", "DEMINE R1", 60), agreed("M", "DEMINE R1", 60, 2)),
    )
    lines = [
        line(case, "M", "DEMINE R1", 60),
        line(case, "M", "DEMINE R1", 60, 2),
        line(case, "M", "DEMINE R2", 90, 3),
        line(case, "S2", "DEMINE R2", 2, 3),
    ]
    plan = measure(case, lines)
    assert plan.is_sound, plan.violations
    assert {(report.rule, report.scope): (report.limit, report.actual) for report in plan.rules} == {
        ("frozen_until", ""): (1, 2),
        ("implementer_cap", "partner:ALFA"): (7, 0),
        ("max_activities", ""): (5, 2),
        ("max_contribution", ""): (1000, 120),
        ("min_contribution", ""): (10, 20),
        ("single_source", ""): (1, 1),
        ("single_source", "resource:KITS"): (0, None),
    }
    assert [report.state for report in plan.rules if report.scope == "resource:KITS"] == ["off"]


def test_that_kept_lines_are_free_where_the_rule_is_off() -> None:
    case = having(OPEN, baseline=(agreed("M", "DEMINE R1", 60, keep=True),), rules=(rule("keep", on=False),))
    plan = measure(case, [line(case, "M", "DEMINE R1", 61)])
    assert plan.is_sound
    assert [report.state for report in plan.rules] == ["off"]
