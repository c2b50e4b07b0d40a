"""Who changed what and when: the saves above, their changes below, and earlier states to take up again."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from planner.report.table import Table
from planner.report.table_file import Source
from ui.desktop.figures import number_text
from ui.desktop.files.exports import Export, export_as, export_button, table_exports
from ui.desktop.parts import ElidedLabel, button, column, row, strip, text
from ui.desktop.tables.result_model import ResultModel
from ui.desktop.tables.table_view import TableView
from ui.desktop.theme import Theme
from ui.desktop.versions.version_tables import SAVE_COLUMNS, UNSAVED, History, changes_table

ABOVE, BELOW = 220, 420  # pixels


class HistoryPage(QWidget):
    """Shows a History. The signals carry the id of the save with the cursor."""

    restore_asked = Signal(str)
    compare_asked = Signal(str)
    closed = Signal()
    entered = Signal()
    file_asked = Signal(object)  # Export
    rows_told = Signal(str)
    selection_told = Signal(object)  # Totals
    cell_told = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("page")
        self._history: History | None = None
        self._source = Source("", "", "")
        self.saves = TableView(theme, ResultModel(Table("saves", "Saves", SAVE_COLUMNS, ())), "Saves")
        self.changes = TableView(
            theme, ResultModel(changes_table("history", "Changes", (), is_history=True)), "Changes"
        )
        for view in (self.saves, self.changes):
            view.grid.setParent(view)
            view.selection_told.connect(self.selection_told)
            view.cell_told.connect(self.cell_told)
            view.export_asked.connect(self._export_shown)
        self._words = ElidedLabel("", "secondary")
        back = button(theme, "Close", self.closed.emit, tip="Back to Exchange")
        head = row(text("History", "page"), 8, self._words, back, margins=(16, 0, 16, 0))
        head.setStretchFactor(self._words, 1)
        self.restore = button(
            theme,
            "Restore this state",
            lambda: self.restore_asked.emit(self.save_id or ""),
            kind="tool",
            tip="Make the scenario what it was at this save; Undo takes it back",
        )
        self.compare = button(
            theme,
            "Compare with now",
            lambda: self.compare_asked.emit(self.save_id or ""),
            kind="tool",
            tip="What differs between this save and the scenario as it is now",
        )
        self.all = button(theme, "Changes of all saves", self._show_changes, kind="tool", tip="Not of one save alone")
        self.all.setCheckable(True)
        self.all.setChecked(True)
        export = export_button(theme, self._exports, self.file_asked.emit)
        tools = row(self.restore, self.compare, None, self.all, export, margins=(16, 0, 16, 0))
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.saves)
        split.addWidget(self.changes)
        split.setSizes([ABOVE, BELOW])
        split.setChildrenCollapsible(False)
        self.setLayout(column(strip("subHeader", head, 44), strip("toolStrip", tools, 40), split))
        self.saves.selectionModel().currentRowChanged.connect(self._save_chosen)
        self.saves.grid.modelReset.connect(self._enable)
        self.changes.grid.filtered.connect(self.tell_rows)
        self._enable()

    @property
    def save_id(self) -> str | None:
        """The id of the save with the cursor, empty for what is not saved yet; None without a cursor."""
        index = self.saves.currentIndex()
        if self._history is None or not index.isValid():
            return None
        return self._history.ids[self.saves.grid.source_row(index.row())]

    def wait(self) -> None:
        """Say that the saves are being read."""
        self._words.show_words("Reading what every save changed…")

    def show_history(self, history: History, title: str, label: str) -> None:
        """Show a history; `label` says who may see it."""
        self._history = history
        self._source = Source(title, "", label)
        for view, table in ((self.saves, history.saves), (self.changes, history.changes)):
            assert isinstance(view.grid, ResultModel)
            view.grid.take(table)
            view.fit_columns()
        count = len(history.saves.rows)
        self._words.show_words(
            "Nothing was saved yet; the history begins with the first save."
            if not count
            else "Filter by person, partner or column below the titles."
        )
        self.all.setChecked(True)
        self.tell_rows()
        self._enable()

    def _save_chosen(self, _current: QModelIndex, _previous: QModelIndex) -> None:
        self._enable()
        if self.save_id is not None:
            self.all.setChecked(False)
            self._show_changes()

    def _show_changes(self) -> None:
        history, index = self._history, self.saves.currentIndex()
        if history is None:
            return
        if not index.isValid():
            self.all.setChecked(True)
        table = history.changes if self.all.isChecked() else history.changes_of(self.saves.grid.source_row(index.row()))
        assert isinstance(self.changes.grid, ResultModel)
        self.changes.grid.take(table)
        self.tell_rows()

    def _enable(self) -> None:
        for made in (self.restore, self.compare):
            made.setEnabled(self.save_id not in (None, UNSAVED))

    def tell_rows(self) -> None:
        """Say how many changes there are, and how many of them are shown."""
        saves, whole, shown = (
            self.saves.grid.source_count(),
            self.changes.grid.source_count(),
            self.changes.grid.rowCount(),
        )
        words = f"{number_text(saves)} saves" if saves != 1 else "1 save"
        words += f"      {number_text(whole)} changes" if whole != 1 else "      1 change"
        self.rows_told.emit(words if shown == whole else f"{words}, {number_text(shown)} shown")

    def enter(self) -> None:
        """The page comes into view."""
        self.entered.emit()
        self.tell_rows()
        self.changes.setFocus(Qt.FocusReason.OtherFocusReason)

    def _exports(self) -> list[Export]:
        return table_exports(self.changes, self._source)

    def _export_shown(self, view: TableView, ending: str) -> None:
        self.file_asked.emit(export_as(table_exports(view, self._source), ending))
