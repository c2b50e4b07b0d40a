"""What files would change, shown before anything changes: facts, changes row by row, and what is wrong."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

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

from planner.exchange.findings import Outcome
from planner.exchange.intake import Intake
from ui.desktop.parts import button, column, row, text
from ui.desktop.tables.plain_table import dress, plain_table
from ui.desktop.theme import Theme

MOST_FACTS = 13  # lines
SIZE = (980, 700)
PAIR = int(Qt.ItemDataRole.UserRole)


class Answers(NamedTuple):
    """What was said of a table: what columns are, which names are one, and which are two."""

    mapping: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()

    def with_more(self, more: "Answers") -> "Answers":
        """These and further ones; the last that was said of a column counts."""
        return Answers(*(mine + theirs for mine, theirs in zip(self, more, strict=True)))


NO_ANSWERS = Answers()


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
        read_again: Callable[[Answers], object],
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
        self.heading = text(_heading(intake, changes_something), "panel", wraps=True)
        things: list[QWidget | int | None] = [
            self.heading,
            8,
            self.facts,
        ]
        self.choices: dict[str, QComboBox] = {}

        def read_with_choices() -> None:
            self.reject()
            read_again(self.answers())

        self.again = button(theme, "Read again", read_with_choices, tip="Read the table with what is chosen here")
        if intake.columns:
            things += [12, text("What its columns are", "secondary"), 4, self._columns(intake)]
        self.ticks: list[tuple[QTableWidgetItem, QTableWidgetItem]] = []  # of each pair: they are one, they are two
        self.pairs = self._pairs(intake)
        if intake.similar:
            things += [12, self.pairs]
        self.others = button(
            theme, "The others are two", self._keep_others_apart, tip="Every pair that is not ticked yet is two names"
        )
        self.others.setVisible(bool(intake.similar))
        self.changes = plain_table("Changes", ("File", "Cell", "Row", "What changes"), _change_rows(intake))
        self.problems = plain_table("Problems", _problem_headings(intake), _problem_rows(intake))
        for table, title in ((self.changes, "What changes"), (self.problems, "What is wrong in the files")):
            if table.rowCount():
                things += [12, text(title, "secondary"), 4, table]
        self.take = button(theme, "Take in", taken, kind="primary")
        self._changes_something = changes_something
        self._follow_answers()
        self.save = button(
            theme, "Save problems…", save_problems, tip="A workbook to send back, with the cells coloured"
        )
        self.save.setVisible(bool(intake.findings))
        cancel = button(theme, "Cancel" if changes_something else "Close", self.reject)
        layout = column(*things, None, 12, margins=(20, 16, 20, 16))
        hint = text("One Undo takes all of it back.", "hint")
        buttons = row(hint, None, self.others, self.again, self.save, cancel, self.take)
        self.again.setVisible(bool(intake.columns or intake.similar))
        layout.addLayout(buttons)
        self.setLayout(layout)

    def answers(self) -> Answers:
        """What was chosen for columns, where it differs from what they were taken for, and said of pairs of names."""
        mapping = tuple(
            f"{heading}={choice.currentText()}"
            for heading, choice in self.choices.items()
            if choice.currentText() != choice.property("guess")
        )
        joins, apart = (
            tuple(tick.data(PAIR) for ticks in self.ticks if _is_ticked(tick := ticks[place])) for place in (0, 1)
        )
        return Answers(mapping, joins, apart)

    def _follow_answers(self) -> None:
        """What is shown can be taken in only while nothing else was said since it was read."""
        is_as_read = self.answers() == NO_ANSWERS
        self.take.setEnabled(self._changes_something and is_as_read)
        self.take.setToolTip("" if is_as_read else "Read again first, so that what you chose counts")

    def _pairs(self, intake: Intake) -> QTableWidget:
        table = QTableWidget(len(intake.similar), 3)
        dress(table, "Similar names", ("Names that may be one", "They are one", "They are two"))
        for at, (pair, words) in enumerate(intake.similar):
            ticks = _tick(pair), _tick(pair)
            for column_at, item in enumerate((QTableWidgetItem(words), *ticks)):
                table.setItem(at, column_at, item)
            self.ticks.append(ticks)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.itemChanged.connect(self._keep_one_answer)
        return table

    def _keep_one_answer(self, item: QTableWidgetItem) -> None:
        """Two names are either one or two: a tick takes the other one away."""
        if item.column() and _is_ticked(item):
            self.ticks[item.row()][2 - item.column()].setCheckState(Qt.CheckState.Unchecked)
        self._follow_answers()

    def _keep_others_apart(self) -> None:
        for one, two in self.ticks:
            if not _is_ticked(one):
                two.setCheckState(Qt.CheckState.Checked)

    def _columns(self, intake: Intake) -> QTableWidget:
        """Every heading with a choice of what it is."""
        from planner.exchange.field import Role

        table = plain_table("Columns", ("Column", "Taken for"), [(heading, "") for heading in intake.columns])
        for at, (heading, role) in enumerate(intake.columns.items()):
            choice = QComboBox()
            choice.setAccessibleName(f"What {heading} is")
            choice.addItems([Role.SKIP.value, *(word for word in intake.words.get(heading, Role) if word != Role.SKIP)])
            choice.setCurrentText(role or Role.SKIP.value)
            choice.setProperty("guess", choice.currentText())
            choice.currentTextChanged.connect(self._follow_answers)
            table.setCellWidget(at, 1, choice)
            self.choices[heading] = choice
        table.setMinimumHeight(140)
        return table

    def showEvent(self, event: QShowEvent) -> None:
        """Rows as high as their texts need, now that the columns have their widths."""
        super().showEvent(event)
        for table in (self.changes, self.problems):
            table.resizeRowsToContents()


def _tick(pair: str) -> QTableWidgetItem:
    item = QTableWidgetItem()
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Unchecked)
    item.setData(PAIR, pair)
    return item


def _is_ticked(item: QTableWidgetItem) -> bool:
    return item.checkState() == Qt.CheckState.Checked


def _shortened(facts: Sequence[str]) -> Sequence[str]:
    more = len(facts) - MOST_FACTS
    return facts if more <= 0 else (*facts[:MOST_FACTS], f"... and {more:,} more")


def _heading(intake: Intake, changes_something: bool) -> str:
    refused = sum(finding.outcome is Outcome.REFUSED for finding in intake.findings)
    if not changes_something:
        left_out = f" {_rows(refused)} refused." if refused else ""
        return f"Nothing changes: all of it is in the scenario already, or could not be read.{left_out}"
    count = len(intake.rows)
    left_out = f", {refused:,} refused" if refused else ""
    if not count:
        return f"This would come in{left_out}:"
    return f"{_rows(count)} {'changes' if count == 1 else 'change'}{left_out}:"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


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


def _has_several_files(intake: Intake) -> bool:
    return len({finding.file for finding in intake.findings}) > 1


def _problem_headings(intake: Intake) -> tuple[str, ...]:
    headings = ("Cell", "What became of it", "What to write")
    return ("File", *headings) if _has_several_files(intake) else headings


def _problem_rows(intake: Intake) -> list[tuple[str, ...]]:
    if _has_several_files(intake):
        return [
            (Path(finding.file).name, finding.cell, finding.outcome.value, finding.message)
            for finding in intake.findings
        ]
    return [
        (finding.cell or Path(finding.file).name, finding.outcome.value, finding.message) for finding in intake.findings
    ]
