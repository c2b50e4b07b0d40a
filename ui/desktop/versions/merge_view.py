"""The table of a merge: a click or a key takes a side, and what is left to decide stands out."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu

from planner.merge import Change, Side, State, Written
from ui.desktop.tables.table_view import TableView, modifiers_of
from ui.desktop.theme import Theme
from ui.desktop.versions.merge_model import COLUMN, RESULT, ROW, SIDES, MergeModel

ROW_HEIGHT = 32
BAR = 3  # pixels at the left of what is left to decide
LEAST_ROW, WIDEST_ROW, LEAST_RESULT = 240, 420, 225
WIDTHS = {ROW: LEAST_ROW, COLUMN: 130}
VALUE_WIDTH = 140
KEYS = {Qt.Key.Key_M: Side.MINE, Qt.Key.Key_T: Side.THEIRS}


class MergeView(TableView):
    """Shows a MergeModel. `moved` carries the change with the cursor, or None."""

    moved = Signal(object)

    def __init__(self, theme: Theme, model: MergeModel) -> None:
        self.merges = model
        super().__init__(theme, model, "Changes of both versions")
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().hide()
        self.setObjectName("framed")
        self.clicked.connect(self._choose)

    def fit_columns(self) -> None:
        """The values have one width: they are compared."""
        super().fit_columns()
        for column in range(self.grid.columnCount()):
            least = WIDTHS.get(column, VALUE_WIDTH if column > COLUMN else 90)
            self.setColumnWidth(column, max(least, self.columnWidth(column)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The names of rows and the results share the room that the others leave."""
        super().resizeEvent(event)
        others = sum(
            self.columnWidth(column) for column in range(self.grid.columnCount()) if column not in (ROW, RESULT)
        )
        room = self.viewport().width() - others
        self.setColumnWidth(ROW, min(WIDEST_ROW, max(LEAST_ROW, room - LEAST_RESULT)))
        self.setColumnWidth(RESULT, max(LEAST_RESULT, room - self.columnWidth(ROW)))

    @property
    def change(self) -> Change | None:
        """The change with the cursor."""
        index = self.currentIndex()
        return self.merges.changes[self.merges.source_row(index.row())] if index.isValid() else None

    def selected_changes(self) -> list[Change]:
        """Those of the rows with a selected cell."""
        return [self.merges.changes[self.merges.source_row(place)] for place in self.selected_places()]

    def take(self, decision: Side | Written | None) -> None:
        """Decide the conflicts that are selected; None leaves them open again."""
        self.merges.decide(self.selected_changes(), decision)

    def take_row(self, side: Side) -> None:
        """Decide every conflict in the row of the scenario that the cursor is in."""
        if (change := self.change) is not None:
            self.merges.decide(self.merges.conflicts_of_row(change), side)

    def go_to_next_open(self) -> bool:
        """Go to the next conflict that is left to decide, after the last one to the first; False without any."""
        rows = self.merges.open_rows
        if not rows:
            return False
        here = self.currentIndex()
        at = self.merges.source_row(here.row()) if here.isValid() else -1
        row = next((row for row in rows if row > at), rows[0])
        if self.merges.place_of(row) is None:
            self.clear_filters()
        place = self.merges.place_of(row)
        if place is None:
            return False
        index = self.merges.index(place, RESULT)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _choose(self, index: QModelIndex) -> None:
        if index.column() in SIDES and (change := self.change) is not None:
            self.merges.decide([change], SIDES[index.column()])

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Tell which change one came to."""
        super().currentChanged(current, previous)
        self.moved.emit(self.change)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """M and T take a side, Return the one with the cursor, Delete takes the decision back."""
        key, column = event.key(), self.currentIndex().column()
        if modifiers_of(event) != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
        elif key in KEYS:
            self.take(KEYS[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and column in SIDES:
            self.take(SIDES[column])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.take(None)
        else:
            super().keyPressEvent(event)

    def fill_menu(self, menu: QMenu) -> None:
        """What can be decided, then what every table has."""
        if any(change.state is State.CONFLICT for change in self.selected_changes()):
            self.add_action(menu, "Take mine", lambda: self.take(Side.MINE), "M")
            self.add_action(menu, "Take theirs", lambda: self.take(Side.THEIRS), "T")
            self.add_action(menu, "Take mine in the whole row", lambda: self.take_row(Side.MINE))
            self.add_action(menu, "Take theirs in the whole row", lambda: self.take_row(Side.THEIRS))
            self.add_action(menu, "Leave it open", lambda: self.take(None), "Del")
            menu.addSeparator()
        super().fill_menu(menu)

    def paint_above(self, painter: QPainter) -> None:
        """A bar at the left of each row that is left to decide."""
        super().paint_above(painter)
        last = self.rowAt(self.viewport().height() - 1)
        for place in range(max(0, self.rowAt(0)), (last if last >= 0 else self.merges.rowCount() - 1) + 1):
            change = self.merges.changes[self.merges.source_row(place)]
            if change.state is State.CONFLICT and change.key not in self.merges.decisions:
                top = self.rowViewportPosition(place)
                painter.fillRect(0, top, BAR, self.rowHeight(place) - 1, self._theme.colour("problem"))
