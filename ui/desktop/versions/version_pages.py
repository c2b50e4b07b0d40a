"""The pages for versions of a scenario: merging, differences, history. Each is made when first needed."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QObject

from planner.problems import EnvironmentProblem
from planner.store import Stamp, stamp_of
from ui.desktop.files.last_save import last_save_words
from ui.desktop.pages.differences import DifferencesPage
from ui.desktop.pages.history import HistoryPage
from ui.desktop.pages.merge import MergePage
from ui.desktop.versions.comparing import Comparing
from ui.desktop.versions.merging import Merging

Page = TypeVar("Page", MergePage, DifferencesPage, HistoryPage)

if TYPE_CHECKING:
    from ui.desktop.window import Window


class Versions(QObject):
    """Ties the pages to Exchange and to the bars of the window, and sees when somebody else saved the open file."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._told: Stamp | None = None  # of the file that was said to be changed
        exchange = window.exchange
        exchange.merge_asked.connect(self.ask_merge)
        exchange.compare_asked.connect(self.ask_compare)
        exchange.history_asked.connect(self.show_history)
        exchange.page_shown.connect(self._go)
        window.saving.merge_asked.connect(self.merge_file)
        window.installEventFilter(self)

    def ask_merge(self) -> None:
        """Choose a file to merge into the open scenario."""
        self.merging.ask_merge()

    def merge_file(self, path: Path) -> None:
        """Show a file beside the open scenario, to merge it."""
        self.merging.merge_file(path)

    def ask_compare(self) -> None:
        """Choose what to compare."""
        self.comparing.ask_compare()

    def show_history(self) -> None:
        """Show who changed what in the open scenario."""
        self.comparing.show_history()

    @cached_property
    def merging(self) -> Merging:
        """The merge page and what fills it."""
        window = self._window
        page = self._tied(MergePage(window.theme))
        return Merging(
            *(window, window.session, window.saving, window.preferences, window.dialogs, window.errands()),
            *(window.exchange, page, window.notice.tell),
        )

    @cached_property
    def comparing(self) -> Comparing:
        """The pages of differences and of the history, and what fills them."""
        window = self._window
        differences, history = self._tied(DifferencesPage(window.theme)), self._tied(HistoryPage(window.theme))
        return Comparing(
            *(window, window.session, window.preferences, window.dialogs, window.errands()),
            *(window.exchange, differences, history, window.notice.tell),
        )

    def _tied(self, page: Page) -> Page:
        status = self._window.status
        page.rows_told.connect(status.show_rows)
        page.selection_told.connect(status.show_selection)
        page.cell_told.connect(status.show_cell)
        page.file_asked.connect(self._window.filing.ask_export)
        self._window.exchange.add_page(page)
        return page

    def _go(self) -> None:
        if self._window.place != "exchange":
            self._window.go("exchange")
        else:
            self._window.exchange.enter()

    def go_to_next_conflict(self) -> bool:
        """Go to the next conflict of the merge on screen; False where there is none."""
        if self._window.place != "exchange" or not isinstance(self._window.exchange.page, MergePage):
            return False
        self.merging.page.next_conflict()
        return True

    # -- the file on disk

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window comes to the front."""
        if event.type() == QEvent.Type.WindowActivate:
            self.look_at_disk()
        return super().eventFilter(watched, event)

    def look_at_disk(self) -> None:
        """Look in the background whether somebody else saved the open file, and offer once per save to merge it."""
        session = self._window.session
        document = session.document
        if document is None or document.path is None:
            return
        path, stored = document.path, document.stored

        def look() -> tuple[Stamp | None, str]:
            try:
                stamp = stamp_of(path)
            except EnvironmentProblem:  # a share that is away is told when it is needed
                return None, ""
            is_news = document.is_news(stamp) and stamp != self._told
            return stamp, last_save_words(path, stored.passphrase) if is_news else ""

        def tell(found: tuple[Stamp | None, str]) -> None:
            stamp, who = found
            is_late = document is not session.document or stored is not document.stored  # saved here while it was read
            if not is_late and not self._window.saving.is_saving and document.is_news(stamp) and stamp != self._told:
                self._told = stamp
                self._window.saving.tell_changed_on_disk(who)

        session.background.do(look, tell)
