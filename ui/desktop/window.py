"""The window: header, sidebar, pages, status bar, and the planning run beside them."""

from functools import partial
from pathlib import Path

from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QStackedWidget, QWidget

from planner.document import Document
from planner.plan import Plan
from planner.problems import Place, Problem
from planner.scenario import TABLE_BY_SHEET
from ui.desktop.background import Background
from ui.desktop.errands import Errands
from ui.desktop.files.attendance import Attendance
from ui.desktop.files.file_dialogs import FileDialogs
from ui.desktop.files.filing import Filing
from ui.desktop.files.intaking import Intaking
from ui.desktop.files.recovering import Recovering
from ui.desktop.files.saving import Saving
from ui.desktop.files.sharing import Sharing
from ui.desktop.frame.header import Header
from ui.desktop.frame.long_work import LongWork
from ui.desktop.frame.notice import Notice
from ui.desktop.frame.problem_rows import PAGE_OF_TABLE
from ui.desktop.frame.sidebar import Sidebar
from ui.desktop.frame.status_bar import StatusBar
from ui.desktop.help.first_steps import FirstSteps
from ui.desktop.help.guidance import Guidance
from ui.desktop.help.help_panel import HelpPanel
from ui.desktop.keys import Keys
from ui.desktop.pages.doors import Doors
from ui.desktop.pages.exchange import ExchangePage
from ui.desktop.pages.overview import Overview
from ui.desktop.pages.plan import PlanPage
from ui.desktop.pages.rules import RulesPage
from ui.desktop.pages.settings import SettingsPage
from ui.desktop.pages.tables import TablesPage
from ui.desktop.parts import column, row
from ui.desktop.plans.planning import Failure, PlanRun
from ui.desktop.plans.results import Results
from ui.desktop.plans.why_panel import WhyPanel
from ui.desktop.preferences import Preferences
from ui.desktop.session import Session
from ui.desktop.tables.totals import NOTHING
from ui.desktop.theme import Theme
from ui.desktop.unused_memory import UnusedMemory
from ui.desktop.versions.version_pages import Versions

OPENABLE = (".concord", ".xlsx")
TITLE_BAR = 40  # pixels that the system puts above the window
EXPLAINED = ("overview", "plan")  # places with figures that one can ask about
LIMITS: dict[str, float] = {}  # of each run: the planner bounds its own effort, so equal scenarios give equal plans


class Window(QMainWindow):
    """One scenario at a time."""

    def __init__(self, theme: Theme, preferences: Preferences, recovery_folder: Path | None = None) -> None:
        super().__init__()
        self.theme, self.preferences = theme, preferences
        self.background = Background(self)
        self.session = Session(self.background, self, recovery_folder)
        self.notice, self.offer = Notice(theme), Notice(theme)
        self.long_work = LongWork(theme, self.background)
        self.saves = Background(self)  # a thread of their own: they wait for nothing else
        self.unused_memory = UnusedMemory((self.background, self.saves), self)
        self.save_strip = LongWork(theme, self.saves)
        self.dialogs = FileDialogs(self, self.session, preferences)
        session, dialogs, tell = self.session, self.dialogs, self.notice.tell
        self.saving = Saving(self, session, preferences, dialogs, self.notice, self.save_strip)
        self.filing = Filing(self, session, preferences, dialogs, self.saving, tell, self.long_work)
        self.intaking = Intaking(self, theme, session, dialogs, tell, self.long_work)
        self.sharing = Sharing(self, theme, session, dialogs, self.saving, self.errands(), tell)
        self.recovering = Recovering(self, session, self.saving, self.errands(), self.offer, tell)
        self.run: PlanRun | None = None
        self._known: Document | None = None  # what messages and the run are about
        self._last_problem = -1
        self._may_close = self._is_asked_to_close = False
        self.setWindowTitle("Concord")
        self.setMinimumSize(960, 600)
        self.resize(1366, min(768, self.screen().availableGeometry().height() - TITLE_BAR))
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        self.keys = Keys(self)
        self.go("overview")
        if not preferences.geometry.isEmpty():
            self.restoreGeometry(preferences.geometry)

    # -- putting it together

    def _build(self) -> None:
        theme, session, filing = self.theme, self.session, self.filing
        self.header = Header(theme, session, self.start_plan)
        self.first_steps = FirstSteps(theme)
        self.sidebar = Sidebar(theme)
        doors = Doors(theme, filing.open_sample, filing.ask_import_workbook, filing.start_empty, filing.ask_open)
        self.overview = Overview(theme, session, doors, self.show_problem, self.start_plan)
        self.partners = TablesPage(
            theme,
            session,
            "Partners",
            ("partners", "pledges", "vetoes", "delivery_costs", "exchange_rates"),
            preferences=self.preferences,
        )
        self.needs = TablesPage(
            theme,
            session,
            "Needs",
            ("regions", "initiatives", "resources", "activities", "requirement_grid", "requirements"),
            preferences=self.preferences,
        )
        self.rules = RulesPage(theme, session, self.preferences)
        self.plan_page = PlanPage(theme, session, self.start_plan, self.stop_plan)
        self.exchange = ExchangePage(theme, session, filing, self.saving, self.intaking)
        self.settings = SettingsPage(theme, session, self.preferences)
        self.pages: dict[str, QWidget] = {
            "overview": self.overview,
            "partners": self.partners,
            "needs": self.needs,
            "rules": self.rules,
            "plan": self.plan_page,
            "exchange": self.exchange,
            "settings": self.settings,
        }
        self._stack = QStackedWidget()
        for page in self.pages.values():
            self._stack.addWidget(page)
        self.status = StatusBar(theme, session, self.show_problems)
        middle = row(self.sidebar, spacing=0)
        middle.addWidget(self._stack, 1)
        self.why = WhyPanel(theme, session)
        self.help = HelpPanel(theme)
        for panel in (self.why, self.help):
            middle.addWidget(panel)
        whole = column(self.header, self.offer, self.first_steps, self.save_strip, self.long_work, self.notice)
        whole.addLayout(middle, 1)
        whole.addWidget(self.status)
        central = QWidget()
        central.setLayout(whole)
        self.setCentralWidget(central)

    def _connect(self) -> None:
        session = self.session
        self.sidebar.chosen.connect(self.go)
        for page in (self.partners, self.needs, self.rules.tables):
            page.told.connect(self._tell_of_edit)
            page.rows_told.connect(self.status.show_rows)
            page.selection_told.connect(self.status.show_selection)
            page.cell_told.connect(self.status.show_cell)
        self.rules.sentences.rows_told.connect(self.status.show_rows)
        self.rules.table_asked.connect(self.show_sheet)
        self.plan_page.rows_told.connect(self.status.show_rows)
        self.plan_page.selection_told.connect(self.status.show_selection)
        self.plan_page.cell_told.connect(self.status.show_cell)
        self.overview.heat.cell_told.connect(self.status.show_cell)
        self.overview.cell_told.connect(self.status.show_cell)
        self.results = Results(self)
        self.guidance = Guidance(self)
        self.versions = Versions(self)
        self.attendance = Attendance(self, session, self.preferences, self.header, self.notice.tell)
        self.exchange.share_asked.connect(self.sharing.ask_share)
        self.exchange.backups_asked.connect(self.sharing.ask_backup)
        self.exchange.rows_told.connect(self.status.show_rows)
        self.settings.rows_told.connect(self.status.show_rows)
        self.settings.brightness_chosen.connect(self._choose_brightness)
        session.checked.connect(self._count_problems)
        session.document_changed.connect(self._document_changed)
        session.document_changed.connect(self.notice.look_again)
        session.plans_changed.connect(self._enable)
        self._document_changed()

    # -- going places

    @property
    def place(self) -> str:
        """Where one is: overview, partners, needs, rules, plan, exchange or settings."""
        current = self._stack.currentWidget()
        return next(name for name, page in self.pages.items() if page is current)

    def go(self, name: str) -> None:
        """Show a page."""
        if not self.session.has_document and name in ("partners", "needs", "rules", "plan"):
            return
        self.notice.leave_place()
        if name not in EXPLAINED:
            self.why.hide()
        self._stack.setCurrentWidget(self.pages[name])
        self.sidebar.mark(name)
        self.status.show_rows("")
        self.status.show_selection(NOTHING)
        self.status.show_cell("", "")
        page = self.pages[name]
        if name == "overview":
            self._tell_overview()
            self.overview.enter()
        elif isinstance(page, TablesPage | RulesPage | PlanPage | ExchangePage | SettingsPage):
            page.enter()

    def _tell_overview(self) -> None:
        if self.session.has_document:
            self.status.show_scenario(self.session.scenario)

    def show_problem(self, problem: Problem) -> None:
        """Go to the cell with a problem."""
        self._go_to(problem)
        if self.place != "overview":
            self.notice.tell_of_place(problem.message, problem.severity.value)

    def show_place(self, place: Place) -> None:
        """Go to a cell of the scenario."""
        self._go_to(Problem("asked", "", place))

    def _go_to(self, problem: Problem) -> None:
        table = TABLE_BY_SHEET.get(problem.where.sheet)
        if table is None:
            self.go("settings")
        else:
            name = PAGE_OF_TABLE[table.name]
            self.go(name)
            page = self.pages[name]
            assert isinstance(page, TablesPage | RulesPage)
            page.show_problem(problem)

    def show_sheet(self, sheet: str) -> None:
        """Go to a table of the scenario."""
        table = TABLE_BY_SHEET[sheet]
        self.go(PAGE_OF_TABLE[table.name])
        page = self.pages[PAGE_OF_TABLE[table.name]]
        assert isinstance(page, TablesPage | RulesPage)
        page.show_table(table.name)

    def show_problems(self) -> None:
        """Show the list of problems."""
        self.go("overview")
        self.overview.focus_problems()

    def next_problem(self) -> None:
        """Go to the next problem, after the last to the first; in a merge to the next conflict."""
        problems = self.session.problems
        if not self.versions.go_to_next_conflict() and problems:
            self._last_problem = (self._last_problem + 1) % len(problems)
            self.show_problem(problems[self._last_problem])

    # -- planning

    def start_plan(self) -> None:
        """Plan the scenario as it is now in a child process."""
        if self.run is not None or not self.session.has_document:
            return
        self.commit_editor()
        self.session.catch_up()
        if self.session.stops_planning:
            self.notice.tell(
                "The scenario has errors, and a plan made of them would be wrong. Put them right first; "
                "F8 goes from one to the next.",
                "error",
                self.next_problem,
                "First error",
            )
            return
        self.notice.hide()
        self.run = run = PlanRun(self.session.scenario, LIMITS, self.background, self)
        run.progressed.connect(self.plan_page.solving.take)
        run.finished.connect(self._take_plan)
        run.failed.connect(self._take_failure)
        self.plan_page.solving.begin(run.scenario)
        self.plan_page.show_running(self.session.next_plan_name())
        self.go("plan")
        self._enable()
        run.start()

    def stop_plan(self) -> None:
        """Ask the run for the best plan found so far."""
        if self.run is not None:
            self.plan_page.solving.stopping()
            self.run.stop()

    def _take_plan(self, plan: Plan) -> None:
        run = self._end_run()
        if run is not None:
            self.results.take_plan(plan, run.scenario)

    def _take_failure(self, failure: Failure) -> None:
        self._end_run()
        self.results.tell_failure(failure)

    def _end_run(self) -> PlanRun | None:
        run, self.run = self.run, None
        self.plan_page.solving.end()
        self.plan_page.show_running("")
        self._enable()
        if run is not None:
            run.dispose()
        return run

    # -- keeping the frame right

    def _document_changed(self) -> None:
        session = self.session
        if session.document is not self._known:
            self._known = session.document
            self._leave_document()
            self.unused_memory.take_document()
        title = session.scenario.settings.title or "Untitled scenario"
        self.setWindowTitle(f"{title}[*] – Concord" if session.has_document else "Concord[*]")
        self.setWindowModified(session.is_dirty)
        for name, place in self.sidebar.places.items():
            place.setEnabled(session.has_document or name in ("overview", "exchange", "settings"))
        if self.place == "overview":
            self._tell_overview()
        self._enable()

    def _leave_document(self) -> None:
        """Another document is open: what was said and planned for the last one is over."""
        self.notice.hide()
        if self.run is not None:
            self.run.abandon()
            self._end_run()
        self.exchange.show_home()
        if self.place == "exchange":
            self.go("overview")

    def _enable(self) -> None:
        self.header.set_plan_possible(self.session.has_document and self.run is None)

    def _count_problems(self) -> None:
        if self.notice.words not in {problem.message for problem in self.session.problems}:
            self.notice.leave_place()
        self.sidebar.count_problems(self.session.problems)

    def _tell_of_edit(self, words: str, severity: str) -> None:
        """Tell what came of an edit, until it is taken back or the cells that it left in red are put right."""
        session = self.session
        stands, had_drafts = session.last_stands(), bool(session.drafts)
        self.notice.tell(words, severity, as_long_as=lambda: stands() and (bool(session.drafts) or not had_drafts))

    def _choose_brightness(self, choice: str) -> None:
        self.preferences.brightness = choice
        self.theme.choose(choice)

    def errands(self) -> Errands:
        """What one more part of the window has done in the background."""
        return Errands(self.background, self.notice.tell, self.long_work)

    def commit_editor(self) -> None:
        """What is being typed counts as typed."""
        focus = QApplication.focusWidget()
        if isinstance(focus, QLineEdit) and focus.property("kind") != "filter":
            focus.clearFocus()

    # -- files dropped, window closed

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take scenario files and workbooks."""
        if any(url.toLocalFile().lower().endswith(OPENABLE) for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first of them."""
        paths = map(Path, (url.toLocalFile() for url in event.mimeData().urls()))
        chosen = [path for path in paths if path.suffix.lower() in OPENABLE]
        if chosen:
            self.saving.leave(partial(self.filing.open_path, chosen[0]))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask once when something would be lost, and wait for a save that goes on; then leave nothing running."""
        self.commit_editor()
        if not self._may_close:
            self._is_asked_to_close = True
            self.saving.leave(self._close_for_good)
            self._is_asked_to_close = False
        if not self._may_close:
            event.ignore()
            return
        for run in self.findChildren(PlanRun):
            run.abandon()
        self.run = None
        self.plan_page.solving.end()
        self.attendance.leave()
        self.session.close()
        for strip in (self.save_strip, self.long_work):
            strip.close_down()
        for background in (self.saves, self.background):
            background.close()
        self.unused_memory.close()
        self.preferences.geometry = self.saveGeometry()
        self.preferences.close()
        event.accept()

    def _close_for_good(self) -> None:
        self._may_close = True
        if not self._is_asked_to_close:  # but was before the save that had to come first
            self.close()
