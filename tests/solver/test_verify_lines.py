"""Who may serve what, line by line, on plans made by hand; and the time that checking takes."""

import math
from dataclasses import replace

import pytest

from planner.plan import Allocation, DeliveryPayment
from planner.scenario import Scenario
from resources.offers import DeliveryCost, Veto
from solver.verify import Violation, measure
from tests.solver.verify_scenarios import MONEY, STAFF, activity, having, line, need, payment, pledge, rule, scenario

PLACES = [(i, r) for i in ("DEMINE", "RETURN") for r in ("R1", "R2")]
OPEN = scenario(
    settings={"periods": 3},
    pledges=(pledge("K", "ALFA", "KITS", 90), pledge("M", "ALFA", "MONEY", 90)),
    requirements=tuple(need(i, r, k, 9, t) for i, r in PLACES for k in ("KITS", "MONEY", "STAFF") for t in (1, 2, 3)),
)


def rules_broken(case: Scenario, *lines: Allocation) -> list[str]:
    return [found.rule for found in measure(case, lines).violations]


@pytest.mark.parametrize(
    ("columns", "rule_key"),
    [
        ({"initiatives": ("RETURN",)}, "earmark"),
        ({"regions": ("R2",)}, "earmark"),
        ({"exclude_initiatives": ("DEMINE",)}, "earmark"),
        ({"exclude_regions": ("R1",)}, "earmark"),
        ({"from_period": 3}, "window"),
        ({"to_period": 1}, "window"),
        ({"initiatives": ("DEMINE", "RETURN"), "regions": ("R2", "R1"), "exclude_regions": ("R2",)}, ""),
        ({"from_period": 2, "to_period": 2}, ""),
    ],
)
def test_that_a_pledge_serves_only_what_its_earmarks_and_window_allow(
    columns: dict[str, object], rule_key: str
) -> None:
    case = having(OPEN, pledges=(pledge("K", "ALFA", "KITS", 90, **columns),))
    assert rules_broken(case, line(case, "K", "DEMINE R1", 2, period=2)) == ([rule_key] if rule_key else [])


@pytest.mark.parametrize(
    ("veto", "stops"),
    [
        (Veto(partner="ALFA"), True),
        (Veto(partner="ALFA", initiative="DEMINE"), True),
        (Veto(partner="ALFA", region="R1"), True),
        (Veto(partner="ALFA", initiative="DEMINE", region="R1"), True),
        (Veto(partner="ALFA", initiative="DEMINE", region="R2"), False),
        (Veto(partner="ALFA", initiative="RETURN"), False),
        (Veto(partner="BETA"), False),
        (Veto(partner="ALFA", implementer="BETA"), True),
        (Veto(partner="ALFA", implementer="ALFA"), False),
        (Veto(partner="ALFA", implementer="BETA", region="R2"), False),
    ],
)
def test_that_a_veto_stops_the_partners_pledges_where_it_matches(veto: Veto, stops: bool) -> None:
    case = having(OPEN, vetoes=(veto,), activities=(activity("DEMINE", "R1", implementer="BETA"),))
    assert rules_broken(case, line(case, "K", "DEMINE R1", 2)) == (["veto"] if stops else [])


def test_that_a_pledge_arrives_only_after_its_lead_periods() -> None:
    case = having(
        OPEN,
        pledges=(pledge("K", "ALFA", "KITS", 90, from_period=2), *OPEN.pledges[1:]),
        delivery_costs=(DeliveryCost(region="R1", lead_periods=1),),
    )
    assert rules_broken(case, line(case, "K", "DEMINE R1", 1, 2)) == ["window"]
    assert rules_broken(case, line(case, "K", "DEMINE R1", 1, 3), line(case, "K", "DEMINE R2", 1, 2)) == []
    assert rules_broken(case, line(case, "M", "DEMINE R1", 1, 1)) == []  # funding only where a row names it


def test_that_lines_that_make_no_sense_are_named() -> None:
    good = line(OPEN, "K", "DEMINE R1", 2)
    for broken, rule_key, words in [
        (replace(good, pledge="X"), "line", "no such pledge"),
        (replace(good, partner="BETA"), "line", "is of ALFA"),
        (replace(good, resource="MONEY"), "resource", "is a pledge of KITS"),
        (replace(good, region="R9"), "line", "none is required"),
        (replace(good, initiative="X"), "line", "none is required"),
        (replace(good, period=4), "line", "none is required"),
        (replace(good, quantity=0), "line", "no quantity above 0"),
        (replace(good, quantity=-3), "line", "no quantity above 0"),
        (replace(good, quantity=math.nan), "line", "no quantity above 0"),
        (replace(good, quantity=math.inf), "line", "no quantity above 0"),
        (replace(good, quantity=1.5), "whole", "not a whole quantity"),
        (replace(line(OPEN, "M", "DEMINE R1", 1), quantity=8e-6), "line", "too little"),
    ]:
        violations = measure(OPEN, [broken]).violations
        assert [found.rule for found in violations] == [rule_key], broken
        assert words in violations[0].text
    assert rules_broken(OPEN, good, good) == ["line"]
    unknown = replace(good, resource="X")
    assert "resource" in rules_broken(OPEN, unknown)


def test_that_a_violation_says_who_what_and_how_much() -> None:
    case = having(OPEN, pledges=(pledge("K", "ALFA", "KITS", 3, regions=("R2",)),))
    assert measure(case, [line(case, "K", "DEMINE R1", 5)]).violations == (
        Violation(
            "earmark",
            "pledge:K initiative:DEMINE region:R1",
            "Pledge K gives 5 KITS for DEMINE in R1 in period 1, but is earmarked to R2.",
            5,
        ),
        Violation("supply", "pledge:K", "Pledge K gives 5; 3 can be used.", 2),
    )


PAYING = having(
    OPEN,
    pledges=(pledge("K", "BETA", "KITS", 90), pledge("M", "ALFA", "MONEY", 90)),
    delivery_costs=(DeliveryCost(resource="KITS", cost_per_unit=10),),
    rules=(rule("pay_delivery", "yes"),),
)


def may_pay(case: Scenario, *delivery: DeliveryPayment) -> bool:
    found = measure(case, [line(case, "K", "DEMINE R1", 2, 2)], delivery).violations
    assert {each.rule for each in found} <= {"pay_delivery"}
    return not found


@pytest.mark.parametrize(
    ("columns", "is_allowed"),
    [
        ({"initiatives": ("RETURN",), "exclude_initiatives": ("DEMINE",)}, True),  # whatever its initiatives
        ({"regions": ("R2",)}, False),
        ({"exclude_regions": ("R1",)}, False),
        ({"from_period": 3}, False),
        ({"to_period": 1}, False),
        ({"from_period": 2, "to_period": 2}, True),
    ],
)
def test_that_delivery_is_paid_by_funding_that_may_be_spent_there(columns: dict[str, object], is_allowed: bool) -> None:
    case = having(PAYING, pledges=(PAYING.pledges[0], pledge("M", "ALFA", "MONEY", 90, **columns)))
    assert may_pay(case, payment("M", "R1", 20, 2)) is is_allowed


@pytest.mark.parametrize(
    ("veto", "is_allowed"),
    [
        (Veto(partner="ALFA"), False),
        (Veto(partner="ALFA", region="R1"), False),
        (Veto(partner="ALFA", region="R2"), True),
        (Veto(partner="ALFA", initiative="DEMINE"), True),
        (Veto(partner="ALFA", implementer="BETA"), True),
        (Veto(partner="BETA", region="R2"), True),
    ],
)
def test_that_only_a_general_veto_stops_delivery_payments(veto: Veto, is_allowed: bool) -> None:
    assert may_pay(having(PAYING, vetoes=(veto,)), payment("M", "R1", 20, 2)) is is_allowed


def test_that_payments_that_make_no_sense_are_refused() -> None:
    assert may_pay(PAYING, payment("M", "R1", 20, 2))
    assert not may_pay(PAYING, payment("M", "R1", 10, 2), payment("M", "R1", 10, 2))
    assert not may_pay(PAYING, payment("M", "R1", 20, 2), payment("X", "R1", 1, 2))
    assert not may_pay(PAYING, payment("M", "R1", 20, 2), payment("M", "R9", 1, 2))
    assert not may_pay(PAYING, payment("M", "R1", 20, 2), payment("M", "R1", -1, 3))
    assert not may_pay(PAYING, payment("M", "R1", 20, 2), payment("M", "R1", math.nan, 3))
    assert not may_pay(PAYING, payment("M", "R1", 20, 2), payment("M", "R1", 1, 4))
    assert not may_pay(PAYING, payment("K", "R1", 20, 2))


def test_that_lead_periods_do_not_hold_money_for_delivery_back() -> None:
    case = having(PAYING, delivery_costs=(*PAYING.delivery_costs, DeliveryCost(resource="MONEY", lead_periods=3)))
    assert may_pay(case, payment("M", "R1", 20, 2))


def test_that_delivery_money_counts_against_the_pledge() -> None:
    case = having(PAYING, pledges=(PAYING.pledges[0], pledge("M", "ALFA", "MONEY", 25)))
    lines = [line(case, "K", "DEMINE R1", 2, 2), line(case, "M", "DEMINE R1", 7, 1)]
    found = measure(case, lines, [payment("M", "R1", 20, 2)]).violations
    assert [(each.rule, each.amount) for each in found] == [("supply", 2)]


def test_that_an_announced_pledge_pays_no_delivery() -> None:
    case = having(PAYING, pledges=(PAYING.pledges[0], pledge("M", "ALFA", "MONEY", 90, status="pledge")))
    found = measure(case, [line(case, "K", "DEMINE R1", 2, 2)], [payment("M", "R1", 20, 2)]).violations
    assert {each.rule for each in found} == {"pay_delivery", "count_status"}


@pytest.mark.slow
def test_that_a_large_sound_plan_is_found_sound() -> None:
    case, lines = large_plan(requirements=15_000, lines=100_000)
    assert measure(case, lines).is_sound


def large_plan(requirements: int, lines: int) -> tuple[Scenario, list[Allocation]]:
    """Every requirement served by several pledges of one resource."""
    each = lines // requirements + 1
    pledges = tuple(pledge(f"S{n}", "ALFA", "STAFF", requirements) for n in range(each * 50))
    places = [(f"I{n}", f"R{m}") for n in range(math.ceil(requirements / 50 / 6)) for m in range(50)]
    template = scenario()
    case = scenario(
        settings={"periods": 6},
        initiatives=tuple(replace(template.initiatives[0], code=f"I{n}") for n in range(len(places) // 50)),
        regions=tuple(replace(template.regions[0], code=f"R{n}") for n in range(50)),
        resources=(MONEY, STAFF),
        pledges=pledges,
        requirements=tuple(need(i, r, "STAFF", 1000, t) for i, r in places for t in range(1, 7))[:requirements],
        delivery_costs=tuple(DeliveryCost(region=f"R{n}", cost_per_unit=n) for n in range(50)),
    )
    made = [
        Allocation(f"S{(n * each + k) % len(pledges)}", "ALFA", row.initiative, row.region, "STAFF", row.period, 1)
        for n, row in enumerate(case.requirements)
        for k in range(each)
    ]
    return case, made[:lines]
