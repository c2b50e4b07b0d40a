"""Workbooks out to partners, and what comes back in: shown first, then taken in as one step."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from planner import progress
from planner.exchange.intake import Intake, read_field_table, read_returned
from planner.scenario import Scenario
from ui.desktop.errands import Errands
from ui.desktop.files.file_dialogs import WORKBOOKS, FileDialogs
from ui.desktop.files.intake_dialog import NO_ANSWERS, Answers, IntakeDialog
from ui.desktop.frame.long_work import LongWork
from ui.desktop.frame.notice import Tell
from ui.desktop.session import Session
from ui.desktop.theme import Theme

ReadAgain = Callable[[Answers], object]
TABLES = "Tables (*.xlsx *.csv *.xml);;All files (*)"


class Intaking(QObject):
    """Hands workbooks out to partners and takes in what they, the board and the field send."""

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        session: Session,
        dialogs: FileDialogs,
        tell: Tell,
        long_work: LongWork,
    ) -> None:
        super().__init__(window)
        self._window, self._theme, self._session = window, theme, session
        self._dialogs, self._tell = dialogs, tell
        self._errands = Errands(session.background, tell, long_work)
        self.dialog: IntakeDialog | None = None

    def ask_hand_out(self) -> None:
        """Choose the folder for one workbook per partner."""
        if (folder := self._dialogs.ask_folder("Folder for the partners' workbooks")) is not None:
            self.hand_out(folder)

    def hand_out(self, folder: Path) -> None:
        """Write a workbook for every partner in the background."""
        scenario = self._session.scenario

        def write() -> int:
            from planner.exchange.contribution import write_contributions

            return len(write_contributions(scenario, folder))

        def written(count: int) -> None:
            workbooks = "1 workbook" if count == 1 else f"{count} workbooks"
            self._tell(
                f"Written: {workbooks} in {folder}. Each holds the rows of its own partner alone.", "information"
            )

        self._errands.do(write, written, "Not every workbook was written.")

    def ask_returned(self) -> None:
        """Choose workbooks that partners or the board filled in."""
        if paths := self._dialogs.ask_files("Import returned workbooks", WORKBOOKS):
            self.bring_in_returned(paths)

    def ask_field_table(self) -> None:
        """Choose a table of who does what where, or of people in need."""
        if (path := self._dialogs.ask_file("Import field table or IATI", TABLES)) is not None:
            self.bring_in_table(path)

    def bring_in_returned(self, paths: Sequence[Path]) -> None:
        """Read what partners and the board filled in, then show what it would change."""
        self._read(
            lambda scenario, tell: read_returned(scenario, paths, tell),
            "import returned workbooks",
            "workbooks",
            lambda _: None,
        )

    def bring_in_table(self, path: Path, answers: Answers = NO_ANSWERS) -> None:
        """Read a table from the field, then show what it would change; what was said of its columns and names holds."""
        self._read(
            lambda scenario, tell: read_field_table(scenario, path, *answers, tell),
            "import field table",
            path.name,
            lambda more: self.bring_in_table(path, answers.with_more(more)),
        )

    def _read(
        self, read: Callable[[Scenario, progress.Tell], Intake], label: str, what: str, read_again: ReadAgain
    ) -> None:
        self._session.catch_up()
        scenario = self._session.scenario
        self._errands.do_long(
            f"Reading {what}",
            lambda tell: read(scenario, tell),
            lambda intake: self._show(scenario, intake, label, read_again),
            "Nothing was imported. What is open here is unchanged.",
        )

    def _show(self, scenario: Scenario, intake: Intake, label: str, read_again: ReadAgain) -> None:
        if not self._session.is_now(scenario):
            self._tell("The scenario was changed while the files were read; import them again.", "warning")
            return
        self.dialog = IntakeDialog(
            self._window,
            self._theme,
            intake,
            take=lambda: self._take(scenario, intake, label),
            save_problems=lambda: self._ask_save_problems(intake),
            read_again=read_again,
            changes_something=intake.scenario != scenario,
        )
        self.dialog.finished.connect(self._forget_dialog)
        self.dialog.open()

    def _forget_dialog(self) -> None:
        self.dialog = None

    def _take(self, scenario: Scenario, intake: Intake, label: str) -> None:
        if not self._session.is_now(scenario):
            self._tell("The scenario was changed since the files were read; import them again.", "warning")
            return
        self._session.apply(label, lambda _: intake.scenario)
        refused = sum(1 for finding in intake.findings if finding.outcome.value == "row refused")
        left_out = f" {refused} {'problem' if refused == 1 else 'problems'} kept rows out." if refused else ""
        self._tell(
            f"Taken in.{left_out} Undo takes all of it back.",
            "warning" if refused else "information",
            as_long_as=self._session.last_stands(),
        )

    def _ask_save_problems(self, intake: Intake) -> None:
        if (path := self._dialogs.ask_target("Save problems", "Problems", WORKBOOKS, ".xlsx")) is not None:
            self.save_problems(intake, path)

    def save_problems(self, intake: Intake, path: Path) -> None:
        """Write what is wrong as a workbook to send back."""
        target = path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx")

        def write() -> None:
            from planner.exchange.marked_copy import write_findings

            write_findings(intake.findings, target)

        self._errands.do(write, lambda _: self._tell(f"Written: {target}", "information"), "Nothing was written.")
