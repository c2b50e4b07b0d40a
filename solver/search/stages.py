"""The stages in which one level of the search is optimised, measured in tests/bench.

    open      the first plan within seconds: activities from the pro-rata split, everything else as it fits
    bound     the linear relaxation: a proven bound, and a first idea of almost every yes/no
    settle    later levels of large scenarios: what the relaxation leaves undecided goes as it leans
    relaxed   branch and bound with whole flows left fractional
    rounded   yes/no fixed as found, every whole flow held to its floor or ceiling: a plan in whole units, quickly
    between   all that lies between a relaxed solution and the last plan
    exact     branch and bound on everything, where the others leave more than the asked gap
Later levels leave some tolerance of those above unused before they round, so that whole units still fit.
"""

from collections.abc import Callable, Sequence

import numpy as np

from solver.backend import Ending, Method, Outcome
from solver.network.plan_model import PlanModel
from solver.program import INFINITY, Floats, Integers
from solver.search.goals import Effort, Goal, Reached, State, relative_gap
from solver.search.pace import Pace
from solver.search.runs import ROUNDED_GAP, Runs

RELAXED_GAP = 0.002  # the relaxed stage is not asked for less, or not asked at all
OPENING_GAP, OPENING_NODES = 0.05, 20
FEW_VARIABLES = 2_000  # up to this many the exact stage alone is quicker
MOST_FOR_SCIP = 10_000  # variables
QUICK_TO_BRANCH = (
    5_000  # variables; with 4,500 branching on later levels took 25 s, with 5,400 150 s for as little more
)
MOST_TO_BRANCH = 20_000  # variables; above, branching on a later level has hardly solved its root in a minute
DECIDED = 1e-6  # from a whole number: the relaxation decides a yes/no
# Of what the relaxation leaves undecided, settled before it is solved again.
AT_ONCE, IN_TURN_QUICKLY, IN_TURN = 1.0, 0.67, 0.34
KEPT_FOR_LEVELS, KEPT_FOR_WHOLE, LEAST_USED = 0.12, 0.1, 0.2  # of each tolerance: per level below, and for rounding


class Level:
    """One level: its goal under the rules and what the levels above reached. `last_plan` is the plan of those."""

    def __init__(
        self,
        model: PlanModel,
        goal: Goal,
        above: Sequence[Reached],
        levels_below: int,
        last_plan: Floats | None,
        effort: Effort,
        pace: Pace,
    ) -> None:
        self.on_first_plan: Callable[[Floats], None] = lambda values: None
        self.runs = Runs(model, goal, above, last_plan, effort, pace)
        self._model, self._last_plan, self._effort = model, last_plan, effort
        self._used = max(LEAST_USED, 1.0 - KEPT_FOR_LEVELS * levels_below) if above else 1.0
        self._roomy = self._used - KEPT_FOR_WHOLE
        self._once = _one_off_variables(model)
        self._is_short = pace.deadline is not None and model.program.size > MOST_TO_BRANCH  # of time to branch
        self._go = np.setdiff1d(np.flatnonzero(self.runs.is_yes_no), self._once)

    @property
    def state(self) -> State:
        """The best plan and bound so far."""
        return self.runs.state

    # -- the order of the stages --

    def optimise(self, opening: Floats) -> bool:
        """Run the stages; True where the level is proven infeasible. `opening` says which activities to begin with."""
        runs, state = self.runs, self.state
        if self._last_plan is not None and not runs.goal.expression.coefficients.any():
            state.values, state.best, state.bound = self._last_plan, 0.0, 0.0  # all plans are equal here
            return False
        if not runs.is_whole.any():
            return runs.note(runs.solve(runs.nothing, Method.SIMPLEX), proves=True)
        if self._last_plan is None and state.values is None:
            self._open(opening)
        if self._last_plan is not None and self._effort.gap > 0:
            self._go_on_from_last_plan()
        if runs.is_closed:
            return False
        is_enough = self._effort.is_large and runs.nodes is not None  # more hardly ever gained anything
        is_settled = is_enough and self._model.program.size > QUICK_TO_BRANCH
        if self._last_plan is not None and (is_settled or self._is_short):
            return False
        if self._model.program.size > FEW_VARIABLES and self._relax():
            return state.values is None
        has_plan = state.values is not None or self._last_plan is not None
        if runs.is_closed or (is_enough and has_plan):
            return False
        if not has_plan:
            runs.nodes = None  # the question whether there is any plan gets all the effort it takes
        method = self._branching() if has_plan else Method.BRANCH
        return runs.note(runs.solve(runs.is_whole, method, self._effort.gap), proves=True)

    def hold_yes_no(self) -> None:
        """The best with every yes/no as in the last plan. Proves nothing."""
        assert self._last_plan is not None
        self._round_with_room(self._last_plan)

    # -- stages --

    def _open(self, opening: Floats) -> None:
        """A first plan within seconds, so that stopping early has an answer.

        The activities that the pro-rata split carries far enough go ahead, else only those that must; with every
        charge that comes once allowed, else as it fits. Other yes/no decisions are left free.
        """
        go = self._model.go_variable_a[self._model.go_variable_a >= 0]
        is_free = self._model.program.is_integer
        is_free[go] = False
        for ahead in (opening, self._model.program.lower):
            for pays_all in (True, False) if len(self._once) else (True,):
                lower, upper = self._bounds()
                lower[go] = np.maximum(lower[go], ahead[go])
                upper[go] = np.minimum(upper[go], np.maximum(lower[go], ahead[go]))
                searched = is_free.copy()
                searched[self._once] = not pays_all
                if pays_all:
                    lower[self._once] = upper[self._once]
                method = Method.BRANCH if searched.any() else Method.SIMPLEX
                outcome = self.runs.solve(
                    searched,
                    method,
                    OPENING_GAP,
                    lower=lower,
                    upper=upper,
                    share=0.5,
                    may_fail=True,
                    nodes=OPENING_NODES,
                )
                is_linear = method is Method.SIMPLEX
                if outcome.values is not None and not (is_linear and self.runs.keep_whole(outcome)):
                    self._round(outcome.values)
                if self.state.values is not None:
                    self.on_first_plan(self.state.values)
                    return

    def _bound(self) -> Outcome:
        """Bound a later level by its linear relaxation, which in large scenarios leaves room for whole units.

        Where that takes too long, by the relaxation without the levels above, which the simplex method solves sooner.
        """
        runs, used = self.runs, self._roomy if self._effort.is_large else 1.0
        relaxed = runs.relax(used, share=0.8)
        runs.keep_bound_of(relaxed, used)
        if relaxed.ending is not Ending.OPTIMAL:
            freed = runs.solve(runs.nothing, Method.SIMPLEX, used=INFINITY, share=0.8, may_fail=True)
            runs.keep_bound(freed.best if freed.ending is Ending.OPTIMAL else None)
        return relaxed

    def _go_on_from_last_plan(self) -> None:
        """A bound for a later level, and plans between what gives it and the last plan."""
        if len(self._once):
            self._decide_charges_anew(self._last_plan)
        relaxed = self._bound()
        if self._effort.is_large and relaxed.values is not None:
            self._settle(relaxed)
        if self.state.values is None:
            self.hold_yes_no()

    def _decide_charges_anew(self, plan: Floats | None) -> None:
        """A plan with only the charges that its flows need: levels that do not read costs allow any."""
        assert plan is not None
        lower, upper = self._bounds()
        held = self.runs.is_whole.copy()
        held[self._once] = False
        lower[held] = upper[held] = plan[held]
        self.runs.try_within(lower, upper, share=0.2)

    def _settle(self, relaxed: Outcome) -> None:
        """Settle what the relaxation leaves undecided and round: all at once, in turn where that loses too much."""
        size, goal = self._model.program.size, self.runs.goal
        in_turn = IN_TURN if size <= MOST_TO_BRANCH else IN_TURN_QUICKLY
        best: float | None = None
        # Under a time limit the levels below need the time more.
        for share in (AT_ONCE,) if self._is_short else (AT_ONCE, in_turn):
            found = self._as_it_leans(relaxed, share)
            if found is None or found.best is None or found.values is None:
                continue
            if best is None or (found.best > best) == goal.is_maximised:
                best = found.best
                if not self._round(found.values) and size <= MOST_TO_BRANCH:
                    self._round(found.values, reach=1.0)
            assert relaxed.best is not None
            if relative_gap(best, relaxed.best) <= self._effort.gap:
                return

    def _as_it_leans(self, relaxed: Outcome, share: float) -> Outcome | None:
        """The relaxation with every yes/no settled, a share of those that are open at a time, the clearest first.

        As in the last plan, where no plan is in reach as it leans; None where neither is. Charges stay relaxed.
        """
        assert self._last_plan is not None
        lower, upper = self._bounds()
        while len(open_yes_no := self._go[lower[self._go] < upper[self._go]]):
            assert relaxed.values is not None
            doubt = np.abs(relaxed.values - np.round(relaxed.values))[open_yes_no]
            clear, undecided = open_yes_no[doubt <= DECIDED], open_yes_no[doubt > DECIDED]
            in_order = undecided[np.argsort(doubt[doubt > DECIDED], kind="stable")]
            settled = np.concatenate([clear, in_order[: int(np.ceil(share * len(undecided)))]])
            for leaning in (relaxed.values, self._last_plan):
                lower[settled] = upper[settled] = np.round(leaning[settled])
                found = self.runs.relax(self._roomy, lower, upper)
                if found.values is not None:
                    break
            else:
                return None
            relaxed = found
        return relaxed

    def _relax(self) -> bool:
        """The relaxed stage and what it leads to; True where it is proven infeasible."""
        relaxed = self.runs.solve(
            self._model.program.is_integer,
            self._branching() if self._last_plan is not None else Method.BRANCH,
            max(self._effort.gap / 2, RELAXED_GAP),
            share=0.6,
        )
        if relaxed.ending is Ending.INFEASIBLE:
            return True
        self.runs.keep_bound(relaxed.bound)
        if relaxed.values is None:
            return False
        if self._last_plan is None or not self._round_with_room(relaxed.values):
            self._round(relaxed.values)
        if not self.runs.is_closed:
            self._search_between(relaxed.values)
        return False

    def _round_with_room(self, decided: Floats) -> bool:
        """Hold every yes/no as in `decided`, leave some tolerance of the levels above unused, and round that.

        True where it had a solution. Charges are held where all of them are decided.
        """
        lower, upper = self._bounds()
        held = self._go if self._leaves_charges_open(decided) else np.concatenate([self._go, self._once])
        lower[held] = upper[held] = np.round(decided[held])
        outcome = self.runs.relax(self._roomy, lower, upper)
        if outcome.values is not None:
            self._round(outcome.values)
        return outcome.values is not None

    def _round(self, relaxed: Floats, reach: float = 0.0) -> bool:
        """Hold every yes/no as found and every whole flow between its floor and ceiling, and solve what is left.

        With a `reach` flows that carry something may go that much further.
        Charges are held where anything flows, and where the goal reads them decided once more after that.
        True where it had a solution.
        """
        lower, upper = self._bounds()
        whole = self._model.whole_variables
        flow, yes_no = relaxed[whole], self._go
        is_settled = np.abs(flow - np.round(flow)) < DECIDED
        reach_of = reach * (flow > DECIDED)
        lower[yes_no] = upper[yes_no] = np.round(relaxed[yes_no])
        lower[whole] = np.maximum(lower[whole], np.where(is_settled, np.round(flow), np.floor(flow)) - reach_of)
        upper[whole] = np.minimum(upper[whole], np.where(is_settled, np.round(flow), np.ceil(flow)) + reach_of)
        gap = max(self._effort.gap / 4, ROUNDED_GAP)
        free = lower.copy(), upper.copy()
        lower[self._once] = upper[self._once] = np.ceil(relaxed[self._once] - DECIDED)
        reads_charges = bool(np.isin(self._once, self.runs.goal.expression.variables).any())
        for used in sorted({self._used, (1.0 + self._used) / 2, 1.0}):
            if self.runs.try_within(lower, upper, gap=gap, used=used):
                if reads_charges and self._leaves_charges_open(relaxed):
                    self.runs.try_within(*free, gap=gap, used=used)
                return True
        return False

    def _search_between(self, relaxed: Floats) -> None:
        """Between what was found and the last plan, which is in reach and fits: a plan at least as good as that one."""
        last = self.state.values if self.state.values is not None else self._last_plan
        if last is None:
            return
        lower, upper = self._bounds()
        whole = self.runs.is_whole
        lower[whole] = np.maximum(lower, np.minimum(np.floor(relaxed + DECIDED), last))[whole]
        upper[whole] = np.minimum(upper, np.maximum(np.ceil(relaxed - DECIDED), last))[whole]
        self.runs.try_within(lower, upper, self._branching(), self._effort.gap / 4)

    # -- what the stages share --

    def _bounds(self) -> tuple[Floats, Floats]:
        """Of the variables, to be narrowed."""
        return self._model.program.lower, self._model.program.upper

    def _leaves_charges_open(self, values: Floats) -> bool:
        """Whether a relaxed solution incurs parts of charges."""
        charged = values[self._once]
        return bool((np.abs(charged - np.round(charged)) > DECIDED).any())

    def _branching(self) -> Method:
        """SCIP where it keeps up: it was up to twice as fast on later levels of small scenarios."""
        is_small = not self._effort.is_large and self._model.program.size <= MOST_FOR_SCIP
        return Method.BRANCH_SCIP if is_small else Method.BRANCH


def _one_off_variables(model: PlanModel) -> Integers:
    """The yes/no variables of costs that come once: fixed charges of delivery and mobilisations."""
    parts = [part for part in (model.charge_variables, model.mobilisation_variables) if part is not None]
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])
