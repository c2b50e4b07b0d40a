"""Where no plan is possible, the conditions named are those that clash, in words that say what to look at."""

import dataclasses
import time
from typing import Any

import pytest

from planner.plan import ConflictMember
from planner.scenario import Activity, Initiative, Region, Requirement, Rule, Scenario
from resources.offers import DeliveryCost, Partner, Pledge, Resource, Veto
from solver.arrays import build_arrays
from solver.generate import generate
from solver.model import build_model
from solver.options import Options
from solver.repair.conflicts import find_conflict
from solver.repair.demands import MOST_ROWS, demands_of
from solver.repair.feasibility import FEW_VARIABLES, Feasibility
from solver.run import solve

MUST = Activity(initiative="DEMINE", region="R1", go="must")
MUST_TEXT = "Demining in Serin Pass must go ahead."
FUNDING = Requirement(initiative="DEMINE", region="R1", resource="MONEY", quantity=100)
RETURN = Requirement(initiative="RETURN", region="R1", resource="MONEY", quantity=100)


def scenario(**tables: Any) -> Scenario:
    """Half of what demining in Serin Pass needs; tables as given."""
    filled: dict[str, Any] = {
        "partners": (Partner(code="ALFA"),),
        "regions": (Region(code="R1", name="Serin Pass", access=4), Region(code="R2", name="Tarn")),
        "initiatives": (Initiative(code="DEMINE", name="Demining"), Initiative(code="RETURN", name="Return")),
        "resources": (
            Resource(code="MONEY", category="funding", unit="USD"),
            Resource(code="STAFF", category="personnel", unit="person"),
        ),
        "pledges": (Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=50),),
        "requirements": (FUNDING,),
    }
    return Scenario(**(filled | tables))


def conflict(**tables: Any) -> tuple[ConflictMember, ...]:
    plan = solve(scenario(**tables))
    assert plan.status == "infeasible"
    return plan.conflict


def test_that_a_must_is_named_with_the_least_share_it_clashes_with() -> None:
    members = conflict(activities=(Activity(initiative="DEMINE", region="R1", go="must", min_share=0.6),))
    assert members == (
        ConflictMember("go", "initiative:DEMINE", MUST_TEXT),
        ConflictMember(
            "minimum",
            "initiative:DEMINE",
            "Demining in Serin Pass goes ahead only with at least 60 % of everything it needs.",
        ),
    )


@pytest.mark.parametrize(
    ("rule", "text", "tables"),
    [
        (
            Rule(rule="local_share", value="1"),
            "At least 100 % of funding goes to activities carried out by local partners, in the whole plan.",
            {},
        ),
        (Rule(rule="count_status", value="paid"), "A pledge counts from status paid up.", {}),
        (
            Rule(rule="delivery_cap", value="0", scope="region:R1"),
            "Delivery costs at most 0 USD, in Serin Pass.",
            {"delivery_costs": (DeliveryCost(resource="MONEY", cost_per_unit=1),)},
        ),
        (
            Rule(rule="access_limit", value="3", scope="partner:ALFA"),
            "Goods and people enter no region whose access is above 3, for ALFA.",
            {
                "pledges": (Pledge(code="P1", partner="ALFA", resource="STAFF", quantity=5),),
                "requirements": (Requirement(initiative="DEMINE", region="R1", resource="STAFF", quantity=5),),
            },
        ),
        (
            Rule(rule="implementer_share", value="20 %", scope="type:22"),
            "At least 20 % of funding goes to activities carried out by organisation type National NGO.",
            {},
        ),
        (
            Rule(rule="implementer_cap", value="0", scope="ALFA"),
            "Activities carried out by ALFA get at most 0 USD of funding.",
            {"activities": (dataclasses.replace(MUST, implementer="ALFA"),)},
        ),
        (
            Rule(rule="partner_type_share", value="20 %", scope="type:22"),
            "At least 20 % of what is contributed comes from organisation type National NGO.",
            {},
        ),
        (
            Rule(rule="language_share", value="1"),
            "At least 100 % of personnel share a language with their region, in each region.",
            {
                "regions": (Region(code="R1", name="Serin Pass", languages=("som",)),),
                "pledges": (Pledge(code="P1", partner="ALFA", resource="STAFF", quantity=5),),
                "requirements": (Requirement(initiative="DEMINE", region="R1", resource="STAFF", quantity=5),),
            },
        ),
        (
            Rule(rule="burden_cap", value="1.5"),
            "No partner contributes more than 1.5 times its fair share.",
            {"partners": (Partner(code="ALFA", fair_share=0), Partner(code="BETA", fair_share=1))},
        ),
    ],
    ids=lambda value: value.rule if isinstance(value, Rule) else "",
)
def test_that_a_must_is_named_with_the_rule_it_clashes_with(rule: Rule, text: str, tables: dict[str, Any]) -> None:
    other = Rule(rule="coverage_floor", value="0", scope="initiative:DEMINE")  # on, and no part of it
    members = conflict(**({"activities": (MUST,), "rules": (other, rule)} | tables))
    assert {(member.rule, member.text) for member in members} == {("go", MUST_TEXT), (rule.rule, text)}


def test_that_counting_with_likelihood_is_named_where_it_makes_the_clash() -> None:
    members = conflict(
        pledges=(Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=100, likelihood=0.5),),
        activities=(MUST,),
        rules=(
            Rule(rule="expected", value="yes"),
            Rule(rule="coverage_floor", value="80 %", scope=" REGION: R1 "),
        ),
    )
    assert members == (
        ConflictMember("coverage_floor", "region:R1", "Coverage is at least 80 %, in Serin Pass."),
        ConflictMember("expected", "", "Count each pledge with its likelihood."),
    )


@pytest.mark.parametrize(
    ("initiatives", "activities", "texts"),
    [
        (
            (
                Initiative(code="DEMINE", name="Demining", exclusive_group="G"),
                Initiative(code="RETURN", name="Return", exclusive_group="G"),
            ),
            (),
            {"Only one of Demining and Return goes ahead in a region (group G)."},
        ),
        (
            (
                Initiative(code="DEMINE", name="Demining"),
                Initiative(code="RETURN", name="Return", prerequisites=("DEMINE",)),
            ),
            (Activity(initiative="DEMINE", region="R1", go="no"), Activity(initiative="RETURN", region="R1")),
            {
                "Return goes ahead in a region only together with Demining.",
                "Demining in Serin Pass does not go ahead (go = no).",
            },
        ),
    ],
    ids=["exclusive", "prerequisite"],
)
def test_that_rules_of_initiatives_are_named_by_their_initiatives(
    initiatives: tuple[Initiative, ...], activities: tuple[Activity, ...], texts: set[str]
) -> None:
    members = conflict(
        initiatives=initiatives,
        activities=activities,
        pledges=(Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=500),),
        requirements=(FUNDING, RETURN),
        rules=(
            Rule(rule="coverage_floor", value="0.9", scope="initiative:RETURN"),
            Rule(rule="coverage_floor", value="0.9", scope="initiative:DEMINE"),
        )[: 1 if activities else 2],
    )
    assert texts <= {member.text for member in members}


def test_that_only_the_activity_that_clashes_is_named_among_many() -> None:
    regions = tuple(Region(code=f"R{number}") for number in range(30))
    members = conflict(
        regions=regions,
        requirements=tuple(
            Requirement(initiative="DEMINE", region=region.code, resource="MONEY", quantity=1 if index else 10_000)
            for index, region in enumerate(regions)
        ),
        activities=tuple(Activity(initiative="DEMINE", region=region.code, go="must") for region in regions),
    )
    assert [member.text for member in members] == [
        "Demining in R0 must go ahead. Too little that may serve it is pledged: 50 USD of MONEY more would do."
    ]


def test_that_very_many_activities_are_one_demand() -> None:
    regions = tuple(Region(code=f"R{number}") for number in range(MOST_ROWS + 1))
    case = scenario(
        regions=regions,
        requirements=tuple(
            Requirement(initiative="DEMINE", region=region.code, resource="MONEY", quantity=1_000) for region in regions
        ),
        activities=tuple(Activity(initiative="DEMINE", region=region.code, go="must") for region in regions),
    )
    (together,) = demands_of(case)
    assert (together.rule, together.scope) == ("go", "")
    text = "Activities marked must go ahead, activities marked no do not."
    assert solve(case).conflict[0].text.startswith(text)
    assert solve(together.without(case)).status == "optimal"


def test_that_an_activity_is_named_with_the_partners_it_asks_for() -> None:
    members = conflict(
        partners=(Partner(code="ALFA"), Partner(code="BETA")),
        activities=(Activity(initiative="DEMINE", region="R1", go="must", min_partners=2),),
    )
    assert members == (
        ConflictMember("go", "initiative:DEMINE", MUST_TEXT),
        ConflictMember(
            "joint",
            "initiative:DEMINE",
            "Demining in Serin Pass goes ahead only where 2 partners each bring a real share.",
        ),
    )


def test_that_the_veto_that_clashes_is_named_among_those_that_keep_partners_apart() -> None:
    members = conflict(
        partners=tuple(Partner(code=code, name=code.title()) for code in ("ALFA", "BETA", "GAMA")),
        pledges=tuple(
            Pledge(code=code[0], partner=code, resource="MONEY", quantity=50) for code in ("ALFA", "BETA", "GAMA")
        ),
        vetoes=(
            Veto(partner="ALFA", with_partner="GAMA", initiative="RETURN"),
            Veto(partner="BETA", with_partner="ALFA", region="R1"),
        ),
        activities=(Activity(initiative="DEMINE", region="R1", min_partners=3, go="must"),),
    )
    assert [(member.rule, member.scope) for member in members] == [
        ("apart", "partner:BETA"),
        ("go", "initiative:DEMINE"),
        ("joint", "initiative:DEMINE"),
    ]
    assert members[0].text == "Beta and Alfa do not both serve an activity in Serin Pass."


# -- larger scenarios, which are not searched exactly --


def with_floors(value: str, *further: Rule) -> Scenario:
    """A larger scenario with the same floor in each of its regions."""
    case = generate("m")
    floors = (Rule(rule="coverage_floor", value=value, scope=f"region:{row.code}") for row in case.regions)
    return dataclasses.replace(case, rules=(*floors, *further))


def unhurried() -> Feasibility:
    return Feasibility(Options(), lambda: False, time.monotonic())


def test_that_the_one_floor_above_what_is_pledged_is_named_among_easy_ones() -> None:
    """Of trainers five eighths of the need is pledged."""
    case = with_floors("5 %", Rule(rule="coverage_floor", value="80 %", scope="resource:TRAINERS"))
    assert build_model(build_arrays(case), ()).program.size > FEW_VARIABLES
    (member,) = find_conflict(case, unhurried()).members
    assert member.text == "Coverage is at least 80 %, in Trainers."


@pytest.mark.slow
def test_that_floors_which_only_clash_together_are_each_needed_for_it() -> None:
    conflict = find_conflict(with_floors("95 %"), unhurried())
    assert len(conflict.members) > 1
    feasibility = unhurried()
    assert feasibility.is_impossible(conflict.scenario)
    for member in conflict.members:
        assert feasibility.has_plan(member.without(conflict.scenario)), member.text
