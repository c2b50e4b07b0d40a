"""Stranded supply: what is unused of each pledge, and what keeps it from needs that are still open."""

from math import fsum
from typing import Any

import pytest
from hypothesis import given, settings

from planner.plan import StrandedPledge
from planner.scenario import Initiative, Region, Scenario
from resources.offers import DeliveryCost, Veto
from solver.run import solve
from tests.solver.verify_scenarios import activity, need, pledge, rule, scenario
from tests.tiny_scenarios import tiny_scenarios

WANTED = (need("DEMINE", "R1", "KITS", 10),)


def stranded(case: Scenario, code: str = "A") -> StrandedPledge:
    (found,) = (row for row in solve(case).stranded if row.pledge == code)
    return found


def shares(row: StrandedPledge) -> dict[str, float]:
    return {part.reason: part.quantity for part in row.parts}


def test_that_a_pledge_that_is_used_in_full_is_not_listed() -> None:
    assert solve(scenario(pledges=(pledge("A", "ALFA", "KITS", 10),), requirements=WANTED)).stranded == ()


def test_that_what_nobody_needs_any_more_is_met() -> None:
    row = stranded(scenario(pledges=(pledge("A", "ALFA", "KITS", 15),), requirements=WANTED))
    assert (row.usable, row.allocated, row.unused) == (15, 10, 5)
    assert (row.reason, row.text) == ("met", "Nothing more of KITS is needed anywhere.")
    assert shares(row) == {"met": 5}


LIMITED: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("status", {"status": "pledge"}, {}, "Announced only, so it does not count."),
    ("window", {"from_period": 2}, {}, "Open needs are in periods outside its window."),
    ("earmark", {"regions": ("R2",)}, {}, "Its earmark (only Coast) keeps it from open needs."),
    ("earmark", {"exclude_initiatives": ("DEMINE",)}, {}, "Its earmark (not DEMINE) keeps it from open needs."),
    (
        "veto",
        {},
        {"vetoes": (Veto(partner="ALFA", region="R1", reason="Not with arms."),)},
        "ALFA refuses activities with open needs (Not with arms.).",
    ),
    (
        "access",
        {},
        {"rules": (rule("access_limit", 1, "partner:ALFA"),)},
        "Access to regions with open needs is above the limit for ALFA.",
    ),
]


@pytest.mark.parametrize(("reason", "columns", "tables", "text"), LIMITED)
def test_that_a_limit_strands_only_what_open_needs_would_take(
    reason: str, columns: dict[str, Any], tables: dict[str, Any], text: str
) -> None:
    case = scenario(
        settings={"periods": 2},
        regions=(Region(code="R1", access=2), Region(code="R2", name="Coast", access=4)),
        pledges=(pledge("A", "ALFA", "KITS", 25, **columns), pledge("B", "BETA", "KITS", 3)),
        requirements=WANTED,
        **tables,
    )
    row = stranded(case)
    assert (row.allocated, row.unused) == (0, 25)
    assert shares(row) == {"met": 18, reason: 7}
    assert [part.text for part in row.parts if part.reason == reason] == [text]


def test_that_open_needs_of_activities_that_do_not_go_ahead_are_told() -> None:
    case = scenario(
        initiatives=(Initiative(code="DEMINE", prerequisites=("RETURN",)), Initiative(code="RETURN")),
        pledges=(pledge("A", "ALFA", "KITS", 6),),
        requirements=(*WANTED, need("RETURN", "R1", "MONEY", 5)),
    )
    row = stranded(case)
    assert shares(row) == {"not_ahead": 6}


def test_that_needs_of_refused_activities_are_not_open() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "KITS", 6),),
        requirements=WANTED,
        activities=(activity("DEMINE", "R1", go="no"),),
    )
    assert shares(stranded(case)) == {"met": 6}


def test_that_a_rule_that_holds_supply_back_is_named_with_the_place() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "KITS", 10),),
        requirements=WANTED,
        delivery_costs=(DeliveryCost(cost_per_unit=10),),
        rules=(rule("delivery_cap", 60),),
    )
    row = stranded(case)
    assert shares(row) == {"cap_rule": 4}
    assert "bringing it in R1 would break the rule “Most for delivery”" in row.text


def test_that_delivery_money_is_apart_from_what_is_allocated() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "KITS", 10), pledge("M", "BETA", "MONEY", 150)),
        requirements=WANTED,
        delivery_costs=(DeliveryCost(cost_per_unit=10),),
        rules=(rule("pay_delivery", "yes"),),
    )
    row = stranded(case, "M")
    assert (row.usable, row.allocated, row.paid, row.unused) == (150, 0, pytest.approx(100), pytest.approx(50))


def test_that_people_are_stranded_period_by_period() -> None:
    case = scenario(
        settings={"periods": 2},
        pledges=(pledge("A", "ALFA", "STAFF", 4),),
        requirements=(need("DEMINE", "R1", "STAFF", 3), need("DEMINE", "R1", "STAFF", 4, 2)),
    )
    row = stranded(case)
    assert (row.usable, row.allocated, row.unused) == (8, 7, 1)
    assert shares(row) == {"met": 1}


@settings(max_examples=60)
@given(tiny_scenarios())
def test_that_all_that_is_unused_is_accounted_for(case: Scenario) -> None:
    plan = solve(case)
    used: dict[str, float] = {}
    for line in (*plan.allocations, *plan.delivery):
        used[line.pledge] = used.get(line.pledge, 0.0) + line.quantity
    assert [row.pledge for row in plan.stranded] == sorted(row.pledge for row in plan.stranded)
    for row in plan.stranded:
        assert row.allocated + row.paid == pytest.approx(used.get(row.pledge, 0.0))
        assert row.allocated + row.paid + row.unused == pytest.approx(row.usable, abs=1e-5)
        assert fsum(part.quantity for part in row.parts) == pytest.approx(row.unused, rel=1e-12)
        assert all(part.quantity > 0 for part in row.parts)
        assert row.text in [part.text for part in row.parts]
        assert not set("{}") & set(row.text)


def test_that_only_vetoes_that_close_open_needs_tell_their_reasons() -> None:
    vetoes = (
        Veto(partner="ALFA", region="R1", reason="Not with arms."),
        Veto(partner="ALFA", region="R2", reason="Not at sea."),
    )
    case = scenario(pledges=(pledge("A", "ALFA", "KITS", 5),), requirements=WANTED, vetoes=vetoes)
    assert stranded(case).text == "ALFA refuses activities with open needs (Not with arms.)."
