"""Two plans beside each other: the key figures of both above a table of what differs."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QStackedWidget, QWidget

from planner.plan import Plan
from planner.report import differences
from planner.report.figures import Figures
from planner.report.table import Table
from planner.report.why import subject_of
from ui.desktop.figures import number_text
from ui.desktop.files.exports import Export, export_button, source_of, table_exports
from ui.desktop.pages.result_tables import STRIP, choice_box
from ui.desktop.parts import button, column, framed, row, strip, text
from ui.desktop.session import Session
from ui.desktop.tables.result_view import ResultView
from ui.desktop.theme import Theme

NEED_CODES = ("initiative", "region", "resource", "period", "start")
TABLES: tuple[tuple[Callable[[Figures, Figures], Table], tuple[str, ...]], ...] = (
    (differences.compare_activities, ("initiative", "region")),
    (differences.compare_lines, NEED_CODES),
)


class PlanComparison(QWidget):
    """The plan in view beside another, until it is closed or the other is gone."""

    closed = Signal()
    asked = Signal(object)  # Subject, of the plan in view
    moved = Signal(object)
    export_asked = Signal(object)  # Export

    def __init__(self, theme: Theme, session: Session) -> None:
        super().__init__()
        self.setObjectName("page")
        self._theme, self._session = theme, session
        self._other = ""  # id of the plan beside the one in view
        self._shown: tuple[Plan, Plan] | None = None
        self._title = text("", "panel")
        self.choice = choice_box("Compare: which table")
        self.choice.currentIndexChanged.connect(self._show_chosen)
        export = export_button(theme, self._exports, self.export_asked.emit)
        close = button(theme, "&End comparison", self._close, kind="tool", tip="Back to the one plan")
        head = row(self._title, None, self.choice, export, close, margins=(16, 0, 12, 0))
        self._figures: ResultView | None = None
        self._stack = QStackedWidget()
        self._holder = column(spacing=0, margins=(14, 11, 14, 11))
        whole = column(strip("subHeader", head, STRIP))
        whole.addLayout(self._holder)
        whole.addWidget(framed("rule"))
        whole.addWidget(self._stack, 1)
        self.setLayout(whole)

    @property
    def is_on(self) -> bool:
        """Whether there are two plans to compare."""
        return self._pair() is not None

    def begin(self, other: Plan) -> None:
        """Compare the plan in view with this one."""
        self._other = other.id

    def end(self) -> None:
        """Show one plan alone again."""
        self._other = ""

    def show_plans(self) -> None:
        """Show both plans as they are now."""
        pair = self._pair()
        if pair is None or pair == self._shown:
            return
        self._shown = pair
        this, other = (Figures(self._session.scenario_of(plan), plan) for plan in pair)
        self._title.setText(f"{pair[0].name} beside {pair[1].name}")
        self._show_figures(this, differences.compare_figures(this, other))
        kept = max(0, self.choice.currentIndex())
        self.choice.blockSignals(True)
        self.choice.clear()
        while (old := self._stack.currentWidget()) is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        for build, hidden in TABLES:
            table = build(this, other)
            self.choice.addItem(f"{table.title}  {number_text(len(table.rows))}")
            self._stack.addWidget(self._view(this, table, hidden))
        self.choice.setCurrentIndex(kept)
        self.choice.blockSignals(False)
        self._show_chosen(kept)

    def _view(self, this: Figures, table: Table, hidden: tuple[str, ...]) -> ResultView:
        view = ResultView(self._theme, table, hidden, lambda table, row: subject_of(this, table, row))
        view.asked.connect(self.asked)
        view.moved.connect(self.moved)
        return view

    def ask(self) -> None:
        """Ask why about the row with the cursor."""
        view = self._stack.currentWidget()
        if isinstance(view, ResultView):
            view.ask()

    def _show_figures(self, this: Figures, table: Table) -> None:
        if self._figures is not None:
            self._holder.removeWidget(self._figures)
            self._figures.deleteLater()
        self._figures = view = self._view(this, table, ())
        view.setObjectName("framed")
        view.show_whole()
        view.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setFixedHeight(28 + 24 * len(table.rows) + 3)
        self._holder.addWidget(view)

    def _show_chosen(self, index: int) -> None:
        self._stack.setCurrentIndex(index)

    def _pair(self) -> tuple[Plan, Plan] | None:
        this = self._session.plan
        other = next((plan for plan in self._session.plans if plan.id == self._other), None)
        if this is None or other is None or this.id == other.id or not this.has_allocations:
            return None
        return this, other

    def _exports(self) -> list[Export]:
        view = self._stack.currentWidget()
        assert isinstance(view, ResultView)
        return table_exports(view, source_of(self._session)._replace(plan=self._title.text()))

    def _close(self) -> None:
        self.end()
        self.closed.emit()
