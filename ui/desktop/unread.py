"""Cells of a workbook that could not be read, as long as nobody has changed what took their place."""

from dataclasses import dataclass, replace
from typing import Any

from planner.problems import Place, Problem
from planner.scenario import TABLE_BY_SHEET, Scenario, Table

RowPlaces = dict[str, tuple[Table, int, Any]]  # by row id: its table, its index there, the row itself


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell of a workbook that could not be read: told until somebody changes the cell that took its place."""

    problem: Problem
    row_id: str
    value: Any

    @classmethod
    def of(cls, problem: Problem, scenario: Scenario) -> "Unread":
        """Remember the row and the value that stand in for the cell."""
        row = row_at(scenario, problem.where)
        return cls(problem, getattr(row, "id", ""), getattr(row, problem.where.column, None))

    def still(self, places: RowPlaces) -> Problem | None:
        """The problem where it stands now; None once the cell was changed or its row deleted."""
        if not self.row_id:
            return self.problem
        if self.row_id not in places:
            return None
        _, index, row = places[self.row_id]
        is_same = getattr(row, self.problem.where.column, None) == self.value
        return replace(self.problem, where=replace(self.problem.where, row=index)) if is_same else None


def row_at(scenario: Scenario, place: Place) -> Any:
    """The row that a problem names, or None."""
    table = TABLE_BY_SHEET.get(place.sheet)
    rows = scenario.rows(table) if table is not None else ()
    return rows[place.row] if place.row is not None and place.row < len(rows) else None
