"""Each fix says what a plan with it reaches: the verified figures of the best plan for the first objective."""

import dataclasses

import pytest

from planner.cell_changes import apply_fix
from planner.plan_json import plan_from_json, plan_to_json
from planner.scenario import Activity, Objective, Requirement, Rule, Scenario
from solver.options import Options
from solver.repair import effects
from solver.run import solve
from tests.solver.test_fixes import scenario


def impossible() -> Scenario:
    """Half of what must go ahead is there; nothing is of the share that local partners shall carry out."""
    return scenario(
        activities=(Activity(initiative="DEMINE", region="R1", go="must", min_share=0.6),),
        requirements=(Requirement(initiative="DEMINE", region="R1", resource="MONEY", quantity=100),),
        objectives=(Objective(order=1, objective="coverage"),),
        rules=(Rule(rule="coverage_floor", value="90 %", scope="region:R1"),),
    )


def test_that_each_fix_says_what_a_plan_with_it_reaches() -> None:
    case = impossible()
    plan = solve(case)
    assert plan.fixes
    for fix in plan.fixes:
        assert fix.totals == solve(apply_fix(case, fix)).totals


def test_that_what_fixes_reach_is_in_the_result_and_comes_back() -> None:
    plan = solve(impossible())
    assert plan_from_json(plan_to_json(plan)).fixes == plan.fixes
    without = dataclasses.replace(plan.fixes[0], totals=None)
    assert plan_from_json(plan_to_json(dataclasses.replace(plan, fixes=(without,)))).fixes == (without,)


def test_that_a_stopped_run_and_a_large_scenario_have_fixes_without_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    case = impossible()
    (first, *_) = (dataclasses.replace(fix, totals=None) for fix in solve(case).fixes)
    assert effects.with_effects(case, (first,), Options(), lambda: True, 0.0) == (first,)
    monkeypatch.setattr(effects, "MOST_VARIABLES", 0)
    assert effects.with_effects(case, (first,), Options(), lambda: False, 0.0) == (first,)
