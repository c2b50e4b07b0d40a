"""Whether a scenario has a plan at all: asked many times in a row, within the time of one run."""

import time
from collections.abc import Callable

import numpy as np

from planner.problems import Severity
from planner.scenario import Scenario
from planner.validate import check
from solver.arrays import build_arrays
from solver.backend import Ending, Outcome, Task
from solver.backend import solve as optimise
from solver.model import build_model
from solver.network import PlanModel
from solver.options import Options
from solver.program import Linear

LONGEST_TRIAL = 60.0  # seconds


class OutOfTime(Exception):
    """The time limit has passed, or the user cancelled."""


class Feasibility:
    """Questions about scenarios; each raises OutOfTime once the run must end."""

    def __init__(self, options: Options, cancelled: Callable[[], bool], began: float) -> None:
        self._options, self._cancelled, self._began = options, cancelled, began
        self._planned: Scenario | None = None  # the last scenario for which a plan was found

    def is_impossible(self, scenario: Scenario) -> bool:
        """Whether a scenario is proven to have no plan."""
        return self._ending(scenario) is Ending.INFEASIBLE

    def has_plan(self, scenario: Scenario) -> bool:
        """Whether a plan was found for a scenario without errors."""
        if scenario == self._planned:
            return True
        has_errors = any(problem.severity is Severity.ERROR for problem in check(scenario))
        if has_errors or self._ending(scenario) not in (Ending.OPTIMAL, Ending.FEASIBLE):
            return False
        self._planned = scenario
        return True

    def least(self, model: PlanModel, expression: Linear) -> Outcome:
        """The smallest value of an expression over all plans of a model."""
        program, seconds = model.program, self._seconds()
        is_integer = program.is_integer
        is_integer[model.whole_variables] = True
        outcome = optimise(
            Task(
                program.matrix(),
                program.lower,
                program.upper,
                is_integer,
                expression,
                is_maximised=False,
                gap=0.0,
                seconds=seconds,
                seed=self._options.seed,
            ),
            cancelled=self._cancelled,
        )
        if outcome.ending is Ending.CANCELLED:
            raise OutOfTime
        return outcome

    def _ending(self, scenario: Scenario) -> Ending:
        nothing = Linear(np.zeros(0, dtype=np.int64), np.zeros(0))
        return self.least(build_model(build_arrays(scenario), ()), nothing).ending

    def _seconds(self) -> float:
        """Seconds that one trial may take."""
        seconds = LONGEST_TRIAL
        if self._options.time_limit is not None:
            seconds = min(seconds, self._options.time_limit - (time.monotonic() - self._began))
        if self._cancelled() or seconds <= 0:
            raise OutOfTime
        return seconds
