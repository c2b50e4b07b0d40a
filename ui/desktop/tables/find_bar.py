"""The bar above a table that finds texts in its cells and replaces them; Esc closes it."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import repeat

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton

from ui.desktop.figures import number_text
from ui.desktop.parts import button, row, text
from ui.desktop.tables.editable_grid import Cell
from ui.desktop.tables.editable_table import EditableTable
from ui.desktop.tables.finding import found_places, replaced
from ui.desktop.theme import Theme

FIELD_WIDTH = 220


class FindField(QLineEdit):
    """A field whose Esc and Return belong to the bar, not to the window."""

    left = Signal()
    entered = Signal(int)  # 1 forwards, -1 backwards

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("kind", "find")
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self.setFixedWidth(FIELD_WIDTH)

    def event(self, event: QEvent) -> bool:
        """Esc is a shortcut of the window otherwise."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes on, with Shift back."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)


class FindBar(QFrame):
    """Looks through one column after another, so that large tables go on answering meanwhile."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("findBar")
        self._table: EditableTable | None = None
        self._found: list[tuple[int, int]] = []  # in order: place and number of the column, as one sees them
        self._shown: list[int] = []  # columns, as they stood when the search began
        self._next = 0  # which of them is looked through next
        self._words, self._replacement = FindField("Find"), FindField("Replace with")
        self._count = text("", "hint")
        self._count.setMinimumWidth(80)

        def make(words: str, action: Callable[[], object], tip: str) -> QPushButton:
            return button(theme, words, action, kind="tool", tip=tip)

        self._before = make("Previ&ous", lambda: self.go(-1), "The one before (Shift+F3)")
        self._after = make("&Next", lambda: self.go(1), "The next one (F3)")
        self._one = make("Rep&lace", self.replace_one, "Replace in this cell and go to the next one")
        self._all = make("R&eplace all", self.replace_all, "Replace in every cell that was found: one step of undo")
        close = button(theme, "", self.leave, icon="close", kind="flat", name="Close find", tip="Close (Esc)")
        self.setLayout(
            row(
                *(self._words, self._before, self._after, self._count, 8, self._replacement, self._one, self._all),
                *(None, close),
                margins=(16, 5, 8, 5),
            )
        )
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._look_on)
        self._words.textChanged.connect(self._look)
        self._words.entered.connect(self.go)
        self._replacement.entered.connect(lambda _: self.replace_one())
        for field in (self._words, self._replacement):
            field.left.connect(self.leave)
        self.hide()

    def show_for(self, table: EditableTable, *, with_replace: bool) -> None:
        """Look through a table, for the words that stand in the field."""
        self.follow(table)
        for widget in (self._replacement, self._one, self._all):
            widget.setVisible(with_replace)
        self.show()
        self._words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._words.selectAll()
        self._look()

    def follow(self, table: EditableTable) -> None:
        """Look through another table from now on."""
        if table is self._table:
            return
        if self._table is not None:
            for signal in (self._table.grid.dataChanged, self._table.grid.modelReset, self._table.grid.layoutChanged):
                signal.disconnect(self._look)
        self._table = table
        for signal in (table.grid.dataChanged, table.grid.modelReset, table.grid.layoutChanged):
            signal.connect(self._look)
        self._look()

    def leave(self) -> None:
        """Close the bar and go back to the table."""
        self.hide()
        if self._table is not None:
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks any more."""
        super().hideEvent(event)
        self._timer.stop()

    @property
    def is_done(self) -> bool:
        """Whether every column was looked through."""
        return not self._timer.isActive()

    # -- finding

    def _look(self, *_: object) -> None:
        self._found, self._next = [], 0
        self._shown = self._table.shown_columns() if self._table is not None and self._words.text() else []
        if not self.isHidden():
            self._timer.start()

    def _look_on(self) -> None:
        if self._next < len(self._shown) and self._table is not None:
            places = found_places(self._table.edited, self._shown[self._next], self._words.text())
            self._found += zip(places, repeat(self._next))
            self._next += 1
        if self._next < len(self._shown):
            self._timer.start()
        else:
            self._found.sort()
        self._tell()

    def _tell(self) -> None:
        count, here = len(self._found), self._here()
        words = ""
        if self._words.text():
            number = bisect_right(self._found, here)
            at = f"{number_text(number)} of " if self._is_found(here) and self._next == len(self._shown) else ""
            words = f"{at}{number_text(count)} found" if count else ""
            if not count and self._next == len(self._shown):
                words = "Nothing found"
        self._count.setText(words)
        for made in (self._before, self._after, self._one, self._all):
            made.setEnabled(count > 0)

    def _here(self) -> tuple[int, int]:
        """Where the cursor is, as one sees it."""
        index = self._table.currentIndex() if self._table is not None else None
        if index is None or index.column() not in self._shown:
            return -1, -1
        return index.row(), self._shown.index(index.column())

    def _is_found(self, here: tuple[int, int]) -> bool:
        at = bisect_left(self._found, here)
        return at < len(self._found) and self._found[at] == here

    def _cell(self, found: tuple[int, int]) -> Cell:
        return found[0], self._shown[found[1]]

    def go(self, step: int) -> None:
        """Put the cursor on the next cell that was found, after the last on the first."""
        if not self._found or self._table is None:
            return
        here = self._here()
        at = bisect_right(self._found, here) if step > 0 else bisect_left(self._found, here) - 1
        cell = self._cell(self._found[at % len(self._found)])
        self._table.setCurrentIndex(self._table.grid.index(*cell))
        self._table.scrollTo(self._table.currentIndex())
        self._tell()

    # -- replacing

    def replace_one(self) -> None:
        """Replace in the cell with the cursor, where it was found, and go on."""
        here = self._here()
        if self._is_found(here):
            self._replace([here])
        self.go(1)

    def replace_all(self) -> None:
        """Replace in every cell that was found."""
        self._replace(self._found)

    def _replace(self, chosen: list[tuple[int, int]]) -> None:
        if self._table is None:
            return
        grid = self._table.edited
        editable = (cell for cell in map(self._cell, chosen) if grid.can_edit(cell[1]))
        cells = replaced(grid, editable, self._words.text(), self._replacement.text())
        if cells:
            count = number_text(len(cells))
            self._table.write(cells, f"replace {count} {'cell' if len(cells) == 1 else 'cells'}")
