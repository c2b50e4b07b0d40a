"""A table that people type into: paste, fill, cut, clear, and rows added, copied, moved and deleted."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QMenu, QWidget

from planner.problems import ConcordError
from planner.sensitivity import Level
from ui.desktop.figures import number_text
from ui.desktop.tables.blocks import read_block, tiled
from ui.desktop.tables.callout import Callout
from ui.desktop.tables.editable_grid import Cell, EditableGrid, block_cells
from ui.desktop.tables.fill_handle import FillHandle, Stretch
from ui.desktop.tables.grid_model import PROBLEM, TOOL_TIP
from ui.desktop.tables.repairs import Repair, repairs_of
from ui.desktop.tables.table_view import CONTROL, SHIFT, TableView, modifiers_of
from ui.desktop.theme import Theme

ALT, NO_MODIFIER = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
EndEditHint = QAbstractItemDelegate.EndEditHint


class EditableTable(TableView):
    """Shows an EditableGrid. Everything done here is one step of undo."""

    find_asked = Signal(bool)  # whether to replace as well
    find_next_asked = Signal(int)  # 1 forwards, -1 backwards

    def __init__(self, theme: Theme, model: EditableGrid, name: str) -> None:
        super().__init__(theme, model, name)
        self.edited = model
        self._handle = FillHandle(theme, self)
        self.callout = Callout(theme, self.viewport())
        self.delegate.opened.connect(self.callout.hide)
        self.horizontalHeader().sectionResized.connect(self._point_out)
        self.viewport().setMouseTracking(True)
        self._tabbed_from: int | None = None  # where Return goes back to after Tab, Tab, Tab
        self._keys: dict[tuple[int, Qt.KeyboardModifier], Callable[[], object]] = {
            (Qt.Key.Key_F, CONTROL): lambda: self.find_asked.emit(False),
            (Qt.Key.Key_H, CONTROL): lambda: self.find_asked.emit(True),
            (Qt.Key.Key_F3, NO_MODIFIER): lambda: self.find_next_asked.emit(1),
            (Qt.Key.Key_F3, SHIFT): lambda: self.find_next_asked.emit(-1),
            (Qt.Key.Key_Period, CONTROL): self._repair_first,
            (Qt.Key.Key_D, CONTROL): self.fill_down,
            (Qt.Key.Key_R, CONTROL): self.fill_right,
            (Qt.Key.Key_D, CONTROL | SHIFT): self.duplicate_rows,
            (Qt.Key.Key_Up, ALT): lambda: self.move_rows(-1),
            (Qt.Key.Key_Down, ALT): lambda: self.move_rows(1),
            (Qt.Key.Key_Delete, NO_MODIFIER): self.clear_cells,
            (Qt.Key.Key_Backspace, NO_MODIFIER): self.clear_cells,
        }

    # -- keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Spreadsheet keys. Return opens the cell, and in it goes down."""
        index = self.currentIndex()
        action = self._keys.get((event.key(), modifiers_of(event)))
        if self.state() == QAbstractItemView.State.EditingState:
            event.ignore()  # a key of the cell's editor
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.matches(QKeySequence.StandardKey.Cut):
            self.copy()
            self.clear_cells()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            if modifiers_of(event) == SHIFT:
                self._step(index, -1)
            elif index.flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(index)
        elif action is not None:
            action()
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: EndEditHint) -> None:
        """Return goes down (with Shift up), Tab right; a cell that cannot be read stays behind in red."""
        index, is_up = self.currentIndex(), editor.property("goes_up")
        super().closeEditor(editor, EndEditHint.NoHint)
        if hint != EndEditHint.NoHint:  # an edit that moves rows takes the field away before it is left
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._point_out()
        if hint == EndEditHint.SubmitModelCache:
            start = self._tabbed_from
            self._tabbed_from = None
            self._step(index.siblingAtColumn(start) if start is not None else index, -1 if is_up else 1)
        elif hint in (EndEditHint.EditNextItem, EndEditHint.EditPreviousItem):
            columns = self.shown_columns()
            at = columns.index(index.column()) + (1 if hint == EndEditHint.EditNextItem else -1)
            self._tabbed_from = index.column() if self._tabbed_from is None else self._tabbed_from
            if 0 <= at < len(columns):
                self.setCurrentIndex(index.siblingAtColumn(columns[at]))

    def _step(self, index: QModelIndex, down: int) -> None:
        goal = index.siblingAtRow(index.row() + down)
        if goal.isValid():
            self.setCurrentIndex(goal)

    # -- what is wrong with the cell

    def tell_cell(self) -> None:
        """Say it beside the cell as well."""
        super().tell_cell()
        self._point_out()

    def _point_out(self, *_: object) -> None:
        """Show the callout beside a marked cell that is looked at alone."""
        if not self.isVisible():
            return  # Qt already tells of selections while the table is being made, before there is a callout
        index, block = self.currentIndex(), self.selected_block()
        mark = index.data(PROBLEM)
        is_alone = block is not None and len(block.rows) == len(block.columns) == 1
        is_idle = self.hasFocus() and self.state() != QAbstractItemView.State.EditingState
        if not (mark and is_alone and is_idle):
            self.callout.hide()
            return
        words = str(index.data(TOOL_TIP))
        can_edit = self.edited.can_edit(index.column())
        repairs = repairs_of(self.edited, index.row(), index.column(), words) if can_edit else []
        self.callout.tell(words, mark, repairs, self._repair)
        rect = self.visualRect(index)
        if self.viewport().rect().intersects(rect):
            self.callout.show_beside(rect)
        else:
            self.callout.hide()

    def _repair(self, repair: Repair) -> None:
        index = self.currentIndex()
        if repair.creates:
            self.attempt(lambda: self.edited.create(index.row(), index.column(), repair.text))
        else:
            self.edited.setData(index, repair.text)
        self._point_out()

    def _repair_first(self) -> None:
        if self.callout.isVisible() and self.callout.repairs:
            self._repair(self.callout.repairs[0])

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nobody looks at the cell."""
        super().focusOutEvent(event)
        self.callout.hide()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The callout stays beside its cell."""
        super().scrollContentsBy(dx, dy)
        self._point_out()

    # -- the handle at the corner of the selection

    def paint_above(self, painter: QPainter) -> None:
        """The frame around the selection with its handle."""
        super().paint_above(painter)
        self._handle.paint(painter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the handle, or select."""
        self._handle.is_dragged = event.button() == Qt.MouseButton.LeftButton and self._handle.is_at(
            event.position().toPoint()
        )
        if not self._handle.is_dragged:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Stretch the selection; over the handle the pointer is a cross."""
        if self._handle.is_dragged:
            self._handle.drag(event.position().toPoint())
            return
        is_at = not event.buttons() and self._handle.is_at(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.CrossCursor if is_at else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Fill what was stretched over."""
        if not self._handle.is_dragged:
            super().mouseReleaseEvent(event)
            return
        stretch, self._handle.stretch, self._handle.is_dragged = self._handle.stretch, None, False
        if stretch is not None:
            self._fill_stretch(stretch)
        self.viewport().update()

    # -- blocks

    def write(
        self,
        cells: Mapping[Cell, str],
        label: str,
        left_out: Callable[[], str] = str,
        then: Callable[[], object] = lambda: None,
    ) -> None:
        """Write texts into cells, and tell what could not be read and what was left out."""

        def tell(unread: int) -> None:
            words = (
                f"{number_text(unread)} {'cell' if unread == 1 else 'cells'} could not be read. "
                f"{'It is' if unread == 1 else 'They are'} marked in red and {'keeps' if unread == 1 else 'keep'} "
                "what was written; F8 goes from one to the next."
                if unread and len(cells) > 1  # a single cell has its callout
                else ""
            )
            if told := " ".join(filter(None, (words, left_out()))):
                self.told.emit(told, "warning")
            then()

        self.edited.write(cells, label, tell, self._tell_impossible)

    def paste(self) -> None:
        """Put a block from the clipboard with its first cell at the cursor; it repeats over a larger selection."""
        block = read_block(QGuiApplication.clipboard().text())
        places, chosen = self.selected_places(), self.selected_columns()
        if not block or not places:
            return
        if places[-1] - places[0] + 1 == len(places):
            block = tiled(block, len(places), len(chosen))
        columns = self.shown_columns()
        columns = columns[columns.index(chosen[0]) :]
        end = places[0] + len(block)

        def left_out() -> str:
            is_wide, is_long = len(block[0]) > len(columns), end > self.edited.rowCount()
            return " ".join(
                [
                    "What stood beyond the last column was left out." * is_wide,
                    "Lines below the last one need their initiative, region and resource; others were left out."
                    * is_long,
                ]
            ).strip()

        def select() -> None:
            self.select_block(range(places[0], min(end, self.edited.rowCount())), columns[: len(block[0])])

        label = self.edited.paste_label(len(block))
        self.write(block_cells(block, places[0], columns), label, left_out, select)

    def fill_down(self) -> None:
        """Copy the first selected row over the others; with one row selected, the row above it."""
        places, columns = self.selected_places(), self.selected_columns()
        if len(places) == 1 and places[0] > 0:
            places = [places[0] - 1, *places]
        self.fill({(at, column): (places[0], column) for at in places[1:] for column in columns})

    def fill_right(self) -> None:
        """Copy the first selected column over the others; with one column selected, the column before it."""
        places, columns = self.selected_places(), self.selected_columns()
        shown = self.shown_columns()
        if len(columns) == 1 and shown.index(columns[0]) > 0:
            columns = [shown[shown.index(columns[0]) - 1], *columns]
        self.fill({(at, column): (at, columns[0]) for column in columns[1:] for at in places})

    def fill(self, sources: Mapping[Cell, Cell]) -> None:
        """Copy cells over others, by target."""
        targets = [cell for cell in sources if self.edited.can_edit(cell[1])]
        if targets:
            cells = {cell: self.edited.copied_text(*sources[cell]) for cell in targets}
            self.write(cells, f"fill {number_text(len(cells))} {'cell' if len(cells) == 1 else 'cells'}")

    def _fill_stretch(self, stretch: Stretch) -> None:
        """Fill what the handle was dragged over, and select it as well."""
        shown = self.shown_columns()
        pairs = stretch.sources().items()
        self.fill({(row, shown[at]): (place, shown[source]) for (row, at), (place, source) in pairs})
        rows, columns = ({*stretch.source[side], *stretch[1 + side]} for side in (0, 1))
        self.select_block(range(min(rows), max(rows) + 1), shown[min(columns) : max(columns) + 1])

    def clear_cells(self) -> None:
        """Empty the selected cells."""
        cells = [cell for cell in self.selected_cells() if self.edited.can_edit(cell[1])]
        if cells:
            self.attempt(lambda: self.edited.clear(cells))

    # -- rows

    def add_row(self) -> None:
        """Add a row below the cursor, or at the end, and start in its first cell."""
        self.attempt(lambda: self._start_row(self.edited.insert_row(self.currentIndex().row())))

    def _start_row(self, place: int) -> None:
        index = self.edited.index(place, self.shown_columns()[0])
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def duplicate_rows(self) -> None:
        """Copy the selected rows to below the last of them."""
        places = self.selected_places()
        if places:
            self.attempt(lambda: self.edited.duplicate_rows(places))

    def move_rows(self, by: int) -> None:
        """Move the selected rows one up or down."""
        places, columns = self.selected_places(), self.selected_columns()
        if not places:
            return
        self.attempt(lambda: self.edited.move_rows(places, by))
        first = self.currentIndex().row()
        if first >= 0 and len(places) > 1:
            moved = [at + by for at in places if 0 <= at + by < self.edited.rowCount()]
            self.select_block(range(moved[0], moved[-1] + 1), columns)

    def delete_rows(self) -> None:
        """Delete the selected rows; Undo brings them back."""
        places = self.selected_places()
        if not places:
            return

        def delete() -> None:
            left = self.edited.delete_rows(places)
            if left:
                self.told.emit(
                    f"Deleted. {left} {'cell' if left == 1 else 'cells'} elsewhere still name what is gone; they are "
                    "in the list of problems. Undo brings everything back.",
                    "warning",
                )

        self.attempt(delete)

    def attempt(self, action: Callable[[], None]) -> None:
        """Do something that may be impossible; then say why, and that nothing was changed."""
        try:
            action()
        except ConcordError as problem:
            self._tell_impossible(problem)

    def _tell_impossible(self, problem: ConcordError) -> None:
        self.told.emit(f"{problem} Nothing was changed.", "error")

    def fill_menu(self, menu: QMenu) -> None:
        """What can be done with the cells and rows."""
        self.add_action(menu, "Cut", lambda: (self.copy(), self.clear_cells()), "Ctrl+X")
        self.add_action(menu, "Paste", self.paste, "Ctrl+V")
        self.add_action(menu, "Clear", self.clear_cells, "Del")
        self.add_action(menu, "Fill down", self.fill_down, "Ctrl+D")
        self.add_action(menu, "Fill right", self.fill_right, "Ctrl+R")
        menu.addSeparator()
        self.add_action(menu, "Add row below", self.add_row, "Ctrl+Plus")
        self.add_action(menu, "Duplicate rows", self.duplicate_rows, "Ctrl+Shift+D")
        self.add_action(menu, "Delete rows", self.delete_rows, "Ctrl+Minus")
        self.add_action(menu, "Move rows up", lambda: self.move_rows(-1), "Alt+Up")
        self.add_action(menu, "Move rows down", lambda: self.move_rows(1), "Alt+Down")
        self._fill_labels(menu)
        menu.addSeparator()
        self.add_action(menu, "Find", lambda: self.find_asked.emit(False), "Ctrl+F")
        self.add_action(menu, "Find and replace", lambda: self.find_asked.emit(True), "Ctrl+H")
        menu.addSeparator()
        super().fill_menu(menu)

    def _fill_labels(self, menu: QMenu) -> None:
        """Who may see the selected rows and cells, of tables that have labels; the label they have is marked."""
        places = self.selected_places()
        for title, columns in (("Who may see the rows", []), ("Who may see the cells", self.selected_columns())):
            levels = self.edited.labels_of(places, columns)
            if not levels:
                return
            labels = menu.addMenu(title)
            for level, words in ((None, "As usual"), *((level, level.word.capitalize()) for level in Level)):
                self.add_action(labels, words, partial(self._label, places, level, columns))
                made = labels.actions()[-1]
                made.setCheckable(True)
                made.setChecked(levels == {level})

    def _label(self, places: Sequence[int], level: Level | None, columns: Sequence[int]) -> None:
        self.attempt(lambda: self.edited.label_rows(places, level, columns))
