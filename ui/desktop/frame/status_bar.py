"""The bar below everything: problems at the left, the selection at the right."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from planner.problems import Severity
from planner.scenario import Scenario
from ui.desktop.figures import number_text
from ui.desktop.icons import ButtonIcon
from ui.desktop.parts import ElidedLabel, button, restyle, row, tabular, text
from ui.desktop.session import Session
from ui.desktop.tables.totals import Totals
from ui.desktop.theme import Theme

HEIGHT = 26


class StatusBar(QWidget):
    """Counts problems and rows; sums what is selected."""

    def __init__(self, theme: Theme, session: Session, show_problems: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._session = session
        self._problems = button(theme, "", show_problems, kind="status", name="Problems")
        self._alarm = ButtonIcon(self._problems, theme, "check", "ink_3", 14)
        self._rows = text("", "hint")
        self._selection = tabular(text("", "hint"))
        self._cell = ElidedLabel("", "hint")
        self._cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.cell_words, self._selected = "", 0
        layout = row(self._problems, 4, self._rows, 24, self._cell, self._selection, margins=(8, 0, 12, 0))
        layout.setStretchFactor(self._cell, 1)
        self.setLayout(layout)
        session.checked.connect(self.refresh)
        session.document_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Count the problems again."""
        problems = self._session.problems
        count, has_errors = len(problems), any(each.severity is Severity.ERROR for each in problems)
        has_document = self._session.has_document
        words = "No scenario open" if not has_document else "No problems"
        if count:
            words = "1 problem" if count == 1 else f"{number_text(count)} problems"
        self._problems.setText(words)
        self._problems.setToolTip("Show the list of problems. F8 goes to the next one." if count else "")
        self._problems.setAccessibleDescription(words)
        colour = "problem" if has_errors else "binding" if count else "ink_3"
        self._alarm.change("problem" if count else "check", colour)
        restyle(self._problems, alarm=colour)

    def show_rows(self, words: str) -> None:
        """What the table in view holds."""
        self._rows.setText(words)

    def show_scenario(self, scenario: Scenario) -> None:
        """What the whole scenario holds."""
        activities = len({(row.initiative, row.region) for row in scenario.requirements if row.quantity > 0})
        partners, pledges, requirements = map(
            number_text, map(len, (scenario.partners, scenario.pledges, scenario.requirements))
        )
        self.show_rows(
            f"{partners} partners      {pledges} pledges      "
            f"{requirements} requirements in {number_text(activities)} activities"
        )

    def show_selection(self, totals: Totals) -> None:
        """Sum up a selection."""
        self._selected = totals.cells
        self._show_cell_words()
        if totals.cells < 2:
            self._selection.setText("")
            return
        words = [f"Selection: {number_text(totals.cells)} cells"]
        if totals.figures:
            words.append(f"Sum {number_text(totals.sum)} {totals.unit}".rstrip())
        if totals.figures > 1:
            words.append(f"Mean {number_text(totals.sum / totals.figures)}")
            words += [f"Smallest {number_text(totals.smallest)}", f"Largest {number_text(totals.largest)}"]
        self._selection.setText("      ".join(words))

    def show_cell(self, words: str, mark: str) -> None:
        """What there is to say of the current cell: why it is marked, or its whole text where that is long."""
        self.cell_words = words.replace("\n", " ")
        restyle(self._cell, text_role={"error": "problem-hint", "warning": "warning-hint"}.get(mark, "hint"))
        self._show_cell_words()

    def _show_cell_words(self) -> None:
        self._cell.show_words(self.cell_words if self._selected < 2 else "")
