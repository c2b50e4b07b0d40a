"""What every table on screen does alike: sort and filter through an index array, numbers at the right, plain copies.

The rows never move: `_order` says which source row stands at which place of the screen, and only a person's click
changes it. A cell that is edited keeps its place even when it no longer fits the sorting or the filter.
"""

import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QLocale, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

# Roles as plain integers: comparing enum members for every cell painted costs a third of the time.
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
EDIT = int(Qt.ItemDataRole.EditRole)
TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
FOREGROUND = int(Qt.ItemDataRole.ForegroundRole)
FONT = int(Qt.ItemDataRole.FontRole)
ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
PROBLEM = int(Qt.ItemDataRole.UserRole) + 1  # "error", "warning" or None: the mark a cell carries
NUMBER = int(Qt.ItemDataRole.UserRole) + 2  # the figure in a cell, or None: for sums and bars
BAR = int(Qt.ItemDataRole.UserRole) + 3  # 0-1 where a cell shows a bar beside its figure
MUTED = int(Qt.ItemDataRole.UserRole) + 4  # whether a cell says nothing new: zeros, defaults, rules that are off

AT_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
AT_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

COMPARISON = re.compile(r"(<=|>=|<|>|=)\s*(-?[\d\s.,]+)%?$")
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "=": operator.eq,
}
AnyIndex = QModelIndex | QPersistentModelIndex


def number_text(value: float, decimals: int | None = None) -> str:
    """A figure with the thousands separators of this computer's language; at most 2 decimals where not told."""
    locale = QLocale()
    if decimals is not None:
        return locale.toString(float(value), "f", decimals)
    if round(float(value), 2).is_integer() and (abs(value) >= 0.01 or value == 0):
        return locale.toString(round(value))
    text = locale.toString(float(value), "f", 2)
    return text.removesuffix("0") if abs(value) >= 0.01 else locale.toString(float(value), "g", 3)


def change_text(value: float, decimals: int | None = None) -> str:
    """A difference with its sign."""
    words = number_text(abs(value), decimals)
    if not any(sign in words for sign in "123456789"):
        return words
    return f"+{words}" if value > 0 else f"−{words}"


class GridModel(QAbstractTableModel):
    """A table of source rows, shown in `_order`. Subclasses say what is in a cell."""

    filtered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._order: list[int] = []
        self._filters: dict[int, str] = {}
        self.sorted_by: tuple[int, Qt.SortOrder] | None = None

    # What a subclass says about its source rows.

    def source_count(self) -> int:
        """How many rows there are before filtering."""
        raise NotImplementedError

    def headings(self) -> Sequence[str]:
        """The words above the columns."""
        raise NotImplementedError

    def is_numeric(self, column: int) -> bool:
        """Whether a column holds figures."""
        raise NotImplementedError

    def text_at(self, row: int, column: int) -> str:
        """What a cell shows; `row` counts source rows."""
        raise NotImplementedError

    def number_at(self, row: int, column: int) -> float | None:
        """The figure in a cell, if it holds one; `row` counts source rows."""
        raise NotImplementedError

    # Order and filter.

    def source_row(self, place: int) -> int:
        """The source row at a place of the screen."""
        return self._order[place]

    def place_of(self, source_row: int) -> int | None:
        """Where a source row is on screen; None where a filter hides it."""
        try:
            return self._order.index(source_row)
        except ValueError:
            return None

    @property
    def filters(self) -> dict[int, str]:
        """The filter texts by column."""
        return dict(self._filters)

    def set_filter(self, column: int, text: str) -> None:
        """Show only rows whose cell contains `text`; figures also take `> 0`, `<= 5`, `= 3`."""
        if text.strip():
            self._filters[column] = text.strip()
        else:
            self._filters.pop(column, None)
        self._reorder(self._in_order([row for row in range(self.source_count()) if self._passes(row)]))
        self.filtered.emit()

    def clear_filters(self) -> None:
        """Show every row again."""
        self._filters.clear()
        self._reorder(self._in_order(list(range(self.source_count()))))
        self.filtered.emit()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by a column, empty cells last; -1 is the order of the scenario."""
        self.sorted_by = (column, order) if column >= 0 else None
        self._move(self._in_order(sorted(self._order) if column < 0 else self._order))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def _in_order(self, rows: list[int]) -> list[int]:
        """Source rows as they are sorted now."""
        if self.sorted_by is None:
            return rows
        column, order = self.sorted_by
        filled: list[int] = []
        empty: list[int] = []
        for row in rows:
            (filled if self._sort_key(row, column) is not None else empty).append(row)
        filled.sort(key=lambda row: self._sort_key(row, column), reverse=order == Qt.SortOrder.DescendingOrder)
        return filled + empty

    def _arrow(self, column: int) -> str:
        if self.sorted_by is None or self.sorted_by[0] != column:
            return ""
        return " ▼" if self.sorted_by[1] == Qt.SortOrder.DescendingOrder else " ▲"

    def _sort_key(self, row: int, column: int) -> Any:
        if self.is_numeric(column):
            return self.number_at(row, column)
        return self.text_at(row, column).casefold() or None

    def _passes(self, row: int) -> bool:
        return all(self._matches(row, column, text) for column, text in self._filters.items())

    def _matches(self, row: int, column: int, text: str) -> bool:
        comparison = COMPARISON.match(text)
        if comparison and self.is_numeric(column):
            value = self.number_at(row, column)
            limit = re.sub(r"\s", "", comparison[2]).replace(",", ".")
            try:
                return value is not None and COMPARE[comparison[1]](value, float(limit))
            except ValueError:
                return False
        return text.casefold() in self.text_at(row, column).casefold()

    def _move(self, order: list[int]) -> None:
        """Show the same rows in another order; selections and open editors go along with their rows."""
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        sources = [self._order[index.row()] for index in kept]
        self._order = order
        place = {row: at for at, row in enumerate(order)} if kept else {}
        self.changePersistentIndexList(
            kept, [self.index(place[row], index.column()) for row, index in zip(sources, kept, strict=True)]
        )
        self.layoutChanged.emit()

    def _reorder(self, order: list[int]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._order = order
        self.endResetModel()

    # Qt's questions.

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        """Rows on screen."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        """Columns."""
        return 0 if parent.isValid() else len(self.headings())

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Every cell can be selected; subclasses say which can be edited."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: AnyIndex, role: int = DISPLAY) -> Any:
        """What a cell shows and how."""
        if not index.isValid():
            return None
        row, column = self._order[index.row()], index.column()
        if role == DISPLAY:
            return self.text_at(row, column)
        if role == ALIGNMENT:
            return AT_RIGHT if self.is_numeric(column) else AT_LEFT
        if role == NUMBER:
            return self.number_at(row, column) if self.is_numeric(column) else None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        """Headings, the one the rows are ordered by with an arrow, and row numbers from 1."""
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == DISPLAY else None
        if role == DISPLAY:
            return f"{self.headings()[section]}{self._arrow(section)}"
        if role == ALIGNMENT:
            return AT_RIGHT if self.is_numeric(section) else AT_LEFT
        return None
