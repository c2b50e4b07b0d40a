"""Everything that touches files: open, save, import, export. Long work runs in the background."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from planner import progress
from planner.document import Document
from planner.problems import ConcordError, InputProblem, Severity
from planner.scenario import Scenario, Settings
from planner.store import ChangedOnDisk, PassphraseNeeded, WrongPassphrase
from planner.store.seal import seal_for
from ui.desktop.files.exports import Export
from ui.desktop.files.last_save import last_save_words
from ui.desktop.files.passphrases import ask_passphrase
from ui.desktop.frame.long_work import LongWork
from ui.desktop.preferences import Preferences
from ui.desktop.session import Session
from ui.desktop.slices import Slices

SCENARIO_FILES = "Scenario files (*.concord)"
WORKBOOKS = "Workbooks (*.xlsx)"
OPENABLE = f"Scenarios and workbooks (*.concord *.xlsx);;{SCENARIO_FILES};;{WORKBOOKS}"
FLOWS = "FTS flows (*.csv *.json *.xlsx);;All files (*)"
START_OBJECTIVES = (("effective", 0.01), ("worst_region", 0.01), ("coverage", 0.01), ("delivery_cost", 0.0))


class Tell(Protocol):
    """Shows a sentence in the bar under the header."""

    def __call__(
        self,
        words: str,
        severity: str = ...,
        action: Callable[[], object] | None = ...,
        label: str = ...,
        other_action: Callable[[], object] | None = ...,
        other_label: str = ...,
    ) -> None: ...


class Filing(QObject):
    """Opens and saves for the window; tells what happened through `tell`."""

    sample_opened = Signal()
    merge_asked = Signal(object)  # the path of the file to merge

    def __init__(
        self, window: QWidget, session: Session, preferences: Preferences, tell: Tell, long_work: LongWork
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._preferences, self._tell = window, session, preferences, tell
        self._long_work, self._slices = long_work, Slices(self)

    # -- open

    def open_path(self, path: Path, passphrase: str = "") -> None:
        """Open a scenario file or a workbook in the background; ask for the passphrase of a protected one."""

        def failed(problem: Exception) -> None:
            if isinstance(problem, PassphraseNeeded | WrongPassphrase):
                QGuiApplication.restoreOverrideCursor()
                if typed := self.ask_passphrase(path, problem):
                    self.open_path(path, typed)
            else:
                self._failed(problem, f"{path.name} was not opened.", self._what_is_open())

        QGuiApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)
        may_still_leave = self.leaving()
        self._long_work.do(
            f"Opening {path.name}",
            lambda tell: open_document(path, passphrase, tell),
            lambda document: self._opened(document, path, may_still_leave),
            failed,
        )

    def ask_passphrase(self, path: Path, problem: Exception) -> str:
        """Ask for the passphrase of a protected file; empty where nobody knows it."""
        return ask_passphrase(self._window, path, problem)

    def open_sample(self) -> None:
        """Open the built-in sample; it has no file until it is saved."""
        if self.may_leave():
            from planner.samples import build_sample

            self._session.open(Document.new_from(build_sample()), "Sample, not saved")
            self.sample_opened.emit()

    def start_empty(self) -> None:
        """Start with empty tables and the objectives that suit most programmes."""
        if self.may_leave():
            self._session.open(Document.new_from(empty_scenario()))

    def ask_open(self) -> None:
        """Choose a file to open."""
        if self.may_leave() and (paths := self._ask_files("Open", OPENABLE)):
            self.open_path(paths[0])

    def ask_import_workbook(self) -> None:
        """Choose a workbook to import."""
        if self.may_leave() and (paths := self._ask_files("Import workbook", WORKBOOKS)):
            self.open_path(paths[0])

    def ask_import_fts(self) -> None:
        """Choose FTS exports to import."""
        if self.may_leave() and (paths := self._ask_files("Import FTS flows", FLOWS, several=True)):
            self.import_fts(paths)

    def import_fts(self, paths: Sequence[Path]) -> None:
        """Make a scenario of FTS flows in the background."""
        from planner.store import StoredFile

        def read(tell: progress.Tell) -> Document:
            from planner.exchange.fts import read_fts

            result = read_fts(paths, tell=tell)
            return Document(StoredFile(scenario=result.scenario), is_saved=False, problems=tuple(result.problems))

        QGuiApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)
        may_still_leave = self.leaving()
        self._long_work.do(
            f"Reading {paths[0].name if len(paths) == 1 else 'FTS tables'}",
            read,
            lambda document: self._opened(document, paths[0], may_still_leave),
            lambda problem: self._failed(problem, "Nothing was imported.", self._what_is_open()),
        )

    def _opened(self, document: Document, path: Path, may_still_leave: Callable[[], bool]) -> None:
        errors = [problem for problem in document.problems if problem.severity is Severity.ERROR]
        if errors and not any(rows for _, rows in document.scenario.tables()):
            self._failed(InputProblem(tuple(errors), path.name), f"{path.name} was not opened.", self._what_is_open())
            return
        QGuiApplication.restoreOverrideCursor()
        if not may_still_leave():
            return
        self._session.open(document, "Saved" if document.path else "Imported, not saved")
        if document.path is not None:
            self._preferences.remember_file(document.path)
        if errors:
            count = "1 thing in it" if len(errors) == 1 else f"{len(errors)} things in it"
            self._tell(
                f"{path.name} was read, but {count} could not be understood. The list of problems names the cells; "
                "they hold a default now. F8 goes from one to the next.",
                "warning",
            )

    def _what_is_open(self) -> str:
        return "What is open here is unchanged." if self._session.has_document else ""

    # -- save

    def save(self, comment: str = "") -> bool:
        """Save to the document's file; ask for one where it has none. Returns whether it is saved now."""
        document = self._session.document
        if document is None:
            return False
        if self._session.path is None:
            return self.ask_save_as(comment)
        return self._save(lambda: document.save(self._preferences.person, comment))

    def ask_save_with_comment(self) -> bool:
        """Ask what the history should say of this save, then save."""
        comment, is_given = QInputDialog.getText(
            self._window, "Save with a comment", "What the history says of this save, as in: after the donor meeting"
        )
        return is_given and self.save(comment.strip())

    def ask_save_as(self, comment: str = "") -> bool:
        """Ask for a name, then save."""
        document = self._session.document
        if document is None:
            return False
        title = document.scenario.settings.title or "Scenario"
        path = self._ask_target("Save as", suggested_name(title, ".concord"), SCENARIO_FILES, ".concord")
        return path is not None and self.save_as(path, comment)

    def save_as(self, path: Path, comment: str = "") -> bool:
        """Save under a name."""
        document = self._session.document
        return document is not None and self._save(lambda: document.save_as(path, self._preferences.person, comment))

    def tell_changed_on_disk(self, who: str, *, is_refused: bool = False) -> None:
        """Somebody else saved the open file: offer to merge it, or to open it where nothing was changed here.

        `who`: who saved it and when, where that is known. `is_refused`: it was about to be replaced.
        """
        path, document = self._session.path, self._session.document
        if path is None or document is None:
            return
        words = (
            f"{'Not saved: ' if is_refused else ''}{path.name} was changed by someone else since it was opened here"
            f"{f' ({who})' if who else ''}. Nothing was overwritten, and everything is still open here."
        )
        merge: tuple[Callable[[], object], str] = (lambda: self.merge_asked.emit(path), "Merge…")
        if self._session.is_dirty:
            self._tell(words, "warning", *merge, other_action=self.ask_save_as, other_label="Save as…")
        else:
            passphrase = document.stored.passphrase
            self._tell(
                *(words, "warning", lambda: self.open_path(path, passphrase), "Open theirs"),
                other_action=merge[0],
                other_label=merge[1],
            )

    def _save(self, save: Callable[[], None]) -> bool:
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            save()
        except ChangedOnDisk:
            document, path = self._session.document, self._session.path
            assert document is not None
            assert path is not None
            self.tell_changed_on_disk(last_save_words(path, document.stored.passphrase), is_refused=True)
            return False
        except ConcordError as problem:
            self._tell(
                f"{problem} Nothing was lost: everything is still open here.", "error", self.ask_save_as, "Save as…"
            )
            return False
        finally:
            QGuiApplication.restoreOverrideCursor()
        assert self._session.path is not None
        self._preferences.remember_file(self._session.path)
        document = self._session.document
        if document is not None and document.stored.unkept:
            self._tell(f"Saved, but no earlier version could be kept, because {document.stored.unkept}", "warning")
        elif self._session.drafts:
            self._tell(
                "Saved. Cells marked in red hold something that cannot be read; the file has what was there before.",
                "warning",
            )
        return True

    def may_leave(self) -> bool:
        """Whether what is open may be closed: asks when something would be lost."""
        if not self._session.is_dirty:
            return True
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("Concord")
        title = self._session.scenario.settings.title or "this scenario"
        box.setText(f"Save the changes to “{title}”?")
        box.setInformativeText("Changes that are not saved are lost.")
        choices = QMessageBox.StandardButton
        box.setStandardButtons(choices.Save | choices.Discard | choices.Cancel)
        box.setDefaultButton(choices.Save)
        answer = box.exec()
        if answer == choices.Save:
            return self.save()
        return answer == choices.Discard

    def leaving(self) -> Callable[[], bool]:
        """What to ask once another document is ready: people go on typing into this one while it is being read."""
        session = self._session
        before, drafts = (session.document, session.scenario, session.plans), dict(session.drafts)

        def may_still_leave() -> bool:
            now = (session.document, session.scenario, session.plans)
            is_same = all(one is other for one, other in zip(before, now, strict=True)) and drafts == session.drafts
            return is_same or self.may_leave()

        return may_still_leave

    # -- export

    def ask_export_scenario(self) -> None:
        """Choose where the scenario workbook goes."""
        title = self._session.scenario.settings.title or "Scenario"
        path = self._ask_target("Export scenario workbook", suggested_name(title, ".xlsx"), WORKBOOKS, ".xlsx")
        if path is not None:
            self.export_scenario(path)

    def export_scenario(self, path: Path) -> None:
        """Write the scenario workbook in the background."""
        scenario = self._session.scenario

        def write(tell: progress.Tell) -> None:
            from planner.exchange.workbook import write_workbook

            write_workbook(scenario, path, tell)

        self._export(write, path)

    def ask_export_plan(self) -> None:
        """Choose where the plan workbook goes."""
        plan = self._session.plan
        if plan is None or not plan.has_allocations:
            return
        title = f"{self._session.scenario.settings.title or 'Scenario'}, {plan.name}"
        path = self._ask_target("Export plan workbook", suggested_name(title, ".xlsx"), WORKBOOKS, ".xlsx")
        if path is not None:
            self.export_plan(path)

    def export_plan(self, path: Path) -> None:
        """Write the workbook of the plan in view in the background."""
        tables = self._session.plan_tables
        assert tables is not None
        scenario, plan = tables.scenario, tables.plan

        def write(tell: progress.Tell) -> None:
            from planner.report.workbook import write_plan_workbook

            write_plan_workbook(scenario, plan, path, tell)

        self._export(write, path)

    def ask_export(self, export: Export) -> None:
        """Choose where a table or a picture goes."""
        path = self._ask_target("Export", suggested_name(export.name, export.ending), export.kind, export.ending)
        if path is not None:
            self.write(export, path)

    def write(self, export: Export, path: Path) -> None:
        """Take what is shown in slices, then write it in the background."""

        def take() -> Iterator[None]:
            for write in export.prepare():
                if write is not None:
                    self._export(partial(write, path), path)
                yield

        self._slices.do(take())

    def _export(self, write: Callable[[progress.Tell], object], path: Path) -> None:
        self._long_work.do(
            f"Writing {path.name}",
            write,
            lambda _: self._tell(f"Written: {path}", "information"),
            lambda problem: self._not_written(problem, path),
        )

    def _not_written(self, problem: Exception, path: Path) -> None:
        if isinstance(problem, progress.Cancelled):
            self._tell(f"Cancelled: {path.name} was not written; what was there is as it was.", "information")
        elif isinstance(problem, ConcordError):
            self._tell(f"{problem} Nothing was written.", "error")
        else:
            raise problem

    # -- asking

    def _failed(self, problem: Exception, what: str, kept: str) -> None:
        QGuiApplication.restoreOverrideCursor()
        if not isinstance(problem, ConcordError):
            raise problem
        severity = "information" if isinstance(problem, progress.Cancelled) else "error"
        self._tell(" ".join(filter(None, (str(problem), what, kept))), severity)

    def _ask_files(self, title: str, kinds: str, *, several: bool = False) -> list[Path]:
        folder = str(self._preferences.folder)
        if several:
            names, _ = QFileDialog.getOpenFileNames(self._window, title, folder, kinds)
        else:
            name, _ = QFileDialog.getOpenFileName(self._window, title, folder, kinds)
            names = [name] if name else []
        return [Path(name) for name in names]

    def _ask_target(self, title: str, name: str, kinds: str, ending: str) -> Path | None:
        folder = self._session.path.parent if self._session.path else self._preferences.folder
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, str(folder / name), kinds)
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix.lower() == ending else path.with_name(path.name + ending)


def open_document(path: Path, passphrase: str, tell: progress.Tell) -> Document:
    """Open a file; of a protected one also make what its journal is sealed by, which holds up the window later."""
    document = Document.open(path, passphrase, tell)
    if document.stored.passphrase:
        seal_for(document.stored.passphrase)
    return document


def suggested_name(title: str, ending: str) -> str:
    """A file name of a title, without what some systems do not take."""
    kept = "".join(character if character not in '\\/:*?"<>|' else "-" for character in title)
    return f"{kept.strip(' .') or 'Scenario'}{ending}"


def empty_scenario() -> Scenario:
    """A new scenario: four quarters, weighted by need, with the objectives in their usual order."""
    from planner.scenario import Objective

    objectives = tuple(
        Objective(order=order, objective=key, tolerance=tolerance)
        for order, (key, tolerance) in enumerate(START_OBJECTIVES, start=1)
    )
    return Scenario(settings=Settings(weighting="requirement", periods=4), objectives=objectives)
