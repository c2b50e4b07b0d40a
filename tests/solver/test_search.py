"""The search: leximin after the last level, a first plan whatever else is decided, events, cancelling."""

import dataclasses
import threading
import time

import numpy as np
import pytest

from planner.plan import Plan
from planner.rulebook import objectives
from planner.scenario import Initiative, Objective, Region, Requirement, Scenario
from resources.offers import Partner, Pledge, Resource
from solver.arrays import build_arrays
from solver.events import Event, PhaseStarted, ProgressMade
from solver.generate import generate
from solver.model import build_model
from solver.network.plan_model import PlanModel
from solver.objectives import OBJECTIVES
from solver.options import Options
from solver.pro_rata import ProRata
from solver.program import Linear
from solver.run import solve
from solver.search.goals import Effort, Goal, Reached
from solver.search.levels import Found, Search
from solver.search.pace import Pace
from solver.search.runs import Runs


def regions_with(
    needs: dict[str, float], pledges: dict[str, tuple[float, tuple[str, ...]]], *, whole: bool = False
) -> Scenario:
    """One initiative, one resource; pledges as (quantity, regions), worst_region alone."""
    return Scenario(
        partners=(Partner(code="P"),),
        regions=tuple(Region(code=code) for code in needs),
        initiatives=(Initiative(code="I"),),
        resources=(Resource(code="GOODS", category="logistics", unit="kit", whole=whole),),
        pledges=tuple(
            Pledge(code=code, partner="P", resource="GOODS", quantity=quantity, regions=regions)
            for code, (quantity, regions) in pledges.items()
        ),
        requirements=tuple(
            Requirement(initiative="I", region=code, resource="GOODS", quantity=quantity)
            for code, quantity in needs.items()
        ),
        objectives=(Objective(order=1, objective="worst_region"),),
    )


def coverage(plan: Plan) -> dict[str, float]:
    return {activity.region: pytest.approx(activity.coverage, abs=1e-5) for activity in plan.activities}


def test_that_regions_rise_as_far_as_they_can_after_the_worst_one() -> None:
    # A gets its own 2 of 10 and no more. B and C share 10, best evenly: 0.5 each.
    plan = solve(
        regions_with({"A": 10, "B": 10, "C": 10}, {"P1": (2, ("A",)), "P2": (10, ("B", "C"))}),
    )
    assert plan.status == "optimal"
    assert coverage(plan) == {"A": 0.2, "B": 0.5, "C": 0.5}


def test_that_the_second_worst_region_rises_before_the_best_one() -> None:
    # After A (0.1), B can reach 0.4 alone from P2; C is then free to take all of P3.
    plan = solve(
        regions_with(
            {"A": 10, "B": 10, "C": 10, "D": 10},
            {"P1": (1, ("A",)), "P2": (4, ("B",)), "P3": (12, ("C", "D"))},
        ),
    )
    assert coverage(plan) == {"A": 0.1, "B": 0.4, "C": 0.6, "D": 0.6}


def test_that_leximin_counts_whole_units() -> None:
    # 5 kits for B and C, each needing 4: 2 and 3, never 1 and 4; which of them gets 3 is a tie.
    plan = solve(
        regions_with({"A": 4, "B": 4, "C": 4}, {"P1": (1, ("A",)), "P2": (5, ("B", "C"))}, whole=True),
    )
    assert sorted(activity.coverage for activity in plan.activities) == pytest.approx([0.25, 0.5, 0.75])


def test_that_a_level_below_keeps_the_worst_region_alone() -> None:
    # Coverage as second level: B is worth three times C, so everything beyond A's 0.2 goes to B.
    scenario = regions_with({"A": 10, "B": 10, "C": 10}, {"P1": (2, ("A",)), "P2": (12, ("B", "C"))})
    scenario = dataclasses.replace(
        scenario,
        regions=tuple(
            dataclasses.replace(region, severity=3 if region.code == "B" else 1) for region in scenario.regions
        ),
        objectives=(*scenario.objectives, Objective(order=2, objective="coverage")),
    )
    assert coverage(solve(scenario)) == {"A": 0.2, "B": 1.0, "C": 0.2}


def first_plan(model: PlanModel, scenario: Scenario) -> Found:
    """What the search has first, well before it is done."""
    kept: list[Found] = []
    pro_rata = ProRata(model)
    search = Search(
        model,
        objectives(scenario),
        Options(),
        lambda event: None,
        lambda: bool(kept),
        0.0,
        pro_rata.reaching_minimum(pro_rata.values()),
    )
    assert search.run(kept.append).stopped == "user"
    return kept[0]


def test_that_there_is_a_first_plan_where_rules_decide_more_than_activities() -> None:
    scenario = generate("s", seed=2)
    model = build_model(build_arrays(scenario), objectives(scenario))
    # Pairs of which exactly one is chosen: neither all of them nor none.
    chosen = model.program.add_variables(10, is_integer=True).reshape(5, 2)
    for pair in chosen:
        model.program.add_row("chosen", Linear(pair, np.ones(2)), 1.0, 1.0)
    found = first_plan(model, scenario)
    assert found.values is not None
    assert np.array_equal(found.values[chosen].sum(axis=1), np.ones(5))


def test_that_the_first_plan_says_what_bounds_every_level() -> None:
    scenario = generate("s", seed=2, four_objectives=True)
    model = build_model(build_arrays(scenario), objectives(scenario))
    waiting = first_plan(model, scenario).waiting
    assert [key for key, _ in waiting] == [level.key for level in objectives(scenario)]
    assert all(np.isfinite(bound) for _, bound in waiting)


def test_that_a_run_cancelled_after_its_first_level_keeps_a_verified_plan_and_reports_every_level() -> None:
    events: list[Event] = []
    stop = threading.Event()

    def listen(event: Event) -> None:
        events.append(event)
        if isinstance(event, PhaseStarted) and event.phase == "coverage":
            stop.set()

    scenario = generate("m", seed=1, four_objectives=True)
    plan = solve(scenario, Options(), listen, stop.is_set)
    assert plan.status == "interrupted"
    assert plan.run.stopped == "user"
    assert plan.allocations
    assert [level.objective for level in plan.objectives] == [level.key for level in objectives(scenario)]
    assert all(level.gap >= 0 for level in plan.objectives)


def test_that_a_run_cancelled_before_it_has_a_plan_says_so() -> None:
    plan = solve(generate("s"), cancelled=lambda: True)
    assert (plan.status, plan.run.stopped, plan.allocations) == ("unknown", "user", ())


def test_that_the_state_is_told_again_while_nothing_new_is_known() -> None:
    from solver.attendance import Attended, attend

    told: list[Event] = []
    released = threading.Event()
    wanted = 3

    def work(run: Attended) -> Plan:
        run.tell(PhaseStarted("arrays", 0.0))
        released.wait(60)
        return solve(generate("s"), cancelled=lambda: True)

    def listen(event: Event) -> None:
        told.append(event)
        if sum(isinstance(each, ProgressMade) for each in told) == wanted:
            released.set()

    attend(work, lambda: pytest.fail("the run was not left"), listen, lambda: False, None)
    again = [event for event in told if isinstance(event, ProgressMade)]
    assert len(again) >= wanted
    assert {event.phase for event in again} == {"arrays"}
    seconds = [event.seconds for event in again]
    assert seconds == sorted(seconds)


@pytest.mark.parametrize(
    ("status", "told"), [("feasible", ("interrupted", "user")), ("optimal", ("optimal", None))], ids=str
)
def test_that_a_run_which_does_not_hear_is_left_with_the_last_plan_it_kept(
    status: str, told: tuple[str, str | None]
) -> None:
    from solver.attendance import Attended, attend

    kept = dataclasses.replace(solve(generate("s")), status=status)
    released, stop = threading.Event(), threading.Event()

    def work(run: Attended) -> Plan:
        run.keep(lambda: kept)
        stop.set()
        released.wait(60)
        return kept

    plan = attend(work, lambda: pytest.fail("there was a plan"), lambda event: None, stop.is_set, None)
    released.set()
    assert plan.allocations == kept.allocations
    assert (plan.status, plan.run.stopped) == told


def test_that_a_run_is_left_with_an_explained_plan_while_a_newer_one_is_still_being_explained() -> None:
    from solver.attendance import Attended, attend

    kept = solve(generate("s"))
    newer = dataclasses.replace(kept, title="still being explained")
    released, stop = threading.Event(), threading.Event()

    def explained() -> Plan:
        stop.set()
        released.wait(60)
        return newer

    def work(run: Attended) -> Plan:
        run.keep(lambda: kept)
        while not run.kept[0].is_ready:
            time.sleep(0.01)
        run.keep(explained)
        released.wait(60)
        return newer

    plan = attend(work, lambda: pytest.fail("there was a plan"), lambda event: None, stop.is_set, None)
    released.set()
    assert plan.title == kept.title


def test_that_a_run_is_left_with_its_only_plan_once_that_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    from solver.attendance import Attended, attend

    monkeypatch.setattr("solver.attendance.PATIENCE", 0.0)
    kept = solve(generate("s"))
    released, stop = threading.Event(), threading.Event()
    asked = 0

    def explained() -> Plan:
        nonlocal asked
        asked += 1
        stop.set()
        time.sleep(0.3)  # longer than a cancelled run is waited for here
        return kept

    def work(run: Attended) -> Plan:
        run.keep(explained)
        released.wait(60)
        return kept

    plan = attend(work, lambda: pytest.fail("there was a plan"), lambda event: None, stop.is_set, None)
    released.set()
    assert (plan.allocations, asked) == (kept.allocations, 1)


def test_that_the_opening_keeps_half_of_what_the_best_plan_is_worth() -> None:
    scenario = generate("m", seed=1)
    model = build_model(build_arrays(scenario), objectives(scenario))
    found = first_plan(model, scenario)
    assert found.values is not None
    opened = model.coverage(model.arrays.weight_a).value(found.values)
    assert opened > 0.5 * solve(scenario).objectives[0].best


def test_that_each_level_may_take_half_of_the_time_left_and_the_last_one_all() -> None:
    pace = Pace(time.monotonic(), 1000.0, lambda event: None, lambda: False)
    deadlines = []
    for levels_left in (3, 2, 1):
        pace.share_out(levels_left)
        deadlines.append(pace.deadline)
    assert deadlines == pytest.approx([500, 500, 1000], abs=20)  # no time passes here between the levels


@pytest.mark.parametrize("key", ["worst_region", "delivery_cost"])
def test_that_a_relaxation_held_to_half_of_the_tolerance_bounds_all_of_it(key: str) -> None:
    scenario = generate("s", seed=3, four_objectives=True)
    model = build_model(build_arrays(scenario), objectives(scenario))
    first = Goal("effective", OBJECTIVES["effective"].build(model), is_maximised=True)
    goal = Goal(key, OBJECTIVES[key].build(model), OBJECTIVES[key].is_maximised)
    pace = Pace(0.0, None, lambda event: None, lambda: False)
    effort = Effort(gap=0.01, nodes=None, seed=1, is_large=False)

    def runs(*above: Reached) -> Runs:
        return Runs(model, first if not above else goal, above, None, effort, pace)

    best = runs().relax().best
    assert best is not None
    level = runs(Reached(first, best, 0.05 * best))
    half = level.relax(0.5)
    level.keep_bound_of(half, 0.5)
    exact, bound = level.relax().best, level.state.bound
    assert exact is not None
    assert half.best is not None
    assert bound is not None
    assert abs(half.best - exact) > 1e-3 * abs(exact)  # the tolerance makes a difference
    beyond = bound - exact if goal.is_maximised else exact - bound
    assert -1e-6 * abs(exact) <= beyond < abs(half.best - exact)
