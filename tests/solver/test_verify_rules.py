"""Every rule met, binding and broken, on plans made by hand."""

import pytest

from planner.rulebook import RULES
from planner.scenario import Initiative, Scenario
from resources.offers import DeliveryCost, Partner
from solver.verify import CHECKED_RULES, measure
from tests.solver import agreed_cases, partner_cases, serving_cases
from tests.solver.verify_scenarios import (
    Case,
    activity,
    line,
    need,
    payment,
    pledge,
    rule,
    scenario,
    serve,
)

EACH_MONEY = tuple(need(i, r, "MONEY", 100) for i in ("DEMINE", "RETURN") for r in ("R1", "R2"))
MONEY_FROM_ALFA = (pledge("M", "ALFA", "MONEY", 300),)


def money(**tables: object) -> Scenario:
    """100 of money needed by each of four activities, 300 pledged."""
    return scenario(**{"pledges": MONEY_FROM_ALFA, "requirements": EACH_MONEY} | tables)


SUPPLY = money(rules=(rule("supply"),))
REUSED = scenario(
    settings={"periods": 2},
    pledges=(pledge("S", "ALFA", "STAFF", 2),),
    requirements=(need("DEMINE", "R1", "STAFF", 5, 1), need("DEMINE", "R1", "STAFF", 5, 2)),
    rules=(rule("supply"),),
)
REQUIREMENT = money(rules=(rule("requirement"),))
MINIMUM = scenario(
    settings={"periods": 2},
    pledges=(pledge("M", "ALFA", "MONEY", 300), pledge("K", "ALFA", "KITS", 9)),
    requirements=(
        need("DEMINE", "R1", "MONEY", 100, 1),
        need("DEMINE", "R1", "MONEY", 100, 2),
        need("DEMINE", "R1", "KITS", 5, 1),
    ),
    activities=(activity("DEMINE", "R1", min_share=0.5),),
)
GO = money(activities=(activity("DEMINE", "R1", go="must"),))
REFUSED = money(activities=(activity("DEMINE", "R1", go="no"),))
PREREQUISITE = money(initiatives=(Initiative(code="DEMINE"), Initiative(code="RETURN", prerequisites=("DEMINE",))))
EXCLUSIVE = money(
    initiatives=(Initiative(code="DEMINE", exclusive_group="G"), Initiative(code="RETURN", exclusive_group="G"))
)
TOGETHER = money(initiatives=(Initiative(code="DEMINE", together=True), Initiative(code="RETURN")))
TOGETHER_REFUSED = money(
    initiatives=(Initiative(code="DEMINE", together=True), Initiative(code="RETURN")),
    activities=(activity("DEMINE", "R2", go="no"),),
)
STATUS = money(
    pledges=tuple(pledge(code, "ALFA", "MONEY", 100, status=code) for code in ("pledge", "commitment", "paid")),
    rules=(rule("count_status", "commitment"),),
)
EXPECTED = money(pledges=(pledge("M", "ALFA", "MONEY", 100, likelihood=0.6),), rules=(rule("expected", "yes"),))
ACCESS = scenario(
    pledges=(pledge("K", "ALFA", "KITS", 9), pledge("B", "BETA", "KITS", 9), pledge("M", "ALFA", "MONEY", 100)),
    requirements=tuple(need("DEMINE", r, k, 5) for r in ("R1", "R2") for k in ("KITS", "MONEY")),
    rules=(rule("access_limit", 2.5), rule("access_limit", 4, "type:22")),
)
LOCAL = money(
    activities=(
        activity("DEMINE", "R1", implementer="BETA"),
        activity("DEMINE", "R2", implementer="ALFA"),
        activity("RETURN", "R1", implementer="ALFA"),
    ),
    rules=(rule("local_share", 0.25), rule("local_share", 0.5, "R1")),
)
FLOOR = money(rules=(rule("coverage_floor", 0.5, "region:R1"), rule("coverage_floor", 0.1, "initiative:RETURN")))
KIT_COSTS = scenario(
    settings={"periods": 2},
    pledges=(pledge("K", "BETA", "KITS", 9), pledge("M", "ALFA", "MONEY", 300, mobilisation_cost=40)),
    requirements=(
        need("DEMINE", "R1", "KITS", 5, 1),
        need("DEMINE", "R1", "KITS", 5, 2),
        need("DEMINE", "R2", "KITS", 5),
    ),
    delivery_costs=(DeliveryCost(resource="KITS", cost_per_unit=10, fixed_cost=20),),
)
CAP = Scenario(
    **{name: getattr(KIT_COSTS, name) for name in KIT_COSTS.__dataclass_fields__ if name not in ("rules", "id")},
    rules=(rule("delivery_cap", 70, "R1"), rule("delivery_cap", 200)),
)
PAY = Scenario(
    **{name: getattr(KIT_COSTS, name) for name in KIT_COSTS.__dataclass_fields__ if name not in ("rules", "id")},
    rules=(rule("pay_delivery", "yes"),),
)
TWO_KITS = serve(("K", "DEMINE R1", 1, 1), ("K", "DEMINE R1", 1, 2))

CASES = (
    *agreed_cases.CASES,
    *partner_cases.CASES,
    *serving_cases.CASES,
    Case("supply", "met", SUPPLY, serve(("M", "DEMINE R1", 99))),
    Case("supply", "binding", SUPPLY, serve(*(("M", place, 100) for place in ("DEMINE R1", "DEMINE R2", "RETURN R1")))),
    Case(
        "supply",
        "broken",
        SUPPLY,
        serve(*(("M", f"{i} {r}", 80) for i in ("DEMINE", "RETURN") for r in ("R1", "R2"))),
        amount=20,
        scope="pledge:M",
    ),
    Case("supply", "binding", REUSED, serve(("S", "DEMINE R1", 2, 1), ("S", "DEMINE R1", 2, 2))),
    Case("supply", "broken", REUSED, serve(("S", "DEMINE R1", 1, 1), ("S", "DEMINE R1", 5, 2)), amount=3),
    Case("requirement", "met", REQUIREMENT, serve(("M", "DEMINE R1", 99))),
    Case("requirement", "binding", REQUIREMENT, serve(("M", "DEMINE R1", 100))),
    Case("requirement", "broken", REQUIREMENT, serve(("M", "DEMINE R1", 107)), amount=7),
    Case("minimum", "met", MINIMUM, serve()),
    Case("minimum", "met", MINIMUM, serve(("M", "DEMINE R1", 90, 1), ("M", "DEMINE R1", 30, 2), ("K", "DEMINE R1", 4))),
    Case("minimum", "binding", MINIMUM, serve(("M", "DEMINE R1", 100, 2), ("K", "DEMINE R1", 4))),
    Case(
        "minimum",
        "binding",
        MINIMUM,
        serve(("M", "DEMINE R1", 60, 1), ("M", "DEMINE R1", 41, 2), ("K", "DEMINE R1", 3)),
    ),
    Case("minimum", "broken", MINIMUM, serve(("M", "DEMINE R1", 60, 2), ("K", "DEMINE R1", 3)), amount=40),
    Case("minimum", "broken", MINIMUM, serve(("M", "DEMINE R1", 100, 2), ("K", "DEMINE R1", 2)), amount=1),
    Case("go", "met", GO, serve(("M", "DEMINE R1", 2))),
    Case("go", "binding", GO, serve(("M", "DEMINE R1", 1))),
    Case("go", "broken", GO, serve(("M", "DEMINE R1", 0.4)), amount=0.006),
    Case("go", "broken", GO, serve(), amount=0.01),
    Case("go", "binding", REFUSED, serve(("M", "DEMINE R2", 100))),
    Case("go", "broken", REFUSED, serve(("M", "DEMINE R1", 100)), amount=1),
    Case(
        "prerequisite",
        "met",
        PREREQUISITE,
        serve(("M", "DEMINE R1", 50), ("M", "RETURN R1", 9), ("M", "DEMINE R2", 50)),
    ),
    Case("prerequisite", "binding", PREREQUISITE, serve(("M", "DEMINE R1", 50), ("M", "RETURN R1", 9))),
    Case("prerequisite", "binding", PREREQUISITE, serve(("M", "DEMINE R1", 1), ("M", "RETURN R1", 100))),
    Case("prerequisite", "broken", PREREQUISITE, serve(("M", "RETURN R1", 9)), amount=1),
    Case(
        "prerequisite",
        "broken",
        PREREQUISITE,
        serve(("M", "DEMINE R1", 0.5), ("M", "RETURN R1", 9)),
        amount=0.005,
    ),
    Case("prerequisite", "broken", PREREQUISITE, serve(("M", "DEMINE R1", 0.5)), amount=0.005),
    Case("exclusive", "met", EXCLUSIVE, serve()),
    Case("exclusive", "binding", EXCLUSIVE, serve(("M", "DEMINE R1", 50), ("M", "RETURN R2", 50))),
    Case("exclusive", "broken", EXCLUSIVE, serve(("M", "DEMINE R1", 50), ("M", "RETURN R1", 50)), amount=1),
    Case("together", "met", TOGETHER, serve(("M", "DEMINE R1", 50), ("M", "DEMINE R2", 50))),
    Case("together", "met", TOGETHER, serve(("M", "RETURN R1", 50))),
    Case("together", "binding", TOGETHER, serve(("M", "DEMINE R1", 50))),
    Case("together", "binding", TOGETHER_REFUSED, serve()),
    Case("together", "broken", TOGETHER_REFUSED, serve(("M", "DEMINE R1", 50)), amount=1),
    Case("count_status", "met", STATUS, serve(("paid", "DEMINE R1", 50))),
    Case("count_status", "binding", STATUS, serve(("paid", "DEMINE R1", 50), ("commitment", "DEMINE R1", 50))),
    Case("count_status", "broken", STATUS, serve(("pledge", "DEMINE R1", 50)), amount=1, scope="pledge:pledge"),
    Case("expected", "met", EXPECTED, serve(("M", "DEMINE R1", 50))),
    Case("expected", "binding", EXPECTED, serve(("M", "DEMINE R1", 60))),
    Case("expected", "broken", EXPECTED, serve(("M", "DEMINE R1", 61)), amount=1, broken_as="supply"),
    Case("access_limit", "met", ACCESS, serve(("K", "DEMINE R1", 1), ("M", "DEMINE R2", 5))),
    Case("access_limit", "binding", ACCESS, serve(("B", "DEMINE R2", 5))),
    Case("access_limit", "broken", ACCESS, serve(("K", "DEMINE R2", 5)), amount=1.5),
    Case("local_share", "met", LOCAL, serve(("M", "DEMINE R1", 80), ("M", "RETURN R1", 20))),
    Case("local_share", "binding", LOCAL, serve(("M", "DEMINE R1", 50), ("M", "RETURN R1", 50))),
    Case("local_share", "broken", LOCAL, serve(("M", "DEMINE R1", 50), ("M", "RETURN R1", 70)), amount=10),
    Case("local_share", "broken", LOCAL, serve(("M", "DEMINE R2", 40)), amount=10),
    Case("coverage_floor", "met", FLOOR, serve(("M", "DEMINE R1", 40), ("M", "RETURN R1", 70))),
    Case("coverage_floor", "binding", FLOOR, serve(("M", "DEMINE R1", 30), ("M", "RETURN R1", 70))),
    Case("coverage_floor", "broken", FLOOR, serve(("M", "DEMINE R1", 30), ("M", "RETURN R1", 50)), amount=0.1),
    Case("coverage_floor", "broken", FLOOR, serve(("M", "DEMINE R1", 100)), amount=0.1),
    Case("delivery_cap", "met", CAP, serve(("K", "DEMINE R1", 2))),
    Case("delivery_cap", "binding", CAP, serve(("K", "DEMINE R1", 5))),
    Case("delivery_cap", "broken", CAP, serve(("K", "DEMINE R1", 4, 1), ("K", "DEMINE R1", 3, 2)), amount=20),
    Case("pay_delivery", "met", PAY, serve()),
    Case("pay_delivery", "binding", PAY, TWO_KITS, (payment("M", "R1", 10, 1), payment("M", "R1", 30, 2))),
    Case("pay_delivery", "broken", PAY, TWO_KITS, (payment("M", "R1", 10, 1), payment("M", "R1", 25, 2)), amount=5),
    Case("pay_delivery", "broken", PAY, TWO_KITS, (payment("M", "R1", 10, 1), payment("M", "R1", 33, 2)), amount=3),
    Case("pay_delivery", "broken", PAY, TWO_KITS, (payment("M", "R1", 4, 1), payment("M", "R1", 36, 2)), amount=6),
    Case("pay_delivery", "broken", PAY, TWO_KITS, (payment("M", "R2", 40, 1),), amount=40),
    Case("pay_delivery", "broken", KIT_COSTS, TWO_KITS, (payment("M", "R1", 40, 1),), amount=40),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_that_a_rule_stands_as_the_plan_made_by_hand_has_it(case: Case) -> None:
    plan = measure(case.scenario, case.lines(case.scenario), case.delivery)
    if case.state == "broken":
        assert not plan.is_sound
        rule_key = case.broken_as or case.rule
        assert {found.rule for found in plan.violations} == {rule_key}, plan.violations
        assert max(found.amount for found in plan.violations) == pytest.approx(case.amount)
        assert case.scope in {found.scope for found in plan.violations} | {""}
        for found in plan.violations:
            assert found.text.endswith(".")
            assert "\n" not in found.text
    else:
        assert plan.is_sound, plan.violations
        states = {report.state for report in plan.rules if report.rule == case.rule}
        assert case.state in states
        assert states <= {"met", "binding"}


def test_that_every_rule_has_a_plan_that_meets_it_sits_at_it_and_breaks_it() -> None:
    states = {(case.rule, case.state) for case in CASES}
    assert states == {(key, state) for key in RULES for state in ("met", "binding", "broken")}


def test_that_every_rule_has_a_check() -> None:
    assert set(RULES) == CHECKED_RULES


def test_that_a_pledge_that_is_only_announced_does_not_count_by_default() -> None:
    case = money(pledges=(pledge("M", "ALFA", "MONEY", 300, status="pledge"),))
    assert [found.rule for found in measure(case, [line(case, "M", "DEMINE R1", 5)]).violations] == ["count_status"]
    case = money(pledges=case.pledges, rules=(rule("count_status", "pledge"),))
    assert measure(case, [line(case, "M", "DEMINE R1", 5)]).is_sound


@pytest.mark.parametrize(
    ("rows", "may_enter"),
    [
        ((("2", "partner:ALFA"), ("5", "type:21"), ("5", "")), False),
        ((("5", "partner:ALFA"), ("2", "type:21"), ("2", "")), True),
        ((("2", "type:21"), ("5", "")), False),
        ((("5", "type:21"), ("2", "")), True),
        ((("2", "type:22"),), True),
        ((("2", "partner:BETA"), ("3.9", "")), False),
    ],
)
def test_that_the_narrower_scope_of_an_access_limit_wins(rows: tuple[tuple[str, str], ...], may_enter: bool) -> None:
    case = scenario(
        pledges=(pledge("K", "ALFA", "KITS", 9),),
        requirements=(need("DEMINE", "R2", "KITS", 5),),  # access 4
        rules=tuple(rule("access_limit", value, scope) for value, scope in rows),
    )
    assert measure(case, [line(case, "K", "DEMINE R2", 1)]).is_sound is may_enter


def test_that_reports_name_each_row_and_each_rule_with_data_elsewhere() -> None:
    case = money(
        activities=(activity("DEMINE", "R1", min_share=0.5), activity("DEMINE", "R2", go="no")),
        initiatives=(Initiative(code="DEMINE", together=True), Initiative(code="RETURN", exclusive_group="G")),
        rules=(
            rule("coverage_floor", 0.25, "region:R1"),
            rule("together", on=False),
            rule("local_share", 0, "R2"),
            rule("expected", "no"),
            rule("delivery_cap", 5, on=False),
        ),
    )
    plan = measure(case, [line(case, "M", "DEMINE R1", 60)])
    assert [(found.rule, found.scope, found.state) for found in plan.rules] == [
        ("coverage_floor", "region:R1", "met"),
        ("delivery_cap", "", "off"),
        ("exclusive", "", "met"),
        ("expected", "", "off"),
        ("go", "", "binding"),
        ("local_share", "region:R2", "met"),
        ("minimum", "", "met"),
        ("together", "", "off"),
    ]
    assert (plan.rules[0].limit, plan.rules[0].actual) == (0.25, pytest.approx(0.3))


def test_that_an_activity_without_an_allocation_goes_ahead_only_through_together() -> None:
    tables = {
        "requirements": (*EACH_MONEY, need("DEMINE", "R1", "KITS", 5)),
        "initiatives": (Initiative(code="DEMINE", together=True), Initiative(code="RETURN")),
    }
    case = money(**tables)
    plan = measure(case, [line(case, "M", "DEMINE R1", 5), line(case, "M", "RETURN R1", 5)])
    assert {key for key, found in plan.activities.items() if found.go} == {
        ("DEMINE", "R1"),
        ("DEMINE", "R2"),
        ("RETURN", "R1"),
    }
    case = money(**tables, rules=(rule("together", on=False),))
    plan = measure(case, [line(case, "M", "DEMINE R1", 5)])
    assert [key for key, found in plan.activities.items() if found.go] == [("DEMINE", "R1")]


def test_that_what_together_takes_along_owes_its_least_share() -> None:
    case = money(
        initiatives=(Initiative(code="DEMINE", together=True), Initiative(code="RETURN")),
        activities=(activity("DEMINE", "R2", min_share=0.2),),
    )
    found = measure(case, [line(case, "M", "DEMINE R1", 5)]).violations
    assert [(each.rule, each.scope, each.amount) for each in found] == [("minimum", "initiative:DEMINE region:R2", 20)]


def test_that_a_prerequisite_without_an_activity_in_the_region_is_not_needed() -> None:
    case = money(
        initiatives=PREREQUISITE.initiatives,
        requirements=(need("DEMINE", "R1", "MONEY", 100), need("RETURN", "R2", "MONEY", 100)),
    )
    assert measure(case, [line(case, "M", "RETURN R2", 5)]).is_sound


def test_that_a_share_of_nothing_and_a_floor_over_nothing_are_met() -> None:
    case = money(
        activities=tuple(activity(i, "R1", go="no") for i in ("DEMINE", "RETURN")),
        rules=(rule("local_share", 0.5, "R1"), rule("coverage_floor", 0.9, "region:R1")),
    )
    assert measure(case, []).is_sound


def test_that_a_floor_on_a_resource_counts_only_activities_that_need_it() -> None:
    case = scenario(
        pledges=(pledge("K", "ALFA", "KITS", 9),),
        requirements=(
            need("DEMINE", "R1", "KITS", 4),
            need("DEMINE", "R1", "MONEY", 4),
            need("RETURN", "R1", "MONEY", 4),
        ),
        rules=(rule("coverage_floor", 0.5, "resource:KITS"),),
    )
    report = measure(case, [line(case, "K", "DEMINE R1", 2)]).rules[0]
    assert (report.state, report.actual) == ("binding", 0.5)


def test_that_a_cap_for_a_region_leaves_mobilisation_out_and_one_for_the_plan_does_not() -> None:
    case = scenario(
        pledges=(pledge("K", "ALFA", "KITS", 9, mobilisation_cost=50),),
        requirements=(need("DEMINE", "R1", "KITS", 4),),
        delivery_costs=(DeliveryCost(cost_per_unit=2, fixed_cost=1),),
        rules=(rule("delivery_cap", 9, "R1"), rule("delivery_cap", 59)),
    )
    reports = measure(case, [line(case, "K", "DEMINE R1", 4)]).rules
    assert [(report.state, report.actual) for report in reports] == [("binding", 59), ("binding", 9)]


def test_that_partners_of_no_named_type_fall_under_the_general_limit() -> None:
    case = scenario(
        partners=(Partner(code="ALFA"),),
        pledges=(pledge("K", "ALFA", "KITS", 9),),
        requirements=(need("DEMINE", "R2", "KITS", 4),),
        rules=(rule("access_limit", 3),),
    )
    assert not measure(case, [line(case, "K", "DEMINE R2", 4)]).is_sound
