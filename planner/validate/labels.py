"""Labels of sensitivity say who may see a row or a cell."""

from collections.abc import Iterator

from planner.problems import Problem
from planner.scenario import SENSITIVITIES, Scenario
from planner.sensitivity import unreadable_labels
from planner.validate.findings import quoted, warning


def check_labels(scenario: Scenario) -> Iterator[Problem]:
    """Labels can be read; until they can, the row is shared with nobody but its owner."""
    for sheet, index, part in unreadable_labels(scenario):
        message = (
            f"The label {quoted(part)} says nothing, so the row counts as confidential; write one of "
            f"{', '.join(SENSITIVITIES)}, for one cell with its column before it (note: public)."
        )
        yield warning("label", sheet, index, "", message)
