"""Which demands clash where no plan is possible.

Whole rules first, then single demands by halves: whatever can be taken out while the rest still has no plan is taken
out. What remains has no plan, and each of its members is needed for that. Every trial is built anew from a scenario
without what is taken out: a demand may decide which activities count and which pledges may serve them, not only a row
of the model. Supply, requirement, eligibility by earmark, window and veto always hold.
"""

import time
from collections.abc import Callable, Sequence
from itertools import groupby

import numpy as np

from planner.plan import ConflictMember
from planner.scenario import Scenario
from solver.arrays import build_arrays
from solver.backend import Ending, Task
from solver.backend import solve as optimise
from solver.demands import Demand, demands_of
from solver.model import build_model
from solver.options import Options
from solver.program import Linear

LONGEST_TRIAL = 60.0  # seconds


def find_conflict(
    scenario: Scenario, options: Options, cancelled: Callable[[], bool], began: float
) -> tuple[ConflictMember, ...]:
    """The demands that cannot hold together, each of them necessary; all that are left where time runs out."""
    search = _Search(scenario, options, cancelled, began)
    for _, same_rule in groupby(demands_of(scenario), key=lambda demand: demand.rule):
        search.candidates.append(list(same_rule))
    members = search.run()
    return tuple(ConflictMember(member.rule, member.scope, member.text) for member in members)


class _Search:
    """Takes out what it can; `scenario` is always one without a plan."""

    def __init__(self, scenario: Scenario, options: Options, cancelled: Callable[[], bool], began: float) -> None:
        self.scenario = scenario
        self.candidates: list[list[Demand]] = []
        self._options, self._cancelled, self._began = options, cancelled, began

    def run(self) -> list[Demand]:
        """The demands that are left: whole rules are tried first, as most of them have nothing to do with it."""
        left = [same_rule for same_rule in self.candidates if not self._take_out(same_rule)]
        return [demand for same_rule in left for demand in self._needed(same_rule)]

    def _needed(self, demands: Sequence[Demand]) -> list[Demand]:
        """Those of the demands that the clash needs, where all of them together cannot be taken out."""
        if len(demands) == 1:
            return list(demands)
        middle = len(demands) // 2
        needed: list[Demand] = []
        for half in (demands[:middle], demands[middle:]):
            if not self._take_out(half):
                needed += self._needed(half)
        return needed

    def _take_out(self, demands: Sequence[Demand]) -> bool:
        """Take demands out if the rest still has no plan; whether it did. Nothing is taken out after the time is up."""
        seconds = LONGEST_TRIAL
        if self._options.time_limit is not None:
            seconds = min(seconds, self._options.time_limit - (time.monotonic() - self._began))
        if self._cancelled() or seconds <= 0:
            return False
        trial = self.scenario
        for demand in demands:
            trial = demand.without(trial)
        if not _is_impossible(trial, self._options.seed, seconds):
            return False
        self.scenario = trial
        return True


def _is_impossible(scenario: Scenario, seed: int, seconds: float) -> bool:
    """Whether a scenario is proven to have no plan."""
    model = build_model(build_arrays(scenario), ())
    program = model.program
    is_integer = program.is_integer
    is_integer[model.whole_variables] = True
    nothing = Linear(np.zeros(0, dtype=np.int64), np.zeros(0))
    task = Task(program.matrix(), program.lower, program.upper, is_integer, nothing, True, seed=seed, seconds=seconds)
    return optimise(task).ending is Ending.INFEASIBLE
