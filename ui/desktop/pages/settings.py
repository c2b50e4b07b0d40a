"""Settings: the scenario's own figures, and how the window looks."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QGridLayout,
    QLabel,
    QLineEdit,
    QListView,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from planner import edits
from planner.cells import read_cell, show_cell
from planner.problems import ConcordError
from planner.scenario import Settings
from resources.codelists import code_list
from resources.columns import Column, columns_of
from ui.desktop.parts import column, framed, row, strip, text
from ui.desktop.session import Session
from ui.desktop.theme import Theme

TITLES = {
    "title": "Title",
    "currency": "Currency",
    "start": "First day of period 1",
    "period": "Length of a period",
    "periods": "Number of periods",
    "weighting": "An activity weighs by",
    "sensitivity": "Who may see it",
    "note": "Note",
}
PLACEHOLDERS = {"title": "Untitled scenario", "start": "2027-01-01", "note": "Anything worth remembering"}
HELP = {
    "weighting": "activity: all alike; requirement: by the value of what it needs; people: by the people it serves. "
    "Priority and severity count in all three.",
    "start": "Year, month and day. Needed for the names of periods and for dates in place of period numbers.",
    "sensitivity": "Shown at the top of the window. public, internal or confidential.",
}
BRIGHTNESS = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))


class SettingField:
    """One figure of the scenario: a field, and the sentence that says what is wrong with it."""

    def __init__(self, session: Session, described: Column) -> None:
        self._session, self._described = session, described
        self.problem = text("", "problem", wraps=True)
        self.problem.hide()
        self.widget: QWidget
        if described.choices:
            self._box = QComboBox()
            self._box.addItems(list(described.choices))
            self._box.view().setAccessibleName("Choices")
            self._box.activated.connect(lambda _index: self._take(self._box.currentText()))
            self.widget = self._box
            self.widget.setFixedWidth(200)
        else:
            self._line = QLineEdit()
            self._line.setPlaceholderText(PLACEHOLDERS.get(described.name, ""))
            self._line.editingFinished.connect(lambda: self._take(self._line.text()))
            if described.suggestions:
                completer = QCompleter(list(code_list(described.suggestions)), self._line)
                popup = QListView()
                popup.setObjectName("popup")
                popup.setAccessibleName("Choices")
                completer.setPopup(popup)
                self._line.setCompleter(completer)
            self.widget = self._line
            if described.name not in ("title", "note"):
                self.widget.setFixedWidth(200)
        self.widget.setAccessibleName(TITLES[described.name])

    def refresh(self) -> None:
        """Show the scenario's value, unless a wrong one stands here to be put right."""
        words = show_cell(self._described, getattr(self._session.scenario.settings, self._described.name))
        self.widget.setEnabled(self._session.has_document)
        if isinstance(self.widget, QComboBox):
            self.widget.setCurrentText(words)
        elif self.problem.isHidden() and not self.widget.hasFocus() and isinstance(self.widget, QLineEdit):
            self.widget.setText(words)

    def _take(self, words: str) -> None:
        described, session = self._described, self._session
        if not session.has_document or words == show_cell(
            described, getattr(session.scenario.settings, described.name)
        ):
            self.problem.hide()
            return
        try:
            value = read_cell(described, words)
            session.apply(
                f"change {TITLES[described.name].lower()}",
                lambda scenario: edits.set_setting(scenario, described.name, value),
            )
        except ConcordError as problem:
            self.problem.setText(f"{problem} Until then the scenario keeps what it had.")
            self.problem.show()
            return
        self.problem.hide()


class SettingsPage(QWidget):
    """One panel for the scenario, one for the window."""

    rows_told = Signal(str)
    brightness_chosen = Signal(str)

    def __init__(self, theme: Theme, session: Session) -> None:
        super().__init__()
        self.setObjectName("page")
        self._session = session
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnMinimumWidth(0, 160)
        grid.setColumnStretch(1, 1)
        self._fields = [SettingField(session, described) for described in columns_of(Settings)]
        for line, (field, described) in enumerate(zip(self._fields, columns_of(Settings), strict=True)):
            self._add(grid, line, TITLES[described.name], field.widget, field.problem, HELP.get(described.name, ""))
        scenario = column(text("Scenario", "panel"), spacing=12, margins=(20, 16, 20, 20))
        scenario.addLayout(grid)
        look = QGridLayout()
        look.setHorizontalSpacing(16)
        look.setColumnMinimumWidth(0, 160)
        look.setColumnStretch(1, 1)
        self._brightness = QComboBox()
        self._brightness.setFixedWidth(200)
        self._brightness.setAccessibleName("Brightness")
        self._brightness.view().setAccessibleName("Choices")
        for choice, words in BRIGHTNESS:
            self._brightness.addItem(words, choice)
        self._brightness.setCurrentIndex([choice for choice, _ in BRIGHTNESS].index(theme.choice))
        self._brightness.activated.connect(lambda _index: self.brightness_chosen.emit(self._brightness.currentData()))
        self._add(look, 0, "Brightness", self._brightness, text(""), "")
        window = column(text("This window", "panel"), spacing=12, margins=(20, 16, 20, 20))
        window.addLayout(look)
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        for panel in (framed("panel", scenario), framed("panel", window)):
            panel.setMaximumWidth(760)
            layout.addWidget(panel)
        layout.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        self.setLayout(
            column(strip("subHeader", row(text("Settings", "page"), None, margins=(16, 0, 16, 0)), 44), area)
        )
        session.scenario_changed.connect(self.refresh)
        session.document_changed.connect(self.refresh)
        self.refresh()

    def _add(self, grid: QGridLayout, line: int, title: str, widget: QWidget, problem: QLabel, hint: str) -> None:
        label = text(title, "secondary")
        label.setBuddy(widget)
        label.setFixedHeight(30)
        grid.addWidget(label, line, 0, Qt.AlignmentFlag.AlignTop)
        cell = column(widget, problem, spacing=3)
        if hint:
            cell.addWidget(text(hint, "hint", wraps=True))
        grid.addLayout(cell, line, 1)

    def refresh(self) -> None:
        """Show the scenario as it is now."""
        for field in self._fields:
            field.refresh()

    def enter(self) -> None:
        """The page comes into view."""
        self.rows_told.emit("")
