"""The search for the best plan: one level per objective, each keeping what the levels above reached.

Every level runs in up to three stages, measured in tests/bench:
    relaxed   branch and bound with whole flows left fractional: proves the bound, and decides almost every yes/no
    rounded   yes/no fixed as found, every whole flow held to its floor or ceiling: a plan in whole units, quickly
    exact     branch and bound on everything, only where the first two leave more than the asked gap
Effort is bounded by gaps alone unless the caller sets a time limit, so equal input gives equal plans.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.plan import ObjectiveResult
from planner.rulebook import Level
from solver.backend import Ending, Method, Outcome, Task, solve
from solver.events import Event, LevelFinished, PhaseStarted, ProgressMade
from solver.network import PlanModel
from solver.objectives import OBJECTIVES
from solver.options import Options
from solver.program import Booleans, Floats, Linear, Matrix

SMALL = 500  # requirements; up to this size the default gap is 0
LARGE_GAP = 0.01
RELAXED_GAP = 0.002  # the relaxed stage is not asked for less, or not asked at all
ROUNDED_GAP = 1e-4
ROUNDED_NODES = 200
FEW_VARIABLES = 2_000  # up to this many the exact stage alone is quicker
MOST_FOR_SCIP = 10_000  # variables
NODES_SMALL, NODES_LARGE = 1000, 50  # of one stage, where the caller sets neither a gap nor a time limit
ROUNDING = 1e-5  # of an objective: what solutions lose to exact whole numbers without being worse
SNAP = 1e-9  # values this near (relative) to a whole number or a bound mean it
SHARE_OF_TIME = 0.6  # of what is left, for a level that is not the last


class Stopped(Exception):
    """The user cancelled."""


class _Late(Exception):
    """A level has met its deadline."""


class SolverFailure(Exception):
    """The optimiser broke down; never the user's fault."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the search ended with. `values` is None where there is no plan; `is_proven` where each gap was closed."""

    values: Floats | None
    results: tuple[ObjectiveResult, ...]
    is_infeasible: bool
    is_proven: bool
    stopped: str | None


@dataclass(slots=True)
class _Best:
    """The state of one level: the best solution known and the proven bound, None where unknown."""

    values: Floats | None = None
    best: float | None = None
    bound: float | None = None

    @property
    def gap(self) -> float | None:
        """Relative gap of the contract."""
        if self.best is None or self.bound is None:
            return None
        return relative_gap(self.best, self.bound)


def relative_gap(best: float, bound: float) -> float:
    """|bound - best| / max(|best|, 1e-9), and 0 where they differ by no more than rounding."""
    distance = abs(bound - best)
    return 0.0 if distance <= 1e-6 * max(1.0, abs(best)) else distance / max(abs(best), 1e-9)


def default_gap(model: PlanModel) -> float:
    """0 for small scenarios, 1 % for large ones."""
    return 0.0 if len(model.arrays.required_q) <= SMALL else LARGE_GAP


class Search:
    """One run over all levels."""

    def __init__(
        self,
        model: PlanModel,
        levels: tuple[Level, ...],
        options: Options,
        on_event: Callable[[Event], None],
        cancelled: Callable[[], bool],
        began: float,
        opening: Floats,
    ) -> None:
        """`opening` holds, for the yes/no variables of activities, those to begin with."""
        self._opening = opening
        self._model, self._levels = model, levels
        self._options, self._on_event, self._cancelled = options, on_event, cancelled
        self._began = began
        self._gap = options.gap if options.gap is not None else default_gap(model)
        self._objectives = [OBJECTIVES[level.key] for level in levels]
        self._is_large = default_gap(model) > 0
        nodes = NODES_LARGE if self._is_large else NODES_SMALL
        self._nodes = nodes if options.gap is None and options.time_limit is None else None
        self._expressions = [objective.build(model) for objective in self._objectives]
        self._reached: list[tuple[Linear, float, float, bool]] = []  # expression, best, slack, whether maximised
        self._incumbent: Floats | None = None  # the solution of the last level that found one
        self._last_told = 0.0
        self._deadline: float | None = None  # of the level, in seconds since the start
        self._is_late = False  # some stage met its deadline

    def run(self) -> Found:
        """Optimise every level in turn."""
        values: Floats | None = None
        results: list[ObjectiveResult] = []
        is_cancelled = False
        for number, level in enumerate(self._levels):
            state = _Best()
            self._on_event(PhaseStarted(level.key, self._seconds()))
            if not is_cancelled:
                try:
                    if self._optimise_in_time(number, state) and number == 0:
                        return Found(None, (), True, False, None)
                except Stopped:
                    is_cancelled = True
            if state.values is not None:
                self._incumbent = values = state.values
            if values is None:
                return Found(None, (), False, False, "user" if is_cancelled else "time" if self._is_late else None)
            results.append(self._finish_level(number, state, values))
        is_proven = not is_cancelled and all(result.gap <= self._gap + 1e-12 for result in results)
        stopped = "user" if is_cancelled else "time" if self._is_late and not is_proven else None
        return Found(values, tuple(results), False, is_proven, stopped)

    def _optimise_in_time(self, number: int, state: _Best) -> bool:
        """One level until its deadline; the first may use all the time there is before it comes back with nothing."""
        self._deadline = self._deadline_of(number)
        try:
            return self._optimise(number, state)
        except _Late:
            if number > 0 or state.values is not None:
                return False
        self._deadline = self._options.time_limit
        try:
            return self._optimise(number, state)
        except _Late:
            return False

    # -- one level --

    def _optimise(self, number: int, state: _Best) -> bool:
        """Run the stages of one level; True where the level is proven infeasible."""
        program = self._model.program
        if number > 0 and not self._expressions[number].coefficients.any():
            state.values, state.best, state.bound = self._incumbent, 0.0, 0.0  # every plan is equally good here
            return False
        matrix, is_whole = self._matrix(), self._all_integers()
        if not is_whole.any():
            outcome = self._solve(number, state, matrix, program.lower, program.upper, is_whole, Method.SIMPLEX)
            return self._note(number, state, matrix, outcome, proves=True)
        if number == 0 and state.values is None:
            self._open(state, matrix)
        if number > 0 and self._gap > 0 and self._incumbent is not None:
            self._improve_nearby(number, state, matrix)
        if self._is_closed(state):
            return False
        if program.size > FEW_VARIABLES and self._relax(number, state, matrix):
            return state.values is None
        has_plan = state.values is not None or self._incumbent is not None
        is_enough = self._is_large and self._nodes is not None and has_plan  # more effort hardly ever gained anything
        if self._is_closed(state) or is_enough:
            return False
        method = self._branching() if has_plan else Method.BRANCH
        if not has_plan:
            self._nodes = None  # the question whether there is any plan gets all the effort it takes
        exact = self._solve(number, state, matrix, program.lower, program.upper, is_whole, method, self._gap)
        return self._note(number, state, matrix, exact, proves=True)

    def _relax(self, number: int, state: _Best, matrix: Matrix) -> bool:
        """The relaxed stage and what it leads to; True where it is proven infeasible."""
        program = self._model.program
        gap = max(self._gap / 2, RELAXED_GAP)
        relaxed = self._solve(
            number,
            state,
            matrix,
            program.lower,
            program.upper,
            program.is_integer,
            self._branching() if number > 0 else Method.BRANCH,
            gap,
            share=0.6,
        )
        if relaxed.ending is Ending.INFEASIBLE:
            return True
        self._keep_bound(number, state, relaxed.bound)
        if relaxed.values is not None and (
            number == 0 or not self._round_with_room(number, state, matrix, relaxed.values)
        ):
            self._round(number, state, matrix, relaxed.values)
        if relaxed.values is not None and not self._is_closed(state):
            self._search_between(number, state, matrix, relaxed.values)
        return False

    def _branching(self) -> Method:
        """SCIP where it keeps up: it starts from the last plan, and was up to twice as fast on later levels."""
        return Method.BRANCH_SCIP if self._model.program.size <= MOST_FOR_SCIP else Method.BRANCH

    def _open(self, state: _Best, matrix: Matrix) -> None:
        """A first plan within seconds, so that stopping early has an answer.

        The activities that the pro-rata split carries far enough go ahead, else only those that must; with every
        charge that comes once allowed, else with none.
        """
        program, go = self._model.program, self._model.go_variable_a
        go = go[go >= 0]
        others = np.setdiff1d(np.flatnonzero(program.is_integer), go)
        none = program.lower
        for ahead in (self._opening, none):
            for charge in (1.0, 0.0) if len(others) else (0.0,):
                decided = none.copy()
                decided[go] = np.maximum(none[go], ahead[go])
                decided[others] = charge
                if self._round_with_room(0, state, matrix, decided) and state.values is not None:
                    return

    def _improve_nearby(self, number: int, state: _Best, matrix: Matrix) -> None:
        """A later level: bound it by its linear relaxation, and look for a plan with every yes/no as before."""
        program = self._model.program
        nothing = np.zeros(program.size, dtype=bool)
        relaxation = self._solve(
            number, state, matrix, program.lower, program.upper, nothing, Method.SIMPLEX, share=0.3, may_fail=True
        )
        self._keep_bound(number, state, relaxation.best)
        assert self._incumbent is not None
        self._round_with_room(number, state, matrix, self._incumbent)

    def _round_with_room(self, number: int, state: _Best, matrix: Matrix, decided: Floats) -> bool:
        """Hold every yes/no as in `decided`, leave some tolerance of the levels above unused, and round that.

        Each later level may use up a little more of it, so that whole units still fit; True where it had a solution.
        """
        program = self._model.program
        lower, upper = program.lower, program.upper
        yes_no = np.flatnonzero(program.is_integer)
        lower[yes_no] = upper[yes_no] = np.round(decided[yes_no])
        nothing = np.zeros(program.size, dtype=bool)
        roomy = self._matrix(used=number / len(self._levels)) if number > 0 else matrix
        outcome = self._solve(number, state, roomy, lower, upper, nothing, Method.SIMPLEX, share=0.5, may_fail=True)
        if outcome.values is not None:
            self._round(number, state, matrix, outcome.values)
        return outcome.values is not None

    def _round(self, number: int, state: _Best, matrix: Matrix, relaxed: Floats) -> None:
        """Hold every yes/no as found and every whole flow between its floor and ceiling, and solve what is left."""
        program, whole = self._model.program, self._model.whole_variables
        decided = np.flatnonzero(program.is_integer)
        flow = relaxed[whole]
        is_settled = np.abs(flow - np.round(flow)) < 1e-6
        lower, upper = program.lower, program.upper
        lower[decided] = upper[decided] = np.round(relaxed[decided])
        lower[whole] = np.maximum(lower[whole], np.where(is_settled, np.round(flow), np.floor(flow)))
        upper[whole] = np.minimum(upper[whole], np.where(is_settled, np.round(flow), np.ceil(flow)))
        outcome = self._solve(
            number,
            state,
            matrix,
            lower,
            upper,
            self._all_integers(),
            Method.BRANCH,
            max(self._gap / 4, ROUNDED_GAP),
            share=0.5,
            may_fail=True,
            nodes=ROUNDED_NODES,
        )
        self._note(number, state, matrix, outcome, proves=False)

    def _search_between(self, number: int, state: _Best, matrix: Matrix, relaxed: Floats) -> None:
        """Between what was found and the last plan, which is in reach and fits: a plan at least as good as that one."""
        last = state.values if state.values is not None else self._incumbent
        if last is None or self._branching() is not Method.BRANCH_SCIP:
            return
        lower, upper = self._model.program.lower, self._model.program.upper
        whole = self._all_integers()
        lower[whole] = np.maximum(lower, np.minimum(np.floor(relaxed + 1e-6), last))[whole]
        upper[whole] = np.minimum(upper, np.maximum(np.ceil(relaxed - 1e-6), last))[whole]
        outcome = self._solve(
            number,
            state,
            matrix,
            lower,
            upper,
            whole,
            Method.BRANCH_SCIP,
            self._gap / 4,
            share=0.5,
            may_fail=True,
            nodes=ROUNDED_NODES,
        )
        self._note(number, state, matrix, outcome, proves=False)

    def _is_closed(self, state: _Best) -> bool:
        return state.gap is not None and state.gap <= self._gap

    def _keep_bound(self, number: int, state: _Best, bound: float | None) -> None:
        """Keep the tighter of two proven bounds."""
        if bound is not None:
            tighter = min if self._objectives[number].is_maximised else max
            state.bound = bound if state.bound is None else tighter(state.bound, bound)

    def _note(self, number: int, state: _Best, matrix: Matrix, outcome: Outcome, *, proves: bool) -> bool:
        """Keep a better solution, and where the stage proves one the tighter bound; True where proven infeasible."""
        if outcome.ending is Ending.INFEASIBLE:
            return proves and state.values is None
        is_maximised, best = self._objectives[number].is_maximised, None
        if outcome.values is not None:
            values = self._polished(number, matrix, outcome.values)
            best = self._expressions[number].value(values)
            if state.best is None or (best > state.best) == is_maximised:
                state.values, state.best = values, best
        if proves:
            self._keep_bound(number, state, self._polished_bound(outcome, best))
        return False

    def _polished_bound(self, outcome: Outcome, best: float | None) -> float | None:
        """The bound, moved by what polishing took off the solution where that is no more than rounding."""
        if outcome.bound is None or outcome.best is None or best is None:
            return outcome.bound
        taken = outcome.best - best
        return outcome.bound - taken if abs(taken) <= ROUNDING * max(1.0, abs(best)) else outcome.bound

    def _solve(
        self,
        number: int,
        state: _Best,
        matrix: Matrix,
        lower: Floats,
        upper: Floats,
        is_integer: Booleans,
        method: Method,
        gap: float = 0.0,
        *,
        share: float = 1.0,
        may_fail: bool = False,
        nodes: int | None = None,
    ) -> Outcome:
        task = Task(
            matrix,
            lower,
            upper,
            is_integer,
            self._expressions[number],
            self._objectives[number].is_maximised,
            method,
            gap,
            self._seconds_left(share),
            nodes if nodes is not None else self._nodes,
            self._options.seed,
            state.values if state.values is not None else self._incumbent,
        )
        key, is_plan = self._levels[number].key, bool(np.array_equal(is_integer, self._all_integers()))
        outcome = solve(
            task,
            on_poll=lambda best, bound: self._tell(key, state, best if is_plan else None, bound),
            cancelled=self._cancelled,
        )
        if outcome.ending is Ending.CANCELLED:
            raise Stopped
        if outcome.ending is Ending.FAILED and not may_fail:
            raise SolverFailure(outcome.detail)
        if self._deadline is not None and outcome.ending in (Ending.NOTHING, Ending.FEASIBLE):
            self._is_late = True
        return outcome

    def _all_integers(self) -> Booleans:
        is_whole = self._model.program.is_integer.copy()
        is_whole[self._model.whole_variables] = True
        return is_whole

    # -- levels above and below --

    def _matrix(self, used: float = 1.0) -> Matrix:
        """The rules, and a row for each level above: keep its best, less its tolerance and rounding.

        `used` is the share of that tolerance which may be used.
        """
        program = self._model.program
        blocks = len(program.blocks)
        for expression, best, slack, is_maximised in self._reached:
            allowed = slack * used
            if is_maximised:
                program.add_row("level", expression, lower=best - allowed)
            else:
                program.add_row("level", expression, upper=best + allowed)
        matrix = program.matrix()
        del program.blocks[blocks:]
        return matrix

    def _finish_level(self, number: int, state: _Best, values: Floats) -> ObjectiveResult:
        level, expression = self._levels[number], self._expressions[number]
        is_maximised = self._objectives[number].is_maximised
        best = state.best if state.best is not None else self._value_at(number, values)
        self._keep_bound(number, state, self._trivial_bound(number))
        assert state.bound is not None
        bound = state.bound
        bound = max(bound, best) if is_maximised else min(bound, best)
        slack = level.tolerance * abs(best) + 1e-6 * max(1.0, abs(best))
        self._reached.append((expression, best, slack, is_maximised))
        gap = relative_gap(best, bound)
        self._on_event(LevelFinished(level.key, best, bound, gap, self._seconds()))
        return ObjectiveResult(level.key, best, best, bound, gap)

    def _value_at(self, number: int, values: Floats) -> float:
        """What an objective comes to at a solution found for another one: flows are held, the rest is free."""
        program = self._model.program
        lower, upper = program.lower, program.upper
        held = np.concatenate([self._model.serving.variable, self._model.supplying.variable])
        lower[held] = upper[held] = values[held]
        task = Task(
            program.matrix(),
            lower,
            upper,
            program.is_integer,
            self._expressions[number],
            self._objectives[number].is_maximised,
            seconds=self._grace(),
        )
        outcome = solve(task)
        return outcome.best if outcome.best is not None else self._expressions[number].value(values)

    def _trivial_bound(self, number: int) -> float:
        """What no solution can beat, from the bounds of the variables alone."""
        expression, program = self._expressions[number], self._model.program
        lower = program.lower[expression.variables] * expression.coefficients
        upper = program.upper[expression.variables] * expression.coefficients
        extreme = np.maximum(lower, upper) if self._objectives[number].is_maximised else np.minimum(lower, upper)
        return float(extreme.sum())

    # -- time and progress --

    def _seconds(self) -> float:
        return time.monotonic() - self._began

    def _deadline_of(self, number: int) -> float | None:
        """When a level must have ended, in seconds since the start; a level that is not the last leaves some time."""
        if self._options.time_limit is None:
            return None
        left = self._options.time_limit - self._seconds()
        return self._seconds() + (left if number == len(self._levels) - 1 else left * SHARE_OF_TIME)

    def _seconds_left(self, share: float) -> float | None:
        """Seconds that a stage may take of what is left to its level; raises _Late when nothing is."""
        if self._cancelled():
            raise Stopped
        if self._deadline is None:
            return None
        left = self._deadline - self._seconds()
        if left <= 0.01:
            self._is_late = True
            raise _Late
        return left * share

    def _grace(self) -> float | None:
        """Seconds for a small step that must not be left out, even when the time is up."""
        return None if self._deadline is None else max(2.0, self._deadline - self._seconds())

    def _tell(self, key: str, state: _Best, best: float | None, bound: float | None) -> None:
        now = self._seconds()
        if now - self._last_told < 0.25:
            return
        self._last_told = now
        known = _Best(None, best if state.best is None else state.best, bound if state.bound is None else state.bound)
        self._on_event(ProgressMade(key, known.best, known.bound, known.gap, now))

    def _polished(self, number: int, matrix: Matrix, values: Floats) -> Floats:
        """The solution with its whole numbers made exactly whole, and the rest solved once more around them.

        An optimiser's 0.0000002 of a yes lets through crumbs that would count as real deliveries.
        """
        program, whole = self._model.program, self._all_integers()
        snapped = self._snapped(values)
        if not whole.any():
            return snapped
        lower, upper = program.lower, program.upper
        lower[whole] = upper[whole] = snapped[whole]
        expression, is_maximised = self._expressions[number], self._objectives[number].is_maximised
        nothing = np.zeros_like(whole)
        seconds = self._grace()
        outcome = solve(
            Task(matrix, lower, upper, nothing, expression, is_maximised, Method.SIMPLEX, seconds=seconds),
            cancelled=self._cancelled,
        )
        return snapped if outcome.values is None else self._snapped(outcome.values)

    def _snapped(self, values: Floats) -> Floats:
        """Values within rounding of a bound or, for whole variables, of a whole number, set to it."""
        program = self._model.program
        lower, upper = program.lower, program.upper
        snapped = np.clip(values, lower, upper)
        whole = np.flatnonzero(self._all_integers())
        snapped[whole] = np.round(snapped[whole])
        span = np.maximum(1.0, np.abs(upper))
        snapped = np.where(np.abs(snapped - lower) <= SNAP * span, lower, snapped)
        return np.where(np.abs(upper - snapped) <= SNAP * span, upper, snapped)
