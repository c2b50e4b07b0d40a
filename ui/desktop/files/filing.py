"""Everything else that touches files: open, import, export. Long work runs in the background."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from planner import progress
from planner.document import Document
from planner.problems import ConcordError, InputProblem, Severity
from planner.scenario import Scenario, Settings
from planner.store import PassphraseNeeded, WrongPassphrase
from planner.store.seal import seal_for
from ui.desktop.errands import Errands
from ui.desktop.files.exports import Export
from ui.desktop.files.file_dialogs import OPENABLE, WORKBOOKS, FileDialogs
from ui.desktop.files.passphrases import ask_passphrase
from ui.desktop.files.saving import Leave, Saving
from ui.desktop.frame.long_work import LongWork
from ui.desktop.frame.notice import Tell
from ui.desktop.preferences import Preferences
from ui.desktop.session import Session
from ui.desktop.slices import Slices

FLOWS = "FTS flows (*.csv *.json *.xlsx);;All files (*)"
START_OBJECTIVES = (("effective", 0.01), ("worst_region", 0.01), ("coverage", 0.01), ("delivery_cost", 0.0))


class Filing(QObject):
    """Opens, imports and exports for the window."""

    sample_opened = Signal()

    def __init__(
        self,
        window: QWidget,
        session: Session,
        preferences: Preferences,
        dialogs: FileDialogs,
        saving: Saving,
        tell: Tell,
        long_work: LongWork,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._preferences, self._dialogs = window, session, preferences, dialogs
        self._saving, self._tell, self._slices = saving, tell, Slices(self)
        self._errands = Errands(session.background, tell, long_work)
        saving.changed_file_asked.connect(self._open_again)

    # -- open

    def open_path(self, path: Path, passphrase: str = "") -> None:
        """Open a scenario file or a workbook in the background; ask for the passphrase of a protected one."""

        def refused(problem: ConcordError) -> bool:
            is_protected = isinstance(problem, PassphraseNeeded | WrongPassphrase)
            if is_protected and (typed := ask_passphrase(self._window, path, problem)):
                self.open_path(path, typed)
            return is_protected

        leave = self._saving.leaving()
        self._errands.do_long(
            f"Opening {path.name}",
            lambda tell: open_document(path, passphrase, tell),
            lambda document: self._opened(document, path, leave),
            self._not_opened(path),
            refused,
            is_slow=bool(passphrase),  # what a passphrase protects takes seconds on purpose
        )

    def _open_again(self, path: Path) -> None:
        document = self._session.document
        self.open_path(path, document.stored.passphrase if document is not None else "")

    def open_sample(self) -> None:
        """Open the built-in sample; it has no file until it is saved."""
        self._saving.leave(self._open_sample)

    def _open_sample(self) -> None:
        from planner.samples import build_sample

        self._session.open(Document.new_from(build_sample()), "Sample, not saved")
        self.sample_opened.emit()

    def start_empty(self) -> None:
        """Start with empty tables and the objectives that suit most programmes."""
        self._saving.leave(lambda: self._session.open(Document.new_from(empty_scenario())))

    def ask_open(self) -> None:
        """Choose a file to open."""
        self._saving.leave(lambda: self._ask_open("Open", OPENABLE))

    def ask_import_workbook(self) -> None:
        """Choose a workbook to import."""
        self._saving.leave(lambda: self._ask_open("Import workbook", WORKBOOKS))

    def _ask_open(self, title: str, kinds: str) -> None:
        if (path := self._dialogs.ask_file(title, kinds)) is not None:
            self.open_path(path)

    def ask_import_fts(self) -> None:
        """Choose FTS exports to import."""
        self._saving.leave(self._ask_import_fts)

    def _ask_import_fts(self) -> None:
        if paths := self._dialogs.ask_files("Import FTS flows", FLOWS):
            self.import_fts(paths)

    def import_fts(self, paths: Sequence[Path]) -> None:
        """Make a scenario of FTS flows in the background."""
        from planner.store import StoredFile

        def read(tell: progress.Tell) -> Document:
            from planner.exchange.fts import read_fts

            result = read_fts(paths, tell=tell)
            return Document(StoredFile(scenario=result.scenario), is_saved=False, problems=tuple(result.problems))

        leave = self._saving.leaving()
        self._errands.do_long(
            f"Reading {paths[0].name if len(paths) == 1 else 'FTS tables'}",
            read,
            lambda document: self._opened(document, paths[0], leave),
            f"Nothing was imported. {self._what_is_open()}".strip(),
        )

    def _opened(self, document: Document, path: Path, leave: Leave) -> None:
        errors = [problem for problem in document.problems if problem.severity is Severity.ERROR]
        if errors and not any(rows for _, rows in document.scenario.tables()):
            self._tell(f"{InputProblem(tuple(errors), path.name)} {self._not_opened(path)}", "error")
        else:
            leave(partial(self._take_opened, document, path, len(errors)))

    def _take_opened(self, document: Document, path: Path, errors: int) -> None:
        self._session.open(document, "Saved" if document.path else "Imported, not saved")
        if document.path is not None:
            self._preferences.remember_file(document.path)
        if errors:
            count = "1 thing in it" if errors == 1 else f"{errors} things in it"
            self._tell(
                f"{path.name} was read, but {count} could not be understood. The list of problems names the cells; "
                "they hold a default now. F8 goes from one to the next.",
                "warning",
            )

    def _not_opened(self, path: Path) -> str:
        return f"{path.name} was not opened. {self._what_is_open()}".strip()

    def _what_is_open(self) -> str:
        return "What is open here is unchanged." if self._session.has_document else ""

    # -- export

    def ask_export_scenario(self) -> None:
        """Choose where the scenario workbook goes."""
        title = self._session.scenario.settings.title or "Scenario"
        path = self._dialogs.ask_target("Export scenario workbook", title, WORKBOOKS, ".xlsx")
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
        path = self._dialogs.ask_target("Export plan workbook", title, WORKBOOKS, ".xlsx")
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
        path = self._dialogs.ask_target("Export", export.name, export.kind, export.ending)
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
        self._errands.do_long(
            f"Writing {path.name}",
            write,
            lambda _: self._tell(f"Written: {path}", "information"),
            "Nothing was written.",
            lambda problem: self._cancelled(problem, path),
        )

    def _cancelled(self, problem: ConcordError, path: Path) -> bool:
        is_cancelled = isinstance(problem, progress.Cancelled)
        if is_cancelled:
            self._tell(f"Cancelled: {path.name} was not written; what was there is as it was.", "information")
        return is_cancelled


def open_document(path: Path, passphrase: str, tell: progress.Tell) -> Document:
    """Open a file; of a protected one also make what its journal is sealed by, which holds up the window later."""
    document = Document.open(path, passphrase, tell)
    if document.stored.passphrase:
        seal_for(document.stored.passphrase)
    return document


def empty_scenario() -> Scenario:
    """A new scenario: four quarters, weighted by need, with the objectives in their usual order."""
    from planner.scenario import Objective

    objectives = tuple(
        Objective(order=order, objective=key, tolerance=tolerance)
        for order, (key, tolerance) in enumerate(START_OBJECTIVES, start=1)
    )
    return Scenario(settings=Settings(weighting="requirement", periods=4), objectives=objectives)
