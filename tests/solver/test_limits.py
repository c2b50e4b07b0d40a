"""Why more does not come under the rules that look at partners and their people: codes and sentences of gaps."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.plan import Allocation, Gap
from planner.rulebook import RULES
from planner.scenario import Region, Scenario
from resources.offers import DeliveryCost, Partner
from solver.run import solve
from solver.verify import measure
from tests.solver.verify_scenarios import KITS, MONEY, STAFF, activity, line, need, pledge, rule, scenario

HUNDRED = (need("DEMINE", "R1", "MONEY", 100),)


def gap_of(case: Scenario, resource: str = "MONEY") -> Gap:
    """The only gap in a resource."""
    (found,) = (gap for gap in solve(case).gaps if gap.resource == resource)
    return found


def test_that_a_share_of_implementers_names_its_rule() -> None:
    case = scenario(
        pledges=(pledge("M", "ALFA", "MONEY", 300),),
        requirements=(*HUNDRED, need("RETURN", "R1", "MONEY", 100)),
        activities=(activity("DEMINE", "R1", implementer="BETA"),),
        rules=(rule("implementer_share", 0.8, "type:22"),),
    )
    gap = gap_of(case)
    assert (gap.initiative, gap.reason, gap.allocated) == ("RETURN", "share_rule", pytest.approx(25))
    assert "MONEY is pledged and free" in gap.text
    assert "“Share for a type of implementer”" in gap.text


def test_that_a_cap_of_an_implementer_says_what_it_allows() -> None:
    case = scenario(
        pledges=(pledge("M", "ALFA", "MONEY", 300),),
        requirements=HUNDRED,
        activities=(activity("DEMINE", "R1", implementer="BETA"),),
        rules=(rule("implementer_cap", 60, "BETA"),),
    )
    gap = gap_of(case)
    assert gap.reason == "cap_rule"
    assert "“What an implementer can absorb” (at most 60 USD; 0 left)" in gap.text


# ALFA brings kits worth 10 each, BETA (type 22) 100 of money.
BROUGHT = scenario(
    resources=(MONEY, dataclasses.replace(KITS, unit_value=10)),
    pledges=(pledge("K", "ALFA", "KITS", 20), pledge("M", "BETA", "MONEY", 100)),
    requirements=(need("DEMINE", "R1", "KITS", 20), *HUNDRED),
    rules=(rule("partner_type_share", 0.5, "type:22"),),
)


def test_that_a_share_of_a_type_names_its_rule() -> None:
    gap = gap_of(BROUGHT, "KITS")
    assert (gap.reason, gap.allocated) == ("share_rule", 10)
    assert "“Share from a type of partner”" in gap.text


def test_that_a_share_of_a_type_is_no_reason_where_that_type_has_more() -> None:
    """Half of what comes is from BETA, and what its own kits cost to deliver would hold back ALFA's kits alone."""
    case = dataclasses.replace(
        BROUGHT,
        pledges=(*BROUGHT.pledges, pledge("L", "BETA", "KITS", 5, regions=("R2",))),
        requirements=(*BROUGHT.requirements, need("DEMINE", "R2", "KITS", 5)),
    )
    plan = solve(case)
    assert {(gap.region, gap.reason) for gap in plan.gaps} == {("R1", "share_rule")}


def test_that_a_value_that_somebody_must_pay_to_deliver_is_no_certain_reason() -> None:
    """The payer would contribute too, so that nobody can say what the next kit does to the share."""
    case = dataclasses.replace(
        BROUGHT,
        pledges=(*BROUGHT.pledges, pledge("X", "BETA", "MONEY", 1000, initiatives=("RETURN",))),
        delivery_costs=(DeliveryCost(resource="KITS", cost_per_unit=1),),
        rules=(*BROUGHT.rules, rule("pay_delivery", "yes")),
    )
    assert all(gap.reason == "used_elsewhere" for gap in solve(case).gaps)


def test_that_a_shared_language_names_its_rule() -> None:
    case = scenario(
        regions=(Region(code="R1", languages=("SOM",)), Region(code="R2")),
        pledges=(pledge("S", "ALFA", "STAFF", 3, languages=("som",)), pledge("T", "BETA", "STAFF", 30)),
        requirements=(need("DEMINE", "R1", "STAFF", 10),),
        rules=(rule("language_share", 0.5),),
    )
    gap = gap_of(case, "STAFF")
    assert (gap.reason, gap.allocated) == ("share_rule", 6)
    assert "“Shared language”" in gap.text


def test_that_a_burden_names_the_partner_it_spares() -> None:
    case = scenario(
        partners=(Partner(code="ALFA", name="Alfa", fair_share=0.3), Partner(code="BETA", name="Beta", fair_share=0.1)),
        pledges=(pledge("A", "ALFA", "MONEY", 30), pledge("B", "BETA", "MONEY", 90)),
        requirements=HUNDRED,
        rules=(rule("burden_cap", 1),),
    )
    gap = gap_of(case)
    assert (gap.reason, gap.allocated) == ("cap_rule", pytest.approx(40))
    assert "would break the rule “Fair burden” (Beta would contribute too much)" in gap.text


KINDS = ("KITS", "MONEY", "STAFF")
PLACES = [(initiative, region) for initiative in ("DEMINE", "RETURN") for region in ("R1", "R2")]
RULE_ROWS = (
    rule("implementer_share", 0.6, "type:22"),
    rule("implementer_cap", 4, "ALFA"),
    rule("partner_type_share", 0.6, "type:22"),
    rule("language_share", 0.5),
    rule("burden_cap", 1.1),
)


@st.composite
def limited(draw: st.DrawFn) -> Scenario:
    """Plenty is pledged by two partners, and one or two rules hold it back."""
    whole_money = dataclasses.replace(MONEY, whole=True)
    return scenario(
        partners=(Partner(code="ALFA", type="21", fair_share=0.5), Partner(code="BETA", type="22", fair_share=0.2)),
        regions=(Region(code="R1", languages=("som",)), Region(code="R2")),
        resources=(whole_money, dataclasses.replace(KITS, unit_value=2), STAFF),
        pledges=tuple(
            pledge(f"{kind}-{partner}", partner, kind, draw(st.integers(0, 15)), languages=languages)
            for kind in KINDS
            for partner, languages in (("ALFA", ()), ("BETA", ("SOM",)))
        ),
        requirements=tuple(
            need(*place, kind, draw(st.integers(1, 6)))
            for place in PLACES
            for kind in sorted(draw(st.sets(st.sampled_from(KINDS), min_size=1)))
        ),
        activities=tuple(activity(*place, implementer=draw(st.sampled_from(("ALFA", "BETA")))) for place in PLACES),
        rules=tuple(draw(st.lists(st.sampled_from(RULE_ROWS), min_size=1, max_size=2, unique=True))),
    )


@settings(max_examples=20)
@given(limited())
def test_that_one_more_unit_breaks_the_rule_that_a_gap_names_whoever_brings_it(case: Scenario) -> None:
    plan = solve(case)
    titles = {RULES[row.rule].title: row.rule for row in case.rules}
    for gap in plan.gaps:
        if gap.reason in ("share_rule", "cap_rule"):
            (named,) = (key for title, key in titles.items() if f"“{title}”" in gap.text)
            for one in case.pledges:
                if one.resource == gap.resource:
                    more = line(case, one.code, f"{gap.initiative} {gap.region}", 1)
                    measured = measure(case, _added_up((*plan.allocations, more)), plan.delivery)
                    assert {found.rule for found in measured.violations} & {named, "supply"}


def _added_up(lines: tuple[Allocation, ...]) -> list[Any]:
    """Lines that differ in nothing but their quantity as one."""
    found: dict[Allocation, float] = {}
    for row in lines:
        key = dataclasses.replace(row, quantity=0.0)
        found[key] = found.get(key, 0.0) + row.quantity
    return [dataclasses.replace(row, quantity=quantity) for row, quantity in found.items()]
