"""What one unit more of anything would gain for the first objective, where every activity goes ahead as planned.

One linear program: the first objective under every rule, each yes/no held as in the finished plan, whole flows left
fractional, the levels below left out. Its duals are the gains per unit: of the limit of a rule, of supply, and (through
probes) of a flow that is closed.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.plan import RuleReport
from planner.rulebook import RULES, Condition, Level, ValueKind
from solver.arrays import Arrays
from solver.backend import Ending, Method, Outcome, Task
from solver.backend import solve as optimise
from solver.model import build_model
from solver.network.plan_model import PlanModel
from solver.objectives import OBJECTIVES
from solver.program import Booleans, Floats, Integers, Matrix
from solver.worth.limit_rows import LimitRows, limit_rows
from solver.worth.probes import NONE, Probes, add_probes

POINT = 0.01  # of a share: what its price is told for
MOST_FOR_SIMPLEX = 100_000  # variables of the plan; the interior point method takes half as long at 340,000
TINY = 1e-7  # of the largest gain of its kind: less is a rounding error


@dataclass(frozen=True, slots=True)
class Gains:
    """Gains of the first objective per unit, at fixed yes/no (axes: see solver.arrays; s sources).

    arrival_q: one unit more at a requirement. outlay_srt: one unit sent from a source to a place, usually below 0; nan
    outside its window. draw_st: one unit more of a source. limits: by condition, per unit of its value; a condition
    without useful dual is not in it.
    """

    arrays: Arrays
    source_o: Integers
    arrival_q: Floats
    outlay_srt: Floats
    draw_st: Floats
    limits: dict[Condition, float]


def gains_at(
    planned: PlanModel,
    levels: tuple[Level, ...],
    values: Floats,
    *,
    seconds: float | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Gains | None:
    """The gains at a solution of the planned model; None where there was no time, or they could not be found."""
    probes: list[Probes] = []

    def build(arrays: Arrays) -> PlanModel:
        return build_model(arrays, levels, lambda network: probes.append(add_probes(network)))

    model = build(planned.arrays)
    limits = limit_rows(model, build)
    objectives = [OBJECTIVES[level.key] for level in levels]
    first, *_ = [objective.build(model) for objective in objectives]  # all, for the yes/no variables of the plan
    program, held = model.program, np.flatnonzero(planned.program.is_integer)
    whole = np.flatnonzero(program.is_integer)
    if len(held) != len(whole):
        return None
    lower, upper = program.lower, program.upper
    lower[whole] = upper[whole] = np.round(values[held])
    flows = np.concatenate([model.serving.variable, *(use.variable for use in model.uses)])
    # Supply and requirement bound each flow already: bounds of its own would take over their duals.
    upper[flows] = np.where(lower[flows] < upper[flows], np.inf, upper[flows])
    lower[probes[0].variables] = upper[probes[0].variables] = 0.0
    nothing = np.zeros(program.size, dtype=bool)
    method = Method.SIMPLEX if planned.program.size <= MOST_FOR_SIMPLEX else Method.BARRIER
    matrix, is_maximised = program.matrix(), objectives[0].is_maximised
    outcome = optimise(
        Task(matrix, lower, upper, nothing, first, is_maximised, method, seconds=seconds), cancelled=cancelled
    )
    if outcome.ending is not Ending.OPTIMAL or outcome.reduced_costs is None or outcome.duals is None:
        return None
    sense = 1.0 if is_maximised else -1.0
    return _gains(model, probes[0], sense * outcome.reduced_costs, _limit_gains(model, limits, matrix, outcome))


def _gains(model: PlanModel, probes: Probes, worth: Floats, limits: dict[Condition, float]) -> Gains:
    arrays, scale_s = model.arrays, probes.scale_s
    worth = np.append(np.where(np.abs(worth) > TINY * np.abs(worth).max(initial=0.0), worth, 0.0), np.nan)  # at NONE
    return Gains(
        arrays,
        model.sources.source_o,
        np.where(probes.arrival_q == NONE, 0.0, worth[probes.arrival_q]) / np.maximum(arrays.required_q, 1e-9),
        worth[probes.outlay_srt] / scale_s[:, None, None],
        -worth[probes.draw_st] / scale_s[:, None],
        limits,
    )


# -- rules with a limit --


def _limit_gains(
    model: PlanModel, limits_of: dict[Condition, tuple[LimitRows, ...]], matrix: Matrix, outcome: Outcome
) -> dict[Condition, float]:
    """The gain per unit of each limit: sum over its rows of dual · room per unit of the limit."""
    program, found = model.program, {}
    assert outcome.values is not None
    assert outcome.duals is not None
    dual = outcome.duals / matrix.scale
    starts = np.concatenate([[0], np.cumsum([len(block.lower) for block in program.blocks])])
    is_integer = program.is_integer
    for condition, limits in limits_of.items():
        if any(_is_lumpy(limit, is_integer) for limit in limits):
            continue
        gain = 0.0
        for limit in limits:
            rows = slice(starts[limit.block], starts[limit.block + 1])
            gain += float(dual[rows] @ limit.room_per_unit(outcome.values))
        found[condition] = abs(gain)
    return found


def _is_lumpy(limit: LimitRows, is_integer: Booleans) -> bool:
    """Whether a limit says something about yes and no alone, so that holding them leaves nothing to gain."""
    return bool(is_integer[limit.per_unit.variable].any() or is_integer[limit.rows.variable].all())


def priced_reports(reports: tuple[RuleReport, ...], gains: Gains) -> tuple[RuleReport, ...]:
    """The reports with the price of each limit that has one."""
    price_of = {(condition.key, condition.scope): price for condition, price in limit_prices(gains).items()}
    return tuple(
        RuleReport(
            report.rule,
            report.scope,
            report.state,
            report.limit,
            report.actual,
            None if report.state == "off" else price_of.get((report.rule, report.scope)),
        )
        for report in reports
    )


def limit_prices(gains: Gains) -> dict[Condition, float]:
    """The price of each limit: per unit, of a share per percentage point."""
    return {
        condition: gain * (POINT if RULES[condition.key].value_kind is ValueKind.SHARE else 1.0)
        for condition, gain in gains.limits.items()
    }
