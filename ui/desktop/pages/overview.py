"""Overview: four figures, the coverage heat map, the plan beside a plain split, and what is wrong with the scenario."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from planner.plan import Plan, Totals
from planner.problems import Problem
from planner.report.table import Table
from planner.report.why import Subject, Topic
from planner.report.words import STATUS_SENTENCES
from ui.desktop.charts import flow
from ui.desktop.charts.chart_view import ChartView
from ui.desktop.charts.heat_map_view import HeatMapArea, HeatMapView
from ui.desktop.figures import number_text
from ui.desktop.files.exports import Export, Picture, export_button, picture_exports
from ui.desktop.frame.problem_rows import ProblemRow, place_words, problem_summary
from ui.desktop.pages.doors import Doors
from ui.desktop.pages.key_figures import Comparison, KeyFigure, change_words
from ui.desktop.parts import button, chip, column, empty_layout, framed, row, set_chip, text
from ui.desktop.plans.plan_figures import amount_text, heat_map_of, make_flow, source_words
from ui.desktop.session import Session
from ui.desktop.theme import Theme

COVERAGE, FLOW = "Coverage by initiative and region", "Who gives what, and where"
PICTURE = QSize(1120, 680)
MOST_PROBLEMS = 200
ENOUGH_HEIGHT, ENOUGH_WIDTH = 640, 1040  # pixels for more problems at once, for the flow picture
ENOUGH_FOR_ALL = 1560  # pixels for the comparison as well


class Overview(QStackedWidget):
    """The page people land on. Without a scenario it offers three doors."""

    asked = Signal(object)  # Subject to explain
    moved = Signal(object)  # Subject one came to
    cell_told = Signal(str, str)
    export_asked = Signal(object)  # Export
    plan_asked = Signal()  # to see why there is none

    def __init__(
        self, theme: Theme, session: Session, doors: Doors, go: Callable[[Problem], object], plan: Callable[[], object]
    ) -> None:
        super().__init__()
        self._theme, self._session, self._go = theme, session, go
        self.doors = doors
        self._is_behind = False
        self.addWidget(doors)
        self._page = QWidget()
        self._page.setObjectName("page")
        self.addWidget(self._page)
        self._plan_chip, self._state_chip = chip("", "accent"), chip("", "stale")
        self._sentence = text("", "secondary")
        self._figures = [
            KeyFigure(theme, role, last)
            for role, last in (("accent", False), ("accent", False), ("gap", False), ("binding", True))
        ]
        self._strip = framed("panel", row(*self._figures, spacing=0))
        self.heat = HeatMapView(theme, COVERAGE)
        for signal in ("asked", "moved"):
            getattr(self.heat, signal).connect(getattr(self, signal))
        asks = (self._ask_all, self._ask_worst, self._ask_funding, self._ask_local)
        for figure, ask in zip(self._figures, asks, strict=True):
            figure.asked.connect(ask)
        self.flow = ChartView(theme, FLOW, flow.paint, flow.spots, flow.paint_lit)
        for signal in ("asked", "moved", "cell_told"):
            getattr(self.flow, signal).connect(getattr(self, signal))
        self._comparison = Comparison(theme)
        self._no_plan = framed("panel", self._no_plan_layout(theme, plan))
        self._problems = QVBoxLayout()
        self._problems.setSpacing(0)
        self._problem_count, self._next_hint = text("", "unit"), text("F8 goes to the next one", "hint")
        self._build()
        session.plans_changed.connect(self.refresh)
        session.document_changed.connect(self.refresh)
        session.checked.connect(self._show_problems)
        theme.changed.connect(self._show_problems)
        self.refresh()

    def _build(self) -> None:
        head = row(
            text("Overview", "page"), self._plan_chip, self._state_chip, self._sentence, None, margins=(0, 0, 0, 0)
        )
        export = export_button(self._theme, self._heat_exports, self.export_asked.emit)
        title = row(text(COVERAGE, "panel"), text("% of need", "unit"), None, export)
        heat = column(spacing=6, margins=(14, 12, 14, 10))
        heat.addLayout(title)
        heat.addWidget(HeatMapArea(self.heat), 1)
        self._heat_panel = framed("panel", heat)
        self._flow_unit = text("", "unit")
        picture = column(spacing=6, margins=(14, 12, 14, 10))
        export = export_button(self._theme, self._flow_exports, self.export_asked.emit)
        picture.addLayout(row(text(FLOW, "panel"), self._flow_unit, None, export))
        picture.addWidget(self.flow, 1)
        self._flow_panel = framed("panel", picture)
        middle = row(self._heat_panel, self._flow_panel, self._comparison, spacing=12)
        middle.setStretch(0, 1)
        middle.setStretch(1, 1)
        self._middle = QWidget()
        self._middle.setLayout(middle)
        rows = QWidget()
        holder = QVBoxLayout(rows)
        holder.setContentsMargins(0, 0, 0, 0)
        holder.setSpacing(0)
        holder.addLayout(self._problems)
        holder.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(rows)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area = area
        layout = column(spacing=0)
        problem_title = row(text("Problems", "panel"), self._problem_count, None, self._next_hint)
        problem_title.setContentsMargins(14, 8, 14, 8)
        layout.addLayout(problem_title)
        layout.addWidget(area)
        self._problem_panel = framed("panel", layout)
        self._problem_panel.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        page = column(spacing=12, margins=(16, 10, 16, 14))
        page.addLayout(head)
        page.addWidget(self._strip)
        page.addWidget(self._middle, 1)
        page.addWidget(self._no_plan, 1)
        page.addWidget(self._problem_panel)
        self._page.setLayout(page)

    def _no_plan_layout(self, theme: Theme, plan: Callable[[], object]) -> QVBoxLayout:
        self._no_plan_title = text("No plan yet", "page")
        self._no_plan_words = text("", "secondary", wraps=True)
        self._no_plan_button = button(theme, "&Make a plan", plan, icon="plan", name="Make a plan")
        layout = column(None, self._no_plan_title, self._no_plan_words, spacing=8, margins=(24, 24, 24, 24))
        layout.addSpacing(8)
        self._clash_button = button(theme, "See what clashes", self.plan_asked.emit, icon="rules")
        layout.addLayout(row(self._clash_button, self._no_plan_button, None))
        layout.addStretch(2)
        return layout

    def refresh(self) -> None:
        """Show the plan in view; later, where nobody looks at it now."""
        session = self._session
        self._is_behind = not self.isVisible()
        if self._is_behind and session.has_document:
            return
        was_at_doors = self.currentWidget() is self.doors
        self.setCurrentWidget(self._page if session.has_document else self.doors)
        plan = session.plan
        has_plan = plan is not None and plan.has_allocations
        self._strip.setVisible(has_plan)
        self._middle.setVisible(has_plan)
        self._no_plan.setVisible(not has_plan)
        self._clash_button.setVisible(plan is not None and bool(plan.conflict))
        set_chip(self._plan_chip, plan.name if plan is not None else "", "accent")
        stale = plan is not None and session.is_stale(plan)
        set_chip(self._state_chip, "stale" if stale else "", "stale")
        self._state_chip.setToolTip("The scenario was changed after this plan was made. Plan (F5) makes a new one.")
        self._sentence.setText(made_words(plan.made_at) if plan is not None else "")
        if has_plan and plan is not None:
            self._show_plan()
        else:
            scenario = session.scenario
            count = len(scenario.requirements)
            self._no_plan_title.setText("No plan yet" if plan is None else "No plan can be shown")
            self._no_plan_words.setText(
                STATUS_SENTENCES.get(plan.status, "")
                if plan is not None
                else f"{len(scenario.partners)} partners offer {len(scenario.pledges)} pledges for "
                f"{number_text(count)} requirements. Concord looks for the plan that covers them best under "
                "everybody’s conditions."
            )
        self._show_problems()
        if was_at_doors and session.has_document:
            self.enter()

    def _show_plan(self) -> None:
        tables = self._session.plan_tables
        plan = self._session.plan
        assert tables is not None
        assert plan is not None
        self.heat.show_data(heat_map_of(tables["coverage"], plan))
        self._comparison.show_tables(tables["key_figures"], tables["resources"])
        self.flow.show_data(make_flow(tables))
        self._flow_unit.setText(f"{tables.scenario.settings.currency}, value of all resources")
        totals, (before, what) = plan.totals, compared_with(plan)
        worst = ", ".join(worst_regions(tables["coverage"]).values()) or "–"
        offered, unused = (sum(tables["partners"].column(name)) for name in ("offered", "unused"))
        currency = self._session.scenario.settings.currency
        for figure, (title, share, tick) in zip(
            (self._figures[0], self._figures[1], self._figures[3]),
            (
                first_figure(plan, before),
                (f"Worst covered: {worst}", totals.worst_region, before.worst_region if before else None),
                ("Local share of funding", totals.local_share, before.local_share if before else None),
            ),
            strict=True,
        ):
            change = change_words(share, tick, what)
            figure.show_figure(title, number_text(share * 100, 1), "%", change, share, tick)
            figure.setToolTip(f"The tick is the {what}." if tick is not None else "")
        value, unit = amount_text(unused, currency)
        whole = " ".join(amount_text(offered, currency))
        self._figures[2].show_figure(
            "Unused funding", value, unit, f"of {whole} usable", unused / offered if offered else 0.0, None
        )

    def _show_problems(self) -> None:
        if not self.isVisible():
            self._is_behind = True
            return
        problems = self._session.problems
        empty_layout(self._problems)
        for problem in problems[:MOST_PROBLEMS]:
            place = place_words(problem, self._session.scenario)
            self._problems.addWidget(ProblemRow(self._theme, problem, place, self._go))
        if len(problems) > MOST_PROBLEMS:
            more = text(f"{number_text(len(problems) - MOST_PROBLEMS)} more; they show as these are put right.", "hint")
            more.setContentsMargins(14, 6, 14, 6)
            self._problems.addWidget(more)
        self._problem_count.setText(problem_summary(problems))
        self._size_problems()

    def _size_problems(self) -> None:
        problems = self._session.problems
        shown = min(4 if self.height() >= ENOUGH_HEIGHT else 2, len(problems))
        self._area.setFixedHeight(28 * shown + (1 if shown else 0))
        self._area.setVisible(bool(problems))
        self._next_hint.setVisible(bool(problems))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On small screens fewer problems are in view at once, and the comparison gives way to the heat map."""
        super().resizeEvent(event)
        self._size_problems()
        self._flow_panel.setVisible(self.width() >= ENOUGH_WIDTH)
        self._comparison.setVisible(self.width() >= ENOUGH_FOR_ALL)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed in the meantime."""
        super().showEvent(event)
        if self._is_behind:
            self.refresh()

    def _heat_exports(self) -> list[Export]:
        return self._exports(COVERAGE, "% of need", self.heat.draw)

    def _flow_exports(self) -> list[Export]:
        return self._exports(FLOW, self._flow_unit.text(), self.flow.draw)

    def _exports(self, title: str, unit: str, draw: Callable[[QPainter, QRectF], None]) -> list[Export]:
        tables = self._session.plan_tables
        assert tables is not None
        picture = Picture(title, unit, source_words(tables.scenario, tables.plan), PICTURE, draw)
        return picture_exports(picture, self._theme)

    def _ask_all(self) -> None:
        self.asked.emit(Subject(Topic.ALL))

    def _ask_worst(self) -> None:
        tables = self._session.plan_tables
        regions = worst_regions(tables["coverage"]) if tables is not None else {}
        self.asked.emit(Subject(Topic.REGION, (next(iter(regions)),)) if regions else Subject(Topic.ALL))

    def _ask_funding(self) -> None:
        funding = [row.code for row in self._session.scenario.resources if row.is_funding]
        self.asked.emit(Subject(Topic.RESOURCE, (funding[0],)) if funding else Subject(Topic.ALL))

    def _ask_local(self) -> None:
        self.asked.emit(Subject(Topic.RULE, ("local_share", "")))

    def ask(self) -> None:
        """Ask why about the cell with the cursor, else about the whole plan."""
        self.asked.emit(self.heat.subject or Subject(Topic.ALL))

    def enter(self) -> None:
        """The page comes into view."""
        if not self._session.has_document:
            self.doors.first.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        plan = self._session.plan
        has_plan = plan is not None and plan.has_allocations
        (self.heat if has_plan else self._no_plan_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_problems(self) -> None:
        """Go to the first problem of the list."""
        item = self._problems.itemAt(0)
        first = item.widget() if item is not None else None
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)


def compared_with(plan: Plan) -> tuple[Totals | None, str]:
    """The figures that the plan's stand beside: of the agreed plan, else of the plain split."""
    if plan.baseline is not None:
        return plan.baseline.totals, "agreed plan"
    return plan.pro_rata.totals if plan.pro_rata is not None else None, "plain split"


def first_figure(plan: Plan, before: Totals | None) -> tuple[str, float, float | None]:
    """Title, share and the share before of what the plan is best at: effective coverage or coverage."""
    if plan.objectives and plan.objectives[0].objective == "effective":
        return "Effective coverage of all needs", plan.totals.effective, before.effective if before else None
    return "Coverage of all needs", plan.totals.coverage, before.coverage if before else None


def worst_regions(coverage: Table) -> dict[str, str]:
    """Codes and names of the regions with the smallest coverage."""
    if not coverage.rows:
        return {}
    totals = {each: coverage.value(len(coverage.rows) - 1, each.name) for each in coverage.columns[2:-1]}
    known = {each: value for each, value in totals.items() if value is not None}
    least = min(known.values(), default=0.0)
    return {each.name: each.title for each, value in known.items() if value - least < 5e-4}


def made_words(made_at: str) -> str:
    """`made today 09:38, checked against all rules`: no plan is shown that was not."""
    try:
        made = datetime.fromisoformat(made_at)
    except ValueError:
        return ""
    day = "today" if made.date() == datetime.now(made.tzinfo).date() else f"{made:%d %b %Y}"
    return f"made {day} {made:%H:%M}, checked against all rules"
