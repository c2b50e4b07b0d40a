"""A table whose first columns stay in view while the others are scrolled sideways."""

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView

from ui.desktop.tables.cell_painter import CellPainter
from ui.desktop.tables.grid_model import GridModel
from ui.desktop.theme import Theme

MOST_FROZEN = 0.5  # of the width of the table; more would leave nothing to scroll
AnyIndex = QModelIndex | QPersistentModelIndex


class FrozenColumn(NamedTuple):
    """Where a column stays, in pixels of the viewport."""

    column: int
    left: int
    width: int


class FrozenTable(QTableView):
    """Paints its cells itself; the frozen ones over the others, and the mouse and editors find them there."""

    def __init__(self, theme: Theme, model: GridModel) -> None:
        super().__init__()
        self._theme, self._cells = theme, model
        self._frozen_count = 0
        self._painter: CellPainter | None = None  # of the theme and font in use
        theme.changed.connect(self._forget_painter)

    def _forget_painter(self) -> None:
        self._painter = None

    def freeze(self, count: int) -> None:
        """Keep the first columns, as they stand on screen, in view."""
        self._frozen_count = count
        self.viewport().update()

    def frozen_columns(self) -> list[FrozenColumn]:
        """The columns that stay, from left to right, while the table is scrolled sideways; none while it is not."""
        header = self.horizontalHeader()
        return list(self._kept_columns()) if header.offset() > 0 else []

    def _kept_columns(self) -> Iterator[FrozenColumn]:
        header = self.horizontalHeader()
        left = 0
        for visual in range(min(self._frozen_count, header.count())):
            column = header.logicalIndex(visual)
            width = header.sectionSize(column)
            if left + width > self.viewport().width() * MOST_FROZEN:
                return
            if width:
                yield FrozenColumn(column, left, width)
            left += width

    def frozen_width(self) -> int:
        """How much of the viewport the frozen columns cover now."""
        return sum(each.width for each in self.frozen_columns())

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The cell one sees there."""
        for each in self.frozen_columns():
            if each.left <= point.x() < each.left + each.width:
                return self.model().index(self.rowAt(point.y()), each.column)
        return super().indexAt(point)

    def visualRect(self, index: AnyIndex) -> QRect:
        """Where one sees a cell."""
        rect = super().visualRect(index)
        for each in self.frozen_columns():
            if each.column == index.column():
                rect.moveLeft(each.left)
        return rect

    def scrollTo(
        self, index: AnyIndex, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Frozen cells need no scrolling sideways; others must not end up below them."""
        bar = self.horizontalScrollBar()
        before = bar.value()
        super().scrollTo(index, hint)
        kept = list(self._kept_columns())
        if any(each.column == index.column() for each in kept):
            bar.setValue(before)
            return
        covered = sum(each.width for each in kept) - self.columnViewportPosition(index.column())
        if self.horizontalHeader().offset() > 0 and covered > 0:
            bar.setValue(bar.value() - covered)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """What stays is painted again where it was."""
        super().scrollContentsBy(dx, dy)
        if dx and self._frozen_count:
            self.viewport().update()
            self.horizontalHeader().viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Another font or style."""
        super().changeEvent(event)
        self._painter = None

    def cut_figure(self, index: AnyIndex) -> str:
        """The figure of a cell that is too narrow for it; empty for every other."""
        look = self._cells.look(index.row(), index.column())
        width = self.columnWidth(index.column()) - 1
        return look.text if look.is_figure and self._cell_painter().is_cut(look, width) else ""

    def _cell_painter(self) -> CellPainter:
        if self._painter is None:
            self._painter = CellPainter(self._theme, self.font())
        return self._painter

    def paintEvent(self, event: QPaintEvent) -> None:
        """The table, then what stays. Qt would ask the model a dozen questions for every cell; we ask one."""
        painter = QPainter(self.viewport())
        frozen = self.frozen_columns()
        covered = sum(each.width for each in frozen)
        dirty = event.rect()
        last = self.rowAt(dirty.bottom())
        rows = range(max(0, self.rowAt(dirty.top())), (last if last >= 0 else self.model().rowCount() - 1) + 1)
        painter.fillRect(dirty, QColor(self._theme.palette.surface))
        painter.setClipRect(dirty.adjusted(max(0, covered - dirty.left()), 0, 0, 0))
        self._paint_columns(painter, self._scrolled_columns(dirty.left(), dirty.right()), rows)
        painter.setClipRect(dirty)
        if frozen:
            self._paint_columns(painter, frozen, rows)
            painter.fillRect(covered - 1, 0, 2, self.viewport().height(), QColor(self._theme.palette.line_strong))
        self.paint_above(painter)
        painter.end()

    def paint_above(self, painter: QPainter) -> None:
        """What a subclass puts over the cells."""

    def _scrolled_columns(self, left: int, right: int) -> list[FrozenColumn]:
        """The columns between two pixels, where they are scrolled to."""
        header = self.horizontalHeader()
        first, last = header.visualIndexAt(left), header.visualIndexAt(right)
        found = []
        for visual in range(max(0, first), (last if last >= 0 else header.count() - 1) + 1):
            column = header.logicalIndex(visual)
            width = header.sectionSize(column)
            if width:
                found.append(FrozenColumn(column, header.sectionViewportPosition(column), width))
        return found

    def _paint_columns(self, painter: QPainter, columns: list[FrozenColumn], rows: range) -> None:
        if not columns or not rows:
            return
        tops = [(row, self.rowViewportPosition(row)) for row in rows]
        height = self.rowHeight(rows[0])
        selection, current, model = self.selectionModel().selection(), self.currentIndex(), self._cells
        ranges = [selection.at(at) for at in range(selection.count())]
        here = (current.row(), current.column()) if self.hasFocus() else (-1, -1)
        left, right = columns[0].left, columns[-1].left + columns[-1].width
        painter.setPen(QColor(self._theme.palette.line))
        painter.fillRect(left, tops[0][1], right - left, height * len(tops), QColor(self._theme.palette.surface))
        for _, top in tops:
            painter.drawLine(left, top + height - 1, right - 1, top + height - 1)
        for _, start, width in columns:
            painter.drawLine(start + width - 1, tops[0][1], start + width - 1, tops[-1][1] + height - 1)
        cell_painter = self._cell_painter()
        for column, start, width in columns:
            chosen = [(each.top(), each.bottom()) for each in ranges if each.left() <= column <= each.right()]
            for row, top in tops:
                cell_painter.paint(
                    painter,
                    QRect(start, top, width - 1, height - 1),
                    model.look(row, column),
                    is_selected=any(first <= row <= last for first, last in chosen),
                    is_current=(row, column) == here,
                )
