"""A tab of the Plan page that holds one chart in a panel, with its title, unit and source."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from planner.report.tables import PlanTables
from ui.desktop.charts.chart_view import ChartView
from ui.desktop.files.exports import Export, Picture, export_button, picture_exports
from ui.desktop.pages.result_tables import choice_box
from ui.desktop.parts import column, framed, row, text
from ui.desktop.plans.plan_figures import source_words
from ui.desktop.session import Session
from ui.desktop.theme import Theme

PICTURE = QSize(1120, 680)


class ResultChart(QWidget):
    """Shows the plan in view. `choices` are ways to look at it: (title, what `make` is told)."""

    asked = Signal(object)  # Subject
    moved = Signal(object)
    export_asked = Signal(object)  # Export
    cell_told = Signal(str, str)

    def __init__(
        self,
        theme: Theme,
        session: Session,
        chart: ChartView,
        title: str,
        unit: Callable[[str], str],
        make: Callable[[PlanTables, str], Any],
        choices: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self._theme, self._session, self.chart = theme, session, chart
        self._name, self._unit_words, self._make = title, unit, make
        self._title, self._unit, self._source = text(title, "panel"), text("", "unit"), text("", "hint")
        self._choice = choice_box(f"{title}: by")
        for words, data in choices:
            self._choice.addItem(words, data)
        self._choice.currentIndexChanged.connect(lambda _index: self.show_plan())
        for signal in ("asked", "moved", "cell_told"):
            getattr(chart, signal).connect(getattr(self, signal))
        export = export_button(theme, self._exports, self.export_asked.emit)
        inner = column(spacing=6, margins=(14, 10, 14, 10))
        inner.addLayout(row(self._title, self._unit, None, self._choice, export))
        inner.addWidget(chart, 1)
        inner.addWidget(self._source)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 11, 14, 14)
        layout.addWidget(framed("panel", inner), 1)
        self._choice.setVisible(bool(choices))

    def show_plan(self) -> None:
        """Show the plan in view."""
        tables = self._session.plan_tables
        if tables is None:
            return
        self.chart.show_data(self._make(tables, self._choice.currentData() or ""))
        self._unit.setText(self._unit_words(tables.scenario.settings.currency))
        self._source.setText(source_words(tables.scenario, tables.plan))

    def ask(self) -> None:
        """Ask why about the spot in focus."""
        self.chart.ask()

    def choose(self, data: str) -> None:
        """Look at it another way."""
        self._choice.setCurrentIndex(self._choice.findData(data))

    def _exports(self) -> list[Export]:
        picture = Picture(self._name, self._unit.text(), self._source.text(), PICTURE, self.chart.draw)
        return picture_exports(picture, self._theme)
