"""The stages in which one level of the search is optimised, measured in tests/bench.

    open      the first plan within seconds: activities from the pro-rata split, everything else as it fits
    bound     the linear relaxation: a proven bound, and a first idea of almost every yes/no
    near      later levels of large scenarios: yes/no that the relaxation and the last plan agree on are held
    relaxed   branch and bound with whole flows left fractional
    rounded   yes/no fixed as found, every whole flow held to its floor or ceiling: a plan in whole units, quickly
    between   all that lies between a relaxed solution and the last plan
    exact     branch and bound on everything, where the others leave more than the asked gap
Later levels leave some tolerance of those above unused before they round, so that whole units still fit.
"""

from collections.abc import Callable, Sequence

import numpy as np

from solver.backend import Ending, Method, Outcome, Task, solve
from solver.goals import Effort, Goal, Reached, State
from solver.network import PlanModel
from solver.pace import Pace, Stopped
from solver.program import INFINITY, Booleans, Floats, Integers, Matrix

RELAXED_GAP = 0.002  # the relaxed stage is not asked for less, or not asked at all
ROUNDED_GAP = 1e-4
ROUNDED_NODES = 200
OPENING_GAP, OPENING_NODES = 0.05, 20
FEW_VARIABLES = 2_000  # up to this many the exact stage alone is quicker
MOST_FOR_SCIP = 10_000  # variables
MOST_FOR_SIMPLEX = 5_000  # variables; above, the interior point method solves a later level's relaxation sooner
MOST_RELAXED_TWICE = 20_000  # variables; above, one relaxation takes most of the time, branching has none for its root
ROUNDING = 1e-5  # of an objective: what solutions lose to exact whole numbers without being worse
SNAP = 1e-9  # values this near (relative) to a whole number or a bound mean it
DECIDED = 1e-6  # from a whole number: the relaxation decides a yes/no
KEPT_FOR_LEVELS, KEPT_FOR_WHOLE, LEAST_USED = 0.12, 0.1, 0.2  # of each tolerance: per level below, and for rounding


class SolverFailure(Exception):
    """The optimiser broke down; never the user's fault."""


class Level:
    """One level: its goal under the rules and what the levels above reached. `incumbent` is their last plan."""

    def __init__(
        self,
        model: PlanModel,
        goal: Goal,
        above: Sequence[Reached],
        levels_below: int,
        incumbent: Floats | None,
        effort: Effort,
        pace: Pace,
    ) -> None:
        self.state = State()
        self.on_first_plan: Callable[[Floats], None] = lambda values: None
        self._model, self._goal, self._above = model, goal, tuple(above)
        self._incumbent, self._effort, self._pace = incumbent, effort, pace
        self._nodes = effort.nodes
        self._used = max(LEAST_USED, 1.0 - KEPT_FOR_LEVELS * levels_below) if above else 1.0
        self._matrices: dict[float, Matrix] = {}
        self.is_whole = model.program.is_integer
        self.is_whole[model.whole_variables] = True
        self._yes_no = np.flatnonzero(model.program.is_integer)
        self._nothing = np.zeros(model.program.size, dtype=bool)
        self._is_short = pace.deadline is not None and model.program.size > MOST_RELAXED_TWICE  # of time to branch

    # -- the order of the stages --

    def optimise(self, opening: Floats) -> bool:
        """Run the stages; True where the level is proven infeasible. `opening` says which activities to begin with."""
        if self._incumbent is not None and not self._goal.expression.coefficients.any():
            self.state.values, self.state.best, self.state.bound = self._incumbent, 0.0, 0.0  # all plans are equal here
            return False
        if not self.is_whole.any():
            return self._note(self._solve(self._nothing, Method.SIMPLEX), proves=True)
        if self._incumbent is None and self.state.values is None:
            self._open(opening)
        if self._incumbent is not None and self._effort.gap > 0:
            self._go_on_from_last_plan()
        if self._is_closed():
            return False
        is_enough = self._effort.is_large and self._nodes is not None  # more hardly ever gained anything
        if self._incumbent is not None and (is_enough or self._is_short):
            return False
        if self._model.program.size > FEW_VARIABLES and self._relax():
            return self.state.values is None
        has_plan = self.state.values is not None or self._incumbent is not None
        if self._is_closed() or (is_enough and has_plan):
            return False
        if not has_plan:
            self._nodes = None  # the question whether there is any plan gets all the effort it takes
        method = self._branching() if has_plan else Method.BRANCH
        return self._note(self._solve(self.is_whole, method, self._effort.gap), proves=True)

    def hold_yes_no(self) -> None:
        """The best with every yes/no as in the last plan. Proves nothing."""
        assert self._incumbent is not None
        self._round_with_room(self._incumbent)

    # -- stages --

    def _open(self, opening: Floats) -> None:
        """A first plan within seconds, so that stopping early has an answer.

        The activities that the pro-rata split carries far enough go ahead, else only those that must; with every
        charge that comes once allowed, else as it fits. Other yes/no decisions are left free.
        """
        go = self._model.go_variable_a[self._model.go_variable_a >= 0]
        charges = _one_off_variables(self._model)
        is_free = self._model.program.is_integer
        is_free[go] = False
        for ahead in (opening, self._model.program.lower):
            for pays_all in (True, False) if len(charges) else (True,):
                lower, upper = self._model.program.lower, self._model.program.upper
                lower[go] = np.maximum(lower[go], ahead[go])
                upper[go] = np.minimum(upper[go], np.maximum(lower[go], ahead[go]))
                searched = is_free.copy()
                searched[charges] = not pays_all
                if pays_all:
                    lower[charges] = upper[charges]
                method = Method.BRANCH if searched.any() else Method.SIMPLEX
                outcome = self._solve(
                    searched,
                    method,
                    OPENING_GAP,
                    lower=lower,
                    upper=upper,
                    share=0.5,
                    may_fail=True,
                    nodes=OPENING_NODES,
                )
                if outcome.values is not None:
                    self._round(outcome.values)
                if self.state.values is not None:
                    self.on_first_plan(self.state.values)
                    return

    def _bound(self) -> Floats | None:
        """Bound a later level by its linear relaxation; its solution.

        Where that takes too long, by the relaxation without the levels above, which the simplex method solves sooner.
        """
        outcome = freed = self._solve(self._nothing, self._relaxing(), share=0.8, may_fail=True)
        if outcome.ending is not Ending.OPTIMAL:
            freed = self._solve(self._nothing, Method.SIMPLEX, used=INFINITY, share=0.8, may_fail=True)
        if freed.ending is Ending.OPTIMAL:
            self.keep_bound(freed.best)
        return outcome.values

    def _go_on_from_last_plan(self) -> None:
        """A bound for a later level, and plans between what gives it and the last plan."""
        if len(_one_off_variables(self._model)):
            self._decide_charges_anew()
        idea = self._bound()
        if self._is_short:
            if idea is None or not self._round(idea):
                self.hold_yes_no()
            return
        if self._effort.is_large:
            self._search_near(idea)
        if self.state.values is None:
            self.hold_yes_no()

    def _decide_charges_anew(self) -> None:
        """The last plan with only the charges that its flows need: levels that do not read costs allow any."""
        assert self._incumbent is not None
        lower, upper = self._model.program.lower, self._model.program.upper
        held = self.is_whole.copy()
        held[_one_off_variables(self._model)] = False
        lower[held] = upper[held] = self._incumbent[held]
        outcome = self._solve(
            self.is_whole,
            Method.BRANCH,
            ROUNDED_GAP,
            lower=lower,
            upper=upper,
            share=0.2,
            may_fail=True,
            nodes=ROUNDED_NODES,
        )
        self._note(outcome, proves=False)

    def _search_near(self, idea: Floats | None) -> None:
        """Hold what the relaxation decides as the last plan did; charges that it does not need stay away."""
        assert self._incumbent is not None
        roomy = self._used - KEPT_FOR_WHOLE
        if self._model.program.size <= MOST_RELAXED_TWICE:
            idea = self._solve(self._nothing, self._relaxing(), used=roomy, share=0.5, may_fail=True).values
        if idea is None:
            return
        program, charges = self._model.program, _one_off_variables(self._model)
        lower, upper = program.lower, program.upper
        settled = self._yes_no[np.abs(idea - np.round(idea))[self._yes_no] < DECIDED]
        is_charge = np.isin(settled, charges)
        held = settled[is_charge | (np.round(idea) == np.round(self._incumbent))[settled]]
        lower[held] = upper[held] = np.round(idea[held])
        outcome = self._solve(
            program.is_integer,
            Method.BRANCH,
            max(self._effort.gap / 2, RELAXED_GAP),
            used=roomy,
            lower=lower,
            upper=upper,
            share=0.5,
            may_fail=True,
        )
        if outcome.values is not None and not self._round(outcome.values):
            self._search_between(outcome.values)

    def _relax(self) -> bool:
        """The relaxed stage and what it leads to; True where it is proven infeasible."""
        relaxed = self._solve(
            self._model.program.is_integer,
            self._branching() if self._incumbent is not None else Method.BRANCH,
            max(self._effort.gap / 2, RELAXED_GAP),
            share=0.6,
        )
        if relaxed.ending is Ending.INFEASIBLE:
            return True
        self.keep_bound(relaxed.bound)
        if relaxed.values is None:
            return False
        if self._incumbent is None or not self._round_with_room(relaxed.values):
            self._round(relaxed.values)
        if not self._is_closed():
            self._search_between(relaxed.values)
        return False

    def _round_with_room(self, decided: Floats) -> bool:
        """Hold every yes/no as in `decided`, leave some tolerance of the levels above unused, and round that.

        True where it had a solution.
        """
        lower, upper = self._model.program.lower, self._model.program.upper
        lower[self._yes_no] = upper[self._yes_no] = np.round(decided[self._yes_no])
        outcome = self._solve(
            self._nothing,
            self._relaxing(),
            used=self._used - KEPT_FOR_WHOLE,
            lower=lower,
            upper=upper,
            share=0.5,
            may_fail=True,
        )
        if outcome.values is not None:
            self._round(outcome.values)
        return outcome.values is not None

    def _round(self, relaxed: Floats) -> bool:
        """Hold every yes/no as found and every whole flow between its floor and ceiling, and solve what is left.

        True where it had a solution.
        """
        program, whole = self._model.program, self._model.whole_variables
        flow = relaxed[whole]
        is_settled = np.abs(flow - np.round(flow)) < DECIDED
        lower, upper = program.lower, program.upper
        lower[self._yes_no] = upper[self._yes_no] = np.round(relaxed[self._yes_no])
        lower[whole] = np.maximum(lower[whole], np.where(is_settled, np.round(flow), np.floor(flow)))
        upper[whole] = np.minimum(upper[whole], np.where(is_settled, np.round(flow), np.ceil(flow)))
        for used in sorted({self._used, 1.0}):
            outcome = self._solve(
                self.is_whole,
                Method.BRANCH,
                max(self._effort.gap / 4, ROUNDED_GAP),
                used=used,
                lower=lower,
                upper=upper,
                share=0.5,
                may_fail=True,
                nodes=ROUNDED_NODES,
            )
            self._note(outcome, proves=False)
            if outcome.values is not None:
                return True
        return False

    def _search_between(self, relaxed: Floats) -> None:
        """Between what was found and the last plan, which is in reach and fits: a plan at least as good as that one."""
        last = self.state.values if self.state.values is not None else self._incumbent
        if last is None:
            return
        lower, upper, whole = self._model.program.lower, self._model.program.upper, self.is_whole
        lower[whole] = np.maximum(lower, np.minimum(np.floor(relaxed + DECIDED), last))[whole]
        upper[whole] = np.minimum(upper, np.maximum(np.ceil(relaxed - DECIDED), last))[whole]
        outcome = self._solve(
            whole,
            self._branching(),
            self._effort.gap / 4,
            lower=lower,
            upper=upper,
            share=0.5,
            may_fail=True,
            nodes=ROUNDED_NODES,
        )
        self._note(outcome, proves=False)

    # -- what a stage is made of --

    def _branching(self) -> Method:
        """SCIP where it keeps up: it was up to twice as fast on later levels of small scenarios."""
        is_small = not self._effort.is_large and self._model.program.size <= MOST_FOR_SCIP
        return Method.BRANCH_SCIP if is_small else Method.BRANCH

    def _relaxing(self) -> Method:
        return Method.SIMPLEX if self._model.program.size <= MOST_FOR_SIMPLEX else Method.BARRIER

    def _solve(
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
        """One run of the optimiser. `used` is the share of the tolerances above that may be used."""
        state, is_plan = self.state, bool(np.array_equal(is_integer, self.is_whole))
        proves = lower is None and upper is None and used == 1.0
        # HiGHS, begun at a plan, has called a plan the best one where the oracle knew a better one (one in thousands).
        start = state.values if state.values is not None else self._incumbent
        if proves and method is Method.BRANCH:
            start = None
        task = Task(
            self._matrix(used),
            self._model.program.lower if lower is None else lower,
            self._model.program.upper if upper is None else upper,
            is_integer,
            self._goal.expression,
            self._goal.is_maximised,
            method,
            gap,
            self._pace.seconds_left(share),
            nodes if nodes is not None else self._nodes,
            self._effort.seed,
            start,
        )
        outcome = solve(
            task,
            on_poll=lambda best, bound: self._tell(best if is_plan else None, bound if proves else None),
            cancelled=self._pace.cancelled,
        )
        if outcome.ending is Ending.CANCELLED:
            raise Stopped
        if outcome.ending is Ending.FAILED and not may_fail:
            raise SolverFailure(outcome.detail)
        if outcome.ending in (Ending.NOTHING, Ending.FEASIBLE):
            self._pace.note_limit()
        return outcome

    def _tell(self, best: float | None, bound: float | None) -> None:
        state = self.state
        known = State(None, best if state.best is None else state.best, bound if state.bound is None else state.bound)
        self._pace.tell_progress(self._goal.key, known.best, known.bound, known.gap)

    def _matrix(self, used: float) -> Matrix:
        """The rules, and a row for each level above: keep its best, less the share `used` of its slack."""
        if used in self._matrices:
            return self._matrices[used]
        program = self._model.program
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

    def _is_closed(self) -> bool:
        return self.state.gap is not None and self.state.gap <= self._effort.gap

    def keep_bound(self, bound: float | None) -> None:
        """Keep the tighter of two proven bounds."""
        if bound is not None:
            tighter = min if self._goal.is_maximised else max
            self.state.bound = bound if self.state.bound is None else tighter(self.state.bound, bound)

    def _note(self, outcome: Outcome, *, proves: bool) -> bool:
        """Keep a better solution, and where the stage proves one the tighter bound; True where proven infeasible."""
        state = self.state
        if outcome.ending is Ending.INFEASIBLE:
            return proves and state.values is None
        best = None
        if outcome.values is not None:
            values = self._polished(outcome.values)
            best = self._goal.expression.value(values)
            if state.best is None or (best > state.best) == self._goal.is_maximised:
                state.values, state.best = values, best
        if proves:
            self.keep_bound(_polished_bound(outcome, best))
        return False

    def value_of_incumbent(self) -> float:
        """What the goal comes to at the last plan, found for another one: flows are held, the rest is free."""
        assert self._incumbent is not None
        program = self._model.program
        lower, upper = program.lower, program.upper
        held = np.concatenate([self._model.serving.variable, self._model.supplying.variable])
        lower[held] = upper[held] = self._incumbent[held]
        goal = self._goal
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
        return outcome.best if outcome.best is not None else goal.expression.value(self._incumbent)

    def _polished(self, values: Floats) -> Floats:
        """The solution with its whole numbers made exactly whole, and the rest solved once more around them.

        An optimiser's 0.0000002 of a yes lets through crumbs that would count as real deliveries.
        """
        program = self._model.program
        whole = np.flatnonzero(self.is_whole)
        snapped = snap(values, program.lower, program.upper, whole)
        if not len(whole):
            return snapped
        lower, upper = program.lower, program.upper
        lower[whole] = upper[whole] = snapped[whole]
        goal, seconds = self._goal, self._pace.grace()
        outcome = solve(
            Task(
                self._matrix(1.0),
                lower,
                upper,
                self._nothing,
                goal.expression,
                goal.is_maximised,
                Method.SIMPLEX,
                seconds=seconds,
            )
        )
        return snapped if outcome.values is None else snap(outcome.values, program.lower, program.upper, whole)


def _one_off_variables(model: PlanModel) -> Integers:
    """The yes/no variables of costs that come once: fixed charges of delivery and mobilisations."""
    parts = [part for part in (model.charge_variables, model.mobilisation_variables) if part is not None]
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


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
