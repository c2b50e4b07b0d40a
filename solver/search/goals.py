"""What a level of the search is after, what it keeps of the levels above, and how far it has come."""

from dataclasses import dataclass

import numpy as np

from solver.network.plan_model import PlanModel
from solver.program import Floats, Linear


@dataclass(frozen=True, slots=True)
class Goal:
    """What a level is about."""

    key: str
    expression: Linear
    is_maximised: bool


@dataclass(frozen=True, slots=True)
class Reached:
    """A level above: what it reached, and how much of that the levels below may give up."""

    goal: Goal
    best: float
    slack: float


@dataclass(frozen=True, slots=True)
class Effort:
    """The asked gap, the nodes of one stage (None: no limit), the seed, and whether the scenario is a large one."""

    gap: float
    nodes: int | None
    seed: int
    is_large: bool


@dataclass(slots=True)
class State:
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


def trivial_bound(model: PlanModel, goal: Goal) -> float:
    """What no solution can beat, from the bounds of the variables alone."""
    expression, program = goal.expression, model.program
    lower = program.lower[expression.variables] * expression.coefficients
    upper = program.upper[expression.variables] * expression.coefficients
    extreme = np.maximum(lower, upper) if goal.is_maximised else np.minimum(lower, upper)
    return float(extreme.sum())
