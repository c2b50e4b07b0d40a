"""The straightforward model solved by highspy: HiGHS by itself.

highspy and ortools cannot be imported into one process, so this runs in one that leaves ortools alone.
"""

import time
from typing import Any

import numpy as np

from solver.backend import Ending, Outcome
from tests.bench.straightforward import StraightModel

SCALE = 100.0  # of the largest coefficient of the objective, as in solver.backend


def optimise_by_highspy(model: StraightModel, limit: float, gap: float) -> Outcome:
    """The outcome within `limit` seconds, asked for the relative `gap`; one thread."""
    import highspy

    began = time.perf_counter()
    scale = SCALE / max(1e-12, float(np.abs(model.coverage.coefficients).max(initial=0.0)))
    optimiser = highspy.Highs()
    for name, value in {"output_flag": False, "threads": 1, "time_limit": limit, "mip_rel_gap": gap}.items():
        optimiser.setOptionValue(name, value)
    optimiser.passModel(_problem(model, scale, highspy))
    optimiser.run()
    info, status = optimiser.getInfo(), optimiser.getModelStatus()
    has_plan = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    ending = Ending.OPTIMAL if status == highspy.HighsModelStatus.kOptimal else Ending.NOTHING
    bound = -info.mip_dual_bound / scale if np.isfinite(info.mip_dual_bound) else None
    best = -info.objective_function_value / scale if has_plan else None
    if has_plan and ending is Ending.NOTHING:
        ending = Ending.FEASIBLE
    seconds = time.perf_counter() - began
    return Outcome(ending, None, best, bound, seconds, optimiser.modelStatusToString(status))


def _problem(model: StraightModel, scale: float, highspy: Any) -> Any:
    """The model in highspy's form: minimising, rows after each other."""
    program, matrix = model.program, model.program.matrix()
    problem = highspy.HighsLp()
    problem.num_col_, problem.num_row_ = program.size, len(matrix.lower)
    cost = np.bincount(model.coverage.variables, model.coverage.coefficients, minlength=program.size)
    problem.col_cost_ = -scale * cost
    problem.col_lower_, problem.col_upper_ = program.lower, program.upper
    problem.row_lower_, problem.row_upper_ = matrix.lower, matrix.upper
    problem.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    counts = np.bincount(matrix.row, minlength=len(matrix.lower))
    problem.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    problem.a_matrix_.index_ = matrix.variable.astype(np.int32)
    problem.a_matrix_.value_ = matrix.coefficient
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    problem.integrality_ = [kinds[int(whole)] for whole in program.is_integer]
    return problem
