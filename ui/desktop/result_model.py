"""A table of the report as a grid: read only, codes hidden behind names, shares as percent."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject

from planner.report.table import NO_DECIMALS_FROM, PERCENT, ReportColumn, Table
from resources.columns import Kind
from ui.desktop.grid_model import BAR, DISPLAY, MUTED, TOOL_TIP, AnyIndex, GridModel, change_text, number_text

FIGURES = (Kind.NUMBER, Kind.WHOLE, Kind.SHARE)
CHANGES = ("change",)  # differences, which are shown with their sign
BARS = ("coverage", "effective", "covered", "used")  # shares that are shown with a bar


class ResultModel(GridModel):
    """Shows a report table; `hidden` names columns that are left out."""

    def __init__(self, table: Table, hidden: Sequence[str] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hidden = frozenset(hidden)
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

    def headings(self) -> Sequence[str]:
        """Titles with units."""
        return self._headings

    def is_numeric(self, column: int) -> bool:
        """Figures stand at the right."""
        return self._columns[column].kind in FIGURES

    def text_at(self, row: int, column: int) -> str:
        """A cell as people read it; a dash where a figure has nothing to tell."""
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
        value = self.table_shown.rows[row][self._positions[column]]
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        return value * 100 if self._is_share(row, self._columns[column]) else value

    def unit_at(self, row: int, column: int) -> str:
        """The unit of a figure, so that only like is added to like."""
        described = self._columns[column]
        if described.unit_column:
            return str(self.table_shown.value(row, described.unit_column))
        return described.unit

    def _is_share(self, row: int, described: ReportColumn) -> bool:
        if described.kind is Kind.SHARE:
            return True
        return bool(described.unit_column) and self.table_shown.value(row, described.unit_column) == PERCENT

    def data(self, index: AnyIndex, role: int = DISPLAY) -> Any:
        """Bars beside coverage, whole texts as tool tips."""
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
