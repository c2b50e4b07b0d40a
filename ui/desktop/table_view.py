"""A table that behaves like a spreadsheet: type to edit, copy and paste blocks, sort and filter at the header."""

import csv
import io
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTableView,
    QWidget,
)

from planner.problems import ConcordError
from ui.desktop.cell_delegate import CellDelegate
from ui.desktop.editable_grid import EditableGrid
from ui.desktop.filter_header import FilterHeader
from ui.desktop.grid_model import BAR, EDIT, NUMBER, PROBLEM, TOOL_TIP, GridModel
from ui.desktop.theme import Theme

ROW_HEIGHT = 24
NARROWEST, WIDEST = 60, 300
MEASURED_ROWS = 200  # column widths are measured on the first rows
LARGEST_SUM = 200_000  # cells; summing more would hold up the window
BAR_WIDTH = 48  # pixels for the bar beside a figure
TITLE_MARGIN = 22  # pixels beside a title
STEPS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End})


class TableView(QTableView):
    """Shows a GridModel. `told` carries sentences for the bar under the header, with their severity."""

    selection_told = Signal(int, list, object)  # cells, figures, unit or None
    cell_told = Signal(str, str)  # what there is to say of the current cell, and its mark: error, warning or nothing
    told = Signal(str, str)

    def __init__(self, theme: Theme, model: GridModel, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.grid = model
        self.setAccessibleName(name)
        self._header = FilterHeader(theme, self)
        self.setHorizontalHeader(self._header)
        self.setModel(model)
        self._header.make_fields(model)
        self._header.sectionClicked.connect(self._sort_by)
        self.setItemDelegate(CellDelegate(theme, self))
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setShowGrid(True)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.setDefaultSectionSize(ROW_HEIGHT)
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        rows.setHighlightSections(False)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self._kept: tuple[object, int, int, int] | None = None
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._return_to_place)
        model.dataChanged.connect(self._tell_cell)
        self.fit_columns()

    @property
    def table(self) -> EditableGrid | None:
        """The scenario's table, when this is one that can be edited."""
        return self.grid if isinstance(self.grid, EditableGrid) else None

    def show_whole(self) -> None:
        """Titles alone, for tables that are small enough to see whole."""
        self._header.drop_fields()
        self.verticalHeader().hide()

    def fit_columns(self) -> None:
        """Give every column the width of its first rows and its title."""
        metrics, title_metrics = QFontMetrics(self.font()), QFontMetrics(self._theme.font("small", bold=True))
        model = self.grid
        for column, title in enumerate(model.headings()):
            rows = range(min(MEASURED_ROWS, model.rowCount()))
            widest = max((metrics.horizontalAdvance(str(model.index(row, column).data())) for row in rows), default=0)
            if rows and model.index(0, column).data(BAR) is not None:
                widest += BAR_WIDTH
            wanted = max(widest + 18, title_metrics.horizontalAdvance(title) + TITLE_MARGIN)
            self.setColumnWidth(column, min(WIDEST, max(NARROWEST, wanted)))
        count = max(model.rowCount(), 99)
        self.verticalHeader().setFixedWidth(metrics.horizontalAdvance(str(count)) + 14)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A last column of long texts takes the room that is left."""
        super().resizeEvent(event)
        last = self.grid.columnCount() - 1
        others = self._header.length() - self.columnWidth(last)
        if self.columnWidth(last) >= WIDEST:
            self.setColumnWidth(last, max(WIDEST, self.viewport().width() - others))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The filter fields go along with their columns."""
        super().scrollContentsBy(dx, dy)
        if dx:
            self._header.place_fields()

    # -- sorting, filtering, finding

    def _sort_by(self, column: int) -> None:
        """First click up, second down, third back to the order of the scenario."""
        match self.grid.sorted_by:
            case (at, Qt.SortOrder.AscendingOrder) if at == column:
                self.grid.sort(column, Qt.SortOrder.DescendingOrder)
            case (at, _) if at == column:
                self.grid.sort(-1)
            case _:
                self.grid.sort(column)
        title = str(self.grid.headerData(column, Qt.Orientation.Horizontal))
        width = QFontMetrics(self._theme.font("small", bold=True)).horizontalAdvance(title)
        self.setColumnWidth(column, max(self.columnWidth(column), width + TITLE_MARGIN))

    def clear_filters(self) -> None:
        """Show every row."""
        self._header.clear_fields()

    def go_to(self, source_row: int, column_name: str) -> bool:
        """Put the cursor on a cell of the scenario; filters that hide it are taken away."""
        table = self.table
        if table is None:
            return False
        at = table.locate(source_row, column_name)
        if at is None:
            return False
        if table.place_of(at[0]) is None:
            self.clear_filters()
        place = table.place_of(at[0])
        if place is None:
            return False
        index = table.index(place, at[1])
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    # -- selection

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell what is selected."""
        super().selectionChanged(selected, deselected)
        chosen = self.selectionModel().selection()
        ranges = [chosen.at(at) for at in range(chosen.count())]
        count = sum(each.width() * each.height() for each in ranges)
        if not 2 <= count <= LARGEST_SUM:
            self.selection_told.emit(count, [], None)
            return
        indexes = self.selectionModel().selectedIndexes()
        figures = [value for index in indexes if (value := index.data(NUMBER)) is not None]
        units = {self._unit(index) for index in indexes if index.data(NUMBER) is not None}
        is_alike = len(units) == 1
        self.selection_told.emit(count, figures if is_alike else [], units.pop() if is_alike else None)

    def _unit(self, index: QModelIndex) -> str | None:
        unit = getattr(self.grid, "unit_at", None)
        return unit(self.grid.source_row(index.row()), index.column()) if unit else None

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Tell what there is to say of the cell one came to."""
        super().currentChanged(current, previous)
        self._tell_cell()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell it again on coming back."""
        super().focusInEvent(event)
        self._tell_cell()

    def _tell_cell(self) -> None:
        index = self.currentIndex()
        if self.isVisible():
            self.cell_told.emit(index.data(TOOL_TIP) or "", index.data(PROBLEM) or "")

    def selectionCommand(self, index: QModelIndex, event: QEvent | None = None) -> QItemSelectionModel.SelectionFlag:
        """Jumping with Ctrl selects the cell one lands on, as spreadsheets do."""
        is_jump = isinstance(event, QKeyEvent) and event.key() in STEPS
        if is_jump and event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.ControlModifier:
            return QItemSelectionModel.SelectionFlag.ClearAndSelect
        return super().selectionCommand(index, event)

    def selected_places(self) -> list[int]:
        """Rows of the screen with a selected cell."""
        return sorted({index.row() for index in self.selectionModel().selectedIndexes()})

    # -- keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Spreadsheet keys: copy, paste, cut, delete; Return edits, and then goes down."""
        if self.state() == QAbstractItemView.State.EditingState:
            event.ignore()  # a key of the cell's editor
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste) and self.table:
            self.paste()
        elif event.matches(QKeySequence.StandardKey.Cut) and self.table:
            self.copy()
            self.clear_cells()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.table and not event.modifiers():
            self.clear_cells()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            if self.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(self.currentIndex())
        elif event.key() == Qt.Key.Key_F and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._header.focus_field(max(0, self.currentIndex().column()))
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Return goes to the cell below, but stays where what was typed cannot be read."""
        super().closeEditor(editor, hint)
        index = self.currentIndex()
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache and index.data(PROBLEM) != "error":
            below = index.siblingAtRow(index.row() + 1)
            if below.isValid():
                self.setCurrentIndex(below)

    # -- blocks

    def copy(self) -> None:
        """Put the selected block on the clipboard: tab separated, codes and plain figures."""
        indexes = self.selectionModel().selectedIndexes()
        if not indexes:
            return
        rows = sorted({index.row() for index in indexes})
        columns = sorted({index.column() for index in indexes if not self.isColumnHidden(index.column())})
        chosen = {(index.row(), index.column()) for index in indexes}
        out = io.StringIO()
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        for row in rows:
            writer.writerow([self._copied(row, column) if (row, column) in chosen else "" for column in columns])
        QGuiApplication.clipboard().setText(out.getvalue())

    def _copied(self, row: int, column: int) -> str:
        value = self.grid.index(row, column).data(EDIT if self.table else NUMBER)
        if value is None:
            value = self.grid.index(row, column).data()
        return f"{value:.12g}" if isinstance(value, float) else str(value or "")

    def paste(self) -> None:
        """Put a block from the clipboard with its first cell at the cursor; one value fills the whole selection."""
        table, index = self.table, self._first_selected()
        block = read_block(QGuiApplication.clipboard().text())
        if table is None or index is None or not block:
            return
        places = self.selected_places()
        columns = sorted({each.column() for each in self.selectionModel().selectedIndexes()})
        if len(block) == 1 and len(block[0]) == 1 and len(places) * len(columns) > 1:
            block = [block[0] * len(columns) for _ in places]
            if places[-1] - places[0] + 1 != len(places):
                return
        row, column = index.row(), index.column()
        too_wide = max(map(len, block)) > table.columnCount() - column
        self._attempt(lambda: self._paste_block(table, row, column, block, too_wide))

    def _paste_block(
        self, table: EditableGrid, row: int, column: int, block: Sequence[Sequence[str]], too_wide: bool
    ) -> None:
        width = table.columnCount() - column
        unread = table.paste(row, column, [list(line[:width]) for line in block])
        words = []
        if unread:
            words.append(
                f"{unread} pasted {'cell' if unread == 1 else 'cells'} could not be read. They are marked in red and "
                "keep what you pasted; F8 goes from one to the next."
            )
        if too_wide:
            words.append("The block was wider than the table; what stood beyond the last column was left out.")
        if words:
            self.told.emit(" ".join(words), "warning")
        last = table.index(min(row + len(block), table.rowCount()) - 1, column + min(width, max(map(len, block))) - 1)
        self.selectionModel().select(
            QItemSelection(table.index(row, column), last), self.selectionModel().SelectionFlag.ClearAndSelect
        )

    def clear_cells(self) -> None:
        """Empty the selected cells."""
        table = self.table
        cells = [(index.row(), index.column()) for index in self.selectionModel().selectedIndexes()]
        if table is not None and cells:
            self._attempt(lambda: table.clear(cells))

    def add_row(self) -> None:
        """Add a row below the cursor, or at the end, and start in its first cell."""
        table = self.table
        if table is not None:
            self._attempt(lambda: self._start_row(table, table.insert_row(self.currentIndex().row())))

    def _start_row(self, table: EditableGrid, place: int) -> None:
        index = table.index(place, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def delete_rows(self) -> None:
        """Delete the selected rows; Undo brings them back."""
        table, places = self.table, self.selected_places()
        if table is None or not places:
            return

        def delete() -> None:
            left = table.delete_rows(places)
            if left:
                self.told.emit(
                    f"Deleted. {left} {'cell' if left == 1 else 'cells'} elsewhere still name what is gone; they are "
                    "in the list of problems. Undo brings everything back.",
                    "warning",
                )

        self._attempt(delete)

    def _attempt(self, action: Callable[[], None]) -> None:
        try:
            action()
        except ConcordError as problem:
            self.told.emit(f"{problem} Nothing was changed.", "error")

    def _first_selected(self) -> QModelIndex | None:
        indexes = self.selectionModel().selectedIndexes()
        if not indexes:
            return None
        return min(indexes, key=lambda index: (index.row(), index.column()))

    def _show_menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        self._fill_menu(menu)
        menu.exec(self.viewport().mapToGlobal(point))

    def _fill_menu(self, menu: QMenu) -> None:
        def add(words: str, action: Callable[[], object], key: str = "") -> None:
            made = QAction(f"{words}\t{key}" if key else words, menu)
            made.triggered.connect(lambda _checked=False: action())
            menu.addAction(made)

        add("Copy", self.copy, "Ctrl+C")
        if self.table:
            add("Paste", self.paste, "Ctrl+V")
            add("Clear", self.clear_cells, "Del")
            menu.addSeparator()
            add("Add row below", self.add_row, "Ctrl+Plus")
            add("Delete rows", self.delete_rows, "Ctrl+Minus")
        menu.addSeparator()
        add("Filter this column", lambda: self._header.focus_field(max(0, self.currentIndex().column())), "Ctrl+F")
        add("Clear filters", self.clear_filters)

    # -- keeping one's place

    def _keep_place(self) -> None:
        index = self.currentIndex()
        table = self.table
        row_id = table.row_key(index.row()) if table is not None and index.isValid() else None
        self._kept = (row_id, index.column(), self.verticalScrollBar().value(), self.horizontalScrollBar().value())

    def _return_to_place(self) -> None:
        if self._kept is None:
            return
        row_id, column, down, right = self._kept
        self._kept = None
        table = self.table
        if table is not None and row_id is not None:
            for place in range(table.rowCount()):
                if table.row_key(place) == row_id:
                    self.setCurrentIndex(table.index(place, column))
                    break
        self.verticalScrollBar().setValue(down)
        self.horizontalScrollBar().setValue(right)


def read_block(text: str) -> list[list[str]]:
    """The cells of a block as spreadsheets put it on the clipboard: tabs, quoted line breaks, a last empty line."""
    rows = list(csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline=""), delimiter="\t"))
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]
