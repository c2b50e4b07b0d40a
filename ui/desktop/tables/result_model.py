"""A table of the report as a grid: read only, codes hidden behind names, shares as percent, grouped where wanted.

Groups stand in `_order` as negative numbers, each above its rows; their figures are sums of the rows that are shown.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject

from planner.report.table import NO_DECIMALS_FROM, PERCENT, ReportColumn, Table
from resources.columns import Kind
from ui.desktop.figures import change_text, number_text
from ui.desktop.tables.cell_painter import Look
from ui.desktop.tables.grid_model import BAR, DISPLAY, MUTED, NUMBER, PROBLEM, TOOL_TIP, AnyIndex, GridModel

FIGURES = (Kind.NUMBER, Kind.WHOLE, Kind.SHARE)
CHANGES = ("change", "change_share")  # differences, which are shown with their sign
SUMMED = ("quantity", "value", "required", "allocated", "missing", "paid")  # what groups add up
NOTABLE = (("state", "Binding"),)  # what has the colour of limits, as every flag has
BARS = ("coverage", "effective", "covered", "used")  # shares that are shown with a bar


class ResultModel(GridModel):
    """Shows a report table; `hidden` names columns that are left out."""

    def __init__(self, table: Table, hidden: Sequence[str] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hidden = frozenset(hidden)
        self._grouped_by = ""
        self._groups: list[tuple[str, list[int]]] = []  # name, rows shown
        self._sums: dict[tuple[int, int], float | None] = {}  # of the groups shown, by row and column
        self.take(table)

    def take(self, table: Table) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.table_shown = table
        self._columns = [column for column in table.columns if column.name not in self._hidden]
        self._positions = [table.positions[column.name] for column in self._columns]
        self._headings = tuple(heading(column) for column in self._columns)
        self.forget_columns()
        self._order = self._in_order(self.passing())
        self.endResetModel()

    def source_count(self) -> int:
        """Rows of the table."""
        return len(self.table_shown.rows)

    @property
    def grouped_by(self) -> str:
        """The column whose values make the groups; empty for none."""
        return self._grouped_by

    def group_by(self, column_name: str) -> None:
        """Put rows with one value in a column below a row with their sums; an empty name ends it."""
        self._grouped_by = column_name
        self._reorder(self._in_order(self.passing()))

    def _in_order(self, rows: list[int]) -> list[int]:
        """Source rows as they are sorted now, below their groups, which keep the order of the table."""
        ordered = super()._in_order([row for row in rows if row >= 0])
        self._groups, self._sums = [], {}
        if not self._grouped_by or self._grouped_by not in self.table_shown.positions:
            return ordered
        names = self.table_shown.column(self._grouped_by)
        members: dict[str, list[int]] = {name: [] for name in dict.fromkeys(names)}
        for row in ordered:
            members[names[row]].append(row)
        self._groups = [(str(name), found) for name, found in members.items() if found]
        return [place for at, (_, found) in enumerate(self._groups) for place in (-1 - at, *found)]

    def figures_at(self, place: int, count: int, column: int) -> tuple[list[int], list[float]]:
        """The figures of rows; a selection that takes in groups would else count them twice."""
        known = self.column_figures(column)
        rows = [row for row in self._order[place : place + count] if row >= 0 and known[row] is not None]
        return rows, [value for row in rows if (value := known[row]) is not None]

    def read_texts(self, column: int) -> list[str]:
        """The texts of a column, all at once."""
        described = self._columns[column]
        if described.kind in FIGURES:
            return super().read_texts(column)
        return [cell_text(described, row[self._positions[column]]) for row in self.table_shown.rows]

    def _group_text(self, row: int, column: int) -> str:
        name, members = self._groups[-1 - row]
        if column == 0:
            return f"{name}   ({number_text(len(members))})"
        value = self._group_sum(row, column)
        return "" if value is None else number_text(value, 0 if abs(value) >= NO_DECIMALS_FROM else None)

    def _group_sum(self, row: int, column: int) -> float | None:
        """The sum over a group; None where its rows have several units, which do not add up."""
        if (row, column) not in self._sums:
            described, (_, members) = self._columns[column], self._groups[-1 - row]
            adds_up = described.name in SUMMED and len(self.units_at(members, column)) == 1
            figures = self.column_figures(column) if adds_up else []
            self._sums[row, column] = sum(figures[each] or 0.0 for each in members) if adds_up else None
        return self._sums[row, column]

    def headings(self) -> Sequence[str]:
        """Titles with units."""
        return self._headings

    def is_numeric(self, column: int) -> bool:
        """Figures stand at the right."""
        return self._columns[column].kind in FIGURES

    def text_at(self, row: int, column: int) -> str:
        """A cell as people read it; a dash where a figure has nothing to tell."""
        if row < 0:
            return self._group_text(row, column)
        described = self._columns[column]
        value = self.table_shown.rows[row][self._positions[column]]
        if described.kind in FIGURES and isinstance(value, int | float):
            words_of = change_text if described.name in CHANGES else number_text
            if self._is_share(row, described):
                return words_of(value * 100, 1)
            return words_of(value, 0 if abs(value) >= NO_DECIMALS_FROM else None)
        return cell_text(described, value)

    def number_at(self, row: int, column: int) -> float | None:
        """The figure, shares as percent."""
        if row < 0:
            return self._group_sum(row, column)
        value = self.table_shown.rows[row][self._positions[column]]
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        return value * 100 if self._is_share(row, self._columns[column]) else value

    def unit_at(self, row: int, column: int) -> str:
        """The unit of a figure, so that only like is added to like."""
        described = self._columns[column]
        if row < 0:
            return self.unit_at(self._groups[-1 - row][1][0], column)
        if described.unit_column:
            return str(self.table_shown.value(row, described.unit_column))
        return described.unit

    def units_at(self, rows: Sequence[int], column: int) -> set[str | None]:
        """The units of figures; of groups as well."""
        described = self._columns[column]
        if not described.unit_column:
            return {described.unit} if rows else set()
        return {self.unit_at(row, column) for row in rows}

    def _is_share(self, row: int, described: ReportColumn) -> bool:
        if described.kind is Kind.SHARE:
            return True
        return bool(described.unit_column) and self.table_shown.value(row, described.unit_column) == PERCENT

    def look(self, place: int, column: int) -> Look:
        """Groups stand out."""
        return super().look(place, column)._replace(is_group=self._order[place] < 0)

    def data(self, index: AnyIndex, role: int = DISPLAY) -> Any:
        """Bars beside coverage, whole texts as tool tips."""
        if index.isValid() and self._order[index.row()] < 0 and role in (MUTED, BAR, TOOL_TIP, NUMBER):
            return False if role == MUTED else None
        if role == PROBLEM and index.isValid() and self._order[index.row()] >= 0:
            name = self._columns[index.column()].name
            return "warning" if (name, index.data()) in NOTABLE or (name == "flag" and index.data()) else None
        if role == MUTED and index.isValid():
            row, column = self._order[index.row()], index.column()
            return self.is_numeric(column) and not self.table_shown.rows[row][self._positions[column]]
        if role in (BAR, TOOL_TIP) and index.isValid():
            row, described = self._order[index.row()], self._columns[index.column()]
            value = self.table_shown.rows[row][self._positions[index.column()]]
            if role == BAR:
                return value if described.kind is Kind.SHARE and described.name in BARS else None
            return str(value) if isinstance(value, str) and len(value) > 24 else None
        return super().data(index, role)


def heading(column: ReportColumn) -> str:
    """The title with the unit; shares say percent."""
    return f"{column.title}, %" if column.kind is Kind.SHARE else column.header


def cell_text(column: ReportColumn, value: Any) -> str:
    """A cell that is no figure."""
    if value is None:
        return "–" if column.kind in FIGURES else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
