"""The parts of a gap: each reason accounts for so much, in a fixed order, and together for all that is missing."""

import dataclasses
from math import fsum
from typing import Any

import pytest
from hypothesis import given, settings

from planner.plan import Part
from planner.scenario import BaselineLine, Initiative, Scenario
from resources.offers import DeliveryCost, Veto
from solver.arrays import build_arrays
from solver.reasons.explain import ActivityFigures, Explainer
from solver.run import solve
from tests.solver.verify_scenarios import activity, line, need, pledge, rule, scenario
from tests.tiny_scenarios import tiny_scenarios

KITS_WANTED = (need("DEMINE", "R1", "KITS", 100),)
ORDER = (
    *("no_supply", "status", "window", "earmark", "veto", "access", "refused", "below_minimum", "prerequisite"),
    *("exclusive", "kept_line", "share_rule", "cap_rule", "delivery_unpaid", "used_elsewhere"),
)


def parts_of(case: Scenario, place: tuple[str, str] = ("DEMINE", "R1")) -> tuple[Part, ...]:
    """The parts of the only gap of an activity."""
    (gap,) = (gap for gap in solve(case).gaps if (gap.initiative, gap.region) == place)
    assert fsum(part.quantity for part in gap.parts) == pytest.approx(gap.missing, rel=1e-12)
    assert gap.reason == gap.parts[0].reason
    return gap.parts


def amounts(parts: tuple[Part, ...]) -> dict[str, float]:
    return {part.reason: pytest.approx(part.quantity) for part in parts}


def test_that_every_stage_accounts_for_what_it_closes() -> None:
    case = scenario(
        settings={"periods": 2},
        pledges=(
            pledge("A", "ALFA", "KITS", 10, status="pledge"),
            pledge("B", "ALFA", "KITS", 11, from_period=2),
            pledge("C", "ALFA", "KITS", 12, regions=("R2",)),
            pledge("D", "BETA", "KITS", 13),
            pledge("E", "ALFA", "KITS", 14),
        ),
        vetoes=(Veto(partner="BETA", initiative="DEMINE"),),
        requirements=KITS_WANTED,
    )
    parts = parts_of(case)
    assert amounts(parts) == {"no_supply": 40, "status": 10, "window": 11, "earmark": 12, "veto": 13}
    assert [part.reason for part in parts] == ["no_supply", "status", "window", "earmark", "veto"]
    assert [part.text for part in parts] == [
        "All partners together have pledged 60 of 100 KITS needed here.",
        "Announced only, so it does not count: ALFA (1 pledge).",
        "Not available in this period: ALFA (1 pledge).",
        "Earmarked for something else: ALFA (1 pledge).",
        "Refused for this activity: BETA (1 pledge).",
    ]


def test_that_a_stage_accounts_for_nothing_while_enough_is_open_after_it() -> None:
    pledges = (pledge("A", "ALFA", "KITS", 500, regions=("R2",)), pledge("B", "ALFA", "KITS", 150, status="pledge"))
    case = scenario(pledges=(*pledges, pledge("C", "BETA", "KITS", 20)), requirements=KITS_WANTED)
    assert amounts(parts_of(case)) == {"earmark": 80}


def test_that_a_reusable_pledge_counts_in_each_period_for_itself() -> None:
    needs = tuple(need("DEMINE", "R1", "STAFF", 10, period) for period in (1, 2))
    staff = (pledge("A", "ALFA", "STAFF", 6), pledge("B", "BETA", "STAFF", 3, from_period=2))
    plan = solve(scenario(settings={"periods": 2}, pledges=staff, requirements=needs))
    assert [amounts(gap.parts) for gap in plan.gaps] == [{"no_supply": 1, "window": 3}, {"no_supply": 1}]


def test_that_access_and_a_cap_stand_in_their_places() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "KITS", 30), pledge("B", "BETA", "KITS", 90)),
        requirements=KITS_WANTED,
        delivery_costs=(DeliveryCost(cost_per_unit=10),),
        rules=(rule("access_limit", 1, "partner:ALFA"), rule("delivery_cap", 400)),
    )
    assert amounts(parts_of(case)) == {"access": 10, "cap_rule": 50}


def test_that_all_of_a_refused_activity_is_its_refusal() -> None:
    case = scenario(requirements=KITS_WANTED, activities=(activity("DEMINE", "R1", go="no"),))
    assert parts_of(case) == (Part("refused", 100.0, "It is set not to go ahead here."),)


def test_that_what_could_come_to_an_activity_that_does_not_go_ahead_is_put_down_to_that() -> None:
    case = scenario(
        initiatives=(Initiative(code="DEMINE", prerequisites=("RETURN",)), Initiative(code="RETURN")),
        pledges=(pledge("A", "ALFA", "KITS", 70), pledge("B", "BETA", "KITS", 20, regions=("R2",))),
        requirements=(*KITS_WANTED, need("RETURN", "R1", "MONEY", 5)),
    )
    parts = parts_of(case)
    assert amounts(parts) == {"no_supply": 10, "earmark": 20, "prerequisite": 70}
    assert "RETURN does not go ahead here" in parts[-1].text


def test_that_what_is_used_elsewhere_names_who_got_most_and_both_weights() -> None:
    case = scenario(
        initiatives=(Initiative(code="DEMINE"), Initiative(code="RETURN", priority=3)),
        pledges=(pledge("A", "ALFA", "KITS", 120),),
        requirements=(*KITS_WANTED, need("RETURN", "R1", "KITS", 30), need("RETURN", "R2", "KITS", 60)),
    )
    (part,) = parts_of(case)
    assert (part.reason, part.quantity) == ("used_elsewhere", pytest.approx(70))
    assert part.text.endswith("60 for RETURN in R2 (weight 3); 30 for RETURN in R1 (weight 3). Weight here: 1.")


def explained(case: Scenario, *lines: Any) -> dict[tuple[str, int], dict[str, float]]:
    """The parts of every gap of a plan made by hand, by initiative and period; every activity goes ahead."""
    arrays = build_arrays(case)
    figures = {
        (arrays.initiatives.codes[i], arrays.regions.codes[r]): ActivityFigures(go=True, coverage=0.5, effective=0.5)
        for i, r in arrays.activity_index
    }
    gaps = Explainer(arrays, lines, (), figures, ()).gaps()
    return {(gap.initiative, gap.period): amounts(gap.parts) for gap in gaps}


def test_that_kept_lines_elsewhere_account_for_what_they_hold() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "KITS", 100),),
        requirements=(*KITS_WANTED, need("RETURN", "R1", "KITS", 60), need("RETURN", "R2", "KITS", 30)),
        baseline=(BaselineLine(pledge="A", initiative="RETURN", region="R1", quantity=60, keep=True),),
    )
    lines = (line(case, "A", "RETURN R1", 60), line(case, "A", "RETURN R2", 30), line(case, "A", "DEMINE R1", 10))
    assert explained(case, *lines) == {("DEMINE", 1): {"kept_line": 60, "used_elsewhere": 30}}


def test_that_in_frozen_periods_what_could_come_is_held_as_agreed() -> None:
    needs = tuple(need("DEMINE", "R1", "KITS", 10, period) for period in (1, 2))
    case = scenario(
        settings={"periods": 2},
        pledges=(pledge("A", "ALFA", "KITS", 100),),
        requirements=needs,
        baseline=(BaselineLine(pledge="A", initiative="DEMINE", region="R1", quantity=4),),
        rules=(rule("frozen_until", 1),),
    )
    assert explained(case, line(case, "A", "DEMINE R1", 4)) == {
        ("DEMINE", 1): {"kept_line": 6},
        ("DEMINE", 2): {"used_elsewhere": 10},
    }


def test_that_a_line_that_is_kept_although_closed_counts_as_open() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "KITS", 40, regions=("R2",)),),
        requirements=KITS_WANTED,
        baseline=(BaselineLine(pledge="A", initiative="DEMINE", region="R1", quantity=40, keep=True),),
    )
    assert explained(case, line(case, "A", "DEMINE R1", 40)) == {("DEMINE", 1): {"no_supply": 60}}


@settings(max_examples=60)
@given(tiny_scenarios())
def test_that_the_parts_add_up_without_negative_ones_in_their_order(case: Scenario) -> None:
    plan = solve(case)
    for gap in plan.gaps:
        assert fsum(part.quantity for part in gap.parts) == pytest.approx(gap.missing, rel=1e-12)
        assert all(part.quantity > 0 for part in gap.parts)
        assert gap.reason == gap.parts[0].reason
        ranks = [ORDER.index(part.reason) for part in gap.parts]
        assert ranks == sorted(ranks)
        for text in (gap.text, *(part.text for part in gap.parts)):
            assert text.endswith(".")
            assert not set("{}") & set(text)


@settings(max_examples=40)
@given(tiny_scenarios())
def test_that_what_the_stages_close_is_what_eligible_pledges_cannot_give(case: Scenario) -> None:
    plan = solve(case)
    arrays = build_arrays(case)
    ahead = {(result.initiative, result.region) for result in plan.activities if result.go}
    for gap in plan.gaps:
        closed = sum(part.quantity for part in gap.parts if part.reason in ORDER[:6])
        key = arrays.initiatives.index[gap.initiative], arrays.regions.index[gap.region]
        region, row = key[1], arrays.activity_index[key]
        may = [
            float(arrays.usable_o[o])
            for o in range(len(arrays.usable_o))
            if arrays.resources.codes[arrays.resource_o[o]] == gap.resource
            and arrays.opens_oa[o, row]
            and arrays.first_or[o, region] <= gap.period - 1 <= arrays.last_o[o]
        ]
        if (gap.initiative, gap.region) in ahead:
            could_come = max(sum(may), gap.allocated)  # a kept line comes though its pledge is closed
            assert closed == pytest.approx(max(0.0, gap.required - could_come), abs=1e-9)


def test_that_a_gap_of_money_in_millions_still_adds_up() -> None:
    case = scenario(
        pledges=(pledge("A", "ALFA", "MONEY", 1e9 / 3), pledge("B", "BETA", "MONEY", 2e9 / 7, status="pledge")),
        requirements=(need("DEMINE", "R1", "MONEY", 1e9),),
    )
    assert [part.reason for part in parts_of(case)] == ["no_supply", "status"]


@settings(max_examples=25)
@given(tiny_scenarios())
def test_that_the_order_of_rows_changes_no_explanation(case: Scenario) -> None:
    turned = dataclasses.replace(case, **{table.name: rows[::-1] for table, rows in case.tables()})
    first, second = solve(case), solve(turned)
    assert first.gaps == second.gaps
    assert first.activities == second.activities
    assert first.stranded == second.stranded
    assert first.changes == second.changes
    assert first.baseline == second.baseline
    assert [line.text for line in first.allocations] == [line.text for line in second.allocations]
