"""Differences and history: worked out in the background, shown on their pages, earlier states taken up again."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from planner.history import moment_words, scenario_at
from planner.problems import ConcordError
from planner.reconciliation import read_version
from planner.report.table import Table
from planner.scenario import Scenario
from planner.store import PassphraseNeeded, WrongPassphrase
from ui.desktop.errands import Errands
from ui.desktop.files.file_dialogs import FileDialogs
from ui.desktop.files.passphrases import ask_passphrase
from ui.desktop.frame.notice import Tell
from ui.desktop.pages.differences import DifferencesPage
from ui.desktop.pages.exchange import ExchangePage
from ui.desktop.pages.history import HistoryPage
from ui.desktop.preferences import Preferences
from ui.desktop.session import Session
from ui.desktop.versions.version_tables import History, difference_table, history

NOW = "This scenario, as it is now"


@dataclass(frozen=True, slots=True)
class Named:
    """A version to compare: what it is called, and how to come by it in the background."""

    name: str
    read: Callable[[], Scenario]


class Comparing(QObject):
    """Fills the pages of differences and of the history."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        preferences: Preferences,
        dialogs: FileDialogs,
        errands: Errands,
        exchange: ExchangePage,
        differences: DifferencesPage,
        history: HistoryPage,
        tell: Tell,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._preferences, self._tell = window, session, preferences, tell
        self._exchange, self.differences, self.history = exchange, differences, history
        self._dialogs, self._errands = dialogs, errands
        self._before: Named | None = None
        self._after: Named | None = None
        self._told: tuple[object, object] | None = None  # the saves and the scenario that the history tells of
        self._reading = Path()
        self._passphrases: dict[Path, str] = {}  # of protected files, for this sitting
        exchange.compare_asked.connect(self.ask_compare)
        exchange.history_asked.connect(self.show_history)
        differences.before_asked.connect(self._ask_before)
        differences.after_asked.connect(self._ask_after)
        differences.swap_asked.connect(self._swap)
        history.restore_asked.connect(self.restore)
        history.compare_asked.connect(self.compare_with_now)
        for changed in (history.entered, session.scenario_changed, session.document_changed):
            changed.connect(self._refresh_history)
        for page in (differences, history):
            page.closed.connect(exchange.show_home)

    # -- differences

    def ask_compare(self) -> None:
        """Choose a file to compare the open scenario with; without one, two files."""
        before = self._now() if self._session.has_document else self._ask_file("Compare: before")
        if before is not None and (after := self._ask_file("Compare: after")) is not None:
            self.compare(before, after)

    def compare_files(self, before: Path, after: Path) -> None:
        """Show what differs between two files."""
        self.compare(self._file(before), self._file(after))

    def compare_with(self, path: Path) -> None:
        """Show what differs between the open scenario and a file."""
        self.compare(self._now(), self._file(path))

    def compare(self, before: Named, after: Named) -> None:
        """Show what differs between two versions."""
        self._before, self._after = before, after
        self.differences.wait(before.name, after.name)
        self._exchange.show_page(self.differences)

        def work() -> tuple[Table, str]:
            later = after.read()
            return difference_table(before.read(), later), later.settings.sensitivity.upper()

        self._do(
            work,
            lambda result: self.differences.show_table(result[0], before.name, after.name, result[1]),
            "Nothing was compared.",
        )

    def _ask_before(self) -> None:
        if self._after is not None and (before := self._ask_file("Compare: before")) is not None:
            self.compare(before, self._after)

    def _ask_after(self) -> None:
        if self._before is not None and (after := self._ask_file("Compare: after")) is not None:
            self.compare(self._before, after)

    def _swap(self) -> None:
        if self._before is not None and self._after is not None:
            self.compare(self._after, self._before)

    def _now(self) -> Named:
        session = self._session
        return Named(NOW, lambda: session.scenario)

    def _ask_file(self, title: str) -> Named | None:
        path = self._dialogs.ask_file(title)
        return self._file(path) if path is not None else None

    def _file(self, path: Path) -> Named:
        def read() -> Scenario:
            self._reading = path
            return read_version(path, self._passphrases.get(path, "")).scenario

        return Named(path.name, read)

    def _refused(self, problem: ConcordError) -> bool:
        """Ask for the passphrase of a protected file and compare again; False where nobody knows it."""
        before, after = self._before, self._after
        if isinstance(problem, PassphraseNeeded | WrongPassphrase) and before is not None and after is not None:
            typed = ask_passphrase(self._window, self._reading, problem)
            if typed:
                self._passphrases[self._reading] = typed
                self.compare(before, after)
                return True
        self._exchange.show_home()
        return False

    # -- history

    def show_history(self) -> None:
        """Show who changed what in the open scenario."""
        document = self._session.document
        if document is None:
            return
        settings, stored, now = self._session.scenario.settings, document.ancestry, self._session.scenario
        self._told = document.stored, now
        self.history.wait()
        self._exchange.show_page(self.history)

        def shown(found: History) -> None:
            self.history.show_history(found, settings.title or "Scenario", settings.sensitivity.upper())

        self._do(lambda: history(stored, now, self._preferences.person), shown, "The history was not read.")

    def _refresh_history(self) -> None:
        """Tell the history anew where it is in view and something was changed or saved since."""
        document = self._session.document
        if document is None or self._told is None or not self.history.isVisible():
            return
        if any(
            one is not other for one, other in zip(self._told, (document.stored, self._session.scenario), strict=True)
        ):
            self.show_history()

    def compare_with_now(self, state_id: str) -> None:
        """Show what differs between an earlier save and the scenario as it is now."""
        if (earlier := self._earlier(state_id)) is not None:
            self.compare(earlier, self._now())

    def restore(self, state_id: str) -> None:
        """Make the scenario what it was at an earlier save, as one step."""
        if (earlier := self._earlier(state_id)) is None:
            return
        document = self._session.document

        def restored(scenario: Scenario) -> None:
            if document is not self._session.document:
                return
            self._session.apply(f"restore {earlier.name}", lambda _: scenario)
            self._tell(
                f"Restored: {earlier.name}. Undo takes it back.", "information", as_long_as=self._session.last_stands()
            )
            self.show_history()

        self._do(earlier.read, restored, "Nothing was restored.")

    def _earlier(self, state_id: str) -> Named | None:
        document = self._session.document
        if document is None:
            return None
        stored = document.ancestry
        state = next((state for state in stored.states if state.id == state_id), None)
        if state is None:
            return None
        return Named(f"the state of {moment_words(state)}", lambda: scenario_at(stored, state_id))

    def _do(self, work: Callable[[], object], then: Callable[..., object], kept: str) -> None:
        self._errands.forget()
        self._errands.do(work, then, kept, self._refused)
