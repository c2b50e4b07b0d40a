"""Asking where something is, and where something goes."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from ui.desktop.preferences import Preferences
from ui.desktop.session import Session

SCENARIO_FILES = "Scenario files (*.concord)"
WORKBOOKS = "Workbooks (*.xlsx)"
OPENABLE = f"Scenarios and workbooks (*.concord *.xlsx);;{SCENARIO_FILES};;{WORKBOOKS}"


class FileDialogs:
    """The system's dialogs, which begin beside the open file, else in the folder of the last one."""

    def __init__(self, window: QWidget, session: Session, preferences: Preferences) -> None:
        self._window, self._session, self._preferences = window, session, preferences

    @property
    def folder(self) -> Path:
        """Where they begin."""
        return self._session.path.parent if self._session.path else self._preferences.folder

    def ask_file(self, title: str, kinds: str = OPENABLE) -> Path | None:
        """A file to read, None for none."""
        name, _ = QFileDialog.getOpenFileName(self._window, title, str(self.folder), kinds)
        return Path(name) if name else None

    def ask_files(self, title: str, kinds: str) -> list[Path]:
        """Files to read."""
        names, _ = QFileDialog.getOpenFileNames(self._window, title, str(self.folder), kinds)
        return [Path(name) for name in names]

    def ask_folder(self, title: str) -> Path | None:
        """A folder, None for none."""
        name = QFileDialog.getExistingDirectory(self._window, title, str(self.folder))
        return Path(name) if name else None

    def ask_target(self, title: str, name: str, kinds: str, ending: str) -> Path | None:
        """Where a file of this ending is to be written, by default under `name`; None for nowhere."""
        suggestion = str(self.folder / suggested_name(name, ending))
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, suggestion, kinds)
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix.lower() == ending else path.with_name(path.name + ending)


def suggested_name(title: str, ending: str) -> str:
    """A file name of a title, without what some systems do not take."""
    kept = "".join(character if character not in '\\/:*?"<>|' else "-" for character in title)
    return f"{kept.strip(' .') or 'Scenario'}{ending}"
