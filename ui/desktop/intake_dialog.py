"""What files would change, shown before anything changes: facts, changes row by row, and what is wrong."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from planner.exchange.intake import Intake
from ui.desktop.parts import button, column, row, text
from ui.desktop.plain_table import dress, plain_table
from ui.desktop.theme import Theme

MOST_FACTS = 13  # lines
SIZE = (980, 700)
JOIN = int(Qt.ItemDataRole.UserRole)


class IntakeDialog(QDialog):
    """Asks whether to take in what was read; closing it changes nothing."""

    def __init__(
        self,
        parent: QWidget,
        theme: Theme,
        intake: Intake,
        *,
        take: Callable[[], object],
        save_problems: Callable[[], object],
        read_again: Callable[[Sequence[str], Sequence[str]], object],
        changes_something: bool,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Before anything changes")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)

        def taken() -> None:
            self.accept()
            take()

        self.facts = text("\n".join(_shortened(intake.facts)), "body", wraps=True)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        things: list[QWidget | int | None] = [
            text(_heading(intake, changes_something), "panel", wraps=True),
            8,
            self.facts,
        ]
        self.choices: dict[str, QComboBox] = {}

        def read_with_choices() -> None:
            self.reject()
            read_again(self.mapping(), self.joins())

        self.again = button(theme, "Read again", read_with_choices, tip="Read the table with these columns")
        if intake.columns:
            things += [12, text("What its columns are", "secondary"), 4, self._columns(intake)]
        self.pairs = self._pairs(intake)
        if intake.similar:
            things += [12, self.pairs]
        self.changes = plain_table("Changes", ("File", "Cell", "Row", "What changes"), _change_rows(intake))
        self.problems = plain_table("Problems", ("Cell", "What became of it", "What to write"), _problem_rows(intake))
        for table, title in ((self.changes, "What changes"), (self.problems, "What is wrong in the files")):
            if table.rowCount():
                things += [12, text(title, "secondary"), 4, table]
        self.take = button(theme, "Take in", taken, kind="primary")
        self.take.setEnabled(changes_something)
        self.save = button(
            theme, "Save problems…", save_problems, tip="A workbook to send back, with the cells coloured"
        )
        self.save.setVisible(bool(intake.findings))
        cancel = button(theme, "Cancel" if changes_something else "Close", self.reject)
        layout = column(*things, None, 12, margins=(20, 16, 20, 16))
        buttons = row(text("One Undo takes all of it back.", "hint"), None, self.again, self.save, cancel, self.take)
        self.again.setVisible(bool(intake.columns))
        layout.addLayout(buttons)
        self.setLayout(layout)

    def mapping(self) -> list[str]:
        """What was chosen for columns, as far as it differs from what they were taken for."""
        return [
            f"{heading}={choice.currentText()}"
            for heading, choice in self.choices.items()
            if choice.currentText() != choice.property("guess")
        ]

    def joins(self) -> list[str]:
        """The pairs of names that were ticked, as what to write to join them."""
        items = [self.pairs.item(at, 0) for at in range(self.pairs.rowCount())]
        return [item.data(JOIN) for item in items if item is not None and item.checkState() == Qt.CheckState.Checked]

    def _pairs(self, intake: Intake) -> QTableWidget:
        table = QTableWidget(len(intake.similar), 1)
        dress(table, "Similar names", ("Names that may be one: tick those that are, then Read again",))
        for at, (join, words) in enumerate(intake.similar):
            item = QTableWidgetItem(words)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setData(JOIN, join)
            table.setItem(at, 0, item)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        return table

    def _columns(self, intake: Intake) -> QTableWidget:
        """Every heading with a choice of what it is."""
        from planner.exchange.field import Role

        table = plain_table("Columns", ("Column", "Taken for"), [(heading, "") for heading in intake.columns])
        for at, (heading, role) in enumerate(intake.columns.items()):
            choice = QComboBox()
            choice.setAccessibleName(f"What {heading} is")
            choice.addItems([Role.SKIP.value, *(each.value for each in Role if each is not Role.SKIP)])
            choice.setCurrentText(role or Role.SKIP.value)
            choice.setProperty("guess", choice.currentText())
            table.setCellWidget(at, 1, choice)
            self.choices[heading] = choice
        table.setMinimumHeight(140)
        return table

    def showEvent(self, event: QShowEvent) -> None:
        """Rows as high as their texts need, now that the columns have their widths."""
        super().showEvent(event)
        for table in (self.changes, self.problems):
            table.resizeRowsToContents()


def _shortened(facts: Sequence[str]) -> Sequence[str]:
    more = len(facts) - MOST_FACTS
    return facts if more <= 0 else (*facts[:MOST_FACTS], f"... and {more:,} more")


def _heading(intake: Intake, changes_something: bool) -> str:
    if not changes_something:
        return "Nothing changes: all of it is in the scenario already, or could not be read."
    count = len(intake.rows)
    return "This would come in:" if not count else f"{'1 row changes' if count == 1 else f'{count} rows change'}:"


def _change_rows(intake: Intake) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for change in intake.rows:
        cells = (
            f"{name}: {before or '–'} → {after or '–'}" if change.verb == "updated" else f"{name}: {after}"
            for name, before, after in change.cells
        )
        told = "; ".join(cells)
        found.append((Path(change.file).name, change.cell, change.code, f"{change.verb.capitalize()}. {told}".strip()))
    return found


def _problem_rows(intake: Intake) -> list[tuple[str, ...]]:
    return [
        (finding.cell or Path(finding.file).name, finding.outcome.value, finding.message) for finding in intake.findings
    ]
