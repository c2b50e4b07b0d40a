"""A table to read in a dialog: texts that were made elsewhere, its last column as wide as there is room."""

from collections.abc import Sequence

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

MOST_SHOWN = 500  # rows of one table; nobody reads more


def plain_table(name: str, headings: Sequence[str], rows: Sequence[tuple[str, ...]] = ()) -> QTableWidget:
    """The first rows in a table of this accessible name."""
    table = QTableWidget(0, len(headings))
    dress(table, name, headings)
    fill(table, rows)
    return table


def fill(table: QTableWidget, rows: Sequence[tuple[str, ...]]) -> None:
    """Show these rows, and how many more there are."""
    last = table.columnCount() - 1
    shown = rows[:MOST_SHOWN]
    more = len(rows) - len(shown)
    table.setRowCount(len(shown) + bool(more))
    for at, cells in enumerate(shown):
        for column_at, words in enumerate(cells):
            item = QTableWidgetItem(words)
            item.setToolTip(words)
            table.setItem(at, column_at, item)
    if more:
        table.setItem(len(shown), last, QTableWidgetItem(f"... and {more:,} more"))
    table.resizeColumnsToContents()
    table.horizontalHeader().setSectionResizeMode(last, QHeaderView.ResizeMode.Stretch)


def dress(table: QTableWidget, name: str, headings: Sequence[str]) -> None:
    """Give a table its name, its headings and the manners of one that is only read."""
    table.setAccessibleName(name)
    table.setHorizontalHeaderLabels(list(headings))
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.setWordWrap(True)
