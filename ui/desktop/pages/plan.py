"""Plan: the plans of this scenario at the left, the tables and charts of one of them in the middle."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QTabBar, QWidget

from planner.plan import Plan
from ui.desktop.charts import flow, time_curve
from ui.desktop.charts.chart_view import ChartView
from ui.desktop.charts.time_curve import time_curve_of
from ui.desktop.figures import number_text
from ui.desktop.pages.coverage import CoveragePage
from ui.desktop.pages.no_plan import NoPlan
from ui.desktop.pages.partner_shares import PartnerShares
from ui.desktop.pages.plan_comparison import PlanComparison
from ui.desktop.pages.plan_list import LIST_WIDTH, PlanList
from ui.desktop.pages.result_chart import ResultChart
from ui.desktop.pages.result_tables import ResultTables, Sheet
from ui.desktop.parts import button, column, framed, row, set_menu, strip, text
from ui.desktop.plans.plan_figures import make_flow
from ui.desktop.plans.solving_strip import SolvingStrip
from ui.desktop.session import Session
from ui.desktop.theme import Theme

TAB_HEIGHT = 36
ENOUGH_FOR_LIST = 640  # pixels
AGREE = "Take this plan as the agreed plan, which later plans are compared with"
NEED_CODES = ("initiative", "region", "resource", "period", "start")
GROUPS = (
    ("Partner", "partner_name"),
    ("Initiative", "initiative_name"),
    ("Region", "region_name"),
    ("Resource", "resource_name"),
    ("Period", "period_label"),
)
TABS = (  # key, title
    ("coverage", "Coverage"),
    ("flow", "Flow"),
    ("time", "Time"),
    ("allocations", "Allocations"),
    ("gaps", "Gaps"),
    ("partners", "Partners"),
    ("supply", "Supply"),
    ("rules", "Rules"),
    ("activities", "Decisions"),
    ("changes", "Changes"),
)
SHEETS = {  # tab -> its tables
    "allocations": (Sheet("allocations", ("partner", *NEED_CODES), GROUPS), Sheet("delivery", ("partner", "region"))),
    "gaps": (Sheet("gaps", NEED_CODES, GROUPS[1:]), Sheet("resources", ("resource",))),
    "supply": (
        Sheet("stranded", ("partner", "resource"), (GROUPS[0], GROUPS[3])),
        Sheet("asks", ("resource",)),
        Sheet("supply", ("partner", "resource"), (GROUPS[0], GROUPS[3])),
    ),
    "rules": (Sheet("rules", ("rule",)), Sheet("prices", ("rule", "scope")), Sheet("objectives")),
    "activities": (Sheet("activities", ("initiative", "region"), GROUPS[1:3]),),
    "changes": (Sheet("changes", (), (("Kind", "by"),)),),
}
COUNTED = {"allocations": "allocations", "gaps": "gaps"}  # tab -> what of the plan it counts


class PlanPage(QWidget):
    """Everything about one plan. `rows_told` carries what the status bar says of it."""

    rows_told = Signal(str)
    selection_told = Signal(object)  # Totals
    cell_told = Signal(str, str)
    asked = Signal(object)  # Subject to explain
    moved = Signal(object)  # Subject one came to
    export_asked = Signal(object)  # Export
    fix_chosen = Signal(object)  # Fix to apply to a copy
    place_asked = Signal(object)  # Place in the scenario
    removed = Signal(object)  # Plan that was deleted
    agreed = Signal(object)  # Plan that is the agreed plan now

    def __init__(self, theme: Theme, session: Session, plan: Callable[[], object], stop: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("page")
        self._theme, self._session = theme, session
        self._running = ""
        self._is_behind = False
        self._views: dict[str, QWidget] = {}
        self.plans = PlanList(theme, session)
        self.plans.removed.connect(self.removed)
        self.plans.agreed.connect(self.agreed)
        self._tabs = self._tab_bar()
        self.solving = SolvingStrip(theme, stop)
        self.solving.hide()
        self._stack = QStackedWidget()
        self._nothing = NoPlan(theme, plan)
        self._nothing.fix_chosen.connect(self.fix_chosen)
        self._nothing.place_asked.connect(self.place_asked)
        self._stack.addWidget(self._nothing)
        self.comparison = PlanComparison(theme, session)
        self.comparison.closed.connect(self._end_comparison)
        for signal in ("asked", "moved", "export_asked"):
            getattr(self.comparison, signal).connect(getattr(self, signal))
        self._stack.addWidget(self.comparison)
        self.plans.compare_asked.connect(self.compare_with)
        self._compare = button(
            theme, "Compare &with", lambda: None, kind="tool", tip="Put another plan beside this one"
        )
        menu = QMenu(self._compare)
        menu.aboutToShow.connect(lambda: (menu.clear(), self.plans.fill_comparisons(menu)))
        set_menu(self._compare, menu)
        self._agree = button(theme, "A&gree", self.plans.agree, kind="tool", tip=AGREE)
        head = row(text("Plans of this scenario", "hint"), None, text("Cov., %", "hint"), margins=(13, 0, 12, 0))
        foot = row(self._compare, self._agree, None, margins=(12, 6, 12, 8))
        layout = column(strip("subHeader", head, TAB_HEIGHT), self.plans, margins=(0, 0, 1, 0))
        layout.addLayout(foot)
        self._side = side = framed("side", layout)
        side.setFixedWidth(LIST_WIDTH)
        self._tab_strip = strip("subHeader", row(self._tabs, margins=(6, 0, 8, 0)), TAB_HEIGHT)
        middle = column(self.solving, self._tab_strip, self._stack)
        whole = row(side, spacing=0)
        whole.addLayout(middle, 1)
        self.setLayout(whole)
        session.plans_changed.connect(self.refresh)
        theme.changed.connect(self.refresh)
        self.refresh()

    def _tab_bar(self) -> QTabBar:
        tabs = QTabBar()
        tabs.setAccessibleName("Tables and charts of the plan")
        tabs.setObjectName("planTabs")
        tabs.setExpanding(False)
        tabs.setUsesScrollButtons(True)
        tabs.setFixedHeight(TAB_HEIGHT - 1)
        tabs.setElideMode(Qt.TextElideMode.ElideNone)
        for _, title in TABS:
            tabs.addTab(title)
        tabs.currentChanged.connect(self._show_tab)
        tabs.currentChanged.connect(lambda _index: self.cell_told.emit("", ""))
        return tabs

    def refresh(self) -> None:
        """Show the plans and the one in view; later, where nobody looks at them now."""
        self._is_behind = not self.isVisible()
        if self._is_behind:
            return
        self.plans.show_plans(self._running)
        self._compare.setEnabled(bool(self.plans.others()))
        plan = self._session.plan
        self._agree.setEnabled(plan is not None and plan.has_allocations)
        self._show_tab()

    def show_running(self, name: str) -> None:
        """Show a run under the name its plan will have; an empty name ends it."""
        self._running = name
        self.solving.setVisible(bool(name))
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where an explanation leaves little room, the list of plans gives way."""
        super().resizeEvent(event)
        has_focus = self.plans.hasFocus()
        self._side.setVisible(self.width() >= ENOUGH_FOR_LIST)
        if has_focus and not self.plans.isVisible():
            self._focus_first()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed in the meantime."""
        super().showEvent(event)
        if self._is_behind:
            self.refresh()

    def show_tab(self, key: str) -> None:
        """Go to a table or a chart of the plan."""
        self.comparison.end()
        self._tabs.setCurrentIndex([each for each, _ in TABS].index(key))
        self._show_tab()

    def view_of(self, key: str) -> QWidget:
        """What a tab shows, made now if this is the first look at it."""
        if key not in self._views:
            made = self._made(key)
            for signal in ("asked", "moved", "export_asked", "selection_told", "cell_told"):
                if hasattr(made, signal):
                    getattr(made, signal).connect(getattr(self, signal))
            self._views[key] = made
            self._stack.addWidget(made)
        return self._views[key]

    def _made(self, key: str) -> QWidget:
        theme, session = self._theme, self._session
        match key:
            case "coverage":
                return CoveragePage(theme, session)
            case "flow":
                view = ChartView(theme, "Who gives what, and where", flow.paint, flow.spots, flow.paint_lit)
                return ResultChart(
                    theme,
                    session,
                    view,
                    "Who gives what, and where",
                    flow_unit,
                    lambda tables, _choice: make_flow(tables),
                )
            case "time":
                view = ChartView(theme, "Coverage over time", time_curve.paint, time_curve.spots)
                return ResultChart(
                    *(theme, session, view, "Coverage over time"),
                    lambda _currency: "% of need in each period",
                    lambda tables, by: time_curve_of(tables["periods"], by),
                    (("By region", "region"), ("By initiative", "initiative"), ("By resource", "resource")),
                )
            case "partners":
                return PartnerShares(theme, session)
        return ResultTables(theme, session, dict(TABS)[key], SHEETS[key])

    def _show_tab(self, _index: int = 0) -> None:
        tables, plan = self._session.plan_tables, self._session.plan
        has_plan = plan is not None and plan.has_allocations
        self._tab_strip.setVisible(has_plan and not self.comparison.is_on)
        if tables is None or plan is None or not has_plan:
            self._nothing.show_plan(plan, self._session, bool(self._running))
            self._stack.setCurrentWidget(self._nothing)
        elif self.comparison.is_on:
            self.comparison.show_plans()
            self._stack.setCurrentWidget(self.comparison)
        else:
            for index, (key, title) in enumerate(TABS):
                count = len(getattr(plan, COUNTED[key])) if key in COUNTED else None
                self._tabs.setTabText(index, title if count is None else f"{title}  {number_text(count)}")
            view = self.view_of(TABS[self._tabs.currentIndex()][0])
            view.show_plan()  # type: ignore[attr-defined]
            self._stack.setCurrentWidget(view)
        self._tell()

    def compare_with(self, other: Plan) -> None:
        """Put another plan beside the one in view."""
        self.comparison.begin(other)
        self._show_tab()
        self.comparison.choice.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end_comparison(self) -> None:
        self._show_tab()
        self._focus_first()

    def ask(self) -> None:
        """Ask why about whatever has the cursor, else about the whole plan."""
        view = self._stack.currentWidget()
        if (ask := getattr(view, "ask", None)) is not None:
            ask()

    def enter(self) -> None:
        """The page comes into view."""
        self._tell()
        self._focus_first()

    def _focus_first(self) -> None:
        """The keyboard goes on somewhere, also where the list of plans gives way."""
        places = (self.plans, self.solving.stop_button, self._tabs)
        first = next((each for each in places if each.isVisible()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.focusNextChild()

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


def flow_unit(currency: str) -> str:
    """What the ribbons measure."""
    return f"{currency}, value of all resources, without delivery payments"
