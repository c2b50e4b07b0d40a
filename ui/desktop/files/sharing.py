"""Copies for others, and earlier versions of the open file."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from planner.document import Document
from planner.files import is_same_file
from planner.problems import ConcordError
from planner.sharing import Audience, share
from planner.sharing.words import Outlook, audience_words, look_ahead
from planner.store import Backup, StoredFile, backups_of, read_file
from ui.desktop.files.filing import SCENARIO_FILES, Filing, Tell, suggested_name
from ui.desktop.files.share_dialog import ShareDialog
from ui.desktop.session import Session
from ui.desktop.tables.headings import column_title
from ui.desktop.theme import Theme


class Sharing(QObject):
    """Shows what would leave before it leaves; nothing is ever written into a file that is open here."""

    def __init__(self, window: QWidget, theme: Theme, session: Session, filing: Filing, tell: Tell) -> None:
        super().__init__(window)
        self._window, self._theme, self._session, self._filing, self._tell = window, theme, session, filing, tell
        self.dialog: ShareDialog | None = None

    # -- a copy

    def ask_share(self) -> None:
        """Ask whom a copy is for, and show what would leave."""
        session = self._session
        document = session.document
        if document is None:
            return
        if session.path is None or session.is_dirty:
            self._tell(
                "Save the scenario first: what comes back is merged with the save that the copy was made of.",
                "information",
                self._filing.save,
                "Save",
            )
            return
        self.show_dialog(replace(document.stored, scenario=document.scenario, plans=document.plans))

    def show_dialog(self, stored: StoredFile) -> None:
        """Show what would leave with a copy of this file."""
        self.dialog = ShareDialog(
            self._window,
            self._theme,
            stored.scenario,
            look=lambda audience: self._look(stored, audience),
            write=lambda audience, passphrase: self._ask_target(stored, audience, passphrase),
        )
        self.dialog.finished.connect(self._forget_dialog)
        self.dialog.open()

    def _forget_dialog(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None

    def _look(self, stored: StoredFile, audience: Audience) -> None:
        def show(outlook: Outlook) -> None:
            if self.dialog is not None:
                self.dialog.show_outlook(audience, outlook)

        def refuse(problem: Exception) -> None:
            if not isinstance(problem, ConcordError):
                raise problem
            if self.dialog is not None:
                self.dialog.show_refusal(audience, str(problem))

        self._session.background.do(lambda: look_ahead(stored, audience, _column_title), show, refuse)

    def _ask_target(self, stored: StoredFile, audience: Audience, passphrase: str) -> None:
        path = self._session.path
        assert path is not None
        name = suggested_name(f"{path.stem} for {audience_words(audience)}", ".concord")
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Share a copy", str(path.parent / name), SCENARIO_FILES)
        if chosen:
            target = Path(chosen)
            self.write(stored, audience, target if target.suffix else target.with_suffix(".concord"), passphrase)

    def write(self, stored: StoredFile, audience: Audience, path: Path, passphrase: str = "") -> None:
        """Write the copy in the background."""
        if self._session.path is not None and is_same_file(path, self._session.path):
            self._tell(f"{path.name} is the file that is open here; choose another name for the copy.", "error")
            return
        QGuiApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)

        def written(_: object) -> None:
            QGuiApplication.restoreOverrideCursor()
            protected = ", protected by the passphrase" if passphrase else ""
            self._tell(f"Written for {audience_words(audience)}{protected}: {path}", "information")

        self._session.background.do(
            lambda: share(stored, audience, path, passphrase),
            written,
            lambda problem: self._failed(problem, "Nothing was written."),
        )

    # -- earlier versions

    def ask_backup(self) -> None:
        """Choose one of the versions that saving replaced, and open it beside the file, not saved yet."""
        path = self._session.path
        kept = {backup_words(backup): backup for backup in backups_of(path)} if path is not None else {}
        if not kept:
            self._tell(
                "No earlier version of this file is kept yet: the first save that replaces one does.", "information"
            )
            return
        words, is_chosen = QInputDialog.getItem(
            self._window, "Earlier versions", "Open the version that was replaced", list(kept), 0, False
        )
        if is_chosen and self._filing.may_leave():
            self.open_backup(kept[words])

    def open_backup(self, backup: Backup) -> None:
        """Open a backup as a scenario without a file: saving it asks for a name."""
        passphrase = self._session.document.stored.passphrase if self._session.document is not None else ""
        QGuiApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)

        def opened(stored: StoredFile) -> None:
            QGuiApplication.restoreOverrideCursor()
            self._session.open(Document(stored, is_saved=False, origin=stored), "Earlier version, not saved")

        self._session.background.do(
            lambda: read_file(backup.path, passphrase=passphrase),
            opened,
            lambda problem: self._failed(problem, "What is open here is unchanged."),
        )

    def _failed(self, problem: Exception, kept: str) -> None:
        QGuiApplication.restoreOverrideCursor()
        if not isinstance(problem, ConcordError):
            raise problem
        self._tell(f"{problem} {kept}", "error")


def _column_title(name: str) -> str:
    """Without what the title says of the figures, as in `Severity, 5 is worst`: it stands in a list."""
    return column_title(name).partition(",")[0]


def backup_words(backup: Backup) -> str:
    """`24 Nov 2026, 16:40:09`."""
    return f"{backup.replaced_at:%d %b %Y, %H:%M:%S}"
