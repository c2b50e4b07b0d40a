"""Runs of the optimiser on one level of the search, and the best plan and bound that came of them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from solver.backend import Ending, Method, Outcome, Task, solve
from solver.network.plan_model import PlanModel
from solver.program import Booleans, Floats, Integers, Matrix
from solver.search.goals import Effort, Goal, Reached, State
from solver.search.pace import Pace, Stopped

ROUNDED_GAP = 1e-4
ROUNDED_NODES = 200
MOST_FOR_SIMPLEX = 5_000  # variables; above, the interior point method solves a later level's relaxation sooner
ROUNDING = 1e-5  # of an objective: what solutions lose to exact whole numbers without being worse
SNAP = 1e-9  # values this near (relative) to a whole number or a bound mean it


class SolverFailure(Exception):
    """The optimiser broke down; never the user's fault."""


class Runs:
    """The program of one level: its goal under the rules and what the levels above reached.

    `last_plan` is the solution of the level above. `whole` are the variables that a plan has in whole numbers,
    `yes_no` those that the model itself holds whole.
    """

    def __init__(
        self,
        model: PlanModel,
        goal: Goal,
        above: Sequence[Reached],
        last_plan: Floats | None,
        effort: Effort,
        pace: Pace,
    ) -> None:
        self.state = State()
        self.model, self.goal, self.last_plan = model, goal, last_plan
        self.nodes = effort.nodes
        self.is_whole = model.program.is_integer
        self.is_whole[model.whole_variables] = True
        self.is_yes_no = model.program.is_integer
        self.nothing = np.zeros(model.program.size, dtype=bool)
        self._above, self._effort, self._pace = tuple(above), effort, pace
        self._matrices: dict[float, Matrix] = {}

    @property
    def is_closed(self) -> bool:
        """Whether the asked gap is proven."""
        return self.state.gap is not None and self.state.gap <= self._effort.gap

    def solve(
        self,
        is_integer: Booleans,
        method: Method,
        gap: float = 0.0,
        *,
        used: float = 1.0,
        lower: Floats | None = None,
        upper: Floats | None = None,
        share: float = 1.0,
        may_fail: bool = False,
        nodes: int | None = None,
    ) -> Outcome:
        """One run. `used` is the share of the tolerances above that may be used, `share` that of the time left."""
        state = self.state
        proves = lower is None and upper is None and used == 1.0
        # HiGHS, begun at a plan, has called a plan the best one where the oracle knew a better one (one in thousands).
        start = state.values if state.values is not None else self.last_plan
        if proves and method is Method.BRANCH:
            start = None
        task = Task(
            self._matrix(used),
            self.model.program.lower if lower is None else lower,
            self.model.program.upper if upper is None else upper,
            is_integer,
            self.goal.expression,
            self.goal.is_maximised,
            method,
            gap,
            self._pace.seconds_left(share),
            nodes if nodes is not None else self.nodes,
            self._effort.seed,
            start,
        )
        outcome = self._watched(task, proves)
        if outcome.ending is Ending.FAILED and method is Method.BRANCH and not may_fail:
            # HiGHS breaks down now and then, on one in thousands of the oracle's scenarios.
            again = replace(task, method=Method.BRANCH_SCIP, seconds=self._pace.seconds_left(share))
            outcome = self._watched(again, proves)
        if outcome.ending is Ending.CANCELLED:
            if proves:
                self.keep_bound(_loosened(outcome.bound, self.goal))
            raise Stopped
        if outcome.ending is Ending.FAILED and not may_fail:
            raise SolverFailure(outcome.detail)
        if outcome.ending in (Ending.NOTHING, Ending.FEASIBLE):
            self._pace.note_limit()
        return outcome

    def _watched(self, task: Task, proves: bool) -> Outcome:
        """One call of the optimiser, whose bound is told where it is that of the level.

        Its best is not: a solution stays in the optimiser until it ends, and only a plan that stopping keeps is told.
        """
        return solve(
            task,
            on_poll=lambda _, bound: self._tell(bound if proves else None),
            cancelled=self._pace.cancelled,
        )

    def relax(
        self,
        used: float = 1.0,
        lower: Floats | None = None,
        upper: Floats | None = None,
        share: float = 0.7,
    ) -> Outcome:
        """The linear relaxation, within bounds; cut short it is worth nothing, and rounding it is quick."""
        method = Method.SIMPLEX if self.model.program.size <= MOST_FOR_SIMPLEX else Method.BARRIER
        return self.solve(self.nothing, method, used=used, lower=lower, upper=upper, share=share, may_fail=True)

    def keep_whole(self, relaxed: Outcome) -> bool:
        """Keep the solution of a linear program with each yes/no held, if its flows came out whole; whether so."""
        whole = np.flatnonzero(self.is_whole)
        if relaxed.ending is not Ending.OPTIMAL or relaxed.values is None:
            return False
        if np.any(np.abs(relaxed.values[whole] - np.round(relaxed.values[whole])) > SNAP):
            return False
        self._keep(snap(relaxed.values, self.model.program.lower, self.model.program.upper, whole))
        return True

    def try_within(
        self,
        lower: Floats,
        upper: Floats,
        method: Method = Method.BRANCH,
        gap: float = ROUNDED_GAP,
        used: float = 1.0,
        share: float = 0.5,
    ) -> bool:
        """A plan in whole units within narrow bounds, kept where it is better; whether there was one."""
        outcome = self.solve(
            self.is_whole,
            method,
            gap,
            used=used,
            lower=lower,
            upper=upper,
            share=share,
            may_fail=True,
            nodes=ROUNDED_NODES,
        )
        self.note(outcome, proves=False)
        return outcome.values is not None

    def note(self, outcome: Outcome, *, proves: bool) -> bool:
        """Keep a better solution, and where the run proves one the tighter bound; True where proven infeasible."""
        if outcome.ending is Ending.INFEASIBLE:
            return proves and self.state.values is None
        best = None if outcome.values is None else self._keep(self._polished(outcome.values))
        if proves:
            self.keep_bound(_polished_bound(outcome, best))
        return False

    def _keep(self, values: Floats) -> float:
        """Keep a solution where it is better; its value."""
        state, best = self.state, self.goal.expression.value(values)
        if state.best is None or (best > state.best) == self.goal.is_maximised:
            state.values, state.best = values, best
        return best

    def keep_bound(self, bound: float | None) -> None:
        """Keep the tighter of two proven bounds."""
        if bound is not None:
            tighter = min if self.goal.is_maximised else max
            self.state.bound = bound if self.state.bound is None else tighter(self.state.bound, bound)

    def keep_bound_of(self, relaxed: Outcome, used: float) -> None:
        """The bound of a relaxation that was held to a share of the tolerances above.

        What all of them would gain beyond it is no more than the duals of their rows say (weak duality).
        """
        if relaxed.best is None or relaxed.duals is None:
            return
        first = len(relaxed.duals) - len(self._above)  # the rows of the levels above are the last
        slack = np.array([reached.slack for reached in self._above]) / self._matrix(used).scale[first:]
        gained = (1.0 - used) * float(np.abs(relaxed.duals[first:]) @ slack)
        self.keep_bound(relaxed.best + gained if self.goal.is_maximised else relaxed.best - gained)

    def value_of_last_plan(self) -> float:
        """What the goal comes to at the last plan, found for another one: flows are held, the rest is free."""
        assert self.last_plan is not None
        program, goal = self.model.program, self.goal
        lower, upper = program.lower, program.upper
        held = np.concatenate([self.model.serving.variable, self.model.supplying.variable])
        lower[held] = upper[held] = self.last_plan[held]
        outcome = solve(
            Task(
                program.matrix(),
                lower,
                upper,
                program.is_integer,
                goal.expression,
                goal.is_maximised,
                seconds=self._pace.grace(),
            )
        )
        return outcome.best if outcome.best is not None else goal.expression.value(self.last_plan)

    def _matrix(self, used: float) -> Matrix:
        """The rules, and a row for each level above: keep its best, less the share `used` of its slack."""
        if used in self._matrices:
            return self._matrices[used]
        program = self.model.program
        blocks = len(program.blocks)
        for reached in self._above:
            allowed = reached.slack * used
            if reached.goal.is_maximised:
                program.add_row("level", reached.goal.expression, lower=reached.best - allowed)
            else:
                program.add_row("level", reached.goal.expression, upper=reached.best + allowed)
        self._matrices[used] = matrix = program.matrix()
        del program.blocks[blocks:]
        return matrix

    def _tell(self, bound: float | None) -> None:
        state = self.state
        known = State(None, state.best, bound if state.bound is None else state.bound)
        self._pace.tell_progress(self.goal.key, known.best, known.bound, known.gap)

    def _polished(self, values: Floats) -> Floats:
        """The solution with its whole numbers made exactly whole, and the rest solved once more around them.

        An optimiser's 0.0000002 of a yes lets through crumbs that would count as real deliveries.
        """
        program = self.model.program
        whole = np.flatnonzero(self.is_whole)
        snapped = snap(values, program.lower, program.upper, whole)
        if not len(whole):
            return snapped
        lower, upper = program.lower, program.upper
        lower[whole] = upper[whole] = snapped[whole]
        goal, seconds = self.goal, self._pace.grace()
        outcome = solve(
            Task(
                self._matrix(1.0),
                lower,
                upper,
                self.nothing,
                goal.expression,
                goal.is_maximised,
                Method.SIMPLEX,
                seconds=seconds,
            )
        )
        return snapped if outcome.values is None else snap(outcome.values, program.lower, program.upper, whole)


def _loosened(bound: float | None, goal: Goal) -> float | None:
    """A bound read off a message, which shows no more than seven digits of it."""
    if bound is None:
        return None
    margin = ROUNDING * max(1.0, abs(bound))
    return bound + margin if goal.is_maximised else bound - margin


def _polished_bound(outcome: Outcome, best: float | None) -> float | None:
    """The bound, moved by what polishing took off the solution where that is no more than rounding."""
    if outcome.bound is None or outcome.best is None or best is None:
        return outcome.bound
    taken = outcome.best - best
    return outcome.bound - taken if abs(taken) <= ROUNDING * max(1.0, abs(best)) else outcome.bound


def snap(values: Floats, lower: Floats, upper: Floats, whole: Integers) -> Floats:
    """Values within rounding of a bound or, for whole variables, of a whole number, set to it."""
    snapped = np.clip(values, lower, upper)
    snapped[whole] = np.round(snapped[whole])
    span = np.maximum(1.0, np.abs(upper))
    snapped = np.where(np.abs(snapped - lower) <= SNAP * span, lower, snapped)
    return np.where(np.abs(upper - snapped) <= SNAP * span, upper, snapped)
