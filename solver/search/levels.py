"""The search for the best plan: one level per objective, each keeping what the levels above reached.

The stages of a level are in solver.search.stages. Effort is bounded by gaps and nodes alone unless the caller sets a
time limit, so equal input gives equal plans.
"""

from collections.abc import Callable
from dataclasses import dataclass

from planner.plan import ObjectiveResult
from planner.rulebook import Level as AskedLevel
from solver.events import Event, LevelFinished, PhaseStarted
from solver.network.plan_model import PlanModel
from solver.objectives import OBJECTIVES
from solver.options import Options
from solver.program import Floats
from solver.search.goals import Effort, Goal, Reached, relative_gap, trivial_bound
from solver.search.leximin import OrderedCoverage
from solver.search.pace import Late, Pace, Stopped
from solver.search.stages import Level

SMALL = 500  # requirements; up to this size the default gap is 0
LARGE_GAP = 0.01
NODES_SMALL, NODES_LARGE = 1000, 50  # of one stage, where the caller sets neither a gap nor a time limit
CRUMB = 1e-12
KEPT = 1e-6  # of a best value, relative or absolute: what a level may lose to rounding


@dataclass(frozen=True, slots=True)
class Found:
    """What the search ended with. `values` is None where there is no plan; `is_proven` where each gap was closed."""

    values: Floats | None
    results: tuple[ObjectiveResult, ...]
    is_infeasible: bool
    is_proven: bool
    stopped: str | None
    waiting: tuple[tuple[str, float], ...] = ()  # of a plan so far: levels that had no turn, and what bounds them


def default_gap(model: PlanModel) -> float:
    """0 for small scenarios, 1 % for large ones."""
    return 0.0 if len(model.arrays.required_q) <= SMALL else LARGE_GAP


class Search:
    """One run over all levels."""

    def __init__(
        self,
        model: PlanModel,
        levels: tuple[AskedLevel, ...],
        options: Options,
        on_event: Callable[[Event], None],
        cancelled: Callable[[], bool],
        began: float,
        opening: Floats,
    ) -> None:
        """`opening` holds, for the yes/no variables of activities, those to begin with."""
        self._model, self._levels, self._opening = model, levels, opening
        gap = options.gap if options.gap is not None else default_gap(model)
        is_large = default_gap(model) > 0
        nodes = NODES_LARGE if is_large else NODES_SMALL
        is_limited = options.gap is None and options.time_limit is None
        self._effort = Effort(gap, nodes if is_limited else None, options.seed, is_large)
        self._goals = [
            Goal(level.key, OBJECTIVES[level.key].build(model), OBJECTIVES[level.key].is_maximised) for level in levels
        ]
        self._pace = Pace(began, options.time_limit, on_event, cancelled)
        self._above: list[Reached] = []
        self._incumbent: Floats | None = None  # the solution of the last level that found one

    def run(self, keep: Callable[[Found], None] = lambda found: None) -> Found:
        """Optimise every level in turn; `keep` gets the first plan, and that of each level that others follow."""
        pace, is_cancelled = self._pace, False
        results: list[ObjectiveResult] = []
        for number, goal in enumerate(self._goals):
            pace.tell(PhaseStarted(goal.key, pace.seconds()))
            below = len(self._goals) - 1 - number
            level = Level(self._model, goal, self._above, below, self._incumbent, self._effort, pace)
            level.on_first_plan = lambda values: keep(self._so_far(values, ()))
            if not is_cancelled:
                try:
                    if self._optimise_in_time(level, below + 1) and self._incumbent is None:
                        return Found(None, (), True, False, None)
                except Stopped:
                    is_cancelled = True
            if level.state.values is None and self._incumbent is None:
                return Found(None, (), False, False, "user" if is_cancelled else "time" if pace.is_late else None)
            results.append(self._finish(level, goal, self._levels[number].tolerance))
            if below and level.state.values is not None and not is_cancelled:
                keep(self._so_far(level.state.values, tuple(results)))
        if not is_cancelled and self._goals[-1].key == "worst_region":
            is_cancelled = self._raise_other_regions()
        is_proven = not is_cancelled and all(result.gap <= self._effort.gap + 1e-12 for result in results)
        stopped = "user" if is_cancelled else "time" if pace.is_late and not is_proven else None
        return Found(self._incumbent, tuple(results), False, is_proven, stopped)

    def _so_far(self, values: Floats, results: tuple[ObjectiveResult, ...]) -> Found:
        """A plan on the way, with what is proven about it."""
        waiting = tuple((goal.key, trivial_bound(self._model, goal)) for goal in self._goals[len(results) :])
        return Found(values, results, False, False, None, waiting)

    def _optimise_in_time(self, level: Level, levels_left: int) -> bool:
        """One level until its deadline; the first may use all the time there is before it comes back with nothing."""
        self._pace.share_out(levels_left)
        try:
            return level.optimise(self._opening)
        except Late:
            if self._incumbent is not None or level.state.values is not None:
                return False
        self._pace.give_all()
        try:
            return level.optimise(self._opening)
        except Late:
            return False

    def _finish(self, level: Level, goal: Goal, tolerance: float) -> ObjectiveResult:
        """Keep what the level reached for those below, and report it."""
        state = level.state
        best = _without_crumbs(state.best if state.best is not None else level.runs.value_of_last_plan())
        level.runs.keep_bound(trivial_bound(self._model, goal))
        assert state.bound is not None
        known = _without_crumbs(state.bound)
        bound = max(known, best) if goal.is_maximised else min(known, best)
        if state.values is not None:
            self._incumbent = state.values
        self._above.append(Reached(goal, best, tolerance * abs(best) + KEPT * max(1.0, abs(best))))
        gap = relative_gap(best, bound)
        self._pace.tell(LevelFinished(goal.key, best, bound, gap, self._pace.seconds()))
        return ObjectiveResult(goal.key, best, best, bound, gap)

    def _raise_other_regions(self) -> bool:
        """The last level goes on as leximin, within the tolerances of the levels; True where cancelled on the way.

        In large scenarios every yes/no stays as it is by then.
        """
        assert self._incumbent is not None
        ordered = OrderedCoverage(self._model)
        self._incumbent = ordered.extended(self._incumbent)
        self._pace.give_all()
        for count in range(2, ordered.regions + 1):
            goal = ordered.goal(count)
            self._incumbent = ordered.extended(self._incumbent)
            level = Level(self._model, goal, self._above, 0, self._incumbent, self._effort, self._pace)
            try:
                if self._effort.is_large:
                    level.hold_yes_no()
                else:
                    level.optimise(self._opening)
            except Stopped:
                return True
            except Late:
                return False
            best = goal.expression.value(self._incumbent)
            if level.state.values is not None and level.state.best is not None and level.state.best >= best:
                self._incumbent, best = level.state.values, level.state.best
            self._above.append(Reached(goal, best, KEPT * max(1.0, abs(best))))
        return False


def _without_crumbs(value: float) -> float:
    """A value that adding up has left just beside 0, or at -0, is 0."""
    return 0.0 if abs(value) < CRUMB else value
