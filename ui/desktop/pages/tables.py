"""Pages that are made of the scenario's tables: Partners, Needs, and Rules as tables."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from planner.problems import Problem
from planner.scenario import TABLE_BY_NAME, TABLE_BY_SHEET, Requirement
from ui.desktop.figures import number_text
from ui.desktop.parts import button, column, row, strip, text
from ui.desktop.preferences import Preferences
from ui.desktop.session import Session
from ui.desktop.tables import headings
from ui.desktop.tables.editable_table import EditableTable
from ui.desktop.tables.find_bar import FindBar
from ui.desktop.tables.requirement_grid import RequirementGrid
from ui.desktop.tables.requirement_lines import line_count
from ui.desktop.tables.table_model import ScenarioTableModel
from ui.desktop.theme import Theme

SUB_HEADER = 44
GRID = "requirement_grid"  # the requirements once more, one column per period
FROZEN = {GRID: 3, "requirements": 3, "activities": 2}  # columns that stay while the others are scrolled; else one


class TablesPage(QWidget):
    """A title, one tab per table, and the table of the tab in view. Tables are made when first looked at."""

    rows_told = Signal(str)
    selection_told = Signal(object)  # Totals
    cell_told = Signal(str, str)
    told = Signal(str, str)
    export_asked = Signal(object, str)  # a view, the ending of the file

    def __init__(
        self,
        theme: Theme,
        session: Session,
        title: str,
        names: Sequence[str],
        extra: QWidget | None = None,
        preferences: Preferences | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self._preferences = preferences
        self._counted: Sequence[Requirement] | None = None
        self._theme, self._session, self.names = theme, session, tuple(names)
        self._views: dict[str, EditableTable] = {}
        self._dresses: dict[str, QWidget] = {}
        self._tabs = QTabBar()
        self._tabs.setAccessibleName(f"{title}: tables")
        self._tabs.setExpanding(False)
        self._tabs.setFixedHeight(SUB_HEADER - 1)
        self._tabs.setUsesScrollButtons(True)
        self._tabs.setElideMode(Qt.TextElideMode.ElideNone)
        for name in self.names:
            self._tabs.addTab(headings.TABLE_TITLES[name])
        self._clear = button(
            theme, "Clear &filters", self._clear_filters, icon="filter", kind="tool", tip="Show every row"
        )
        self._clear.hide()
        self._delete = button(
            theme, "&Delete", self._delete_rows, icon="remove", kind="tool", tip="Delete rows (Ctrl+−)"
        )
        self._add = button(
            theme, "&Add", self._add_row, icon="add", kind="tool", tip="Add a row below the cursor (Ctrl++)"
        )
        bar = row(text(title, "page"), 8, self._tabs, self._clear, self._delete, self._add, margins=(16, 0, 16, 0))
        bar.setStretch(2, 1)
        if extra is not None:
            bar.addWidget(extra)
        self._stack = QStackedWidget()
        self.find_bar = FindBar(theme)
        layout = column(strip("subHeader", bar, SUB_HEADER), self.find_bar, self._stack)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self._tabs.currentChanged.connect(self._show_tab)
        self._tabs.currentChanged.connect(lambda _index: self.cell_told.emit("", ""))
        session.scenario_changed.connect(self._refresh)
        session.document_changed.connect(self._refresh)
        session.checked.connect(self._count)
        self._refresh()

    @property
    def current_name(self) -> str:
        """The table in view."""
        return self.names[self._tabs.currentIndex()]

    @property
    def view(self) -> EditableTable:
        """The table in view, made now if this is the first look at it."""
        return self.view_of(self.current_name)

    def view_of(self, name: str) -> EditableTable:
        """The view of a table."""
        if name not in self._views:
            model = (
                RequirementGrid(self._session)
                if name == GRID
                else ScenarioTableModel(self._session, TABLE_BY_NAME[name])
            )
            view = EditableTable(self._theme, model, headings.TABLE_TITLES[name])
            model.setParent(view)
            view.selection_told.connect(self.selection_told)
            view.cell_told.connect(self.cell_told)
            view.told.connect(self.told)
            view.export_asked.connect(self.export_asked)
            model.filtered.connect(self._count)
            model.modelReset.connect(self._count_lines)
            view.find_asked.connect(partial(self._find, view))
            view.find_next_asked.connect(self.find_bar.go)
            view.freeze(FROZEN.get(name, 1))
            if self._preferences is not None:
                view.restore_columns(self._preferences.columns(name))
                view.arranged.connect(partial(self._preferences.remember_columns, name))
            self._views[name] = view
            self._dresses[name] = self._dressed(view)
            self._stack.addWidget(self._dresses[name])
            self.setTabOrder(self._add, view)  # not a focus proxy of the page: Tab would pass over what is above
        return self._views[name]

    def _find(self, view: EditableTable, with_replace: bool) -> None:
        self.find_bar.show_for(view, with_replace=with_replace)

    def _dressed(self, view: EditableTable) -> QWidget:
        """What stands in the stack for a table."""
        return view

    def show_table(self, name: str) -> EditableTable:
        """Go to a table."""
        self._tabs.setCurrentIndex(self.names.index(name))
        self._show_tab()
        return self.view

    def show_problem(self, problem: Problem) -> bool:
        """Go to the cell with a problem."""
        table = TABLE_BY_SHEET.get(problem.where.sheet)
        if table is None or table.name not in self.names:
            return False
        has_grid = table.name == "requirements" and GRID in self.names
        view = self.show_table(GRID if has_grid else table.name)
        if problem.where.row is not None:
            view.go_to(problem.where.row, problem.where.column)
        return True

    def enter(self) -> None:
        """The page comes into view."""
        self._show_tab()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_tab(self, _index: int = 0) -> None:
        view = self.view_of(self.current_name)
        in_focus = self.focusWidget()
        is_in_table = in_focus is not None and in_focus.hasFocus() and self._stack.isAncestorOf(in_focus)
        self._stack.setCurrentWidget(self._dresses[self.current_name])
        if is_in_table:  # it would go to the first filter otherwise
            view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.find_bar.follow(view)
        word = headings.ROW_WORDS[self.current_name]
        self._add.setText(f"&Add {word}")
        self._add.setAccessibleName(f"Add {word}")
        self._count()

    def _refresh(self) -> None:
        scenario = self._session.scenario
        for name in self.names:
            if name != GRID:
                self._tell_rows(name, len(scenario.rows(TABLE_BY_NAME[name])))
        self._count_lines()
        for made in (self._add, self._delete):
            made.setEnabled(self._session.has_document)
        self._count()

    def _tell_rows(self, name: str, count: int) -> None:
        self._tabs.setTabText(self.names.index(name), f"{headings.TABLE_TITLES[name]}  {number_text(count)}")

    def _count_lines(self) -> None:
        """Say how many lines the grid has; where nobody looked at it yet they are counted here."""
        requirements = self._session.scenario.requirements
        if GRID in self._views:
            self._tell_rows(GRID, self._views[GRID].grid.source_count())
        elif GRID in self.names and self._counted is not requirements:
            self._counted = requirements
            self._tell_rows(GRID, line_count(requirements))

    def _count(self) -> None:
        if not self.isVisible():
            return
        model = self.view.grid
        words = headings.count_words(model.source_count(), self.current_name)
        shown = model.rowCount()
        self._clear.setVisible(bool(model.filters))
        self.rows_told.emit(f"{number_text(shown)} of {words} (filtered)" if model.filters else words)

    def _add_row(self) -> None:
        self.view.add_row()

    def _delete_rows(self) -> None:
        self.view.delete_rows()

    def _clear_filters(self) -> None:
        self.view.clear_filters()

    def add_row(self) -> None:
        """Add a row to the table in view."""
        self._add_row()

    def delete_rows(self) -> None:
        """Delete the selected rows of the table in view."""
        self._delete_rows()
