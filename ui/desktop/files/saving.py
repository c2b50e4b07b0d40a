"""Saving beside the work: what is there when it is asked for is written, and people go on editing."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from planner.document import Document
from planner.problems import ConcordError
from planner.saving import Save
from planner.store import ChangedOnDisk, SavedOver, StoredFile
from ui.desktop.files.comment_dialog import ask_comment
from ui.desktop.files.file_dialogs import SCENARIO_FILES, FileDialogs
from ui.desktop.files.last_save import last_save_words
from ui.desktop.frame.long_work import LongWork
from ui.desktop.frame.notice import Notice
from ui.desktop.preferences import Preferences
from ui.desktop.session import Session

Act = Callable[[], object]


def nothing() -> None:
    """Nothing is to be done."""


class Leave(Protocol):
    """Calls `then` once one may leave, `otherwise` where one stays."""

    def __call__(self, then: Act, otherwise: Act = ...) -> None: ...


@dataclass(frozen=True, slots=True)
class _Refusal:
    """The file is somebody else's: `who` saved it, and whether that was in the same moment."""

    who: str
    is_over: bool


class Saving(QObject):
    """Saves one thing after the other for the window; whoever wants to leave the document waits for that."""

    changed_file_asked = Signal(object)  # the path of the file to open, as somebody else saved it
    merge_asked = Signal(object)  # the path of the file to merge

    def __init__(
        self,
        window: QWidget,
        session: Session,
        preferences: Preferences,
        dialogs: FileDialogs,
        notice: Notice,
        strip: LongWork,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._preferences, self._dialogs = window, session, preferences, dialogs
        self._notice, self._strip = notice, strip
        self._running: Save | None = None
        self._again: str | None = None  # the comment of the save that was asked for meanwhile
        self._leaving: tuple[Act, Act] | None = None  # what comes after the save, and what does where it fails
        self._waits = ""  # what was told to whoever wants to leave

    # -- save

    @property
    def is_saving(self) -> bool:
        """Whether a file is being written."""
        return self._running is not None

    def save(self, comment: str = "") -> None:
        """Save to the document's file; ask for one where it has none."""
        if self._session.has_document and not self.is_saving and self._session.path is None:
            self.ask_save_as(comment)
        elif self._session.has_document:
            self._start(None, comment)

    def ask_save_with_comment(self) -> None:
        """Ask what the history should say of this save, then save."""
        if self._session.has_document and (comment := ask_comment(self._window)) is not None:
            self.save(comment)

    def ask_save_as(self, comment: str = "") -> None:
        """Ask for a name, then save."""
        if (path := self._ask_path()) is not None:
            self.save_as(path, comment)

    def save_as(self, path: Path, comment: str = "") -> None:
        """Save under a name."""
        if self._session.has_document:
            self._start(path, comment)

    def _ask_path(self) -> Path | None:
        if not self._session.has_document:
            return None
        title = self._session.scenario.settings.title or "Scenario"
        return self._dialogs.ask_target("Save as", title, SCENARIO_FILES, ".concord")

    def _start(self, path: Path | None, comment: str) -> None:
        document = self._session.document
        assert document is not None
        if self.is_saving and path is None:
            self._again = comment or self._again or ""
            return
        if self.is_saving:
            self.leave(partial(self._start, path, comment), is_for_good=False)
            return
        save = self._running = document.next_save(path, self._preferences.person, comment)

        def write() -> StoredFile | _Refusal:
            try:
                return save.write()
            except ChangedOnDisk as problem:
                who = last_save_words(save.path, save.content.passphrase)
                return _Refusal(who, isinstance(problem, SavedOver))

        self._strip.do(
            f"Saving {save.path.name}",
            lambda _: write(),
            lambda result: self._written(document, save, result),
            lambda problem: self._failed(problem, comment),
            is_whole=True,
            is_slow=bool(save.content.passphrase),  # what a passphrase protects takes seconds on purpose
        )

    def _written(self, document: Document, save: Save, stored: StoredFile | _Refusal) -> None:
        if isinstance(stored, _Refusal):
            self._end(is_saved=False)
            self.tell_changed_on_disk(stored.who, stored)
            return
        document.take_save(save, stored)
        self._preferences.remember_file(save.path)
        if stored.unkept:
            self._notice.tell(f"Saved, but no earlier version could be kept, because {stored.unkept}", "warning")
        elif self._session.drafts:
            self._notice.tell(
                "Saved. Cells marked in red hold something that cannot be read; the file has what was there before.",
                "warning",
                as_long_as=lambda: bool(self._session.drafts),
            )
        self._end(is_saved=True)

    def _failed(self, problem: Exception, comment: str) -> None:
        self._end(is_saved=False)
        if not isinstance(problem, ConcordError):
            raise problem
        self._notice.tell(
            f"{problem} Nothing was lost: everything is still open here.",
            "error",
            partial(self.ask_save_as, comment),
            "Save as…",
        )

    def _end(self, *, is_saved: bool) -> None:
        again, leaving = self._again, self._leaving
        self._running = self._again = self._leaving = None
        if self._waits and self._notice.words == self._waits:
            self._notice.hide()
        if is_saved and again is not None and (again or self._is_unsaved()):
            self.save(again)
        if leaving is not None:
            leaving[0 if is_saved else 1]()

    def _is_unsaved(self) -> bool:
        document = self._session.document
        return document is not None and document.is_dirty

    def tell_changed_on_disk(self, who: str, refusal: _Refusal | None = None) -> None:
        """Somebody else saved the open file: offer to merge it, or to open it where nothing was changed here.

        `who`: who saved it and when, where that is known. `refusal`: it was about to be replaced.
        """
        path = self._session.path
        if path is None:
            return
        is_over = refusal is not None and refusal.is_over
        when = (
            "saved by someone else in the same moment"
            if is_over
            else "changed by someone else since it was opened here"
        )
        words = (
            f"{'Not saved: ' if refusal is not None else ''}{path.name} was {when}{f' ({who})' if who else ''}. "
            f"{'Theirs is in the file' if is_over else 'Nothing was overwritten'}, and everything is still open here."
        )
        merge: tuple[Act, str] = (lambda: self.merge_asked.emit(path), "Merge…")
        if self._session.is_dirty:
            self._notice.tell(words, "warning", *merge, other_action=self.ask_save_as, other_label="Save as…")
        else:
            self._notice.tell(
                *(words, "warning", lambda: self.changed_file_asked.emit(path), "Open theirs"),
                other_action=merge[0],
                other_label=merge[1],
            )

    # -- leave

    def leave(self, then: Act, otherwise: Act = nothing, *, is_for_good: bool = True) -> None:
        """Call `then` once what is open may be closed, after a save where one is wanted or goes on; else `otherwise`.

        Asks when something would be lost; not where one stays with the document (`is_for_good`).
        """
        if self._running is not None:
            self._wait(partial(self.leave, then, otherwise, is_for_good=is_for_good), otherwise)
            self._waits = f"{self._running.path.name} is being saved; what you asked for follows once that is done."
            self._notice.tell(self._waits, "information")
        elif not is_for_good or not self._session.is_dirty:
            then()
        else:
            self._ask_before(then, otherwise)

    def _ask_before(self, then: Act, otherwise: Act) -> None:
        choices = QMessageBox.StandardButton
        answer = self._asked()
        if answer == choices.Discard:
            then()
            return
        path = self._ask_path() if answer == choices.Save and self._session.path is None else None
        if answer != choices.Save or (path is None and self._session.path is None):
            otherwise()
            return
        self._start(path, "")
        self._wait(lambda: self.leave(then, otherwise) if self._is_unsaved() else then(), otherwise)

    def _asked(self) -> int:
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("Concord")
        title = self._session.scenario.settings.title or "this scenario"
        box.setText(f"Save the changes to “{title}”?")
        box.setInformativeText("Changes that are not saved are lost.")
        choices = QMessageBox.StandardButton
        box.setStandardButtons(choices.Save | choices.Discard | choices.Cancel)
        box.setDefaultButton(choices.Save)
        box.button(choices.Discard).setText("&Discard changes")
        return box.exec()

    def _wait(self, then: Act, otherwise: Act) -> None:
        """What is to come after the save; what waited until now does not come any more."""
        before, self._leaving = self._leaving, (then, otherwise)
        if before is not None:
            before[1]()

    def leaving(self) -> Leave:
        """What to call once another document is ready: people go on typing into this one while it is being read."""
        session = self._session
        before, drafts = (session.document, session.scenario, session.plans), dict(session.drafts)

        def leave_now(then: Act, otherwise: Act = nothing) -> None:
            now = (session.document, session.scenario, session.plans)
            is_same = all(one is other for one, other in zip(before, now, strict=True)) and drafts == session.drafts
            self.leave(then, otherwise, is_for_good=not is_same)

        return leave_now
