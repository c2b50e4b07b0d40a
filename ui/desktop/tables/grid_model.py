"""What every table on screen does alike: sort and filter through an index array, numbers at the right, plain copies.

The rows never move: `_order` says which source row stands at which place of the screen, and only a person's click
changes it. A cell that is edited keeps its place even when it no longer fits the sorting or the filter.
"""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ui.desktop.figures import typed_text
from ui.desktop.tables.cell_painter import Look
from ui.desktop.tables.filter_words import passing_rows

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

FEW = 20  # a part of the rows smaller than one in so many is read by itself, not with its whole column
AT_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
AT_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

SELECTABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
AnyIndex = QModelIndex | QPersistentModelIndex


class GridModel(QAbstractTableModel):
    """A table of source rows, shown in `_order`. Subclasses say what is in a cell."""

    filtered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._order: list[int] = []
        self.version = 0  # of what the cells hold
        self._texts: dict[int, list[str]] = {}  # by column, read when first looked at
        self._figures: dict[int, list[float | None]] = {}
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

    def unit_at(self, row: int, column: int) -> str | None:
        """The unit of a figure, so that only like is added to like; None where a sum would mean nothing."""
        return None

    def units_at(self, rows: Sequence[int], column: int) -> set[str | None]:
        """The units of figures, two at most: more than one is no unit."""
        units: set[str | None] = set()
        for row in rows:
            units.add(self.unit_at(row, column))
            if len(units) > 1:
                break
        return units

    # Whole columns, for filters, sorting and sums: `row` counts source rows.

    def column_texts(self, column: int) -> list[str]:
        """What filters look at in a column; figures plain, without separators."""
        if column not in self._texts:
            self._texts[column] = self.read_texts(column)
        return self._texts[column]

    def column_figures(self, column: int) -> list[float | None]:
        """The figures of a column; empty where it holds none."""
        if column not in self._figures:
            self._figures[column] = self.read_figures(column)
        return self._figures[column]

    def read_texts(self, column: int) -> list[str]:
        """The texts of a column as they are now; subclasses may know a quicker way."""
        if self.is_numeric(column):
            return ["" if figure is None else f"{figure:.12g}" for figure in self.column_figures(column)]
        return [self.text_at(row, column) for row in range(self.source_count())]

    def read_figures(self, column: int) -> list[float | None]:
        """The figures of a column as they are now."""
        if not self.is_numeric(column):
            return []
        return [self.number_at(row, column) for row in range(self.source_count())]

    def figures_at(self, place: int, count: int, column: int) -> tuple[list[int], list[float]]:
        """The source rows with a figure among so many from a place of the screen on, and the figures."""
        rows = self._order[place : place + count]
        if column in self._figures or count > self.source_count() // FEW:
            known = self.column_figures(column)
            filled = [row for row in rows if known[row] is not None]
            return filled, list(map(known.__getitem__, filled))  # type: ignore[arg-type]
        pairs = [(row, self.number_at(row, column)) for row in rows]
        return [row for row, value in pairs if value is not None], [value for _, value in pairs if value is not None]

    def forget_columns(self) -> None:
        """Cells have changed."""
        self.version += 1
        self._texts.clear()
        self._figures.clear()

    def copied_text(self, place: int, column: int) -> str:
        """What a copy of a cell holds: figures plain, without separators."""
        row = self._order[place]
        figure = self.number_at(row, column) if self.is_numeric(column) else None
        return typed_text(f"{figure:.12g}") if figure is not None else self.text_at(row, column)

    def values_of(self, column: int) -> list[tuple[str, int]]:
        """The different texts of a column with how often each is there; what stands in lists one by one."""
        counted = Counter(self.column_texts(column))
        parts: Counter[str] = Counter()
        for words, count in counted.items():
            for part in words.split("; "):
                parts[part] += count
        return sorted(parts.items(), key=lambda item: item[0].casefold())

    # Order and filter.

    def source_row(self, place: int) -> int:
        """The source row at a place of the screen."""
        return self._order[place]

    def source_rows(self) -> list[int]:
        """The source rows as they stand on screen."""
        return list(self._order)

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
        """Show only rows whose cell contains `text`; figures also take `> 0`, `<= 5`, `= 3`; see `filter_words`."""
        if text.strip():
            self._filters[column] = text.strip()
        else:
            self._filters.pop(column, None)
        self._reorder(self._in_order(self.passing()))
        self.filtered.emit()

    def clear_filters(self) -> None:
        """Show every row again."""
        self._filters.clear()
        self._reorder(self._in_order(self.passing()))
        self.filtered.emit()

    def passing(self) -> list[int]:
        """The source rows that every filter lets through."""
        rows = list(range(self.source_count()))
        for column, words in self._filters.items():
            rows = passing_rows(words, rows, partial(self.column_texts, column), self.column_figures(column))
        return rows

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
        keys: Sequence[Any] = self.column_figures(column)
        if not self.is_numeric(column):
            keys = [text.casefold() or None for text in self.column_texts(column)]
        filled = [row for row in rows if keys[row] is not None]
        filled.sort(key=keys.__getitem__, reverse=order == Qt.SortOrder.DescendingOrder)
        return filled + [row for row in rows if keys[row] is None]

    def _arrow(self, column: int) -> str:
        if self.sorted_by is None or self.sorted_by[0] != column:
            return ""
        return " ▼" if self.sorted_by[1] == Qt.SortOrder.DescendingOrder else " ▲"

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

    def look(self, place: int, column: int) -> Look:
        """All that painting a cell asks for, at once: asking Qt for one role after another takes four times as long."""
        index, data = self.index(place, column), self.data
        return Look(
            str(data(index) or ""),
            self.is_numeric(column),
            data(index, PROBLEM),
            data(index, BAR),
            bool(data(index, MUTED)),
        )

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
        return SELECTABLE

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
