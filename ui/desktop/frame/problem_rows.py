"""Problems as lines that lead to their cells."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel

from planner.problems import Problem, Severity
from planner.scenario import TABLE_BY_SHEET, Scenario
from ui.desktop.icons import pixmap
from ui.desktop.parts import ElidedLabel, row, text
from ui.desktop.tables import headings
from ui.desktop.theme import Theme

PAGE_OF_TABLE = {
    **dict.fromkeys(("partners", "pledges", "vetoes", "delivery_costs", "exchange_rates"), "partners"),
    **dict.fromkeys(("regions", "initiatives", "resources", "activities", "requirements"), "needs"),
    **dict.fromkeys(("rules", "objectives", "baseline"), "rules"),
}
TITLES = {"requirements": "Requirements"}
PAGE_TITLES = {"partners": "Partners", "needs": "Needs", "rules": "Rules"}


class ProblemRow(QFrame):
    """One problem; a click or Return goes to its cell."""

    def __init__(self, theme: Theme, problem: Problem, place: str, go: Callable[[Problem], object]) -> None:
        super().__init__()
        self.setObjectName("problemRow")
        self._problem, self._go = problem, go
        is_error = problem.severity is Severity.ERROR
        role = "problem" if is_error else "binding"
        icon = QLabel()
        icon.setPixmap(pixmap("problem", getattr(theme.palette, role), 16, self.devicePixelRatioF()))
        word = text("Error" if is_error else "Warning", "problem" if is_error else "warning")
        word.setFixedWidth(60)
        message = ElidedLabel(problem.message)
        arrow = QLabel()
        arrow.setPixmap(pixmap("chevron", theme.palette.ink_2, 14, self.devicePixelRatioF()))
        layout = row(icon, word, message, text(place, "link"), arrow, margins=(14, 0, 12, 0))
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.setFixedHeight(28)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{word.text()}: {problem.message}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        self._go(self._problem)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go there."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._go(self._problem)
        else:
            super().keyPressEvent(event)


def place_words(problem: Problem, scenario: Scenario) -> str:
    """Page, table and row of a problem; the row by its code where it has one."""
    table = TABLE_BY_SHEET.get(problem.where.sheet)
    if table is None:
        return "Settings"
    words = f"{PAGE_TITLES[PAGE_OF_TABLE[table.name]]} › {TITLES.get(table.name, headings.TABLE_TITLES[table.name])}"  # noqa: RUF001
    rows, row_index = scenario.rows(table), problem.where.row
    if row_index is None or row_index >= len(rows):
        return words
    return f"{words} › {getattr(rows[row_index], 'code', '') or f'row {row_index + 1}'}"  # noqa: RUF001


def problem_summary(problems: Sequence[Problem]) -> str:
    """`1 error, 2 warnings`."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = len(problems) - errors
    words = [f"{errors} error{'' if errors == 1 else 's'}"] if errors else []
    words += [f"{warnings} warning{'' if warnings == 1 else 's'}"] if warnings else []
    return ", ".join(words) or "none"
