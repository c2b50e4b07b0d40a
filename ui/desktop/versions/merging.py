"""Bringing another file into the open scenario: read in the background, shown side by side, taken over as one step."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from planner.merge import State
from planner.problems import ConcordError
from planner.reconciliation import Outcome, Reconciliation, decide, reconcile
from planner.store import PassphraseNeeded, WrongPassphrase
from ui.desktop.errands import Errands
from ui.desktop.figures import number_text
from ui.desktop.files.file_dialogs import FileDialogs
from ui.desktop.files.passphrases import ask_passphrase
from ui.desktop.files.saving import Saving
from ui.desktop.frame.notice import Tell
from ui.desktop.pages.exchange import ExchangePage
from ui.desktop.pages.merge import MergePage
from ui.desktop.preferences import Preferences
from ui.desktop.session import Session


class Merging(QObject):
    """Fills the merge page, and takes over what was decided on it."""

    _phase = Signal(str)  # comes from the thread that reads

    def __init__(
        self,
        window: QWidget,
        session: Session,
        saving: Saving,
        preferences: Preferences,
        dialogs: FileDialogs,
        errands: Errands,
        exchange: ExchangePage,
        page: MergePage,
        tell: Tell,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._saving, self._preferences = window, session, saving, preferences
        self._dialogs, self._errands = dialogs, errands
        self._exchange, self.page, self._tell = exchange, page, tell
        self.case: Reconciliation | None = None  # what is side by side on the page
        self._outcome: Outcome | None = None
        self._phases = 0
        self._path: Path | None = None
        self._base_path: Path | None = None
        self._passphrase = ""
        self._document = session.document
        self._phase.connect(self._show_phase, Qt.ConnectionType.QueuedConnection)
        page.decided.connect(self._work_out)
        page.merge_asked.connect(self._merge)
        page.base_asked.connect(self._ask_base)
        page.cancelled.connect(self._leave)
        session.document_changed.connect(self._document_changed)

    # -- which files

    def ask_merge(self) -> None:
        """Choose the file to bring in; go on with a merge that is not finished."""
        if self.case is not None:
            self._exchange.show_page(self.page)
            return
        if path := self._dialogs.ask_file("Merge a file"):
            self.merge_file(path)

    def merge_file(self, path: Path, base_path: Path | None = None, passphrase: str = "") -> None:
        """Read a file and show it beside the open scenario; `base_path` names what both started from."""
        document = self._session.document
        if document is None:
            return
        self._path, self._base_path, self._passphrase = path, base_path, passphrase
        self._errands.forget()
        self._phases = 0
        self.case = self._outcome = None
        self.page.wait(f"Reading {path.name}…")
        self._exchange.show_page(self.page)
        own, mine = document.ancestry, self._session.scenario

        def work() -> Reconciliation:
            return reconcile(own, mine, path, self._phase.emit, base_path=base_path, passphrase=passphrase)

        self._do(work, self._show, "Nothing was merged.")

    def _ask_base(self) -> None:
        if self._path is not None and (base := self._dialogs.ask_file("What both started from")):
            self.merge_file(self._path, base, self._passphrase)

    # -- the merge

    def _show_phase(self, words: str) -> None:
        self.page.wait(words, self._phases)
        self._phases += 1

    def _show(self, case: Reconciliation) -> None:
        if not self._session.is_now(case.mine):
            self.merge_file(case.path, self._base_path, self._passphrase)
            return
        news = (State.THEIRS, State.CONFLICT)
        if case.nothing_new or not any(change.state in news for change in case.merged.changes):
            self._session.merge(f"merge {case.path.name}", case.mine, case.theirs)
            self._leave()
            self._tell(f"{case.path.name} has nothing that is not here already. Nothing was changed.", "information")
            return
        self.case = case
        path = self._session.path
        self.page.show_case(case, path.name if path else "not saved yet", self._preferences.person)
        self._work_out()

    def _work_out(self) -> None:
        """Once all is decided, find out what comes of it."""
        case, self._outcome = self.case, None
        self._errands.forget()
        if case is None or self.page.model.open_rows:
            return
        decisions = dict(self.page.model.decisions)
        session = self._session
        known = session.problems if session.is_checked and session.scenario is case.mine else None
        self._do(lambda: decide(case, decisions, known), self._take_outcome, "Nothing was merged.")

    def _take_outcome(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self.page.show_outcome(outcome)

    def _merge(self) -> None:
        case, outcome = self.case, self._outcome
        if case is None or outcome is None:
            return
        if not self._session.is_now(case.mine):
            self.merge_file(case.path, self._base_path, self._passphrase)
            self._tell("The scenario was changed in the meantime; look once more at what comes of it.", "warning")
            return
        before = self._session.scenario
        self._session.merge(f"merge {case.path.name}", outcome.scenario, case.theirs)
        self._leave()
        if self._session.scenario is before:
            words = f"Merged {case.path.name}: everything here stays as it was."
        else:
            changes = "1 change" if outcome.changes == 1 else f"{number_text(outcome.changes)} changes"
            words = f"Merged {case.path.name}: {changes}. Undo takes all of it back."
        stands = self._session.last_stands()
        self._tell(
            *(words, "information", self._saving.save, "Save"),
            as_long_as=lambda: stands() and self._session.is_dirty,
        )

    def _leave(self) -> None:
        self._errands.forget()
        self.case = self._outcome = None
        self.page.model.decisions.clear()
        self._exchange.show_home()

    def _document_changed(self) -> None:
        """Another document is open: what was merged into the last one is over."""
        document = self._session.document
        if self._document is not document:
            self._document = document
            self._leave()

    def _do(self, work: Callable[[], object], then: Callable[..., object], kept: str) -> None:
        self._errands.do(work, then, f"{kept} What is open here is unchanged.", self._refused)

    def _refused(self, problem: ConcordError) -> bool:
        """Ask for the passphrase of a protected file and read it again; False where nobody knows it."""
        self._leave()
        path, base_path = self._path, self._base_path
        if not isinstance(problem, PassphraseNeeded | WrongPassphrase) or path is None:
            return False
        typed = ask_passphrase(self._window, path, problem)
        if typed:
            self.merge_file(path, base_path, typed)
        return bool(typed)
