"""A table of the plan on screen: a click or Return asks why, and groups stand out."""

from collections.abc import Callable, Sequence
from itertools import takewhile

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter

from planner.report.table import Table
from planner.report.why import Subject
from ui.desktop.tables.cell_painter import PADDING
from ui.desktop.tables.result_model import ResultModel
from ui.desktop.tables.table_view import TableView
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
        """The titles of groups go on over the empty cells beside them."""
        super().paint_above(painter)
        if not self.results.grouped_by:
            return
        last = self.rowAt(self.viewport().height() - 1)
        rows = range(max(0, self.rowAt(0)), (last if last >= 0 else self.results.rowCount() - 1) + 1)
        for row in rows:
            if self.results.source_row(row) < 0:
                self._paint_title(painter, row)

    def _paint_title(self, painter: QPainter, row: int) -> None:
        empty = takewhile(
            lambda column: column == 0 or not self.results.index(row, column).data(), self.shown_columns()
        )
        width = sum(map(self.columnWidth, empty)) - self.horizontalHeader().offset()
        line = QRect(1, self.rowViewportPosition(row), width - 2, self.rowHeight(row) - 1)
        is_selected = self.selectionModel().isSelected(self.results.index(row, 0))
        painter.fillRect(line.adjusted(1, 2, -1, -2), self._theme.colour("accent_soft" if is_selected else "surface_2"))
        painter.setFont(self._theme.font(bold=True))
        painter.setPen(self._theme.colour("ink"))
        box = line.adjusted(PADDING - 1, 0, 0, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.results.index(row, 0).data())
