"""The rules and objectives that look at partners and their people, each planned on a few facts."""

import dataclasses
from typing import Any

import pytest

from planner.plan import Plan
from planner.scenario import Initiative, Objective, Region, Requirement, Rule, Scenario
from resources.offers import DeliveryCost, Partner, Pledge
from solver.arrays import build_arrays
from solver.model import build_model
from solver.run import solve
from tests.solver.verify_scenarios import KITS, MONEY, STAFF, activity, need, pledge, rule, scenario

FIRST = (Initiative(code="DEMINE", priority=9), Initiative(code="RETURN"))
VALUED_KITS = dataclasses.replace(KITS, unit_value=10)
BURDEN_ALONE = (Objective(order=1, objective="coverage"), Objective(order=2, objective="burden"))
STARTS_LAST = (Objective(order=1, objective="coverage"), Objective(order=2, objective="starts"))


def sums(plan: Plan, *columns: str) -> dict[Any, float]:
    """Allocated quantity by one or more columns of the lines."""
    assert plan.status == "optimal"
    found: dict[Any, float] = {}
    for row in plan.allocations:
        key = tuple(getattr(row, name) for name in columns)
        found[key if len(columns) > 1 else key[0]] = found.get(key if len(columns) > 1 else key[0], 0.0) + row.quantity
    return found


def with_rules(case: Scenario, *rules: Rule) -> Scenario:
    return dataclasses.replace(case, rules=(*case.rules, *rules))


# -- who carries it out --

# 100 of money for two activities that need 100 each; the first, carried out by ALFA (type 21), weighs more.
CARRIED_OUT = scenario(
    initiatives=FIRST,
    pledges=(pledge("M", "ALFA", "MONEY", 100),),
    requirements=(need("DEMINE", "R1", "MONEY", 100), need("RETURN", "R1", "MONEY", 100)),
    activities=(activity("DEMINE", "R1", implementer="ALFA"), activity("RETURN", "R1", implementer="BETA")),
)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (rule("implementer_share", "30 %", "type:22"), {"DEMINE": 70, "RETURN": 30}),
        (rule("implementer_share", "30 %", "type:21"), {"DEMINE": 100}),
        (rule("implementer_share", "30 %", "type:60"), {}),  # nobody of that type carries anything out
        (rule("implementer_share", "30 %", "type:22", on=False), {"DEMINE": 100}),
        (rule("implementer_cap", 60, "ALFA"), {"DEMINE": 60, "RETURN": 40}),
        (rule("implementer_cap", 0, "ALFA"), {"RETURN": 100}),
        (rule("implementer_cap", 60, "BETA"), {"DEMINE": 100}),
        (rule("implementer_cap", 60, "ALFA", on=False), {"DEMINE": 100}),
    ],
)
def test_that_funding_follows_what_is_asked_of_implementers(asked: Rule, expected: dict[str, float]) -> None:
    assert sums(solve(with_rules(CARRIED_OUT, asked)), "initiative") == pytest.approx(expected)


def test_that_only_funding_counts_for_implementers() -> None:
    case = with_rules(CARRIED_OUT, rule("implementer_cap", 0, "ALFA"), rule("implementer_share", 1, "22"))
    case = dataclasses.replace(
        case,
        pledges=(*case.pledges, pledge("K", "ALFA", "KITS", 5)),
        requirements=(*case.requirements, need("DEMINE", "R1", "KITS", 5)),
    )
    assert sums(solve(case), "initiative", "resource") == pytest.approx(
        {("DEMINE", "KITS"): 5, ("RETURN", "MONEY"): 100}
    )


# -- who brings it --

# ALFA (type 21) brings kits worth 10 each, BETA (type 22) up to 100 of money; one activity can take all of it.
BROUGHT = scenario(
    resources=(MONEY, VALUED_KITS),
    pledges=(pledge("K", "ALFA", "KITS", 20), pledge("M", "BETA", "MONEY", 100)),
    requirements=(need("DEMINE", "R1", "KITS", 20), need("DEMINE", "R1", "MONEY", 100)),
)


@pytest.mark.parametrize(
    ("asked", "kits"),
    [
        (rule("partner_type_share", 0.5, "type:22"), 10),
        (rule("partner_type_share", 0.3, "type:22"), 20),
        (rule("partner_type_share", 0.5, "type:22", on=False), 20),
    ],
)
def test_that_other_types_bring_less_where_a_type_must_bring_its_share(asked: Rule, kits: float) -> None:
    found = sums(solve(with_rules(BROUGHT, asked)), "resource")
    assert found == pytest.approx({"KITS": kits, "MONEY": 100})


def test_that_pledges_of_other_types_are_told_apart_by_a_type_share() -> None:
    """Both offer the same in the same window, and nothing but the rule tells them apart."""
    case = scenario(
        pledges=(pledge("A", "ALFA", "MONEY", 100), pledge("B", "BETA", "MONEY", 100)),
        requirements=(need("DEMINE", "R1", "MONEY", 60), need("RETURN", "R1", "MONEY", 60)),
    )
    assert len(build_model(build_arrays(case), ()).sources) == 1
    asked = with_rules(case, rule("partner_type_share", 0.75, "type:22"))
    assert len(build_model(build_arrays(asked), ()).sources) == 2
    assert sums(solve(asked), "partner")["BETA"] >= 90 - 1e-6


def paying(**tables: Any) -> Scenario:
    """Kits without a value cost 30 a piece to deliver, or once; ALFA brings money to the need, GAMMA pays delivery."""
    filled: dict[str, Any] = {
        "partners": (
            Partner(code="ALFA", type="21"),
            Partner(code="BETA", type="22"),
            Partner(code="GAMMA", type="70"),
        ),
        "pledges": (
            pledge("K", "BETA", "KITS", 2),
            pledge("A", "ALFA", "MONEY", 100, initiatives=("DEMINE",)),
            pledge("G", "GAMMA", "MONEY", 60, initiatives=("RETURN",)),
        ),
        "requirements": (need("DEMINE", "R1", "KITS", 2), need("DEMINE", "R1", "MONEY", 100)),
        "rules": (rule("pay_delivery", "yes"), rule("partner_type_share", 0.5, "type:70")),
        "delivery_costs": (DeliveryCost(resource="KITS", cost_per_unit=30),),
    }
    return scenario(**(filled | tables))


def test_that_delivery_money_counts_as_contributed() -> None:
    plan = solve(paying())
    assert sums(plan, "pledge") == pytest.approx({"K": 2, "A": 60})
    assert [(row.pledge, row.quantity) for row in plan.delivery] == [("G", pytest.approx(60))]


def test_that_no_fixed_cost_is_paid_for_nothing_to_contribute_more() -> None:
    once = (DeliveryCost(resource="KITS", fixed_cost=60),)
    assert sums(solve(paying(delivery_costs=once)), "pledge") == pytest.approx({"K": 2, "A": 60})
    refused = (activity("RETURN", "R1", go="no"),)
    nothing_to_deliver = (need("RETURN", "R1", "KITS", 2), need("DEMINE", "R1", "MONEY", 100))
    plan = solve(paying(delivery_costs=once, activities=refused, requirements=nothing_to_deliver))
    assert sums(plan, "pledge") == {}


# Fair shares three to one: of what ALFA and BETA contribute, three quarters are ALFA's; GAMMA stands outside.
SHARING = scenario(
    partners=(
        Partner(code="ALFA", fair_share=0.3),
        Partner(code="BETA", fair_share=0.1),
        Partner(code="GAMMA"),
    ),
    pledges=(pledge("A", "ALFA", "MONEY", 90), pledge("B", "BETA", "MONEY", 90), pledge("C", "GAMMA", "MONEY", 50)),
    requirements=(need("DEMINE", "R1", "MONEY", 100), need("RETURN", "R1", "MONEY", 130)),
)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (rule("burden_cap", 1), {"ALFA": 90, "BETA": 30, "GAMMA": 50}),
        (rule("burden_cap", 1.2), {"ALFA": 90, "BETA": 90 * 3 / 7, "GAMMA": 50}),
        (rule("burden_cap", 4), {"ALFA": 90, "BETA": 90, "GAMMA": 50}),
        (rule("burden_cap", 1, on=False), {"ALFA": 90, "BETA": 90, "GAMMA": 50}),
    ],
)
def test_that_nobody_contributes_more_than_its_burden(asked: Rule, expected: dict[str, float]) -> None:
    assert sums(solve(with_rules(SHARING, asked)), "partner") == pytest.approx(expected)


def test_that_the_plain_split_is_told_where_it_breaks_the_burden() -> None:
    split = solve(with_rules(SHARING, rule("burden_cap", 1))).pro_rata  # 90 from ALFA and 90 from BETA
    assert split is not None
    assert split.broken == ("Fair burden: broken in 1 place.",)


def test_that_a_fair_share_of_nothing_allows_nothing() -> None:
    partners = (Partner(code="ALFA", fair_share=1), Partner(code="BETA", fair_share=0), Partner(code="GAMMA"))
    case = with_rules(dataclasses.replace(SHARING, partners=partners), rule("burden_cap", 2))
    assert sums(solve(case), "partner") == pytest.approx({"ALFA": 90, "GAMMA": 50})


# -- who speaks with the people --

# Ten people are needed in each region; R3 has no languages.
SPEAKING = scenario(
    regions=(Region(code="R1", languages=("SOM", "swa")), Region(code="R2", languages=("amh",)), Region(code="R3")),
    pledges=(
        pledge("SOMALI", "ALFA", "STAFF", 4, languages=("eng", "som")),
        pledge("SILENT", "BETA", "STAFF", 30),
    ),
    requirements=tuple(need("DEMINE", region, "STAFF", 10) for region in ("R1", "R2", "R3")),
)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (rule("language_share", 0.5), {"R1": 8, "R3": 10}),
        (rule("language_share", 0.5, "region:R1"), {"R1": 8, "R2": 10, "R3": 10}),
        (rule("language_share", 1, "R3"), {"R1": 10, "R2": 10, "R3": 10}),
        (rule("language_share", 0.4), {"R1": 10, "R3": 10}),
        (rule("language_share", 0.5, on=False), {"R1": 10, "R2": 10, "R3": 10}),
    ],
)
def test_that_people_go_where_enough_of_them_share_a_language(asked: Rule, expected: dict[str, float]) -> None:
    assert sums(solve(with_rules(SPEAKING, asked)), "region") == expected


def test_that_languages_concern_personnel_alone() -> None:
    kits = tuple(dataclasses.replace(row, resource="KITS") for row in SPEAKING.pledges)
    needs = tuple(dataclasses.replace(row, resource="KITS") for row in SPEAKING.requirements)
    case = with_rules(dataclasses.replace(SPEAKING, pledges=kits, requirements=needs), rule("language_share", 1))
    assert sums(solve(case), "region") == {"R1": 10, "R2": 10, "R3": 10}


# -- objectives --


def test_that_burden_is_what_somebody_contributes_beyond_its_share() -> None:
    """130 of money are needed, and ALFA has three quarters of what it contributes together with BETA."""
    needs = (need("DEMINE", "R1", "MONEY", 130),)
    case = dataclasses.replace(SHARING, requirements=needs, objectives=BURDEN_ALONE)
    plan = solve(case)
    assert plan.objectives[1].value == pytest.approx(0, abs=1e-6)
    found = sums(plan, "partner")
    assert found["ALFA"] == pytest.approx(3 * found["BETA"])
    alone = dataclasses.replace(case, pledges=case.pledges[1:])  # GAMMA gives 50, BETA 80 of which 20 are fair
    assert solve(alone).objectives[1].value == pytest.approx(0.75 * 80, rel=1e-5)


def test_that_burden_is_nothing_where_nobody_has_a_fair_share() -> None:
    partners = tuple(Partner(code=code) for code in ("ALFA", "BETA", "GAMMA"))
    plan = solve(dataclasses.replace(SHARING, partners=partners, objectives=BURDEN_ALONE))
    assert (plan.objectives[1].value, plan.objectives[1].bound) == (0, 0)


def test_that_people_stay_where_they_are() -> None:
    """Two teams for two activities that each need one or two in turn: whoever moves starts anew."""
    needs = tuple(need(i, "R1", "STAFF", 2, period) for i in ("DEMINE", "RETURN") for period in (1, 2, 3))
    case = scenario(
        settings={"periods": 3},
        pledges=(pledge("A", "ALFA", "STAFF", 1), pledge("B", "BETA", "STAFF", 1)),
        requirements=needs,
        objectives=STARTS_LAST,
    )
    plan = solve(case)
    assert plan.objectives[1].value == pytest.approx(1)  # each of two people begins once
    places = sums(plan, "pledge", "initiative", "period")
    assert all((code, initiative, 1) in places for code, initiative, _ in places)


def test_that_a_return_after_a_pause_is_a_start() -> None:
    case = scenario(
        settings={"periods": 3},
        pledges=(pledge("A", "ALFA", "STAFF", 4), pledge("X", "BETA", "STAFF", 6, status="pledge")),
        requirements=(need("DEMINE", "R1", "STAFF", 2, 1), need("DEMINE", "R1", "STAFF", 3, 3)),
        objectives=STARTS_LAST,
    )
    assert solve(case).objectives[1].value == pytest.approx(5 / 4)  # what is only announced is not offered


def test_that_consumed_things_never_start() -> None:
    case = dataclasses.replace(SHARING, objectives=STARTS_LAST)
    assert solve(case).objectives[1].value == 0


# -- money in any unit --


@pytest.mark.parametrize("factor", [1e3, 1e6])
@pytest.mark.parametrize(
    "rules",
    [
        (rule("implementer_share", 0.37, "type:22"),),
        (rule("partner_type_share", 0.77, "type:22"),),
        (rule("burden_cap", 1.1),),
        (rule("partner_type_share", 0.6, "type:22"), rule("burden_cap", 1.3)),
    ],
    ids=lambda rules: "-".join(row.rule for row in rules),
)
def test_that_money_in_other_units_gives_the_same_plan(rules: tuple[Rule, ...], factor: float) -> None:
    small, large = (solve(_counted_in(unit, rules)) for unit in (1.0, factor))
    for before, after in zip(small.objectives, large.objectives, strict=True):
        unit = factor if before.objective == "burden" else 1.0
        assert after.best / unit == pytest.approx(before.best, rel=1e-6, abs=1e-6)
        assert after.value / unit == pytest.approx(before.value, rel=1e-6, abs=1e-6)


def test_that_a_cap_in_other_units_gives_the_same_plan() -> None:
    found = [solve(_counted_in(unit, (rule("implementer_cap", 41 * unit, "ALFA"),))) for unit in (1.0, 1e6)]
    assert found[0].objectives[0].best == pytest.approx(found[1].objectives[0].best, rel=1e-6)


def _counted_in(unit: float, rules: tuple[Rule, ...]) -> Scenario:
    """Money, kits and two partners with fair shares, every amount of money times a factor."""
    money: tuple[Pledge, ...] = (pledge("A", "ALFA", "MONEY", 97 * unit), pledge("B", "BETA", "MONEY", 83 * unit))
    needs: tuple[Requirement, ...] = (
        need("DEMINE", "R1", "MONEY", 120 * unit),
        need("RETURN", "R2", "MONEY", 75 * unit),
    )
    return scenario(
        initiatives=FIRST,
        partners=(Partner(code="ALFA", type="21", fair_share=0.6), Partner(code="BETA", type="22", fair_share=0.3)),
        resources=(MONEY, dataclasses.replace(KITS, unit_value=3 * unit), STAFF),
        pledges=(*money, pledge("K", "ALFA", "KITS", 20)),
        requirements=(*needs, need("RETURN", "R1", "KITS", 20)),
        activities=CARRIED_OUT.activities,
        rules=rules,
        objectives=(
            Objective(order=1, objective="coverage", tolerance=0.2),
            Objective(order=2, objective="burden", tolerance=0.1),
        ),
    )
