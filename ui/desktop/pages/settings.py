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
from planner.drafts import Draft, DraftKey
from planner.problems import ConcordError
from planner.scenario import Settings
from resources.codelists import code_list
from resources.columns import Column, columns_of
from ui.desktop.parts import column, framed, restyle, row, strip, text
from ui.desktop.preferences import Preferences
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
    "weighting": "What makes one activity count more than another. Priority and severity count in all three.",
    "start": "Year, month and day. Needed for the names of periods and for dates in place of period numbers.",
    "sensitivity": "Shown at the top of the window.",
}
CHOICES = {  # what is kept, in words
    "period": {"month": "Month", "quarter": "Quarter", "year": "Year"},
    "weighting": {
        "activity": "Each activity alike",
        "requirement": "The value of what it needs",
        "people": "The people it serves",
    },
    "sensitivity": {"public": "Public", "internal": "Internal", "confidential": "Confidential"},
}
FIELD_WIDTH = 240
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
            for choice in described.choices:
                self._box.addItem(CHOICES[described.name][choice], choice)
            self._box.view().setAccessibleName("Choices")
            self._box.activated.connect(lambda _index: self._take(self._box.currentData()))
            self.widget = self._box
            self.widget.setFixedWidth(FIELD_WIDTH)
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
                self.widget.setFixedWidth(FIELD_WIDTH)
        self.widget.setAccessibleName(TITLES[described.name])

    def refresh(self) -> None:
        """Show the scenario's value, or what was typed and cannot be read."""
        draft = self._session.drafts.get(self._key)
        words = show_cell(self._described, getattr(self._session.scenario.settings, self._described.name))
        self.widget.setEnabled(self._session.has_document)
        if isinstance(self.widget, QComboBox):
            if self.widget.findData(words) < 0:
                self.widget.addItem(words, words)  # a file can hold anything; the checks say so
            self.widget.setCurrentIndex(self.widget.findData(words))
        elif isinstance(self.widget, QLineEdit) and not (self.widget.hasFocus() and self.widget.isModified()):
            self.widget.setText(draft.text if draft is not None else words)
        self.problem.setText(draft.message if draft is not None else "")
        self.problem.setVisible(draft is not None)
        self.widget.setAccessibleDescription(self.problem.text())
        restyle(self.widget, wrong="true" if draft is not None else "false")

    @property
    def _key(self) -> DraftKey:
        return self._session.scenario.settings.id, self._described.name

    def _take(self, words: str) -> None:
        described, session, key = self._described, self._session, self._key
        kept = show_cell(described, getattr(session.scenario.settings, described.name))
        if not session.has_document or (words == kept and key not in session.drafts):
            return
        title = TITLES[described.name].lower()
        try:
            value = read_cell(described, words)
            session.apply(
                f"change {title}",
                lambda scenario: edits.set_setting(scenario, described.name, value),
                lambda: {key: None},
            )
        except ConcordError as problem:
            draft = Draft.of(words, problem, kept)
            session.apply(f"type “{words}”", lambda scenario: scenario, lambda: {key: draft})
        self.refresh()


class SettingsPage(QWidget):
    """One panel for the scenario, one for the window."""

    rows_told = Signal(str)
    brightness_chosen = Signal(str)

    def __init__(self, theme: Theme, session: Session, preferences: Preferences) -> None:
        super().__init__()
        self.setObjectName("page")
        self._session, self._preferences = session, preferences
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
        look.setVerticalSpacing(10)
        look.setColumnMinimumWidth(0, 160)
        look.setColumnMinimumWidth(1, 2 * FIELD_WIDTH)
        look.setColumnStretch(2, 1)
        self._brightness = QComboBox()
        self._brightness.setFixedWidth(FIELD_WIDTH)
        self._brightness.setAccessibleName("Brightness")
        self._brightness.view().setAccessibleName("Choices")
        for choice, words in BRIGHTNESS:
            self._brightness.addItem(words, choice)
        self._brightness.setCurrentIndex([choice for choice, _ in BRIGHTNESS].index(theme.choice))
        self._brightness.activated.connect(lambda _index: self.brightness_chosen.emit(self._brightness.currentData()))
        self._add(look, 0, "Brightness", self._brightness, None, "")
        self.person = QLineEdit(preferences.person)
        self.person.setFixedWidth(FIELD_WIDTH)
        self.person.setAccessibleName("Your name")
        self.person.editingFinished.connect(self._take_person)
        self._add(look, 1, "Your name", self.person, None, "Your saves are signed with it in the scenario's history.")
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
        session.checked.connect(self.refresh)
        self.refresh()

    def _add(
        self, grid: QGridLayout, line: int, title: str, widget: QWidget, problem: QLabel | None, hint: str
    ) -> None:
        label = text(title, "secondary")
        label.setBuddy(widget)
        label.setFixedHeight(30)
        grid.addWidget(label, line, 0, Qt.AlignmentFlag.AlignTop)
        cell = column(widget, spacing=3)
        if problem is not None:
            cell.addWidget(problem)
        if hint:
            cell.addWidget(text(hint, "hint", wraps=True))
        grid.addLayout(cell, line, 1)

    def _take_person(self) -> None:
        """An empty name is the one that the system knows."""
        self._preferences.person = self.person.text()
        self.person.setText(self._preferences.person)

    def refresh(self) -> None:
        """Show the scenario as it is now."""
        for field in self._fields:
            field.refresh()

    def enter(self) -> None:
        """The page comes into view."""
        self.rows_told.emit("")
