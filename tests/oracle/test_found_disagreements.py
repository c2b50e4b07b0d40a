"""Scenarios in which the planner once disagreed with the oracle, in their smallest form."""

import pytest

from planner.scenario import Activity, Initiative, Objective, Region, Requirement, Rule, Scenario, Settings
from resources.offers import DeliveryCost, Partner, Pledge, Resource
from solver.run import solve
from solver.verify import measure

FUNDING = Resource(code="F", category="funding", whole=False)


def test_that_delivery_is_not_paid_for_partners_that_bring_nothing() -> None:
    scenario = Scenario(
        partners=tuple(Partner(code=code) for code in ("P0", "P1", "P2")),
        regions=(Region(code="R0"),),
        initiatives=(Initiative(code="I4"),),
        resources=(FUNDING, Resource(code="K", category="logistics")),
        pledges=(
            Pledge(code="O5", partner="P1", resource="F", quantity=268.5),
            Pledge(code="O6", partner="P0", resource="K", quantity=14.0),
            Pledge(code="O7", partner="P2", resource="K", quantity=4.0),
        ),
        requirements=(Requirement(initiative="I4", region="R0", resource="K", quantity=5.0),),
        delivery_costs=(DeliveryCost(fixed_cost=3.0),),
        rules=(Rule(rule="pay_delivery", value="yes"),),
    )
    plan = solve(scenario)
    assert measure(scenario, plan.allocations, plan.delivery).is_sound


def test_that_no_pledge_is_mobilised_for_crumbs() -> None:
    scenario = Scenario(
        settings=Settings(periods=3),
        partners=(Partner(code="P0"),),
        regions=(Region(code="R0"),),
        initiatives=(Initiative(code="I0"), Initiative(code="I2")),
        resources=(FUNDING,),
        pledges=(
            Pledge(code="O1", partner="P0", resource="F", quantity=8.37, mobilisation_cost=4.0),
            Pledge(code="O7", partner="P0", resource="F", quantity=13.0, mobilisation_cost=4.0),
        ),
        requirements=(
            Requirement(initiative="I0", region="R0", resource="F", period=2, quantity=0.37),
            Requirement(initiative="I2", region="R0", resource="F", period=2, quantity=6.0),
        ),
        delivery_costs=(DeliveryCost(resource="F", region="R0", cost_per_unit=2.5),),
        objectives=(Objective(order=1, objective="delivery_cost"), Objective(order=2, objective="effective")),
    )
    plan = solve(scenario)
    assert plan.objectives[0].value == pytest.approx(0, abs=1e-5)


def test_that_no_activity_goes_ahead_with_crumbs() -> None:
    scenario = Scenario(
        settings=Settings(periods=3),
        partners=(Partner(code="P0"), Partner(code="P1")),
        regions=(Region(code="R0", severity=5.0), Region(code="R1"), Region(code="R2")),
        initiatives=(
            Initiative(code="I0", priority=0.5),
            Initiative(code="I1", priority=2.0),
            Initiative(code="I2", priority=2.0, prerequisites=("I0",)),
        ),
        resources=(FUNDING,),
        pledges=(
            Pledge(code="O0", partner="P1", resource="F", quantity=9.0, from_period=3),
            Pledge(code="O1", partner="P1", resource="F", quantity=1.37, to_period=2, mobilisation_cost=4.0),
            Pledge(code="O2", partner="P0", resource="F", quantity=11.0, to_period=1),
        ),
        requirements=tuple(
            Requirement(initiative=i, region=r, resource="F", period=t, quantity=quantity)
            for i, r, t, quantity in (
                ("I1", "R0", 1, 5.37),
                ("I1", "R1", 1, 1.37),
                ("I1", "R1", 3, 6.37),
                ("I1", "R2", 2, 3.37),
                ("I1", "R2", 3, 1.0),
                ("I2", "R1", 1, 6.0),
            )
        ),
        activities=(
            Activity(initiative="I1", region="R2", min_share=0.3),
            Activity(initiative="I2", region="R1", min_share=1.0),
        ),
        delivery_costs=(DeliveryCost(resource="F", region="R2", cost_per_unit=1.0),),
        objectives=(Objective(order=1, objective="delivery_cost"), Objective(order=2, objective="coverage")),
    )
    plan = solve(scenario)
    assert measure(scenario, plan.allocations, plan.delivery).is_sound


def test_that_a_plan_in_which_nothing_counts_has_one_value_for_its_worst_region() -> None:
    scenario = Scenario(regions=(Region(code="R"),), objectives=(Objective(order=1, objective="worst_region"),))
    (level,) = solve(scenario).objectives
    assert level.best == level.bound == level.value == 0
