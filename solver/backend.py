"""The only door to OR-Tools: a program in, an outcome in our own words out.

The optimiser runs in a thread of its own and this module looks after it: it reads best and bound off the optimiser's
messages, and leaves when the user cancels. Neither HiGHS nor SCIP can be interrupted through MathOpt 9.15 (HiGHS
ignores the interrupter, SCIP's event handler fails). A cancelled run is held at its next message: SCIP gives up there,
HiGHS, which an exception would abort, waits without a processor for the end of the process. A run beyond its time limit
goes on until it notices.
"""

import atexit
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from solver.program import Booleans, Floats, Linear, Matrix

POLL_SECONDS = 0.05
MOST_SECONDS_TO_HOLD = 1.0
SCIP_COLUMNS = 18
_HIGHS_LINE = re.compile(r"^.{0,4}\s+\d+\s+\d+\s+\d+\s+[\d.]+%\s+(\S+)\s+(\S+)\s+\S+\s")


class Method(StrEnum):
    """How to solve."""

    SIMPLEX = "simplex"
    BARRIER = "barrier"
    BRANCH = "branch"  # branch and bound with HiGHS
    BRANCH_SCIP = "branch_scip"  # branch and bound with SCIP


class Ending(StrEnum):
    """Why the optimiser stopped."""

    OPTIMAL = "optimal"  # proven within the asked gap
    FEASIBLE = "feasible"  # a limit, with a solution
    INFEASIBLE = "infeasible"  # proven
    NOTHING = "nothing"  # a limit, without a solution
    CANCELLED = "cancelled"
    FAILED = "failed"  # the optimiser broke down


@dataclass(frozen=True, slots=True)
class Task:
    """What to solve. `values` bounds apply to the variables; `start` is a solution to begin from where one is known."""

    matrix: Matrix
    lower: Floats
    upper: Floats
    is_integer: Booleans
    objective: Linear
    is_maximised: bool
    method: Method = Method.BRANCH
    gap: float = 0.0
    seconds: float | None = None
    nodes: int | None = None
    seed: int = 1
    start: Floats | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back: `best` and `bound` of the objective as given (unscaled), None where unknown.

    A linear program solved to the end also has `duals`, the change of the objective per unit of the side of each row as
    given in the task's matrix, and `reduced_costs`, the same per unit of each variable's bound.
    """

    ending: Ending
    values: Floats | None = None
    best: float | None = None
    bound: float | None = None
    seconds: float = 0.0
    detail: str = ""
    duals: Floats | None = None
    reduced_costs: Floats | None = None


def solve(
    task: Task,
    *,
    on_poll: Callable[[float | None, float | None], None] = lambda best, bound: None,
    cancelled: Callable[[], bool] = lambda: False,
    patience: float = 2.0,
) -> Outcome:
    """Run one optimisation. `on_poll(best, bound)` is called about every 0.05 s; cancelling returns at once."""
    began = time.monotonic()
    run = _Run(task)
    run.start()
    while run.is_alive():
        run.join(POLL_SECONDS)
        on_poll(run.best, run.bound)
        if cancelled():
            run.is_left = True
            return Outcome(Ending.CANCELLED, bound=run.bound, seconds=time.monotonic() - began)
        if task.seconds is not None and time.monotonic() - began > 1.05 * task.seconds + patience:
            return Outcome(Ending.NOTHING, seconds=time.monotonic() - began, detail="the time limit was not kept")
    if run.error is not None:
        return Outcome(Ending.FAILED, seconds=time.monotonic() - began, detail=run.error)
    assert run.outcome is not None
    return run.outcome


class _Left(Exception):
    """Nobody waits for the run any more."""


_process_ends = threading.Event()
_alive: "set[_Run]" = set()


@atexit.register
def _hold_runs() -> None:
    """A thread that comes out of native code while Python is taken down would abort the process: hold it before."""
    _process_ends.set()
    until = time.monotonic() + MOST_SECONDS_TO_HOLD
    while any(run.is_alive() and not run.is_held for run in tuple(_alive)) and time.monotonic() < until:
        time.sleep(POLL_SECONDS / 5)


class _Run(threading.Thread):
    """One call of the optimiser in its own thread."""

    def __init__(self, task: Task) -> None:
        super().__init__(name="optimiser", daemon=True)
        from ortools.math_opt.python import solve as _loaded  # noqa: F401  registers the solvers

        self.task = task
        self.outcome: Outcome | None = None
        self.error: str | None = None
        self.best: float | None = None
        self.bound: float | None = None
        self.is_left = False
        self.is_held = False
        largest = float(np.abs(task.objective.coefficients).max(initial=0.0))
        self._scale = 100.0 / largest if largest > 0 else 1.0  # the optimisers' tolerances are absolute

    def run(self) -> None:
        """Solve and keep the outcome; never raises."""
        _alive.add(self)
        try:
            self.outcome = self._solve()
        except Exception as error:
            self.error = f"{type(error).__name__}: {error}"
        finally:
            _alive.discard(self)

    def _solve(self) -> Outcome:
        from ortools.math_opt import callback_pb2, parameters_pb2
        from ortools.math_opt.core.python import solver

        began = time.monotonic()
        is_scip = self.task.method is Method.BRANCH_SCIP
        result = solver.solve(
            _model(self.task, self._scale),
            parameters_pb2.SOLVER_TYPE_GSCIP if is_scip else parameters_pb2.SOLVER_TYPE_HIGHS,
            parameters_pb2.SolverInitializerProto(),
            _parameters(self.task),
            _model_parameters(self.task),
            self._read_scip if is_scip else self._read_highs,
            callback_pb2.CallbackRegistrationProto(),
            None,
            None,
        )
        return self._outcome(result, time.monotonic() - began)

    def _read_highs(self, lines: Sequence[str]) -> None:
        """` src proc. inqueue | leaves expl. | bound best gap | ...` of HiGHS's branch and bound table."""
        if self.is_left or _process_ends.is_set():
            self.is_held = True
            threading.Event().wait()
        for line in lines:
            found = _HIGHS_LINE.match(line)
            if found:
                self.bound, self.best = (self._told(text) for text in found.groups())

    def _read_scip(self, lines: Sequence[str]) -> None:
        """`... | dualbound | primalbound | gap | compl.` of SCIP's table."""
        if self.is_left or _process_ends.is_set():
            raise _Left
        for line in lines:
            columns = line.split("|")
            if len(columns) == SCIP_COLUMNS and "bound" not in line:
                self.bound, self.best = self._told(columns[-4]), self._told(columns[-3])

    def _told(self, text: str) -> float | None:
        """A number out of a message, in the objective's own scale; None where there is none yet."""
        try:
            value = float(text) / self._scale
        except ValueError:
            return None
        return value if abs(value) < 1e15 else None

    def _outcome(self, result: Any, seconds: float) -> Outcome:
        from ortools.math_opt import result_pb2

        termination = result.termination
        bounds = termination.objective_bounds
        values = best = None
        if result.solutions and result.solutions[0].HasField("primal_solution"):
            primal = result.solutions[0].primal_solution
            values = _dense(primal.variable_values, len(self.task.lower))
            best = self.task.objective.value(values)
        bound = bounds.dual_bound / self._scale if np.isfinite(bounds.dual_bound) else None
        reason = termination.reason
        ending = {
            result_pb2.TERMINATION_REASON_OPTIMAL: Ending.OPTIMAL,
            result_pb2.TERMINATION_REASON_IMPRECISE: Ending.FEASIBLE,
            result_pb2.TERMINATION_REASON_FEASIBLE: Ending.FEASIBLE,
            result_pb2.TERMINATION_REASON_INFEASIBLE: Ending.INFEASIBLE,
            result_pb2.TERMINATION_REASON_INFEASIBLE_OR_UNBOUNDED: Ending.INFEASIBLE,  # all objectives are bounded
            result_pb2.TERMINATION_REASON_NO_SOLUTION_FOUND: Ending.NOTHING,
        }.get(reason, Ending.FAILED)
        if ending in (Ending.OPTIMAL, Ending.FEASIBLE) and values is None:
            ending = Ending.NOTHING
        duals, reduced_costs = self._duals(result) if ending is Ending.OPTIMAL else (None, None)
        return Outcome(ending, values, best, bound, seconds, termination.detail, duals, reduced_costs)

    def _duals(self, result: Any) -> tuple[Floats | None, Floats | None]:
        """Row duals and reduced costs, in the objective's own scale; none of a program with whole variables."""
        if not result.solutions or not result.solutions[0].HasField("dual_solution"):
            return None, None
        dual = result.solutions[0].dual_solution
        return (
            _dense(dual.dual_values, len(self.task.matrix.lower)) / self._scale,
            _dense(dual.reduced_costs, len(self.task.lower)) / self._scale,
        )


def _dense(sparse: Any, count: int) -> Floats:
    """A sparse vector of ids and values as an array."""
    dense = np.zeros(count)
    dense[np.array(sparse.ids, dtype=np.int64)] = sparse.values
    return dense


def _model(task: Task, scale: float) -> Any:
    from ortools.math_opt import model_pb2

    proto = model_pb2.ModelProto()
    count, matrix = len(task.lower), task.matrix
    proto.variables.ids.extend(range(count))
    proto.variables.lower_bounds.extend(task.lower.tolist())
    proto.variables.upper_bounds.extend(task.upper.tolist())
    proto.variables.integers.extend(task.is_integer.tolist())
    coefficient = np.bincount(task.objective.variables, task.objective.coefficients, minlength=count) * scale
    used = np.flatnonzero(coefficient)
    proto.objective.maximize = task.is_maximised
    proto.objective.linear_coefficients.ids.extend(used.tolist())
    proto.objective.linear_coefficients.values.extend(coefficient[used].tolist())
    proto.linear_constraints.ids.extend(range(len(matrix.lower)))
    proto.linear_constraints.lower_bounds.extend(matrix.lower.tolist())
    proto.linear_constraints.upper_bounds.extend(matrix.upper.tolist())
    proto.linear_constraint_matrix.row_ids.extend(matrix.row.tolist())
    proto.linear_constraint_matrix.column_ids.extend(matrix.variable.tolist())
    proto.linear_constraint_matrix.coefficients.extend(matrix.coefficient.tolist())
    return proto


def _parameters(task: Task) -> Any:
    from ortools.math_opt import parameters_pb2

    proto = parameters_pb2.SolveParametersProto()
    if task.method is Method.BRANCH_SCIP:
        proto.threads = 1
        # More of it restarts the search, and took twice as long to prove small scenarios.
        proto.presolve = parameters_pb2.EMPHASIS_LOW
    proto.random_seed = task.seed
    if task.seconds is not None:
        proto.time_limit.FromMicroseconds(max(1, int(task.seconds * 1e6)))
    if task.nodes is not None:
        proto.node_limit = task.nodes
    if task.method in (Method.BRANCH, Method.BRANCH_SCIP):
        proto.relative_gap_tolerance = task.gap
        proto.absolute_gap_tolerance = 1e-9
    if task.method is Method.BARRIER:
        proto.lp_algorithm = parameters_pb2.LP_ALGORITHM_BARRIER
    elif task.method is Method.SIMPLEX:
        proto.lp_algorithm = parameters_pb2.LP_ALGORITHM_DUAL_SIMPLEX
    return proto


def _model_parameters(task: Task) -> Any:
    from ortools.math_opt import model_parameters_pb2

    proto = model_parameters_pb2.ModelSolveParametersProto()
    if _begins_inside(task):
        assert task.start is not None
        hint = proto.solution_hints.add()
        hint.variable_values.ids.extend(range(len(task.start)))
        hint.variable_values.values.extend(task.start.tolist())
    return proto


def _begins_inside(task: Task) -> bool:
    """Whether a start is known that keeps the variables' bounds; HiGHS breaks down on any other."""
    if task.start is None or task.method not in (Method.BRANCH, Method.BRANCH_SCIP):
        return False
    return bool(np.all(task.start >= task.lower) and np.all(task.start <= task.upper))
