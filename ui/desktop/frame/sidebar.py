"""The slim bar at the left: seven places, an icon over a word each."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from planner.problems import Problem, Severity
from planner.scenario import TABLE_BY_SHEET
from ui.desktop.frame.problem_rows import PAGE_OF_TABLE
from ui.desktop.icons import ButtonIcon
from ui.desktop.theme import Theme

WIDTH = 72
PLACES = (
    ("overview", "Overview"),
    ("partners", "Partners"),
    ("needs", "Needs"),
    ("rules", "Rules"),
    ("plan", "Plan"),
    ("exchange", "Exchange"),
    ("settings", "Settings"),
)


class Place(QToolButton):
    """One place of the sidebar; a red pill counts its problems."""

    def __init__(self, theme: Theme, name: str, word: str, number: int) -> None:
        super().__init__()
        self._theme = theme
        self.name, self.problem_count = name, 0
        self.setProperty("kind", "place")
        self.setText(word)
        self.setAccessibleName(word)
        self.setToolTip(f"{word} (Ctrl+{number})")
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setFixedSize(QSize(WIDTH - 1, 54))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        ButtonIcon(self, theme, name, "ink_2", 20, checked="accent")

    def set_problem_count(self, count: int) -> None:
        """How many problems are in this place."""
        self.problem_count = count
        self.setAccessibleDescription(f"{count} problems" if count else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and the pill above it."""
        super().paintEvent(event)
        if not self.problem_count:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font("small", bold=True))
        words = str(self.problem_count) if self.problem_count < 100 else "99+"
        width = max(16, painter.fontMetrics().horizontalAdvance(words) + 8)
        pill = QRect(QPoint(self.width() // 2 + 5, 4), QSize(width, 16))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.palette.problem))
        painter.drawRoundedRect(pill, 8, 8)
        painter.setPen(QColor(self._theme.palette.surface))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()


class Sidebar(QWidget):
    """Tells which place a person chose."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setSpacing(0)
        self.places: dict[str, Place] = {}
        for number, (name, word) in enumerate(PLACES, start=1):
            place = Place(theme, name, word, number)
            place.clicked.connect(lambda _checked=False, name=name: self.chosen.emit(name))
            self.places[name] = place
            if name == "settings":
                layout.addStretch(1)
            layout.addWidget(place)

    def mark(self, name: str) -> None:
        """Show where one is."""
        for place in self.places.values():
            place.setChecked(place.name == name)

    def count_problems(self, problems: Sequence[Problem]) -> None:
        """Show at each place how many errors it has."""
        counts = dict.fromkeys(("partners", "needs", "rules", "settings"), 0)
        for problem in problems:
            table = TABLE_BY_SHEET.get(problem.where.sheet)
            counts[PAGE_OF_TABLE[table.name] if table is not None else "settings"] += problem.severity is Severity.ERROR
        for name, count in counts.items():
            self.places[name].set_problem_count(count)
