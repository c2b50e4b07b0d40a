"""Rules and objectives: sentences with fields in them, and the same as tables for those who paste."""

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from planner.problems import Problem
from planner.rulebook import OBJECTIVES, RULES
from planner.scenario import TABLE_BY_SHEET
from ui.desktop.pages.rule_sentences import RuleSentences
from ui.desktop.pages.tables import TablesPage
from ui.desktop.parts import button, column, framed, row, text
from ui.desktop.preferences import Preferences
from ui.desktop.session import Session
from ui.desktop.tables.editable_table import EditableTable
from ui.desktop.tables.table_model import ScenarioTableModel
from ui.desktop.tables.totals import NOTHING
from ui.desktop.theme import Theme


class RuleTables(TablesPage):
    """Rules and objectives as tables, with what the chosen one says below."""

    def __init__(self, theme: Theme, session: Session, preferences: Preferences | None, extra: QWidget) -> None:
        self._explained: dict[str, tuple[QLabel, QLabel, QLabel]] = {}
        names = ("rules", "objectives", "baseline")
        super().__init__(theme, session, "Rules and objectives", names, extra, preferences)

    def _dressed(self, view: EditableTable) -> QWidget:
        table = view.table
        if not isinstance(table, ScenarioTableModel) or table.table.name == "baseline":
            return view
        title, statement, example = text("", "panel"), text("", wraps=True), text("", "hint", wraps=True)
        panel = framed("panel", column(title, statement, example, spacing=6, margins=(16, 12, 16, 12)))
        panel.setMinimumHeight(112)
        name = table.table.name
        self._explained[name] = (title, statement, example)
        view.selectionModel().currentChanged.connect(lambda index, _old: self._explain(name, index))
        table.modelReset.connect(lambda: self._explain(name, view.currentIndex()))
        table.dataChanged.connect(lambda *_: self._explain(name, view.currentIndex()))
        self._explain(name, QModelIndex())
        layout = column(view, framed("holder", row(panel, margins=(16, 0, 16, 16))), spacing=12)
        layout.setStretch(0, 1)
        return framed("holder", layout)

    def _explain(self, name: str, index: QModelIndex) -> None:
        title, statement, example = self._explained[name]
        table = self._views[name].table if name in self._views else None
        source = None
        if isinstance(table, ScenarioTableModel) and index.isValid():
            source = table.row_at(index.row())
        key = getattr(source, "rule" if name == "rules" else "objective", "")
        reference = (RULES if name == "rules" else OBJECTIVES).get(key)
        if reference is None:
            title.setText(
                "Rules say what every plan must keep."
                if name == "rules"
                else "Objectives say what a plan should be good at, the first one before all others."
            )
            statement.setText("Choose a row to read what it means.")
            example.setText("")
            return
        title.setText(reference.title)
        statement.setText(reference.statement)
        example.setText(f"Example: {reference.example}")


class RulesPage(QStackedWidget):
    """The sentences, and behind a button the tables."""

    table_asked = Signal(str)  # the sheet that holds a rule's figures

    def __init__(self, theme: Theme, session: Session, preferences: Preferences | None = None) -> None:
        super().__init__()
        self.setObjectName("page")
        as_tables = button(theme, "As &tables", self.show_tables, icon="needs", kind="tool", tip="To paste rules")
        as_sentences = button(theme, "As &sentences", self.show_sentences, icon="rules", kind="tool")
        self.sentences = RuleSentences(theme, session, as_tables, self._open_table)
        self.tables = RuleTables(theme, session, preferences, as_sentences)
        self.addWidget(self.sentences)
        self.addWidget(self.tables)
        self.names = self.tables.names

    @property
    def view(self) -> EditableTable:
        """The table in view, or that would be."""
        return self.tables.view

    def show_tables(self) -> None:
        """Rules as tables, to paste into."""
        self.setCurrentWidget(self.tables)
        self.tables.enter()

    def show_sentences(self) -> None:
        """Rules as sentences."""
        self.setCurrentWidget(self.sentences)
        self.tables.selection_told.emit(NOTHING)
        self.tables.cell_told.emit("", "")
        self.sentences.enter()

    def _open_table(self, sheet: str) -> None:
        if TABLE_BY_SHEET[sheet].name in self.names:
            self.show_table(TABLE_BY_SHEET[sheet].name)
        else:
            self.table_asked.emit(sheet)

    def show_table(self, name: str) -> EditableTable:
        """Go to a table."""
        self.setCurrentWidget(self.tables)
        return self.tables.show_table(name)

    def show_problem(self, problem: Problem) -> None:
        """Go to the field with a problem; what has no sentence is shown in its table."""
        if problem.where.sheet == "Rules" and self.sentences.show_rule(problem.where.row, problem.where.column):
            self.setCurrentWidget(self.sentences)
        else:
            self.setCurrentWidget(self.tables)
            self.tables.show_problem(problem)

    def enter(self) -> None:
        """The page comes into view."""
        (self.tables if self.currentWidget() is self.tables else self.sentences).enter()

    def add_row(self) -> None:
        """Add a rule, or a row to the table in view."""
        if self.currentWidget() is self.tables:
            self.tables.add_row()
        else:
            self.sentences.choose_rule()

    def delete_rows(self) -> None:
        """Delete the rule with the focus, or the selected rows of the table in view."""
        if self.currentWidget() is self.tables:
            self.tables.delete_rows()
        else:
            self.sentences.delete_rule()
