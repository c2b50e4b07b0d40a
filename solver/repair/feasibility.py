"""Whether a scenario has a plan at all: asked many times in a row, each time with bounded effort.

Small scenarios are searched exactly. In larger ones whole units decide hardly anything: the yes/no decisions come
first, with flows left fractional, then whole flows next to those that were found; all whole units together are searched
only where that finds nothing. Where any plan will do, the search is led by what is demanded: with nothing to aim at the
simplex method wanders about for ten to forty times as long.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from planner.problems import Severity
from planner.scenario import Scenario
from planner.validate import check
from solver.arrays import build_arrays
from solver.backend import Ending, Method, Outcome, Task
from solver.backend import solve as optimise
from solver.model import build_model
from solver.network.plan_model import PlanModel
from solver.options import Options
from solver.program import Booleans, Floats, Linear
from solver.search.runs import MOST_FOR_SIMPLEX

FEW_VARIABLES = 1_000  # up to so many the exact search is quick
MANY_VARIABLES = 20_000  # above, branching on the least value of an expression takes a minute for hardly any gain
LEAST_EFFORT = 8_000  # of a run that counts: building its model takes time too
GAP = 0.01  # of what is lost in a larger scenario, to be quick
ANY_GAP = 1e9  # where any plan will do
AIMS = ("coverage_floor", "go")  # rules whose rows say what to reach for
ROUNDING = 1e-6  # of a whole flow
NODES_EXACT, NODES = 1_000, 20  # of one search in a small scenario, and in a larger one


class OutOfTime(Exception):
    """The time limit has passed, the effort allowed is spent, or the user cancelled."""


class Feasibility:
    """Questions about scenarios; each raises OutOfTime once the run must end. Answers are remembered."""

    def __init__(self, options: Options, cancelled: Callable[[], bool], began: float) -> None:
        self._options, self._cancelled, self._began = options, cancelled, began
        self._endings: dict[Scenario, Ending] = {}
        self._effort_left: int | None = None
        self._is_exact_worthwhile = True

    def allow(self, effort: int) -> None:
        """Start runs of the optimiser until their effort comes to so much in all: the variables of each, and a least.

        Runs of small scenarios are quick and count for nothing. Where all whole units were once searched together for
        nothing, that is not tried again: it takes longer than all else.
        """
        self._effort_left, self._is_exact_worthwhile = effort, True

    def is_impossible(self, scenario: Scenario) -> bool:
        """Whether a scenario is proven to have no plan."""
        return self._ending(scenario) is Ending.INFEASIBLE

    def has_plan(self, scenario: Scenario, near: Floats | None = None) -> bool:
        """Whether a plan was found for a scenario without errors; tried first: the whole numbers of a like solution."""
        has_errors = any(problem.severity is Severity.ERROR for problem in check(scenario))
        return not has_errors and self._ending(scenario, near) in (Ending.OPTIMAL, Ending.FEASIBLE)

    def least(self, model: PlanModel, expression: Linear) -> Outcome:
        """The smallest value of an expression over all plans of a model; of a larger one without regard to whole units.

        The optimum of the relaxation is no more than a first guess at a value that some plan has.
        """
        trial = _Trial(model, self._run, expression)
        return trial.exact() if _is_small(model) else trial.relaxed()

    def least_of_plans(self, model: PlanModel, expression: Linear) -> Outcome:
        """As `least`, but of a larger model the value of a plan near the smallest.

        Where none is found in few steps, that without regard to whole flows or, at last, to any whole units.
        """
        trial = _Trial(model, self._run, expression)
        if _is_small(model):
            return trial.exact()
        decided = trial.decided()
        if decided.values is None:
            return trial.relaxed()
        rounded = trial.rounded(decided.values)
        return decided if rounded.values is None else rounded

    def _ending(self, scenario: Scenario, near: Floats | None = None) -> Ending:
        if scenario not in self._endings:
            self._refuse_more()
            model = build_model(build_arrays(scenario), ())
            ending = _Trial(model, self._run).ending(near, is_exact=self._is_exact_worthwhile)
            if ending is Ending.NOTHING and self._effort_left is not None:
                self._is_exact_worthwhile = False
            self._endings[scenario] = ending
        return self._endings[scenario]

    def _run(self, task: Task) -> Outcome:
        if self._effort_left is not None and len(task.lower) > FEW_VARIABLES:
            self._refuse_more()
            self._effort_left -= max(len(task.lower), LEAST_EFFORT)
        task = replace(task, seconds=self._seconds(), seed=self._options.seed)
        outcome = optimise(task, cancelled=self._cancelled)
        if outcome.ending is Ending.CANCELLED:
            raise OutOfTime
        return outcome

    def _refuse_more(self) -> None:
        """Raise OutOfTime before anything is built for a run that may not begin."""
        self._seconds()
        if self._effort_left is not None and self._effort_left <= 0:
            raise OutOfTime

    def _seconds(self) -> float | None:
        """Seconds that are left; None without a time limit."""
        limit = self._options.time_limit
        seconds = None if limit is None else limit - (time.monotonic() - self._began)
        if self._cancelled() or (seconds is not None and seconds <= 0):
            raise OutOfTime
        return seconds


class _Trial:
    """One model, searched for the least value of an expression or, without one, for any plan."""

    def __init__(
        self,
        model: PlanModel,
        run: Callable[[Task], Outcome],
        expression: Linear | None = None,
    ) -> None:
        self._model, self._run = model, run
        self._is_any_enough = expression is None
        self._expression = demanded(model) if expression is None else expression
        self._matrix = model.program.matrix()
        self._yes_no = model.program.is_integer
        self._is_whole = self._yes_no.copy()
        self._is_whole[model.whole_variables] = True

    def ending(self, near: Floats | None, *, is_exact: bool) -> Ending:
        """How the search for any plan ends: the first of its stages that knows decides, the exact one where asked.

        Before them all come the whole numbers of a solution of a like model.
        """
        if near is not None and len(near) >= self._model.program.size and self.rounded(near).values is not None:
            return Ending.FEASIBLE
        outcome = Outcome(Ending.NOTHING)
        for outcome in self._stages(is_exact):
            if outcome.ending is Ending.INFEASIBLE:
                break
        return outcome.ending

    def _stages(self, is_exact: bool) -> Iterator[Outcome]:
        """Outcomes that may prove that there is no plan, the last one either a plan or the end of all effort."""
        if _is_small(self._model):
            yield self.exact()
            return
        decided = self.decided()
        yield decided
        if decided.values is not None:
            rounded = self.rounded(decided.values)
            if rounded.values is not None:
                yield rounded
                return
        yield self._search(self._is_whole) if is_exact else Outcome(Ending.NOTHING)

    def relaxed(self, lower: Floats | None = None, upper: Floats | None = None) -> Outcome:
        """With nothing whole."""
        is_small = self._model.program.size <= MOST_FOR_SIMPLEX
        nothing = np.zeros(self._model.program.size, dtype=bool)
        return self._search(nothing, Method.SIMPLEX if is_small else Method.BARRIER, lower=lower, upper=upper)

    def exact(self) -> Outcome:
        """With everything whole, to the end."""
        return self._search(self._is_whole, nodes=NODES_EXACT, gap=0.0)

    def decided(self) -> Outcome:
        """With the yes/no decisions made, and flows left fractional."""
        if not self._is_any_enough and self._model.program.size > MANY_VARIABLES:
            settled = self._settled(self.relaxed())
            if settled.ending is not Ending.NOTHING:
                return settled
        return self._search(self._yes_no)

    def _settled(self, relaxed: Outcome) -> Outcome:
        """Each yes/no as the relaxation leans; where that leaves no plan, yes wherever it says any part of yes."""
        if relaxed.values is None or not self._yes_no.any():
            return relaxed
        lower, upper, leaning = self._model.program.lower, self._model.program.upper, relaxed.values[self._yes_no]
        for answers in (np.round(leaning), np.ceil(leaning - ROUNDING)):
            lower[self._yes_no] = upper[self._yes_no] = answers
            settled = self.relaxed(lower, upper)
            if settled.values is not None:
                return settled
        return Outcome(Ending.NOTHING)

    def rounded(self, decided: Floats) -> Outcome:
        """Every yes/no held as it was found, and every whole flow next to what was found."""
        program, flows, yes_no = self._model.program, self._model.whole_variables, np.flatnonzero(self._yes_no)
        lower, upper = program.lower, program.upper
        lower[yes_no] = upper[yes_no] = np.round(decided[yes_no])
        lower[flows] = np.maximum(lower[flows], np.floor(decided[flows] + ROUNDING))
        upper[flows] = np.minimum(upper[flows], np.ceil(decided[flows] - ROUNDING))
        if (lower > upper).any():
            return Outcome(Ending.NOTHING)
        return self._search(self._is_whole, lower=lower, upper=upper)

    def _search(
        self,
        is_integer: Booleans,
        method: Method = Method.BRANCH,
        nodes: int = NODES,
        gap: float = GAP,
        lower: Floats | None = None,
        upper: Floats | None = None,
    ) -> Outcome:
        program = self._model.program
        return self._run(
            Task(
                self._matrix,
                program.lower if lower is None else lower,
                program.upper if upper is None else upper,
                is_integer,
                self._expression,
                is_maximised=self._is_any_enough,
                method=method,
                gap=ANY_GAP if self._is_any_enough else gap,
                nodes=nodes if method is Method.BRANCH else None,
            )
        )


def demanded(model: PlanModel) -> Linear:
    """What coverage floors and activities that must go ahead ask for, each as one: more of it is nearer to a plan."""
    program = model.program
    blocks = (program.blocks[n] for rule, numbers in model.blocks_of.items() if rule.key in AIMS for n in numbers)
    return sum((Linear(block.variable, block.coefficient) for block in blocks), Linear.empty())


def _is_small(model: PlanModel) -> bool:
    return model.program.size <= FEW_VARIABLES
