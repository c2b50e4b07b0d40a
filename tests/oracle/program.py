"""A mixed-integer program written row by row and solved by scipy: the oracle's own solver."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from hypothesis import reject
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Terms = dict[int, float]  # variable -> coefficient


class Program:
    """A mixed-integer program, written row by row."""

    def __init__(self) -> None:
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.integer: list[bool] = []
        self.rows: list[tuple[Terms, float, float]] = []

    def variable(self, upper: float, integer: bool = False) -> int:
        self.lower.append(0.0)
        self.upper.append(upper)
        self.integer.append(integer)
        return len(self.upper) - 1

    def row(self, terms: Terms, lower: float = -np.inf, upper: float = np.inf) -> None:
        self.rows.append((terms, lower, upper))

    def maximise(self, terms: Terms) -> float | None:
        """Best value, None where nothing is possible. Integers are fixed afterwards and the rest solved once more."""
        found = self._solve(terms, self.lower, self.upper, self.integer)
        if found is None or not any(self.integer):
            return None if found is None else found[0]
        lower, upper = list(self.lower), list(self.upper)
        for index, is_integer in enumerate(self.integer):
            if is_integer:
                lower[index] = upper[index] = round(found[1][index])
        exact = self._solve(terms, lower, upper, [False] * len(lower))
        return found[0] if exact is None else exact[0]

    def _solve(
        self, terms: Terms, lower: Sequence[float], upper: Sequence[float], integer: Sequence[bool]
    ) -> tuple[float, Any] | None:
        if not self.upper:
            return (0.0, []) if all(low <= 1e-9 and high >= -1e-9 for _, low, high in self.rows) else None
        costs = np.zeros(len(self.upper))
        for variable, coefficient in terms.items():
            costs[variable] -= coefficient
        options = {"integrality": np.array(integer, dtype=int), "bounds": Bounds(lower, upper)}
        if self.rows:
            options["constraints"] = self._limits()
        # With presolve some programs fail or end below their best, without it some take long: the better counts.
        answers = [
            milp(costs, **options, options={"mip_rel_gap": 0.0, "presolve": on, "time_limit": 5})
            for on in (True, False)
        ]
        found = [answer for answer in answers if answer.status == 0]
        if found:
            best = min(found, key=lambda answer: answer.fun)
            return -float(best.fun), best.x
        if not any(answer.status == 2 for answer in answers):
            reject()  # the oracle gave up, so it says nothing about the planner
        return None

    def _limits(self) -> LinearConstraint:
        """The rows, each divided by its largest coefficient."""
        sizes = [max(map(abs, row.values()), default=0.0) or 1.0 for row, _, _ in self.rows]
        entries = [(r, v, c / sizes[r]) for r, (row, _, _) in enumerate(self.rows) for v, c in row.items()]
        where = ([r for r, _, _ in entries], [v for _, v, _ in entries])
        matrix = csr_array(([c for _, _, c in entries], where), shape=(len(self.rows), len(self.upper)))
        lower = [low / size for (_, low, _), size in zip(self.rows, sizes, strict=True)]
        upper = [high / size for (_, _, high), size in zip(self.rows, sizes, strict=True)]
        return LinearConstraint(matrix, lower, upper)


def times(terms: Terms, factor: float) -> Terms:
    """Every coefficient multiplied."""
    return {variable: coefficient * factor for variable, coefficient in terms.items()}


def add(parts: Iterable[Terms]) -> Terms:
    """The sum of sums."""
    total: Terms = defaultdict(float)
    for part in parts:
        for variable, coefficient in part.items():
            total[variable] += coefficient
    return dict(total)
