"""Plans for the tests of what shows them, made by the optimiser of small scenarios."""

from dataclasses import replace
from functools import cache

from planner.document import Document
from planner.plan import Plan
from planner.samples import build_sample
from planner.scenario import Scenario
from ui.desktop.session import Session


@cache
def small_plan() -> Plan:
    """The plan of the small sample."""
    from solver.run import solve

    return solve(build_sample("first-steps"))


def open_planned(session: Session, *names: str) -> Scenario:
    """Open the small sample with a plan of each name; the last one is in view."""
    scenario = build_sample("first-steps")
    session.open(Document.new_from(scenario))
    for name in names:
        session.add_plan(replace(small_plan(), id=f"id of {name}", name=name), scenario)
    return scenario
