"""The square at the corner of a selection: dragged, it copies what is selected over the cells beyond."""

from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui.desktop.tables.editable_grid import Cell
from ui.desktop.tables.table_view import Block, TableView
from ui.desktop.theme import Theme

SIDE, REACH = 6, 4  # pixels: its size, and how far beside it a press still counts


class Stretch(NamedTuple):
    """A block made larger on one side."""

    source: Block
    rows: range  # of the cells that are added
    columns: range

    def sources(self) -> dict[Cell, Cell]:
        """Which cell each added one is a copy of, both as place and position on screen."""
        top, left = self.source.rows[0], self.source.columns[0]
        height, width = len(self.source.rows), len(self.source.columns)
        return {
            (row, column): (top + (row - top) % height, left + (column - left) % width)
            for row in self.rows
            for column in self.columns
        }


class FillHandle:
    """Belongs to a table; columns are counted as they stand on screen."""

    def __init__(self, theme: Theme, table: TableView) -> None:
        self._theme, self._table = theme, table
        self.stretch: Stretch | None = None
        self.is_dragged = False

    def rect(self) -> QRect:
        """Where it is; empty where nothing is selected in one block."""
        block = self._table.selected_block()
        if block is None or not self._table.hasFocus():
            return QRect()
        corner = self._table.block_rect(block.rows, block.columns).bottomRight()
        return QRect(corner.x() - SIDE + 3, corner.y() - SIDE + 3, SIDE, SIDE)

    def is_at(self, point: QPoint) -> bool:
        """Whether a press there takes hold of it."""
        rect = self.rect()
        return not rect.isEmpty() and rect.adjusted(-REACH, -REACH, REACH, REACH).contains(point)

    def drag(self, point: QPoint) -> None:
        """Stretch the selection towards a point: down, up, right or left, whichever is farther."""
        table, block = self._table, self._table.selected_block()
        inside = table.viewport().rect()
        index = table.indexAt(
            QPoint(
                min(max(point.x(), 0), inside.right(), table.horizontalHeader().length() - 1),
                min(max(point.y(), 0), inside.bottom()),
            )
        )
        self.stretch = None
        if block is not None:
            shown = table.shown_columns()
            row = index.row() if index.isValid() else table.grid.rowCount() - 1
            at = shown.index(index.column()) if index.isValid() else block.columns[-1]
            self.stretch = stretched(block, row, at)
            table.scrollTo(table.grid.index(row, shown[at]))
        table.viewport().update()

    def paint(self, painter: QPainter) -> None:
        """The square, and a dashed frame around what would be filled."""
        palette, rect = self._theme.palette, self.rect()
        if not rect.isEmpty():
            painter.fillRect(rect.adjusted(-1, -1, 1, 1), QColor(palette.surface))
            painter.fillRect(rect, QColor(palette.accent))
        if self.stretch is not None:
            painter.setPen(QPen(QColor(palette.accent), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._table.block_rect(self.stretch.rows, self.stretch.columns).adjusted(0, 0, -1, -1))


def stretched(block: Block, row: int, column: int) -> Stretch | None:
    """The block made larger up to a cell, in one direction; None inside the block."""
    below, above = row - block.rows[-1], block.rows[0] - row
    right, left = column - block.columns[-1], block.columns[0] - column
    farthest = max(below, above, right, left)
    if farthest <= 0:
        return None
    if farthest == below:
        return Stretch(block, range(block.rows[-1] + 1, row + 1), block.columns)
    if farthest == above:
        return Stretch(block, range(row, block.rows[0]), block.columns)
    if farthest == right:
        return Stretch(block, block.rows, range(block.columns[-1] + 1, column + 1))
    return Stretch(block, block.rows, range(column, block.columns[0]))
