"""How people find their way: search, help, and the first steps with the sample."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QApplication

from planner.problems import Place
from ui.desktop.help import search
from ui.desktop.rules.rule_row import RuleRow
from ui.desktop.tables.chooser import Chooser

if TYPE_CHECKING:
    from ui.desktop.window import Window

RESULTS_HEIGHT = 420


class Guidance(QObject):
    """Connects them with the window around them."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._chooser = Chooser(window.theme, "Search", "Search partners, needs, rules, places", window)
        self._chooser.chosen.connect(self.go_to)
        window.header.search_asked.connect(self.search)
        steps, session = window.first_steps, window.session
        self._document: object = None  # the sample, as it was opened
        self._pledges: object = None
        window.filing.sample_opened.connect(self._begin)
        steps.asked.connect(self._lead)
        steps.over.connect(window.preferences.note_first_steps)
        session.document_changed.connect(self._follow)
        session.scenario_changed.connect(self._follow)
        for page in (window.plan_page, window.overview):
            page.asked.connect(lambda _subject: steps.tick("why"))

    # -- search and help

    @property
    def chooser(self) -> Chooser:
        """What is typed into, and what is found."""
        return self._chooser

    def search(self) -> None:
        """Find something by typing."""
        window = self._window
        below = window.header.search
        size = QSize(max(below.width(), 420), RESULTS_HEIGHT)
        self._chooser.pop_up(below, search.entries(window.session.scenario, window.session.has_document), size)

    def go_to(self, found: str | Place) -> None:
        """Go to a place of the window, or to a row of the scenario."""
        if isinstance(found, Place):
            self._window.show_place(found)
        else:
            self._window.go(found)

    def help(self) -> None:
        """Show help, on the rule with the focus where there is one; once more closes it."""
        panel = self._window.help
        if panel.is_open:
            panel.close_panel()
            return
        widget = QApplication.focusWidget()
        while widget is not None and not isinstance(widget, RuleRow):
            widget = widget.parentWidget()
        self._window.why.hide()
        panel.open_at(widget.title if widget is not None and widget.reference is not None else "")

    # -- first steps

    def _begin(self) -> None:
        window = self._window
        if not window.preferences.knows_first_steps:
            self._document, self._pledges = window.session.document, window.session.scenario.pledges
            window.first_steps.begin()

    def _follow(self) -> None:
        steps, session = self._window.first_steps, self._window.session
        if steps.isHidden():
            return
        if session.document is not self._document:
            steps.hide()
        elif session.scenario.pledges is not self._pledges:
            steps.tick("pledge")
        if session.plans:
            steps.tick("plan")

    def _lead(self, step: str) -> None:
        window = self._window
        if step == "pledge":
            self.go_to(Place("Pledges", 0, "quantity"))
        elif step == "plan" or window.session.plan is None:
            window.start_plan()
        else:
            window.go("overview")
            window.overview.ask()
