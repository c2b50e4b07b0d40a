"""Yes/no variables that follow from flows: does this partner give to that activity?"""

from dataclasses import dataclass

import numpy as np

from solver.program import Floats, Integers


@dataclass(frozen=True, slots=True)
class YesNo:
    """One answer per group g: yes where the sum of coefficient · variable over its entries reaches the least."""

    answer_g: Integers  # the variables that hold the answers
    group: Integers  # per entry
    variable: Integers
    coefficient: Floats
    least: float

    def settle(self, values: Floats) -> None:
        """Write the answers that these flows give into the values."""
        reached = np.bincount(self.group, self.coefficient * values[self.variable], minlength=len(self.answer_g))
        values[self.answer_g] = reached >= self.least
