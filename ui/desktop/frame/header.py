"""The bar above everything: what is open, whether it is saved, undo, redo and Plan."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.desktop.parts import button, chip, row, set_chip, text
from ui.desktop.session import Session
from ui.desktop.theme import Theme

HEIGHT = 48
WIDE_SEARCH, NARROW_SEARCH, ENOUGH_WIDTH = 360, 180, 1280


class Header(QWidget):
    """Shows the state of the document; its buttons do what the window's shortcuts do."""

    search_asked = Signal()

    def __init__(self, theme: Theme, session: Session, plan: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._session = session
        self._full_title = "Concord"
        self._title = text("", "document")
        self._title.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        self._saved = text("", "hint")
        self._sensitivity = chip("")
        self._others = chip("")
        self._others.hide()
        self._undo = button(theme, "&Undo", session.undo, icon="undo", kind="flat")
        self._redo = button(theme, "&Redo", session.redo, icon="redo", kind="flat")
        self._plan = button(theme, "&Plan  F5", plan, icon="plan", kind="primary", name="Plan", tip="Make a plan (F5)")
        self.search = button(
            theme,
            "Search",
            self.search_asked.emit,
            icon="search",
            kind="search",
            tip="Find anything by typing (Ctrl+K)",
        )
        self.search.setLayout(row(None, chip("Ctrl K", "key"), margins=(0, 0, 6, 0)))
        self.setLayout(
            row(
                *(self._title, 4, self._saved, 4, self._sensitivity, 4, self._others, None, self.search, None),
                *(self._undo, self._redo, 4, self._plan),
                margins=(16, 0, 16, 0),
            )
        )
        session.scenario_changed.connect(self.refresh)
        session.document_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say again what is open and what can be done."""
        session = self._session
        settings = session.scenario.settings
        self._full_title = (settings.title or "Untitled scenario") if session.has_document else "Concord"
        self._saved.setText(session.saved_words if session.has_document else "")
        set_chip(self._sensitivity, settings.sensitivity.capitalize() if session.has_document else "", "plain")
        self._sensitivity.setToolTip("Who may see this scenario")
        for made, label, key in (
            (self._undo, session.undo_label, "Ctrl+Z"),
            (self._redo, session.redo_label, "Ctrl+Y"),
        ):
            made.setEnabled(bool(label))
            word = made.accessibleName()
            made.setToolTip(f"{word}: {label} ({key})" if label else f"Nothing to {word.lower()}")
            made.setAccessibleDescription(label)
        self._elide()

    def show_others(self, people: str) -> None:
        """Who else has the file open; empty for nobody."""
        set_chip(self._others, "Open elsewhere too" if people else "", "stale")
        self._others.setToolTip(people)
        self._others.setAccessibleDescription(people)

    def set_plan_possible(self, is_possible: bool) -> None:
        """Plan is off while planning and with nothing to plan."""
        self._plan.setEnabled(is_possible)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The title gives way first."""
        self._elide()
        super().resizeEvent(event)

    def _elide(self) -> None:
        self.search.setFixedWidth(WIDE_SEARCH if self.width() >= ENOUGH_WIDTH else NARROW_SEARCH)
        room = max(120, self.width() - self.search.width() - 620)
        metrics = QFontMetrics(self._title.font())
        self._title.setText(metrics.elidedText(self._full_title, Qt.TextElideMode.ElideRight, room))
        self._title.setToolTip(self._full_title)
