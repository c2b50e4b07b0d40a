"""A table of the plan on screen: a click or Return asks why, and groups stand out."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from planner.report.table import Table
from planner.report.why import Subject
from ui.desktop.cell_delegate import CellDelegate
from ui.desktop.grid_model import AnyIndex
from ui.desktop.result_model import GROUP, ResultModel
from ui.desktop.table_view import TableView
from ui.desktop.theme import Theme

SubjectOf = Callable[[Table, int], Subject | None]


class ResultDelegate(CellDelegate):
    """Cells of a plan's table; the rows of groups are bold on their own ground."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._ground = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw one cell."""
        if index.data(GROUP):
            painter.fillRect(option.rect, QColor(self._ground.palette.surface_2))
            font = QFont(option.font)
            font.setWeight(QFont.Weight.DemiBold)
            option = QStyleOptionViewItem(option)
            option.font = font
        super().paint(painter, option, index)


class ResultView(TableView):
    """Shows a ResultModel. `asked` and `moved` carry the Subject of the row one clicked on or came to."""

    asked = Signal(object)
    moved = Signal(object)

    def __init__(self, theme: Theme, table: Table, hidden: Sequence[str], subject_of: SubjectOf) -> None:
        self.results = ResultModel(table, hidden)
        super().__init__(theme, self.results, table.title)
        self.results.setParent(self)
        self._subject_of = subject_of
        self.setItemDelegate(ResultDelegate(theme, self))
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
