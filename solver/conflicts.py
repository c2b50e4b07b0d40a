"""Which conditions clash where no plan is possible.

Deletion: every condition that can be dropped while the rest still clashes is dropped; what remains is a smallest set in
the sense that each member is necessary. Conditions are the rules of the scenario that are on; supply, requirement and
eligibility always hold.
"""

import dataclasses
import time
from collections.abc import Callable

import numpy as np

from planner.plan import ConflictMember
from planner.rulebook import RULES, Condition
from planner.scenario import Scenario
from solver.arrays import Arrays, build_arrays
from solver.backend import Ending, Task
from solver.backend import solve as optimise
from solver.model import build_model
from solver.options import Options
from solver.program import Linear
from solver.rules import ROW_RULES


def find_conflict(
    scenario: Scenario, options: Options, cancelled: Callable[[], bool], began: float
) -> tuple[ConflictMember, ...]:
    """The conditions that cannot hold together, each of them necessary; all that are left where time runs out."""
    arrays = build_arrays(scenario)
    members = [condition for condition in arrays.conditions if condition.key in ROW_RULES]
    for condition in list(members):
        if cancelled() or (options.time_limit is not None and time.monotonic() - began > options.time_limit):
            break
        rest = [other for other in members if other is not condition]
        if _is_impossible(arrays, rest, options):
            members = rest
    return tuple(_member(condition) for condition in members)


def _is_impossible(arrays: Arrays, conditions: list[Condition], options: Options) -> bool:
    """Whether these conditions alone, with all that always holds, are proven to have no plan."""
    kept = tuple(c for c in arrays.conditions if c.key not in ROW_RULES) + tuple(conditions)
    model = build_model(dataclasses.replace(arrays, conditions=kept), ())
    program = model.program
    is_integer = program.is_integer
    is_integer[model.whole_variables] = True
    nothing = Linear(np.zeros(0, dtype=np.int64), np.zeros(0))
    task = Task(
        program.matrix(), program.lower, program.upper, is_integer, nothing, True, seed=options.seed, seconds=60
    )
    return optimise(task).ending is Ending.INFEASIBLE


def _member(condition: Condition) -> ConflictMember:
    reference = RULES[condition.key]
    scope = f" ({condition.scope})" if condition.scope else ""
    return ConflictMember(condition.key, condition.scope, f"{reference.title}{scope}: {reference.statement}")
