"""One step of work on a scenario, and how many of them can be gone back."""

from dataclasses import dataclass

from planner.arrival import Arrival
from planner.plan import Plan
from planner.scenario import Scenario

MOST_STEPS = 1000
MOST_ROWS_KEPT = 20_000_000  # over all steps: each keeps one reference per row, 160 MB in all


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the history: what was done ("paste 240 pledges") and the scenario that came of it.

    `arrivals`: what else came with every file that was merged up to here. `away`: the plans that came with this step
    and were here until it was undone.
    """

    label: str
    scenario: Scenario
    arrivals: tuple[Arrival, ...] = ()
    away: tuple[Plan, ...] = ()


def most_steps(scenario: Scenario) -> int:
    """How many steps back are kept: fewer for large scenarios."""
    rows = sum(len(rows) for _, rows in scenario.tables())
    return min(MOST_STEPS, MOST_ROWS_KEPT // max(rows, 1))
