"""A table whose first columns stay in view while the others are scrolled sideways."""

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QItemSelection, QModelIndex, QPersistentModelIndex, QPoint, QRect
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QTableView

from ui.desktop.theme import Theme

MOST_FROZEN = 0.5  # of the width of the table; more would leave nothing to scroll
AnyIndex = QModelIndex | QPersistentModelIndex


class FrozenColumn(NamedTuple):
    """Where a column stays, in pixels of the viewport."""

    column: int
    left: int
    width: int


class FrozenTable(QTableView):
    """The frozen cells are painted over the scrolled ones, and found there by the mouse and by editors."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._frozen_count = 0

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

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Qt paints again what is selected, where it would be without frozen columns."""
        super().selectionChanged(selected, deselected)
        if self.frozen_columns():
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The table, then what stays."""
        super().paintEvent(event)
        frozen = self.frozen_columns()
        if frozen and self.model().rowCount():
            painter = QPainter(self.viewport())
            self._paint_frozen(painter, frozen)
            painter.end()

    def _paint_frozen(self, painter: QPainter, frozen: list[FrozenColumn]) -> None:
        palette, selection, model = self._theme.palette, self.selectionModel(), self.model()
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        rows = range(first, (last if last >= 0 else model.rowCount() - 1) + 1)
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        plain = option.state & ~(QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus)
        for column, left, width in frozen:
            for row in rows:
                index = model.index(row, column)
                rect = QRect(left, self.rowViewportPosition(row), width - 1, self.rowHeight(row) - 1)
                painter.fillRect(rect.adjusted(0, 0, 1, 1), QColor(palette.line))
                painter.fillRect(rect, QColor(palette.surface))
                option.rect = rect
                option.state = plain
                if selection.isSelected(index):
                    option.state |= QStyle.StateFlag.State_Selected
                if index == self.currentIndex() and self.hasFocus():
                    option.state |= QStyle.StateFlag.State_HasFocus
                self.itemDelegate().paint(painter, option, index)
        edge = frozen[-1].left + frozen[-1].width - 1
        painter.fillRect(QRect(edge, 0, 2, self.viewport().height()), QColor(palette.line_strong))
