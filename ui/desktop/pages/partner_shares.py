"""Partners of a plan: what they contribute beside their fair share, above the table of all figures."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.desktop.charts import fair_shares
from ui.desktop.charts.chart_view import ChartView
from ui.desktop.charts.fair_shares import FairShares, fair_shares_of
from ui.desktop.pages.result_chart import ResultChart
from ui.desktop.pages.result_tables import ResultTables, Sheet
from ui.desktop.session import Session
from ui.desktop.theme import Theme

LEAST_TABLE = 160  # pixels that the table keeps
AROUND = 90  # pixels of the chart's panel beside its bars


class PartnerShares(QWidget):
    """The bars give way to the table on low screens, but stay."""

    asked = Signal(object)  # Subject
    moved = Signal(object)
    export_asked = Signal(object)  # Export
    selection_told = Signal(object)  # Totals
    cell_told = Signal(str, str)

    def __init__(self, theme: Theme, session: Session) -> None:
        super().__init__()
        self.setObjectName("page")
        view = ChartView(theme, "Contributions beside fair shares", fair_shares.paint, fair_shares.spots)
        self.bars = ResultChart(
            *(theme, session, view, "What partners contribute"),
            lambda _currency: "% of value, the tick is the fair share",
            lambda tables, _choice: fair_shares_of(tables["partners"], tables.scenario.settings.currency),
        )
        self.tables = ResultTables(theme, session, "Partners", (Sheet("partners", ("partner",)),))
        for part in (self.bars, self.tables):
            for signal in ("asked", "moved", "export_asked", "selection_told", "cell_told"):
                if hasattr(part, signal):
                    getattr(part, signal).connect(getattr(self, signal))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bars)
        layout.addWidget(self.tables, 1)

    def show_plan(self) -> None:
        """Show the plan in view."""
        self.bars.show_plan()
        self.tables.show_plan()
        self._share_height()

    def ask(self) -> None:
        """Ask why about the bar or the row with the cursor."""
        (self.bars if self.bars.chart.hasFocus() else self.tables).ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room for the bars."""
        super().resizeEvent(event)
        self._share_height()

    def sizeHint(self) -> QSize:
        """Room for both."""
        return QSize(700, 520)

    def _share_height(self) -> None:
        data = self.bars.chart.data
        wanted = (data.height if isinstance(data, FairShares) else 0) + AROUND
        self.bars.setFixedHeight(max(AROUND + 80, min(wanted, self.height() - LEAST_TABLE)))
