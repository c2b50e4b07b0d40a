"""What conditions cost and what more would buy: prices proved by hand, and bounds that planning again confirms."""

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.plan import Ask, ConditionPrice, Plan
from planner.plan_json import plan_from_json, plan_to_json
from planner.samples import build_sample
from planner.scenario import Activity, Initiative, Objective, Region, Requirement, Rule, Scenario
from resources.offers import DeliveryCost, Partner, Pledge, Resource, Veto
from solver.options import Options
from solver.run import solve
from solver.worth.replanning import with_gains
from tests.tiny_scenarios import tiny_scenarios

NEED = Requirement(initiative="DEMINE", region="R1", resource="MONEY", quantity=100)
OTHER = Requirement(initiative="RETURN", region="R1", resource="MONEY", quantity=100)


def scenario(**tables: Any) -> Scenario:
    """Demining weighs twice as much as return; 50 for 200 needed; tables as given."""
    filled: dict[str, Any] = {
        "partners": (Partner(code="ALFA", name="Alfa", local=True), Partner(code="BETA", name="Beta")),
        "regions": (Region(code="R1", name="Serin Pass"), Region(code="R2", name="Tarn")),
        "initiatives": (
            Initiative(code="DEMINE", name="Demining", priority=2),
            Initiative(code="RETURN", name="Return"),
        ),
        "resources": (Resource(code="MONEY", name="Funding", category="funding"),),
        "pledges": (Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=50),),
        "requirements": (NEED, OTHER),
    }
    return Scenario(**(filled | tables))


def price_of(plan: Plan, rule: str) -> float | None:
    (report,) = [report for report in plan.rules if report.rule == rule]
    return report.price


def condition(plan: Plan, rule: str) -> ConditionPrice:
    (found,) = [price for price in plan.prices if price.rule == rule]
    return found


def ask(plan: Plan, resource: str = "MONEY") -> Ask:
    (found,) = [ask for ask in plan.asks if ask.resource == resource]
    return found


# -- prices of limits --

CAPPED = {
    "delivery_costs": (DeliveryCost(resource="MONEY", cost_per_unit=7),),
    "rules": (Rule(rule="delivery_cap", value="70"),),
}
FLOORED = {"rules": (Rule(rule="coverage_floor", value="0.2", scope="initiative:RETURN"),)}
SHARED = {
    "pledges": (Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=500),),
    "requirements": (NEED, dataclasses.replace(OTHER, quantity=30)),
    "activities": (Activity(initiative="RETURN", region="R1", implementer="ALFA"),),
    "rules": (Rule(rule="local_share", value="0.5"),),
}


@pytest.mark.parametrize(
    ("rule", "tables", "price"),
    [
        ("delivery_cap", CAPPED, 2 / 100 / 7),  # one unit costs 7 and is worth 2 of 100 in demining
        ("coverage_floor", FLOORED, 0.01 * (2 - 1)),  # a hundredth of the need moves to what weighs twice as much
        ("local_share", SHARED, 0.01 * 30 / 0.5**2 / 100 * 2),  # demining gets 30 · (1 - s) / s
    ],
)
def test_that_a_price_is_what_a_looser_limit_gains(rule: str, tables: dict[str, Any], price: float) -> None:
    case = scenario(**tables)
    plan = solve(case)
    assert price_of(plan, rule) == pytest.approx(price, rel=1e-6)
    assert condition(plan, rule).price == price_of(plan, rule)
    step = {"delivery_cap": 0.1, "coverage_floor": -0.0001, "local_share": -0.0001}[rule]
    (row,) = case.rules
    looser = dataclasses.replace(row, value=str(float(row.value) + step))
    gain = solve(dataclasses.replace(case, rules=(looser,))).objectives[0].best - plan.objectives[0].best
    unit = 1.0 if rule == "delivery_cap" else 0.01
    assert gain / abs(step) * unit == pytest.approx(price, rel=1e-3)


@pytest.mark.parametrize(
    ("rule", "value", "scope"),
    [
        ("implementer_share", 0.8, "type:22"),
        ("implementer_cap", 30, "partner:BETA"),
        ("partner_type_share", 0.4, "type:22"),
        ("burden_cap", 1.2, ""),
        ("max_contribution", 40, ""),
        ("coverage_floor", 0.9, "initiative:RETURN"),
        ("language_share", 0.75, ""),
    ],
)
def test_that_the_price_of_each_rule_is_what_the_next_bit_of_its_limit_gains(
    rule: str, value: float, scope: str
) -> None:
    case = scenario(
        partners=(Partner(code="ALFA", type="22", fair_share=0.5), Partner(code="BETA", type="21", fair_share=0.5)),
        regions=(Region(code="R1", languages=("ar",)),),
        resources=(
            Resource(code="MONEY", category="funding"),
            Resource(code="STAFF", category="personnel", whole=False),
        ),
        requirements=(
            dataclasses.replace(NEED, weight=3),
            OTHER,
            dataclasses.replace(NEED, resource="STAFF", quantity=10),
        ),
        pledges=(
            Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=50),
            Pledge(code="P2", partner="BETA", resource="MONEY", quantity=90),
            Pledge(code="P3", partner="ALFA", resource="STAFF", quantity=2, languages=("ar",)),
            Pledge(code="P4", partner="BETA", resource="STAFF", quantity=9),
        ),
        activities=(
            Activity(initiative="DEMINE", region="R1", implementer="ALFA"),
            Activity(initiative="RETURN", region="R1", implementer="BETA"),
        ),
        rules=(Rule(rule=rule, value=str(value), scope=scope),),
    )
    plan = solve(case)
    is_least = rule.endswith(("share", "floor"))
    step = -1e-5 if is_least else 1e-3
    looser = Rule(rule=rule, value=str(value + step), scope=scope)
    gain = solve(dataclasses.replace(case, rules=(looser,))).objectives[0].best - plan.objectives[0].best
    price = price_of(plan, rule)
    assert price is not None
    assert price > 0
    assert gain / abs(step) * (0.01 if is_least else 1) == pytest.approx(price, rel=1e-2)


def test_that_a_limit_in_millions_has_the_price_of_one_in_units() -> None:
    """The same as above, each amount of money a million times as large: a millionth of the price."""
    million = 1e6
    case = scenario(
        pledges=(Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=50 * million),),
        requirements=tuple(dataclasses.replace(row, quantity=100 * million) for row in (NEED, OTHER)),
        delivery_costs=(DeliveryCost(resource="MONEY", cost_per_unit=7),),
        rules=(Rule(rule="delivery_cap", value=str(70 * million)),),
    )
    assert price_of(solve(case), "delivery_cap") == pytest.approx(2 / 100 / 7 / million, rel=1e-6)


def test_that_a_price_tells_what_a_minimised_objective_would_save() -> None:
    """Every unit of demining costs 7 USD: a point less of its floor saves 7."""
    plan = solve(
        scenario(
            delivery_costs=(DeliveryCost(resource="MONEY", cost_per_unit=7),),
            rules=(Rule(rule="coverage_floor", value="0.2", scope="initiative:DEMINE"),),
            objectives=(Objective(order=1, objective="delivery_cost"), Objective(order=2, objective="coverage")),
        )
    )
    assert price_of(plan, "coverage_floor") == pytest.approx(7)


def test_that_a_limit_with_room_costs_nothing() -> None:
    plan = solve(scenario(rules=(Rule(rule="coverage_floor", value="0.1", scope="initiative:DEMINE"),)))
    assert price_of(plan, "coverage_floor") == 0
    assert plan.prices == ()


def test_that_conditions_of_yes_and_no_and_rules_that_are_off_have_no_price() -> None:
    plan = solve(
        scenario(
            activities=(Activity(initiative="RETURN", region="R1", go="must", min_share=0.3),),
            rules=(Rule(rule="local_share", value="0.2", on=False),),
        )
    )
    assert {report.rule: report.price for report in plan.rules} == {"go": None, "local_share": None, "minimum": None}
    assert {price.rule: price.most for price in plan.prices} == {"go": None, "minimum": None}


# -- earmarks and vetoes --


@pytest.mark.parametrize(
    ("tables", "rule", "scope", "text"),
    [
        (
            {"vetoes": (Veto(partner="ALFA", initiative="DEMINE", region="R1"),)},
            "veto",
            "partner:ALFA",
            "Alfa refuses Demining in Serin Pass.",
        ),
        (
            {
                "pledges": (
                    Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=50, exclude_initiatives=("DEMINE",)),
                )
            },
            "earmark",
            "pledge:P1",
            "Pledge P1 of Alfa is earmarked: not for Demining.",
        ),
    ],
    ids=["veto", "earmark"],
)
def test_that_a_refusal_costs_what_its_flows_would_gain_elsewhere(
    tables: dict[str, Any], rule: str, scope: str, text: str
) -> None:
    """50 that serve return at 1 of 100 each could serve demining at 2."""
    case = scenario(**tables)
    found = condition(solve(case), rule)
    assert (found.scope, found.text) == (scope, text)
    assert (found.price, found.most) == (pytest.approx(0.01), pytest.approx(0.5))
    assert condition(with_gains(case, solve(case)), rule).gain == pytest.approx(0.5)


def test_that_a_region_that_is_closed_to_a_pledge_costs_its_delivery_too() -> None:
    """To Tarn each unit costs 3 of the 60 that are left for delivery: 20 units, at 2 of 100 each and 1 given up."""
    case = scenario(
        requirements=(dataclasses.replace(NEED, region="R2"), OTHER),
        pledges=(Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=50, regions=("R1",)),),
        delivery_costs=(DeliveryCost(resource="MONEY", region="R2", cost_per_unit=3),),
        rules=(Rule(rule="delivery_cap", value="60"),),
    )
    found = condition(with_gains(case, solve(case)), "earmark")
    assert found.price == pytest.approx(0.01)
    assert found.gain == pytest.approx(20 * 0.01)
    assert found.most is not None
    assert found.most >= found.gain


def test_that_a_veto_doubled_by_another_one_costs_nothing() -> None:
    vetoes = (Veto(partner="ALFA", initiative="DEMINE"), Veto(partner="ALFA", region="R1", initiative="DEMINE"))
    assert solve(scenario(vetoes=vetoes)).prices == ()


def test_that_pledges_which_do_not_count_are_priced_by_their_status() -> None:
    case = scenario(
        pledges=(
            Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=50),
            Pledge(code="P2", partner="ALFA", resource="MONEY", quantity=10, status="pledge"),
        ),
        rules=(Rule(rule="count_status", value="commitment"),),
    )
    found = condition(with_gains(case, solve(case)), "count_status")
    assert (found.price, found.most, found.gain) == (None, pytest.approx(0.2), pytest.approx(0.2))


def test_that_conditions_of_yes_and_no_are_priced_by_planning_again() -> None:
    """30 must go to return although demining weighs twice as much."""
    case = scenario(activities=(Activity(initiative="RETURN", region="R1", go="must", min_share=0.3),))
    planned = with_gains(case, solve(case))
    assert {price.rule: pytest.approx(price.gain) for price in planned.prices} == {"go": 0.3, "minimum": 0.29}
    assert [price.rule for price in planned.prices] == ["go", "minimum"]  # the dearest first


def test_that_a_condition_which_has_left_the_scenario_does_not_keep_others_from_being_priced() -> None:
    """A veto was taken back after the plan was made."""
    case = scenario(activities=(Activity(initiative="RETURN", region="R1", go="must", min_share=0.3),))
    plan = solve(case)
    gone = ConditionPrice("veto", "partner:ALFA", "ALFA does not give to Demining.", 0.01, 0.5)
    planned = with_gains(case, dataclasses.replace(plan, prices=(gone, *plan.prices)))
    assert {price.rule: price.gain is None for price in planned.prices} == {"go": False, "minimum": False, "veto": True}


def test_that_pricing_by_planning_again_can_be_cancelled() -> None:
    case = scenario(activities=(Activity(initiative="RETURN", region="R1", go="must", min_share=0.3),))
    events: list[Any] = []
    planned = with_gains(case, solve(case), Options(), events.append, cancelled=lambda: bool(events))
    assert [(event.number, event.count) for event in events] == [(1, 2)]
    assert [price.gain is None for price in planned.prices] == [False, True]


# -- asks --


def test_that_an_ask_names_the_best_use_who_brings_it_and_which_pledge_could_grow() -> None:
    plan = solve(scenario())
    found = ask(plan)
    assert (found.initiative, found.region, found.period) == ("DEMINE", "R1", 1)
    assert (found.amount, found.gain) == (1, pytest.approx(0.02))
    assert (found.partners, found.pledges) == (("ALFA",), ("P1",))
    assert found.text == (
        "1 USD more of Funding would raise coverage by 0.667 percentage points: first for Demining in Serin Pass, "
        "Period 1. Alfa brings Funding already. It could come as more of P1."
    )


def test_that_an_ask_says_where_earmarks_keep_more_of_a_pledge_away() -> None:
    plan = solve(
        scenario(pledges=(Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=50, initiatives=("RETURN",)),))
    )
    assert (ask(plan).initiative, ask(plan).pledges) == ("DEMINE", ())
    assert ask(plan).text.endswith("it takes another one, or a wider earmark.")


def test_that_an_ask_names_as_pledging_alone_who_brings_nothing() -> None:
    plan = solve(scenario(pledges=(Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=50, status="pledge"),)))
    assert "Alfa pledged Funding, of which nothing is used." in ask(plan).text


def test_that_an_ask_for_much_money_is_told_by_the_thousand() -> None:
    plan = solve(
        scenario(
            requirements=(dataclasses.replace(NEED, quantity=200_000),),
            pledges=(Pledge(code="P1", partner="BETA", resource="MONEY", quantity=50_000),),
        )
    )
    assert (ask(plan).amount, ask(plan).gain) == (1000, pytest.approx(1000 * 2 / 200_000))


def test_that_more_of_what_is_not_scarce_is_not_asked_for() -> None:
    """Demining is effective with the scarcer of its two; vehicles are left over."""
    plan = solve(
        scenario(
            resources=(
                Resource(code="CAR", name="Vehicles", category="logistics", unit="vehicle"),
                Resource(code="MONEY", name="Funding", category="funding"),
            ),
            requirements=(NEED, dataclasses.replace(NEED, resource="CAR", quantity=10)),
            pledges=(
                Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=50),
                Pledge(code="P2", partner="BETA", resource="CAR", quantity=8),
            ),
            objectives=(Objective(order=1, objective="effective"),),
        )
    )
    assert ask(plan, "CAR").gain == 0
    assert ask(plan, "CAR").text == "More of Vehicles alone would not improve the plan."
    assert [found.resource for found in plan.asks] == ["MONEY", "CAR"]


def test_that_a_unit_asked_for_pays_its_delivery_from_what_is_worth_most() -> None:
    """A unit more must bring its own delivery cost of 1 along: half of it arrives."""
    plan = solve(
        scenario(
            requirements=(NEED,),
            delivery_costs=(DeliveryCost(resource="MONEY", cost_per_unit=1),),
            rules=(Rule(rule="pay_delivery", value="yes"),),
        )
    )
    more = solve(
        scenario(
            requirements=(NEED,),
            delivery_costs=(DeliveryCost(resource="MONEY", cost_per_unit=1),),
            rules=(Rule(rule="pay_delivery", value="yes"),),
            pledges=(Pledge(code="P1", partner="ALFA", resource="MONEY", quantity=51),),
        )
    )
    assert more.objectives[0].best - plan.objectives[0].best == pytest.approx(0.01)
    assert ask(plan).gain == pytest.approx(0.01)


def test_that_prices_and_asks_come_back_from_json() -> None:
    plan = solve(scenario(vetoes=(Veto(partner="ALFA", initiative="DEMINE", region="R1"),)))
    back = plan_from_json(json.loads(json.dumps(plan_to_json(plan))))
    assert (back.prices, back.asks) == (plan.prices, plan.asks)
    assert plan.prices


def test_that_the_order_of_rows_changes_no_price_and_no_ask() -> None:
    case = build_sample("first-steps")
    turned = dataclasses.replace(
        case,
        **{name: getattr(case, name)[::-1] for name in ("partners", "pledges", "requirements", "vetoes", "rules")},
    )
    one, other = solve(case), solve(turned)
    assert (one.prices, one.asks, one.rules) == (other.prices, other.asks, other.rules)


def test_that_plans_saved_before_there_were_prices_are_read() -> None:
    data = plan_to_json(solve(scenario()))
    del data["prices"], data["asks"]
    assert plan_from_json(data).asks == ()


# -- any scenario --

WITHOUT_YES_AND_NO = {
    "fractions",
    "reusable",
    "earmarks",
    "windows",
    "vetoes",
    "weights",
    "local_share",
    "delivery_cap",
}


@st.composite
def divisible_scenarios(draw: st.DrawFn) -> Scenario:
    """Tiny scenarios in which everything can be given in part, so that duals bound every gain."""
    case = draw(tiny_scenarios(WITHOUT_YES_AND_NO))
    return dataclasses.replace(
        case,
        resources=tuple(dataclasses.replace(row, whole=False) for row in case.resources),
        pledges=tuple(dataclasses.replace(row, mobilisation_cost=0.0) for row in case.pledges),
        delivery_costs=tuple(dataclasses.replace(row, fixed_cost=None) for row in case.delivery_costs),
        objectives=(Objective(order=1, objective="coverage"),),
    )


@settings(max_examples=25, deadline=None)
@given(divisible_scenarios())
def test_that_no_earmark_or_veto_costs_more_than_is_said(case: Scenario) -> None:
    plan = solve(case)
    if not plan.has_allocations:
        return
    priced = {(price.rule, price.scope, price.text) for price in plan.prices}
    for price in with_gains(case, plan, most=5).prices:
        if price.gain is not None and price.most is not None and price.rule in ("earmark", "veto"):
            assert price.gain <= price.most + 1e-6
    for row in case.vetoes:  # what is not listed costs nothing
        edited = dataclasses.replace(case, vetoes=tuple(other for other in case.vetoes if other != row))
        is_listed = any(rule == "veto" and scope == f"partner:{row.partner}" for rule, scope, _ in priced)
        if not is_listed and not row.with_partner:
            assert solve(edited).objectives[0].best <= plan.objectives[0].best + 1e-6


@settings(max_examples=25, deadline=None)
@given(divisible_scenarios())
def test_that_no_unit_more_of_a_pledge_gains_more_than_the_ask_says(case: Scenario) -> None:
    plan = solve(case)
    for pledge in case.pledges if plan.has_allocations else ():
        asked = [found for found in plan.asks if found.resource == pledge.resource]
        resource = next(row for row in case.resources if row.code == pledge.resource)
        if not asked or resource.is_funding or pledge.overhead:
            continue
        rows = tuple(
            dataclasses.replace(row, quantity=row.quantity + 1) if row == pledge else row for row in case.pledges
        )
        more = solve(dataclasses.replace(case, pledges=rows))
        periods = case.settings.periods if resource.is_reusable else 1
        gain = more.objectives[0].best - plan.objectives[0].best
        assert gain <= periods * asked[0].gain / asked[0].amount + 1e-6
