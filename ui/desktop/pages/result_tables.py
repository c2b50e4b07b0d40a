"""A tab of the Plan page that holds one or several tables: choose the table, group its rows, export it as shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QStackedWidget, QWidget

from planner.report.table import Table
from planner.report.why import Subject, subject_of
from ui.desktop.figures import number_text
from ui.desktop.files.exports import Export, export_as, export_button, source_of, table_exports
from ui.desktop.parts import ElidedLabel, column, row, strip, text
from ui.desktop.session import Session
from ui.desktop.tables.result_view import ResultView
from ui.desktop.theme import Theme

STRIP = 36
ALL_ROWS = "No groups"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a tab: its key, the columns left out, what its rows can be grouped by (title, column)."""

    key: str
    hidden: tuple[str, ...] = ()
    groups: tuple[tuple[str, str], ...] = ()


class ResultTables(QWidget):
    """Shows the tables of the plan in view."""

    asked = Signal(object)  # Subject
    moved = Signal(object)
    export_asked = Signal(object)  # Export
    selection_told = Signal(object)  # Totals
    cell_told = Signal(str, str)

    def __init__(self, theme: Theme, session: Session, title: str, sheets: Sequence[Sheet]) -> None:
        super().__init__()
        self.setObjectName("page")
        self._theme, self._session, self.sheets = theme, session, tuple(sheets)
        self._views: dict[str, ResultView] = {}
        self._choice = choice_box(f"{title}: which table")
        self._choice.currentIndexChanged.connect(self._show)
        self._group = choice_box(f"{title}: group rows by")
        self._group.currentIndexChanged.connect(self._regroup)
        self._group_label = text("Group by", "hint")
        self._note = ElidedLabel("", "hint")
        self._export = export_button(theme, self._exports, self.export_asked.emit)
        head = row(self._choice, self._group_label, self._group, self._note, self._export, margins=(12, 0, 12, 0))
        head.setStretchFactor(self._note, 1)
        self._stack = QStackedWidget()
        self.setLayout(column(strip("toolStrip", head, STRIP), self._stack))
        self._choice.setVisible(len(sheets) > 1)

    @property
    def sheet(self) -> Sheet:
        """The table that is chosen."""
        return self.sheets[max(0, self._choice.currentIndex())]

    @property
    def view(self) -> ResultView:
        """The view of that table."""
        return self._views[self.sheet.key]

    def show_plan(self) -> None:
        """Show the plan in view."""
        tables = self._session.plan_tables
        assert tables is not None
        self._choice.blockSignals(True)
        for at, sheet in enumerate(self.sheets):
            words = f"{tables[sheet.key].title}  {number_text(len(tables[sheet.key].rows))}"
            if self._choice.count() <= at:
                self._choice.addItem(words)
            else:
                self._choice.setItemText(at, words)
        self._choice.blockSignals(False)
        self._show()

    def ask(self) -> None:
        """Ask why about the row with the cursor."""
        self.view.ask()

    def choose(self, key: str) -> None:
        """Show another table of this tab."""
        self._choice.setCurrentIndex([sheet.key for sheet in self.sheets].index(key))

    def group_by(self, column_name: str) -> None:
        """Group the rows by a column; an empty name ends it."""
        self._group.setCurrentIndex(self._group.findData(column_name))

    def _show(self, _index: int = 0) -> None:
        tables, sheet = self._session.plan_tables, self.sheet
        if tables is None:
            return
        table = tables[sheet.key]
        view = self._views.get(sheet.key)
        if view is None:
            view = self._views[sheet.key] = ResultView(self._theme, table, sheet.hidden, self._subject_of)
            for signal in ("asked", "moved", "selection_told", "cell_told"):
                getattr(view, signal).connect(getattr(self, signal))
            view.export_asked.connect(self._export_shown)
            self._stack.addWidget(view)
        elif view.results.table_shown is not table:
            view.results.take(table)
        self._stack.setCurrentWidget(view)
        self._note.show_words(table.note if table.rows else nothing_words(table))
        self._offer_groups(sheet, view)

    def _offer_groups(self, sheet: Sheet, view: ResultView) -> None:
        self._group.blockSignals(True)
        self._group.clear()
        for title, name in ((ALL_ROWS, ""), *sheet.groups):
            self._group.addItem(title, name)
        self._group.setCurrentIndex(max(0, self._group.findData(view.results.grouped_by)))
        self._group.blockSignals(False)
        self._group.setVisible(bool(sheet.groups))
        self._group_label.setVisible(bool(sheet.groups))

    def _regroup(self, _index: int) -> None:
        name = self._group.currentData() or ""
        if name != self.view.results.grouped_by:
            self.view.results.group_by(name)

    def _subject_of(self, table: Table, line: int) -> Subject | None:
        tables = self._session.plan_tables
        return subject_of(tables.figures, table, line) if tables is not None else None

    def _export_shown(self, _view: object, ending: str) -> None:
        self.export_asked.emit(export_as(self._exports(), ending))

    def _exports(self) -> list[Export]:
        return table_exports(self.view, source_of(self._session))


def choice_box(name: str) -> QComboBox:
    """A list to choose from, for tool strips."""
    box = QComboBox()
    box.setProperty("kind", "tool")
    box.setAccessibleName(name)
    box.view().setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return box


def nothing_words(table: Table) -> str:
    """Why a table is empty."""
    return {
        "gaps": "Every need is met in full.",
        "stranded": "Every pledge is used in full.",
        "changes": "There is no agreed plan in this scenario. Rules › Agreed plan holds one.",  # noqa: RUF001
        "asks": "More of no single resource would improve this plan.",
        "prices": "No condition costs this plan anything.",
    }.get(table.key, "Nothing to show.")
