"""Re-check a finished plan against every rule from the scenario alone.

Nothing here is shared with the model that the optimiser solves: a mistake in the one is caught by the other.
"""

from solver.verify.checks import BUILT_RULES
from solver.verify.findings import Finding, NotBuilt, Violation
from solver.verify.measurement import BUILT_OBJECTIVES, ActivityMeasure, Measurement, measure

__all__ = [
    "BUILT_OBJECTIVES",
    "BUILT_RULES",
    "ActivityMeasure",
    "Finding",
    "Measurement",
    "NotBuilt",
    "Violation",
    "measure",
]
