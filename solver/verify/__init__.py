"""Re-check a finished plan against every rule from the scenario alone.

Nothing here is shared with the model that the optimiser solves: a mistake in the one is caught by the other.
"""

from solver.verify.checks import CHECKED_RULES
from solver.verify.findings import Finding, Violation
from solver.verify.measurement import ActivityMeasure, Measurement, measure
from solver.verify.objectives import MEASURED_OBJECTIVES

__all__ = [
    "CHECKED_RULES",
    "MEASURED_OBJECTIVES",
    "ActivityMeasure",
    "Finding",
    "Measurement",
    "Violation",
    "measure",
]
