"""Leximin over the regions: after the worst coverage of a region the sum of the two worst, of the three worst, ...

The sum of the k smallest coverages is the largest value of k · s - sum over r of d_r with d_r >= s - t_r, d_r >= 0, so
each step is a linear goal. Maximising them one after the other is leximin: regions that cannot rise keep their
coverage, the others rise as far as they can, the lowest first. It holds with whole units and yes/no decisions too.
"""

import numpy as np

from solver.network.plan_model import PlanModel
from solver.program import Floats, Integers, Linear
from solver.search.goals import Goal


class OrderedCoverage:
    """Coverage of each region (axis r: regions with requirements) as variables, and the goals on their sums."""

    def __init__(self, model: PlanModel) -> None:
        self._model = model
        arrays = model.arrays
        self._coverages = [
            model.coverage(np.where(arrays.region_a == region, arrays.weight_a, 0.0) * (1.0 / weight))
            for region in np.unique(arrays.region_a[arrays.weight_a > 0])
            if (weight := float(arrays.weight_a[arrays.region_a == region].sum())) > 0
        ]
        self.regions = len(self._coverages)
        self._coverage_r = model.program.add_variables(self.regions)
        for variable, coverage in zip(self._coverage_r, self._coverages, strict=True):
            model.program.add_row("leximin", coverage + Linear(variable[None], -np.ones(1)), 0.0, 0.0)
        self._steps: list[tuple[int, int, Integers]] = []  # count, s, d_r

    def goal(self, count: int) -> Goal:
        """The sum of the `count` smallest coverages."""
        program = self._model.program
        (level,) = program.add_variables(1)
        shortfall_r = program.add_variables(self.regions)
        row = np.arange(self.regions)
        program.add_rows(
            "leximin",
            np.concatenate([row, row, row]),
            np.concatenate([shortfall_r, self._coverage_r, np.full(self.regions, level)]),
            np.concatenate([np.ones(self.regions), np.ones(self.regions), -np.ones(self.regions)]),
            0.0,
            np.inf,
            count=self.regions,
        )
        self._steps.append((count, int(level), shortfall_r))
        expression = Linear(
            np.concatenate([[level], shortfall_r]), np.concatenate([[float(count)], -np.ones(self.regions)])
        )
        return Goal("worst_region", expression, is_maximised=True)

    def extended(self, values: Floats) -> Floats:
        """A solution with the variables of the steps so far filled in from its flows."""
        filled = np.zeros(self._model.program.size)
        filled[: len(values)] = values
        coverage_r = np.clip([coverage.value(values) for coverage in self._coverages], 0.0, 1.0)
        filled[self._coverage_r] = coverage_r
        for count, level, shortfall_r in self._steps:
            filled[level] = np.sort(coverage_r)[count - 1]
            filled[shortfall_r] = np.maximum(0.0, filled[level] - coverage_r)
        return filled
