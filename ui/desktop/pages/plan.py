"""Plan: the plans of this scenario at the left, the tables of one of them in the middle."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from planner.plan import Plan
from planner.report.table import Table
from planner.report.words import STATUS_SENTENCES, WEIGHTINGS
from ui.desktop.charts.heat_map_view import HeatMapView
from ui.desktop.grid_model import number_text
from ui.desktop.parts import button, column, framed, row, strip, text
from ui.desktop.plan_figures import comparison_table, heat_map_of
from ui.desktop.result_model import ResultModel
from ui.desktop.session import Session
from ui.desktop.solving_strip import SolvingStrip
from ui.desktop.table_view import TableView
from ui.desktop.theme import Theme

ENOUGH_FOR_BOTH = 560  # pixels
TAB_HEIGHT = 36
LIST_WIDTH = 216
TABS = (  # title, report table, columns that are left out
    ("Coverage", "coverage", ()),
    ("Allocations", "allocations", ("partner", "initiative", "region", "resource", "period", "start")),
    ("Gaps", "gaps", ("initiative", "region", "resource", "period", "start")),
    ("Partners", "partners", ("partner",)),
    ("Supply", "supply", ("partner", "resource")),
    ("Rules", "rules", ("rule",)),
    ("Decision record", "activities", ("initiative", "region")),
)
ROLE = int(Qt.ItemDataRole.UserRole)
AnyIndex = QModelIndex | QPersistentModelIndex


class PlanDelegate(QStyledItemDelegate):
    """A plan in the list: name, when, state, coverage."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Two lines."""
        return QSize(LIST_WIDTH - 2, 53)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw one plan."""
        palette, theme = self._theme.palette, self._theme
        name, when, state, role, figure = index.data(ROLE + 1)
        box = option.rect
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen:
            painter.fillRect(box, QColor(palette.accent_soft))
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), QColor(palette.accent))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), QColor(palette.line))
        inner = box.adjusted(13, 8, -12, -9)
        painter.setPen(QColor(palette.ink))
        painter.setFont(theme.font(bold=is_chosen))
        words = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, words)
        painter.setFont(theme.font(bold=True))
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, figure)
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(palette.ink_2))
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, when)
        if state:
            left = inner.left() + painter.fontMetrics().horizontalAdvance(when) + 6
            chip = QRect(left, inner.bottom() - 16, painter.fontMetrics().horizontalAdvance(state) + 10, 18)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(getattr(palette, f"{role}_soft")))
            painter.drawRoundedRect(chip, 4, 4)
            painter.setPen(QColor(palette.on_accent_soft if role == "accent" else getattr(palette, role)))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, state)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(palette.accent))
            painter.drawRect(box.adjusted(0, 0, -1, -2))


class PlanPage(QWidget):
    """Everything about one plan. `rows_told` carries what the status bar says of it."""

    rows_told = Signal(str)
    selection_told = Signal(int, list, object)
    cell_told = Signal(str, str)

    def __init__(self, theme: Theme, session: Session, plan: Callable[[], object], stop: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("page")
        self._theme, self._session = theme, session
        self._running = ""
        self._is_behind = False
        self._plans = QListWidget()
        self._plans.setObjectName("plans")
        self._plans.setAccessibleName("Plans of this scenario")
        self._plans.setItemDelegate(PlanDelegate(theme, self._plans))
        self._plans.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._plans.currentItemChanged.connect(self._choose)
        self._views: dict[str, TableView] = {}
        self._tabs = QTabBar()
        self._tabs.setAccessibleName("Tables of the plan")
        self._tabs.setObjectName("planTabs")
        self._tabs.setExpanding(False)
        self._tabs.setFixedHeight(TAB_HEIGHT - 1)
        self._tabs.setElideMode(Qt.TextElideMode.ElideNone)
        for title, _, _ in TABS:
            self._tabs.addTab(title)
        self._tabs.currentChanged.connect(self._show_tab)
        self._tabs.currentChanged.connect(lambda _index: self.cell_told.emit("", ""))
        self.solving = SolvingStrip(theme, stop)
        self.solving.hide()
        self._stack = QStackedWidget()
        self._coverage = CoveragePage(theme, session)
        self._coverage.heat.cell_told.connect(self.cell_told)
        self._nothing = NoPlan(theme, plan)
        self._stack.addWidget(self._coverage)
        self._stack.addWidget(self._nothing)
        head = row(text("Plans of this scenario", "hint"), None, text("Cov., %", "hint"), margins=(13, 0, 12, 0))
        side = framed("side", column(strip("subHeader", head, TAB_HEIGHT), self._plans))
        side.setFixedWidth(LIST_WIDTH)
        tabs = strip("subHeader", row(self._tabs, margins=(6, 0, 8, 0)), TAB_HEIGHT)
        self._tab_bar = tabs
        middle = column(self.solving, tabs, self._stack)
        layout = row(side, spacing=0)
        layout.addLayout(middle, 1)
        self.setLayout(layout)
        session.plans_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the plans and the one in view; later, where nobody looks at them now."""
        self._is_behind = not self.isVisible()
        if self._is_behind:
            return
        self._show_list()
        self._show_tab()

    def show_running(self, name: str) -> None:
        """Show a run under the name its plan will have; an empty name ends it."""
        self._running = name
        self.solving.setVisible(bool(name))
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed in the meantime."""
        super().showEvent(event)
        if self._is_behind:
            self.refresh()

    def _show_list(self) -> None:
        plans = list(reversed(self._session.plans))
        in_view = self._session.plan
        self._plans.blockSignals(True)
        self._plans.clear()
        if self._running:
            item = QListWidgetItem()
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setData(ROLE + 1, (self._running, "now", "running", "accent", ""))
            self._plans.addItem(item)
        for plan in plans:
            item = QListWidgetItem()
            words = self._words(plan)
            item.setData(ROLE, plan.id)
            item.setData(ROLE + 1, words)
            item.setData(int(Qt.ItemDataRole.AccessibleTextRole), f"{words[0]}, {words[1]}, {words[2]}, {words[4]} %")
            item.setToolTip(STATUS_SENTENCES.get(plan.status, ""))
            self._plans.addItem(item)
            if in_view is not None and plan.id == in_view.id:
                self._plans.setCurrentItem(item)
        self._plans.blockSignals(False)

    def _words(self, plan: Plan) -> tuple[str, str, str, str, str]:
        """Name, time, state, the state's colour, coverage."""
        if not plan.has_allocations:
            return plan.name, short_time(plan.made_at), "no plan", "problem", "–"
        stale = self._session.is_stale(plan)
        state = {None: "", True: "stale", False: "fresh"}[stale]
        coverage = number_text(plan.totals.coverage * 100, 1)
        return plan.name, short_time(plan.made_at), state, "binding" if stale else "accent", coverage

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._session.choose_plan(item.data(ROLE))

    def _show_tab(self, _index: int = 0) -> None:
        tables, plan = self._session.plan_tables, self._session.plan
        has_plan = plan is not None and plan.has_allocations
        self._tab_bar.setVisible(has_plan)
        if tables is None or plan is None or not has_plan:
            self._nothing.show_plan(plan, self._session, bool(self._running))
            self._stack.setCurrentWidget(self._nothing)
            self._tell()
            return
        for index, (title, key, _) in enumerate(TABS):
            count = {"allocations": len(plan.allocations), "gaps": len(plan.gaps), "rules": len(plan.rules)}.get(key)
            self._tabs.setTabText(index, title if count is None else f"{title}  {number_text(count)}")
        _, key, hidden = TABS[self._tabs.currentIndex()]
        if key == "coverage":
            self._coverage.show_plan(plan)
            self._stack.setCurrentWidget(self._coverage)
        else:
            self._stack.setCurrentWidget(self._view(key, tables[key], hidden))
        self._tell()

    def _view(self, key: str, table: Table, hidden: Sequence[str]) -> TableView:
        view = self._views.get(key)
        if view is None:
            model = ResultModel(table, hidden)
            view = TableView(self._theme, model, table.title)
            model.setParent(view)
            view.selection_told.connect(self.selection_told)
            view.cell_told.connect(self.cell_told)
            self._views[key] = view
            self._stack.addWidget(view)
        elif isinstance(view.grid, ResultModel) and view.grid.table_shown is not table:
            view.grid.take(table)
        return view

    def show_tab(self, key: str) -> None:
        """Go to a table of the plan."""
        self._tabs.setCurrentIndex([each[1] for each in TABS].index(key))

    def enter(self) -> None:
        """The page comes into view."""
        self._tell()
        self._plans.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self) -> None:
        plan = self._session.plan
        if not self.isVisible():
            return
        if plan is None:
            self.rows_told.emit("")
            return
        within = number_text(100 * max((level.gap for level in plan.objectives), default=0.0), 1)
        state = {"optimal": "optimal", "feasible": f"best found, within {within} %", "interrupted": "stopped early"}
        words = state.get(plan.status, "no plan")
        self.rows_told.emit(
            f"{plan.name}: {words}, every rule checked again      made in {number_text(plan.run.seconds, 1)} s, "
            f"seed {plan.run.seed}"
            if plan.has_allocations
            else f"{plan.name}: {words}"
        )


class CoveragePage(QWidget):
    """The heat map above the comparison table."""

    def __init__(self, theme: Theme, session: Session) -> None:
        super().__init__()
        self.setObjectName("page")
        self._theme, self._session = theme, session
        self._title, self._source = text("", "panel"), text("", "hint")
        self.heat = HeatMapView(theme, "Coverage by initiative and region")
        inner = column(spacing=6, margins=(14, 12, 14, 10))
        inner.addLayout(row(self._title, text("% of need, by initiative and region", "unit"), None))
        inner.addWidget(self.heat, 1)
        inner.addWidget(self._source)
        self._comparison: TableView | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(14, 11, 14, 14)
        self._layout.setSpacing(11)
        self._layout.addWidget(framed("panel", inner), 1)

    def show_plan(self, plan: Plan) -> None:
        """Show another plan."""
        tables = self._session.plan_tables
        assert tables is not None
        settings = self._session.scenario.settings
        self._title.setText(f"Coverage, {plan.name}")
        self.heat.show_data(heat_map_of(tables["coverage"], plan))
        self._source.setText(
            f"Source: {settings.title}, {plan.name}, {short_time(plan.made_at)}. "
            f"Weighted by {WEIGHTINGS.get(settings.weighting, settings.weighting)}."
        )
        table = comparison_table(tables["key_figures"])
        if self._comparison is None:
            model = ResultModel(table, ("unit",))
            self._comparison = ComparisonTable(self._theme, model)
            model.setParent(self._comparison)
            self._layout.addWidget(self._comparison)
        elif isinstance(self._comparison.grid, ResultModel):
            self._comparison.grid.take(table)
        self._comparison.setFixedHeight(28 + 24 * len(table.rows) + 3)
        self._give_way()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On low screens and while planning the comparison gives way to the heat map."""
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        if self._comparison is not None:
            self._comparison.setVisible(self.height() >= ENOUGH_FOR_BOTH)


class ComparisonTable(TableView):
    """The key figures, all in view, without filters."""

    def __init__(self, theme: Theme, model: ResultModel) -> None:
        super().__init__(theme, model, "Key figures beside the pro-rata split")
        self.setObjectName("framed")
        self.show_whole()
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for at in (1, 2, 3):
            self.setColumnWidth(at, 170)


class NoPlan(QWidget):
    """What stands here before the first plan, and when there can be none."""

    def __init__(self, theme: Theme, plan: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("page")
        self._theme = theme
        self._title, self._words = text("", "headline", wraps=True), text("", "secondary", wraps=True)
        self._button = button(theme, "Make a plan", plan, icon="plan")
        self._shown: list[QWidget] = []
        self._rows = column(spacing=12)
        layout = column(self._title, self._words, spacing=8, margins=(24, 24, 24, 24))
        layout.addSpacing(4)
        layout.addWidget(self._button)
        layout.addSpacing(8)
        layout.addLayout(self._rows)
        layout.addStretch(1)
        self.setLayout(layout)

    def show_plan(self, plan: Plan | None, session: Session, is_running: bool) -> None:
        """Say why there is nothing to show."""
        self._button.setVisible(not is_running)
        for widget in self._shown:
            widget.setParent(None)
            widget.deleteLater()
        self._shown = []
        if plan is None and is_running:
            self._title.setText("The first plan is being made")
            self._words.setText("You can go on working in the meantime. What you change now goes into the next plan.")
            return
        if plan is None:
            self._title.setText("No plan yet")
            self._words.setText(
                "Press Plan (F5). Concord looks for the plan that covers the needs best under every rule."
            )
            return
        kept = [f"{each.name} is kept." for each in session.plans if each.has_allocations]
        if plan.status == "infeasible":
            title, words = "No plan can meet these rules together", "This is proven, not a time limit."
        else:
            title, words = f"{plan.name}: no plan was found", STATUS_SENTENCES.get(plan.status, "")
        self._title.setText(title)
        self._words.setText(" ".join([words, *kept[-1:]]))
        for key, name in (("conflict", plan.conflict), ("fixes", plan.fixes)):
            if name:
                table = session.plan_tables[key]  # type: ignore[index]
                model = ResultModel(table)
                view = TableView(self._theme, model, table.title)
                model.setParent(view)
                view.setObjectName("framed")
                view.show_whole()
                view.setFixedHeight(min(260, 34 + 24 * len(table.rows)))
                title = text(table.title, "panel")
                self._shown += [title, view]
                self._rows.addWidget(title)
                self._rows.addWidget(view)


def short_time(made_at: str) -> str:
    """`today 09:38` or `12 Oct 2026`."""
    try:
        made = datetime.fromisoformat(made_at)
    except ValueError:
        return ""
    is_today = made.date() == datetime.now(made.tzinfo).date()
    return f"today {made:%H:%M}" if is_today else f"{made:%d %b %Y}"
