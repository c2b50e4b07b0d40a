"""What differs between two versions, in words."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from planner.report.table import Table
from planner.report.table_file import Source
from ui.desktop.figures import number_text
from ui.desktop.files.exports import Export, export_as, export_button, table_exports
from ui.desktop.parts import ElidedLabel, button, column, row, strip, text
from ui.desktop.tables.result_model import ResultModel
from ui.desktop.tables.table_view import TableView
from ui.desktop.theme import Theme
from ui.desktop.versions.version_tables import changes_table


class DifferencesPage(QWidget):
    """A table of differences, and which two versions they are between."""

    before_asked = Signal()
    after_asked = Signal()
    swap_asked = Signal()
    closed = Signal()
    file_asked = Signal(object)  # Export
    rows_told = Signal(str)
    selection_told = Signal(object)  # Totals
    cell_told = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("page")
        self._source = Source("", "", "")
        self.model = ResultModel(changes_table("differences", "Differences", ()))
        self.view = TableView(theme, self.model, "Differences")
        self.model.setParent(self.view)
        self._count = ElidedLabel("", "secondary")
        export = export_button(theme, self.exports, self.file_asked.emit)
        back = button(theme, "Close", self.closed.emit, tip="Back to Exchange")
        head = row(text("Differences", "page"), 8, self._count, export, back, margins=(16, 0, 16, 0))
        head.setStretchFactor(self._count, 1)
        self._before, self._after = ElidedLabel("", "emphasis"), ElidedLabel("", "emphasis")
        self.choose_before = button(theme, "Choose…", self.before_asked.emit, kind="tool", name="Choose before")
        self.choose_after = button(theme, "Choose…", self.after_asked.emit, kind="tool", name="Choose after")
        self.swap = button(theme, "Swap", self.swap_asked.emit, kind="tool", tip="The other way round")
        tools = row(
            *(text("Before", "hint"), self._before, self.choose_before, 16),
            *(text("After", "hint"), self._after, self.choose_after, 16, self.swap),
            margins=(16, 0, 16, 0),
        )
        for label in (self._before, self._after):
            tools.setStretchFactor(label, 1)
        self.setLayout(column(strip("subHeader", head, 44), strip("toolStrip", tools, 40), self.view))
        self.view.selection_told.connect(self.selection_told)
        self.view.cell_told.connect(self.cell_told)
        self.view.export_asked.connect(self._export_shown)
        self.model.filtered.connect(self.tell_rows)

    def wait(self, before: str, after: str) -> None:
        """Say which versions are being compared."""
        self._before.show_words(before)
        self._after.show_words(after)
        self._count.show_words("Comparing every row…")

    def show_table(self, table: Table, before: str, after: str, label: str) -> None:
        """Show the differences; `label` says who may see them."""
        self._before.show_words(before)
        self._after.show_words(after)
        self._source = Source(f"{before}, {after}", "", label)
        self.model.take(table)
        self.view.fit_columns()
        count = len(table.rows)
        words = {0: "The two do not differ.", 1: "1 cell or row differs."}
        self._count.show_words(words.get(count, f"{number_text(count)} cells and rows differ."))
        self.tell_rows()

    def tell_rows(self) -> None:
        """Say how many differences there are, and how many of them are shown."""
        whole, shown = self.model.source_count(), self.model.rowCount()
        words = f"{number_text(whole)} differences" if whole != 1 else "1 difference"
        self.rows_told.emit(words if whole == shown else f"{number_text(shown)} of {words} (filtered)")

    def enter(self) -> None:
        """The page comes into view."""
        self.tell_rows()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def exports(self) -> list[Export]:
        """The table as it is shown, as files."""
        return table_exports(self.view, self._source)

    def _export_shown(self, _view: object, ending: str) -> None:
        self.file_asked.emit(export_as(self.exports(), ending))
