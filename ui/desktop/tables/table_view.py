"""A table as people look at it: sort and filter at the header, select, copy, jump, and keep one's columns."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu

from ui.desktop.slices import Slices
from ui.desktop.tables.arranged_table import TITLE_MARGIN, ArrangedTable
from ui.desktop.tables.blocks import write_block
from ui.desktop.tables.cell_delegate import CellDelegate
from ui.desktop.tables.editable_grid import EditableGrid
from ui.desktop.tables.filter_header import FilterHeader
from ui.desktop.tables.grid_model import PROBLEM, TOOL_TIP, GridModel
from ui.desktop.tables.jumps import edge
from ui.desktop.tables.large_edits import PART
from ui.desktop.tables.totals import NOTHING, Stripe, totals_of
from ui.desktop.theme import Theme

ROW_HEIGHT = 24
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
STEPS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
JUMPS = frozenset({*STEPS, Qt.Key.Key_Home, Qt.Key.Key_End})
Select = QItemSelectionModel.SelectionFlag


class Block(NamedTuple):
    """A rectangle of cells: rows and columns as they stand on screen."""

    rows: range
    columns: range


class TableView(ArrangedTable):
    """Shows a GridModel. `told` carries sentences for the bar under the header, with their severity."""

    selection_told = Signal(object)  # Totals
    cell_told = Signal(str, str)  # what there is to say of the current cell, and its mark: error, warning or nothing
    told = Signal(str, str)
    export_asked = Signal(object, str)  # this view, the ending of the file

    def __init__(self, theme: Theme, model: GridModel, name: str) -> None:
        super().__init__(theme, model)
        self._slices = Slices(self)
        self.setAccessibleName(name)
        self._header = FilterHeader(theme, self)
        self.setHorizontalHeader(self._header)
        self._header.sectionPressed.disconnect()  # a click on a title sorts; it selects nothing
        self._header.sectionEntered.disconnect()
        self.setModel(model)
        # For the title of a selected column Qt asks all its cells whether they can be selected: titles know of none.
        self._header.setSelectionModel(QItemSelectionModel(model, self._header))
        self._header.make_fields(model)
        self._header.sectionClicked.connect(self._sort_by)
        self._header.sectionHandleDoubleClicked.connect(self._fit_column)
        self._header.arranged.connect(self._tell_columns)
        self.delegate = CellDelegate(self)
        self.setItemDelegate(self.delegate)
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
        self._kept: tuple[str | None, QPoint, QPoint] | None = None  # a row, the cell and what was scrolled
        self._column_count = model.columnCount()
        model.modelAboutToBeReset.connect(self._slices.drop)
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._return_to_place)
        model.modelReset.connect(self.widen_for_figures)
        model.dataChanged.connect(self.widen_for_figures)
        model.dataChanged.connect(self.tell_cell)
        model.dataChanged.connect(self._tell_selection_again)
        model.layoutChanged.connect(self._tell_selection_again)
        self.fit_columns()

    @property
    def table(self) -> EditableGrid | None:
        """The scenario's table, when this is one that can be edited."""
        return self.grid if isinstance(self.grid, EditableGrid) else None

    def show_whole(self) -> None:
        """Titles alone, for tables that are small enough to see whole."""
        self._header.drop_fields()
        self.verticalHeader().hide()

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

    def focus_filter(self) -> None:
        """Start typing a filter for the column of the cursor."""
        self._header.focus_field(max(0, self.currentIndex().column()))

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
        self.viewport().update()  # the frame around it
        self.tell_cell()
        stripes = self._selected_stripes()
        add_up = self._slices.do_soon if sum(height for _, _, height in stripes) > PART else self._slices.do
        add_up(self._add_up(stripes))

    def _tell_selection_again(self) -> None:
        """Cells have changed or moved."""
        if self.isVisible():
            self._slices.do_soon(self._add_up(self._selected_stripes()))

    def _add_up(self, stripes: list[Stripe]) -> Iterator[None]:
        told = NOTHING
        for totals in totals_of(self.grid, stripes):
            told = totals
            yield
        self.selection_told.emit(told)

    def _selected_stripes(self) -> list[Stripe]:
        """What is selected, column by column."""
        chosen = self.selectionModel().selection()
        ranges = [chosen.at(at) for at in range(chosen.count())]
        return [
            (each.top(), column, each.height())
            for each in ranges
            for column in range(each.left(), each.right() + 1)
            if not self.isColumnHidden(column)
        ]

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody wants to know any more."""
        super().hideEvent(event)
        self._slices.drop()

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Tell what there is to say of the cell one came to."""
        super().currentChanged(current, previous)
        self.tell_cell()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell it again on coming back; on coming first, the cursor stands in the first cell."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.grid.rowCount():
            self.setCurrentIndex(self.grid.index(0, self.horizontalHeader().logicalIndex(0)))
        self.tell_cell()

    def tell_cell(self) -> None:
        """Say what there is to say of the cell with the cursor."""
        index = self.currentIndex()
        if self.isVisible():
            self.cell_told.emit(index.data(TOOL_TIP) or "", index.data(PROBLEM) or "")

    def selectionCommand(self, index: QModelIndex, event: QEvent | None = None) -> Select:
        """Jumping with Ctrl selects the cell one lands on, as spreadsheets do."""
        if isinstance(event, QKeyEvent) and event.key() in JUMPS and modifiers_of(event) == CONTROL:
            return Select.ClearAndSelect
        return super().selectionCommand(index, event)

    def selected_cells(self) -> list[tuple[int, int]]:
        """Place and column of every selected cell in view."""
        return [
            (at, column) for place, column, height in self._selected_stripes() for at in range(place, place + height)
        ]

    def selected_places(self) -> list[int]:
        """Rows of the screen with a selected cell."""
        return sorted({at for place, _, height in self._selected_stripes() for at in range(place, place + height)})

    def selected_columns(self) -> list[int]:
        """Columns with a selected cell, from left to right."""
        chosen = {column for _, column, _ in self._selected_stripes()}
        return [column for column in self.shown_columns() if column in chosen]

    def selected_block(self) -> Block | None:
        """What is selected, where it is one block; quick for large ones."""
        chosen = self.selectionModel().selection()
        ranges = [chosen.at(at) for at in range(chosen.count())]
        if not ranges or any((each.top(), each.bottom()) != (ranges[0].top(), ranges[0].bottom()) for each in ranges):
            return None
        shown = self.shown_columns()
        columns = {column for each in ranges for column in range(each.left(), each.right() + 1)}
        visuals = [visual for visual, column in enumerate(shown) if column in columns]
        if not visuals or visuals[-1] - visuals[0] + 1 != len(visuals):
            return None
        return Block(range(ranges[0].top(), ranges[0].bottom() + 1), range(visuals[0], visuals[-1] + 1))

    def block_rect(self, rows: range, columns: range) -> QRect:
        """Where one sees a block of cells; columns are counted as they stand on screen."""
        shown = self.shown_columns()
        first = self.visualRect(self.grid.index(rows[0], shown[columns[0]]))
        last = self.visualRect(self.grid.index(rows[-1], shown[columns[-1]]))
        covered = self.frozen_width() - 1
        is_frozen = first.left() < covered and first.left() >= 0 and bool(self.frozen_columns())
        right = max(last.right(), covered) if is_frozen else last.right()
        left = first.left() if is_frozen else max(first.left(), covered - 1 if covered > 0 else first.left())
        return QRect(QPoint(left, first.top()), QPoint(right, last.bottom()))

    def paint_above(self, painter: QPainter) -> None:
        """One frame around the selection."""
        block = self.selected_block() if self.hasFocus() else None
        if block is not None:
            painter.setPen(QPen(QColor(self._theme.palette.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.block_rect(block.rows, block.columns))

    def select_block(self, places: range, columns: list[int]) -> None:
        """Select whole rows of these columns, wherever they stand; the cursor stays, or goes to the first cell."""
        here = self.currentIndex()
        if here.row() not in places or here.column() not in columns:
            self.selectionModel().setCurrentIndex(self.grid.index(places[0], columns[0]), Select.NoUpdate)
        chosen = QItemSelection()
        for column in columns:
            chosen.select(self.grid.index(places[0], column), self.grid.index(places[-1], column))
        self.selectionModel().select(chosen, Select.ClearAndSelect)

    # -- keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, jump to the end of what is filled, select whole rows and columns."""
        modifiers, index = modifiers_of(event), self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_F and modifiers == CONTROL | SHIFT:
            self.focus_filter()
        elif event.key() in STEPS and modifiers in (CONTROL, CONTROL | SHIFT) and index.isValid():
            self._jump(index, *STEPS[Qt.Key(event.key())], is_selecting=modifiers != CONTROL)
        elif event.key() == Qt.Key.Key_Space and modifiers in (CONTROL, SHIFT) and index.isValid():
            places, columns = self.selected_places(), self.selected_columns()
            is_row = modifiers == SHIFT
            rows = range(places[0], places[-1] + 1) if is_row and places else range(self.grid.rowCount())
            self.select_block(rows, self.shown_columns() if is_row else columns or [index.column()])
        else:
            super().keyPressEvent(event)

    def _jump(self, index: QModelIndex, down: int, right: int, *, is_selecting: bool) -> None:
        """To the last of the filled cells, or over empty ones to the next that is filled, as spreadsheets do."""
        columns = self.shown_columns()
        place, at = index.row(), columns.index(index.column())
        count = self.grid.rowCount() if down else len(columns)

        def is_filled(step: int) -> bool:
            cell = (step, columns[at]) if down else (place, columns[step])
            return self.grid.index(*cell).data() not in ("", "–")

        target = edge(place if down else at, down or right, count, is_filled)
        goal = self.grid.index(target, columns[at]) if down else self.grid.index(place, columns[target])
        if not is_selecting:
            self.selectionModel().setCurrentIndex(goal, Select.ClearAndSelect)
            self.scrollTo(goal)
            return
        anchors = self.selected_places()
        self.selectionModel().setCurrentIndex(goal, Select.NoUpdate)
        touched = {*self.selected_columns(), columns[target] if right else columns[at]}
        visuals = [visual for visual, column in enumerate(columns) if column in touched]
        rows = [*anchors, goal.row()]
        self.select_block(range(min(rows), max(rows) + 1), columns[min(visuals) : max(visuals) + 1])
        self.scrollTo(goal)

    # -- blocks

    def copy(self) -> None:
        """Put the selected block on the clipboard: tab separated, codes and plain figures."""
        cells, places, columns = self.selected_cells(), self.selected_places(), self.selected_columns()
        text = self.grid.copied_text
        if len(cells) == len(places) * len(columns):
            block = [[text(place, column) for column in columns] for place in places]
        else:
            chosen = set(cells)
            block = [[text(at, column) if (at, column) in chosen else "" for column in columns] for at in places]
        if cells:
            QGuiApplication.clipboard().setText(write_block(block))

    # -- menu

    def _show_menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        self.fill_menu(menu)
        menu.exec(self.viewport().mapToGlobal(point))

    def fill_menu(self, menu: QMenu) -> None:
        """What can be done with the cells and their columns."""
        self.add_action(menu, "Copy", self.copy, "Ctrl+C")
        menu.addSeparator()
        self.add_action(menu, "Filter this column", self.focus_filter, "Ctrl+Shift+F")
        self.add_action(menu, "Clear filters", self.clear_filters)
        self.add_action(menu, "Hide this column", self.hide_column)
        self.add_action(menu, "Show all columns", self.show_columns)
        menu.addSeparator()
        self.add_action(menu, "Export to Excel as shown…", lambda: self.export_asked.emit(self, ".xlsx"))
        self.add_action(menu, "Export to CSV as shown…", lambda: self.export_asked.emit(self, ".csv"))

    def add_action(self, menu: QMenu, words: str, action: Callable[[], object], key: str = "") -> None:
        """One line of the menu, with the key that does the same."""
        made = QAction(f"{words}\t{key}" if key else words, menu)
        made.triggered.connect(lambda _checked=False: action())
        menu.addAction(made)

    # -- keeping one's place

    def _keep_place(self) -> None:
        index = self.currentIndex()
        table = self.table
        row_id = table.row_key(index.row()) if table is not None and index.isValid() else None
        scrolled = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        self._kept = (row_id, QPoint(index.column(), index.row()), scrolled)

    def _return_to_place(self) -> None:
        if self.grid.columnCount() != self._column_count:
            self._column_count = self.grid.columnCount()
            self._header.make_fields(self.grid)
            self.fit_columns()
        if self._kept is None:
            return
        (row_id, cell, scrolled), self._kept = self._kept, None
        table = self.table
        if table is not None and row_id is not None and table.rowCount():
            place = table.place_of_key(row_id)
            if place is None:  # the row is gone: what took its place
                place = min(cell.y(), table.rowCount() - 1)
            self.setCurrentIndex(table.index(place, cell.x()))
        self.verticalScrollBar().setValue(scrolled.y())
        self.horizontalScrollBar().setValue(scrolled.x())


def modifiers_of(event: QKeyEvent) -> Qt.KeyboardModifier:
    """The modifiers pressed, wherever the key is on the keyboard."""
    return event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
