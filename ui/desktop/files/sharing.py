"""Copies for others, and earlier versions of the open file."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from planner.document import Document
from planner.files import is_same_file
from planner.problems import ConcordError
from planner.sharing import Audience, share
from planner.sharing.words import Outlook, audience_words, look_ahead
from planner.store import Backup, StoredFile, backups_of, read_file
from ui.desktop.errands import Errands
from ui.desktop.files.backups_dialog import BackupsDialog, Version, kept_versions
from ui.desktop.files.file_dialogs import SCENARIO_FILES, FileDialogs
from ui.desktop.files.saving import Saving
from ui.desktop.files.share_dialog import ShareDialog
from ui.desktop.frame.notice import Tell
from ui.desktop.session import Session
from ui.desktop.tables.headings import column_title
from ui.desktop.theme import Theme


class Sharing(QObject):
    """Shows what would leave before it leaves; nothing is ever written into a file that is open here."""

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        session: Session,
        dialogs: FileDialogs,
        saving: Saving,
        errands: Errands,
        tell: Tell,
    ) -> None:
        super().__init__(window)
        self._window, self._theme, self._session, self._dialogs = window, theme, session, dialogs
        self._saving, self._errands, self._tell = saving, errands, tell
        self.dialog: ShareDialog | None = None
        self.backups_dialog: BackupsDialog | None = None

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
                self._saving.save,
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

        def refused(problem: ConcordError) -> bool:
            if self.dialog is not None:
                self.dialog.show_refusal(audience, str(problem))
            return True

        self._errands.do(lambda: look_ahead(stored, audience, _column_title), show, refused=refused)

    def _ask_target(self, stored: StoredFile, audience: Audience, passphrase: str) -> None:
        path = self._session.path
        assert path is not None
        name = f"{path.stem} for {audience_words(audience)}"
        if (target := self._dialogs.ask_target("Share a copy", name, SCENARIO_FILES, ".concord")) is not None:
            self.write(stored, audience, target, passphrase)

    def write(self, stored: StoredFile, audience: Audience, path: Path, passphrase: str = "") -> None:
        """Write the copy in the background."""
        if self._session.path is not None and is_same_file(path, self._session.path):
            self._tell(f"{path.name} is the file that is open here; choose another name for the copy.", "error")
            return

        def written(_: object) -> None:
            protected = ", protected by the passphrase" if passphrase else ""
            self._tell(f"Written for {audience_words(audience)}{protected}: {path}", "information")

        self._errands.do(lambda: share(stored, audience, path, passphrase), written, "Nothing was written.")

    # -- earlier versions

    def ask_backup(self) -> None:
        """Show the versions that saving replaced, to open one beside the file, not saved yet."""
        document = self._session.document
        if document is None:
            return
        path, passphrase = document.path, document.stored.passphrase
        if path is None or not backups_of(path):
            self._tell(
                "No earlier version of this file is kept yet: the first save that replaces one does.", "information"
            )
            return
        self._errands.do(lambda: kept_versions(path, passphrase), lambda kept: self._show_backups(path, kept))

    def _show_backups(self, path: Path, kept: Sequence[Version]) -> None:
        def open_it(version: Version) -> None:
            self._saving.leave(lambda: self.open_backup(version.backup))

        self.backups_dialog = BackupsDialog(self._window, self._theme, path.name, kept, open_it)
        self.backups_dialog.finished.connect(self._forget_backups)
        self.backups_dialog.open()

    def _forget_backups(self) -> None:
        if self.backups_dialog is not None:
            self.backups_dialog.deleteLater()
        self.backups_dialog = None

    def open_backup(self, backup: Backup) -> None:
        """Open a backup as a scenario without a file: saving it asks for a name."""
        passphrase = self._session.document.stored.passphrase if self._session.document is not None else ""
        leave = self._saving.leaving()

        def opened(stored: StoredFile) -> None:
            document = Document(stored, is_saved=False, origin=stored)
            leave(lambda: self._session.open(document, "Earlier version, not saved"))

        self._errands.do(
            lambda: read_file(backup.path, passphrase=passphrase), opened, "What is open here is unchanged."
        )


def _column_title(name: str) -> str:
    """Without what the title says of the figures, as in `Severity, 5 is worst`: it stands in a list."""
    return column_title(name).partition(",")[0]
