"""A table of the plan on screen: a click or Return asks why, and groups stand out."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter

from planner.report.table import Table
from planner.report.why import Subject
from ui.desktop.cell_painter import PADDING
from ui.desktop.result_model import ResultModel
from ui.desktop.table_view import TableView
from ui.desktop.theme import Theme

SubjectOf = Callable[[Table, int], Subject | None]


class ResultView(TableView):
    """Shows a ResultModel. `asked` and `moved` carry the Subject of the row one clicked on or came to."""

    asked = Signal(object)
    moved = Signal(object)

    def __init__(self, theme: Theme, table: Table, hidden: Sequence[str], subject_of: SubjectOf) -> None:
        self.results = ResultModel(table, hidden)
        super().__init__(theme, self.results, table.title)
        self.results.setParent(self)
        self._subject_of = subject_of
        self.clicked.connect(lambda _index: self.ask())

    @property
    def subject(self) -> Subject | None:
        """What the current row is about; nothing for a group."""
        index = self.currentIndex()
        if not index.isValid():
            return None
        row = self.results.source_row(index.row())
        return self._subject_of(self.results.table_shown, row) if row >= 0 else None

    def ask(self) -> None:
        """Ask why about the current row."""
        if (subject := self.subject) is not None:
            self.asked.emit(subject)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """An open explanation goes along."""
        super().currentChanged(current, previous)
        if current.row() != previous.row() and (subject := self.subject) is not None:
            self.moved.emit(subject)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return asks why."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.ask()
        else:
            super().keyPressEvent(event)

    def paint_above(self, painter: QPainter) -> None:
        """Groups stand on their own ground: the title over as many empty cells as it needs, sums in their columns."""
        super().paint_above(painter)
        if not self.results.grouped_by:
            return
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        rows = range(max(0, first), (last if last >= 0 else self.results.rowCount() - 1) + 1)
        for row in rows:
            if self.results.source_row(row) < 0:
                self._paint_group(painter, row)

    def _paint_group(self, painter: QPainter, row: int) -> None:
        palette, header = self._theme.palette, self.horizontalHeader()
        width = min(self.viewport().width(), header.length() - header.offset())
        line = QRect(0, self.rowViewportPosition(row), width, self.rowHeight(row) - 1)
        is_current = self.hasFocus() and self.currentIndex().row() == row
        painter.fillRect(line, QColor(palette.accent_soft if is_current else palette.surface_2))
        painter.setFont(self._theme.font(bold=True))
        painter.setPen(QColor(palette.ink))
        box = line.adjusted(PADDING, 0, -PADDING, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.results.index(row, 0).data())
        for column in self.shown_columns():
            if column and (words := self.results.index(row, column).data()):
                left, right = self.columnViewportPosition(column), self.columnWidth(column)
                cell = QRect(left, line.top(), right - 1, line.height())
                painter.fillRect(cell, QColor(palette.accent_soft if is_current else palette.surface_2))
                place = cell.adjusted(PADDING, 0, -PADDING, 0)
                painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
