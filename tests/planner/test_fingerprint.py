"""The fingerprint: everything that can change a plan changes it, and nothing else does."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planner.fingerprint import fingerprint
from planner.problems import Severity
from planner.scenario import (
    TABLE_BY_NAME,
    TABLES,
    Activity,
    BaselineLine,
    Initiative,
    Objective,
    Region,
    Requirement,
    Rule,
    Scenario,
    Settings,
)
from planner.validate import check
from resources.columns import new_id
from resources.offers import DeliveryCost, ExchangeRate, Partner, Pledge, Resource, Veto
from tests.planner.sound_scenario import add, put
from tests.strategies import free_scenarios
from tests.tiny_scenarios import tiny_scenarios

SCENARIO = Scenario(
    settings=Settings(title="Plan", currency="USD", start=date(2027, 1, 1), periods=4),
    partners=(
        Partner(code="A", type="40"),
        Partner(code="B", type="22", local=True, country="KEN"),
        Partner(code="C"),
    ),
    regions=(
        Region(code="R1", country="KEN", severity=3, people_in_need=100, access=2, languages=("swa",)),
        Region(code="R2", country="SOM", people_in_need=50),
    ),
    initiatives=(
        Initiative(code="I1"),
        Initiative(code="I2", prerequisites=("I1",), exclusive_group="G"),
        Initiative(code="I3", exclusive_group="G", together=True),
    ),
    resources=(
        Resource(code="MONEY", category="funding"),
        Resource(code="CAR", category="logistics", unit_value=20000),
        Resource(code="STAFF", category="personnel"),
    ),
    pledges=(
        Pledge(code="P1", partner="A", resource="MONEY", quantity=1000, currency="EUR", overhead=0.1),
        Pledge(code="P2", partner="B", resource="CAR", quantity=3, regions=("R1", "R2"), agreement="X"),
        Pledge(code="P3", partner="B", resource="CAR", quantity=2, status="pledge", likelihood=0.5),
        Pledge(code="P4", partner="A", resource="STAFF", quantity=2, languages=("swa",), agreement="X1"),
    ),
    requirements=(
        Requirement(initiative="I1", region="R1", resource="MONEY", quantity=500),
        Requirement(initiative="I1", region="R1", resource="MONEY", quantity=600, period=2),
        Requirement(initiative="I2", region="R1", resource="CAR", quantity=2),
        Requirement(initiative="I3", region="R1", resource="CAR", quantity=2),
        Requirement(initiative="I3", region="R2", resource="STAFF", quantity=1, period=2),
        Requirement(initiative="I2", region="R2", resource="STAFF", quantity=0),
    ),
    activities=(
        Activity(initiative="I1", region="R1", implementer="B", min_share=0.5),
        Activity(initiative="I2", region="R1", go="must", people=20),
    ),
    vetoes=(Veto(partner="A", initiative="I3", reason="not ours"),),
    delivery_costs=(DeliveryCost(resource="CAR", cost_per_unit=100), DeliveryCost(region="R1", lead_periods=0)),
    exchange_rates=(ExchangeRate(currency="EUR", rate=0.8), ExchangeRate(currency="CHF", rate=0.9)),
    rules=(
        Rule(rule="coverage_floor", value="0.25", scope="region:R1"),
        Rule(rule="local_share", value="0.1", scope="R1"),
        Rule(rule="pay_delivery", value="yes"),
        Rule(rule="burden_cap", value="2", on=False),
    ),
    objectives=(Objective(order=1, objective="effective", tolerance=0.01), Objective(order=2, objective="coverage")),
    baseline=(
        BaselineLine(pledge="P1", initiative="I1", region="R1", quantity=100),
        BaselineLine(pledge="P1", initiative="I1", region="R1", resource="MONEY", quantity=50),
    ),
)

Edit = Callable[[Scenario], Scenario]

WITHOUT_EFFECT: dict[str, Edit] = {
    "title": put("settings", 0, title="Other", note="n", sensitivity="public"),
    "start": put("settings", 0, start=None, period="month"),
    "names": put("partners", 0, name="Alpha", note="n", extra=(("colour", "red"),)),
    "coordinates": put("regions", 0, name="North", latitude=1.0, longitude=2.0),
    "strategy": put("initiatives", 0, name="First", strategy="training", dac_code="15250"),
    "unit": put("resources", 0, name="Money", unit="USD"),
    "reason": put("vetoes", 0, reason="other"),
    "note of activity": put("activities", 0, note="n"),
    "priority written out": put("activities", 0, priority=1.0),
    "severity written out": put("regions", 1, severity=1.0),
    "whole number for a number": put("regions", 0, severity=3),
    "window written out": put("pledges", 0, from_period=1, to_period=4),
    "currency written out": put("pledges", 1, agreement=""),
    "rate beside the table": put("pledges", 0, rate=0.8),
    "money in scenario currency": put("pledges", 0, quantity=1125.0, currency="", overhead=0.0),
    "use written out": put("resources", 1, use="consumed", whole=True),
    "unit value written out": put("resources", 0, unit_value=1.0),
    "unused rate": put("exchange_rates", 1, rate=2.0),
    "unused resource": add("resources", Resource(code="BOAT", category="logistics")),
    "unused partner": add("partners", Partner(code="D", type="10", local=True)),
    "unused region": add("regions", Region(code="R3", severity=5)),
    "unused initiative": add("initiatives", Initiative(code="I4", priority=3, exclusive_group="H")),
    "order of earmarks": put("pledges", 1, regions=("R2", "R1", "R1")),
    "name of an agreement": put("pledges", 1, agreement="Y"),
    "zero requirement": add("requirements", Requirement(initiative="I1", region="R2", resource="CAR", quantity=0)),
    "zero requirement removed": lambda scenario: replace(scenario, requirements=scenario.requirements[:-1]),
    "row without requirement": add("activities", Activity(initiative="I1", region="R2", go="must", min_share=1)),
    "row that says nothing": add("activities", Activity(initiative="I3", region="R1")),
    "rule that is off": put("rules", 3, value="3"),
    "default as a row": add("rules", Rule(rule="count_status", value="commitment"), Rule(rule="expected", value="no")),
    "limit that limits nothing": add("rules", Rule(rule="access_limit", value="5")),
    "data rule as a row": add("rules", Rule(rule="minimum"), Rule(rule="supply")),
    "share as percentage": put("rules", 0, value="25 %"),
    "kind of scope": put("rules", 1, scope=" region:R1"),
    "orders of objectives": lambda scenario: put("objectives", 1, order=7)(put("objectives", 0, order=3)(scenario)),
    "last tolerance": put("objectives", 1, tolerance=0.2),
    "baseline added up": lambda scenario: replace(scenario, baseline=(replace(scenario.baseline[0], quantity=150),)),
    "status that counts": put("pledges", 1, status="paid"),
    "likelihood without expected": put("pledges", 1, likelihood=0.2),
    "people without that weighting": put("regions", 0, people_in_need=7.0),
    "unit value without need": put("resources", 1, unit_value=3.0),
    "access without limit": put("regions", 0, access=5.0),
    "languages without rule": put("regions", 0, languages=("som",)),
    "type without rule": put("partners", 0, type="10"),
    "implementer without local part": put("activities", 1, implementer="C"),
    "together in one region": put("initiatives", 0, together=True),
    "group of one": put("initiatives", 0, exclusive_group="ALONE"),
    "name of a group": lambda s: put("initiatives", 1, exclusive_group="H")(
        put("initiatives", 2, exclusive_group="H")(s)
    ),
    "delivery row without figures": add("delivery_costs", DeliveryCost(region="R2")),
    "equal weights": lambda s: put("requirements", 0, weight=0.5)(put("requirements", 1, weight=1.5)(s)),
}

WITH_EFFECT: dict[str, Edit] = {
    "periods": put("settings", 0, periods=5),
    "weighting": put("settings", 0, weighting="people"),
    "currency": put("settings", 0, currency="CHF"),
    "currency of the scenario": put("settings", 0, currency="EUR"),
    "rate": put("exchange_rates", 0, rate=0.7),
    "quantity": put("pledges", 0, quantity=1001.0),
    "overhead": put("pledges", 0, overhead=0.2),
    "partner": put("pledges", 0, partner="B"),
    "window": put("pledges", 0, to_period=3),
    "first period": put("pledges", 0, from_period=2),
    "status": put("pledges", 1, status="pledge"),
    "earmark": put("pledges", 0, initiatives=("I1",)),
    "excluded initiative": put("pledges", 0, exclude_initiatives=("I1",)),
    "excluded region": put("pledges", 0, exclude_regions=("R1",)),
    "agreement": put("pledges", 2, agreement="X"),
    "mobilisation": put("pledges", 0, mobilisation_cost=10.0),
    "need": put("requirements", 0, quantity=501.0),
    "period of need": put("requirements", 0, period=3),
    "weight": put("requirements", 0, weight=2.0),
    "essential": put("requirements", 0, essential=False),
    "zero requirement with a need": put("requirements", 5, quantity=1.0),
    "priority of initiative": put("initiatives", 0, priority=2.0),
    "priority of activity": put("activities", 0, priority=2.0),
    "severity": put("regions", 1, severity=2.0),
    "min_share": put("activities", 0, min_share=0.6),
    "go": put("activities", 1, go="no"),
    "implementer": put("activities", 0, implementer="A"),
    "local": put("partners", 1, local=False),
    "country of partner": put("partners", 1, country="SOM"),
    "country of region": put("regions", 0, country="SOM"),
    "prerequisite": put("initiatives", 2, prerequisites=("I1",)),
    "exclusive": put("initiatives", 2, exclusive_group="H"),
    "together": put("initiatives", 2, together=False),
    "veto": put("vetoes", 0, region="R1"),
    "veto against an implementer": put("vetoes", 0, implementer="B"),
    "delivery cost": put("delivery_costs", 0, cost_per_unit=101.0),
    "zero cost where none was": put("delivery_costs", 0, fixed_cost=0.0),
    "lead": put("delivery_costs", 1, lead_periods=1),
    "category": put("resources", 1, category="personnel", use="consumed"),
    "whole": put("resources", 1, whole=False),
    "reusable": put("resources", 1, use="reusable"),
    "rule value": put("rules", 0, value="0.3"),
    "rule scope": put("rules", 0, scope="region:R2"),
    "rule off": put("rules", 0, on=False),
    "switch": put("rules", 2, value="no"),
    "count_status": add("rules", Rule(rule="count_status", value="pledge")),
    "expected": add("rules", Rule(rule="expected", value="yes")),
    "access_limit": add("rules", Rule(rule="access_limit", value="1")),
    "data rule off": add("rules", Rule(rule="minimum", on=False)),
    "go off": add("rules", Rule(rule="go", on=False)),
    "order of objectives": put("objectives", 1, order=0),
    "tolerance": put("objectives", 0, tolerance=0.02),
    "objectives": lambda scenario: replace(scenario, objectives=()),
    "baseline": put("baseline", 1, quantity=51.0),
    "kept": put("baseline", 1, keep=True),
    "code": lambda s: put("partners", 2, code="Z")(put("pledges", 0, partner="Z")(s)),
}

# What counts only under a rule or weighting: first what switches it on, then the change.
WITH_EFFECT_UNDER: dict[str, tuple[Edit, Edit]] = {
    "people": (put("settings", 0, weighting="people"), put("regions", 0, people_in_need=7.0)),
    "people of activity": (put("settings", 0, weighting="people"), put("activities", 1, people=30.0)),
    "unit value": (put("settings", 0, weighting="requirement"), put("resources", 1, unit_value=3.0)),
    "access": (add("rules", Rule(rule="access_limit", value="4")), put("regions", 0, access=5.0)),
    "likelihood": (add("rules", Rule(rule="expected", value="yes")), put("pledges", 1, likelihood=0.2)),
    "status": (add("rules", Rule(rule="count_status", value="paid")), put("pledges", 1, status="paid")),
    "type": (add("rules", Rule(rule="access_limit", value="4", scope="type:40")), put("partners", 0, type="10")),
    "languages": (add("rules", Rule(rule="language_share", value="0.5")), put("regions", 0, languages=("som",))),
    "implementer": (put("vetoes", 0, implementer="C"), put("activities", 1, implementer="C")),
    "fair_share": (add("rules", Rule(rule="burden_cap", value="2", scope="")), put("partners", 0, fair_share=0.5)),
    "fair_share of nothing": (add("rules", Rule(rule="burden_cap", value="2")), put("partners", 0, fair_share=0.0)),
}


@pytest.mark.parametrize("name", WITHOUT_EFFECT)
def test_that_what_cannot_change_a_plan_does_not_count(name: str) -> None:
    changed = WITHOUT_EFFECT[name](SCENARIO)
    assert changed != SCENARIO or name == "whole number for a number"
    assert fingerprint(changed) == fingerprint(SCENARIO)


@pytest.mark.parametrize("name", WITH_EFFECT)
def test_that_what_can_change_a_plan_counts(name: str) -> None:
    assert fingerprint(WITH_EFFECT[name](SCENARIO)) != fingerprint(SCENARIO)


@pytest.mark.parametrize("name", WITH_EFFECT_UNDER)
def test_that_what_a_rule_reads_counts_while_the_rule_is_on(name: str) -> None:
    switch_on, change = WITH_EFFECT_UNDER[name]
    scenario = replace(SCENARIO, rules=SCENARIO.rules[:3])
    assert fingerprint(change(switch_on(scenario))) != fingerprint(switch_on(scenario))


def test_that_a_fingerprint_is_short_text_and_stays_the_same_between_runs() -> None:
    assert fingerprint(Scenario()) == "e948b571b389efa2245f8423ad6a68d489ed10bbcc9b9a2c3953fad464797a1d"
    assert len(fingerprint(SCENARIO)) == 64


def shuffled(scenario: Scenario, seed: int) -> Scenario:
    """The same rows in another order, with other ids."""
    chance = random.Random(seed)
    tables = {table.name: list(scenario.rows(table)) for table in TABLES}
    for rows in tables.values():
        chance.shuffle(rows)
    fresh = {name: tuple(replace(row, id=new_id()) for row in rows) for name, rows in tables.items()}
    return replace(scenario, id=new_id(), **fresh)


@settings(max_examples=50)
@given(tiny_scenarios(), st.integers())
def test_that_the_order_of_rows_does_not_count(scenario: Scenario, seed: int) -> None:
    assert fingerprint(shuffled(scenario, seed)) == fingerprint(scenario)


@settings(max_examples=20)
@given(free_scenarios(), st.integers())
def test_that_the_order_of_rows_does_not_count_in_any_scenario(scenario: Scenario, seed: int) -> None:
    assert fingerprint(shuffled(scenario, seed)) == fingerprint(scenario)


@settings(max_examples=50)
@given(tiny_scenarios(), st.data())
def test_that_every_quantity_needed_counts(scenario: Scenario, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(scenario.requirements) - 1))
    more = put("requirements", row, quantity=scenario.requirements[row].quantity + 1)(scenario)
    assert fingerprint(more) != fingerprint(scenario)


@settings(max_examples=50)
@given(tiny_scenarios(), st.data())
def test_that_texts_never_count(scenario: Scenario, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([table.name for table in TABLES if scenario.rows(table)]))
    row = data.draw(st.integers(0, len(scenario.rows(TABLE_BY_NAME[name])) - 1))
    changed = put(name, row, extra=(("remark", data.draw(st.text())),))(scenario)
    for column in ("name", "note", "reason", "strategy", "unit", "date"):
        if column in {described.name for described in TABLE_BY_NAME[name].columns}:
            changed = put(name, row, **{column: data.draw(st.text(max_size=5))})(changed)
    assert fingerprint(changed) == fingerprint(scenario)


def planned(scenario: Scenario) -> tuple[object, ...]:
    """What a plan decides, without run times and texts."""
    from solver.run import solve

    plan = solve(scenario)
    return (
        plan.status,
        [
            (line.pledge, line.initiative, line.region, line.period, round(line.quantity, 6))
            for line in plan.allocations
        ],
        [(result.objective, round(result.value, 6)) for result in plan.objectives],
    )


@pytest.mark.slow
def test_that_scenarios_with_one_fingerprint_have_one_plan() -> None:
    expected = planned(SCENARIO)
    for name, edit in WITHOUT_EFFECT.items():
        assert planned(edit(SCENARIO)) == expected, name


@pytest.mark.slow
@settings(max_examples=40)
@given(tiny_scenarios(), st.integers())
def test_that_the_order_of_rows_does_not_change_the_plan(scenario: Scenario, seed: int) -> None:
    assume(not any(problem.severity is Severity.ERROR for problem in check(scenario)))
    assert planned(shuffled(scenario, seed)) == planned(scenario)
