"""Coverage of a plan: the heat map above the key figures of the plan, the plain split and the agreed plan."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QVBoxLayout, QWidget

from planner.report.table import Table
from planner.report.why import Subject, Topic
from ui.desktop.charts.heat_map_view import HeatMapArea, HeatMapView
from ui.desktop.files.exports import Export, Picture, export_button, picture_exports
from ui.desktop.pages.result_tables import choice_box
from ui.desktop.parts import column, framed, row, text
from ui.desktop.plans.plan_figures import comparison_table, heat_map_of, source_words
from ui.desktop.session import Session
from ui.desktop.tables.result_view import ResultView
from ui.desktop.theme import Theme

ENOUGH_FOR_BOTH = 560  # pixels
AROUND = 110  # pixels of margins, title and source beside the heat map
MEASURES = (("Coverage", "coverage"), ("Effective coverage", "effective"))
UNIT = "% of need, by initiative and region"
FIGURE_WIDTH, NARROW_FIGURE = 150, 110


class CoveragePage(QWidget):
    """The heat map above the comparison table."""

    asked = Signal(object)  # Subject
    moved = Signal(object)
    export_asked = Signal(object)  # Export
    selection_told = Signal(object)  # Totals
    cell_told = Signal(str, str)

    def __init__(self, theme: Theme, session: Session) -> None:
        super().__init__()
        self.setObjectName("page")
        self._theme, self._session = theme, session
        self._title, self._source = text("", "panel"), text("", "hint")
        self._choice = choice_box("What the heat map shows")
        for words, key in MEASURES:
            self._choice.addItem(words, key)
        self._choice.currentIndexChanged.connect(lambda _index: self._show_heat())
        self.heat = HeatMapView(theme, "Coverage by initiative and region")
        for signal in ("asked", "moved", "cell_told"):
            getattr(self.heat, signal).connect(getattr(self, signal))
        export = export_button(theme, self._exports, self.export_asked.emit)
        inner = column(spacing=6, margins=(14, 8, 14, 10))
        inner.addLayout(row(self._title, text(UNIT, "unit"), None, self._choice, export))
        inner.addWidget(HeatMapArea(self.heat), 1)
        inner.addWidget(self._source)
        self._comparison: ComparisonTable | None = None
        self._note = text("", "hint", wraps=True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(14, 11, 14, 14)
        self._layout.setSpacing(11)
        self._layout.addWidget(framed("panel", inner), 1)

    def show_plan(self) -> None:
        """Show the plan in view."""
        tables = self._session.plan_tables
        assert tables is not None
        self._show_heat()
        self._source.setText(source_words(tables.scenario, tables.plan))
        table = comparison_table(tables["key_figures"])
        if self._comparison is None:
            self._comparison = ComparisonTable(self._theme, table)
            for signal in ("asked", "moved", "selection_told", "cell_told"):
                getattr(self._comparison, signal).connect(getattr(self, signal))
            self._layout.addWidget(self._comparison)
            self._layout.addWidget(self._note)
        else:
            self._comparison.results.take(table)
        self._comparison.setFixedHeight(28 + 24 * len(table.rows) + 3)
        self._note.setText(table.note)
        self._give_way()

    def show_measure(self, key: str) -> None:
        """Show coverage or effective coverage."""
        self._choice.setCurrentIndex(self._choice.findData(key))

    def _show_heat(self) -> None:
        tables = self._session.plan_tables
        if tables is not None:
            self._title.setText(f"{self._choice.currentText()}, {tables.plan.name}")
            self.heat.show_data(heat_map_of(tables[self._choice.currentData()], tables.plan))

    def ask(self) -> None:
        """Ask why about the cell or the figure with the cursor, else about the whole plan."""
        if self._comparison is not None and self._comparison.hasFocus():
            self._comparison.ask()
        elif self.heat.subject is not None:
            self.heat.ask()
        else:
            self.asked.emit(Subject(Topic.ALL))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On low screens, while planning and where there are many initiatives the comparison gives way."""
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        if self._comparison is not None:
            left = self.height() - self._comparison.height() - AROUND
            is_room = self.height() >= ENOUGH_FOR_BOTH and left >= self.heat.minimumHeight()
            self._comparison.setVisible(is_room)
            self._note.setVisible(is_room and bool(self._note.text()))
            self._comparison.share_width(self.width())

    def _exports(self) -> list[Export]:
        size = QSize(1000, 120 + 32 * self.heat.row_count)
        picture = Picture(self._title.text(), UNIT, self._source.text(), size, self.heat.draw)
        return picture_exports(picture, self._theme)


class ComparisonTable(ResultView):
    """The key figures, all in view, without filters."""

    def __init__(self, theme: Theme, table: Table) -> None:
        super().__init__(theme, table, ("unit",), lambda _table, _row: Subject(Topic.ALL))
        self.setAccessibleName("Key figures beside the pro-rata split and the agreed plan")
        self.setObjectName("framed")
        self.show_whole()
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def share_width(self, width: int) -> None:
        """Figures side by side, narrower where an explanation stands beside them."""
        for at in range(1, self.results.columnCount()):
            is_last = at == self.results.columnCount() - 1
            self.setColumnWidth(at, FIGURE_WIDTH if width > 800 or is_last else NARROW_FIGURE)
