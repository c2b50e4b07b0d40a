"""The versions of a file that saving replaced: who saved each, when, why and how large it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QDialog, QWidget

from planner.problems import ConcordError
from planner.report.table import ReportColumn, Table
from planner.store import Backup, backups_of, read_file
from ui.desktop.parts import button, column, row, text
from ui.desktop.tables.result_model import ResultModel
from ui.desktop.tables.table_view import TableView
from ui.desktop.theme import Theme
from ui.desktop.versions.moments import moment_words

COLUMNS = (
    ReportColumn("saved", "Saved"),
    ReportColumn("person", "By"),
    ReportColumn("comment", "Comment"),
    ReportColumn("replaced", "Replaced"),
    ReportColumn("size", "Size"),
)


@dataclass(frozen=True, slots=True)
class Version:
    """A backup with what its own last save says of it; empty where it cannot be read."""

    backup: Backup
    saved_at: str
    person: str
    comment: str
    size: int  # bytes


def kept_versions(path: Path, passphrase: str) -> tuple[Version, ...]:
    """The backups of a file, the latest first."""
    return tuple(_version(backup, passphrase) for backup in backups_of(path))


def _version(backup: Backup, passphrase: str) -> Version:
    try:
        states = read_file(backup.path, passphrase=passphrase).states
    except ConcordError:  # protected by another passphrase, most likely
        states = ()
    record = states[-1].record if states else None
    return Version(
        backup,
        states[-1].saved_at if states else "",
        record.person if record is not None else "",
        record.comment if record is not None else "",
        backup.path.stat().st_size,
    )


class BackupsDialog(QDialog):
    """One line per version; the chosen one is opened beside the file."""

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        name: str,
        versions: Sequence[Version],
        open_it: Callable[[Version], object],
    ) -> None:
        super().__init__(window)
        self.setWindowTitle("Earlier versions")
        self.resize(820, 340)
        self._versions, self._open_it = versions, open_it
        rows = tuple(_row(version) for version in versions)
        self.view = TableView(
            theme, ResultModel(Table("versions", "Earlier versions", COLUMNS, rows)), "Earlier versions"
        )
        self.view.grid.setParent(self.view)
        self.view.fit_columns()
        self.view.setCurrentIndex(self.view.grid.index(0, 0))
        self.view.doubleClicked.connect(lambda _: self._open())
        self.open_button = button(theme, "&Open this version", self._open, kind="primary")
        close = button(theme, "&Close", self.reject)
        words = text(
            f"The last versions of {name} that a save replaced. One that is opened comes without a file: {name} stays "
            "as it is, and saving asks for a name.",
            wraps=True,
        )
        whole = column(words, 12, self.view, 12, margins=(20, 16, 20, 16))
        whole.addLayout(row(None, close, self.open_button))
        self.setLayout(whole)

    def _open(self) -> None:
        index = self.view.currentIndex()
        if index.isValid():
            chosen = self._versions[self.view.grid.source_row(index.row())]
            self.accept()
            self._open_it(chosen)


def _row(version: Version) -> tuple[str, ...]:
    replaced = moment_words(version.backup.replaced_at.isoformat())
    size = QLocale().formattedDataSize(version.size, 0 if version.size < 1_000_000 else 1)
    return _begun_large(moment_words(version.saved_at)), version.person, version.comment, _begun_large(replaced), size


def _begun_large(words: str) -> str:
    return words[:1].upper() + words[1:]
