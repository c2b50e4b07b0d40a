"""The bar above everything: what is open, whether it is saved, undo, redo and Plan."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.desktop.parts import button, chip, row, set_chip, text
from ui.desktop.session import Session
from ui.desktop.theme import Theme

HEIGHT = 48
ROOMS = ((360, 180), (180, 180), (180, 90), (180, 0))  # pixels for the search and the name of the file
ENOUGH_WIDTH = 1280  # for the first of them
LEAST_TITLE, APART = 160, 10
PROTECTED = "Protected by a passphrase"
SHARED = "A copy for others: what they may not see is not in it. What changes here comes home by merging"


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
        self._file = text("", "hint")
        self._saved = text("", "hint")
        self._kind = chip("")
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
                *(self._title, 4, self._file, self._saved, 4, self._kind, self._sensitivity, self._others),
                *(None, self.search, None),
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
        is_protected, is_copy = session.is_protected, session.is_shared_copy
        kind = "Protected copy" if is_protected and is_copy else "Protected" * is_protected or "Shared copy" * is_copy
        set_chip(self._kind, kind, "plain")
        self._kind.setToolTip(". ".join([*[SHARED] * is_copy, *[PROTECTED] * is_protected]))
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
        self._elide()

    def set_plan_possible(self, is_possible: bool) -> None:
        """Plan is off while planning and with nothing to plan."""
        self._plan.setEnabled(is_possible)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The title gives way first."""
        self._elide()
        super().resizeEvent(event)

    def _elide(self) -> None:
        path = self._session.path
        self._file.setToolTip(str(path or ""))
        self._kind.setVisible(bool(self._kind.text()))
        for search, name in ROOMS if self.width() >= ENOUGH_WIDTH else ROOMS[1:]:
            self.search.setFixedWidth(search)
            words = self._file.fontMetrics().elidedText(path.name if path else "", Qt.TextElideMode.ElideMiddle, name)
            self._file.setText(words)
            self._file.setVisible(bool(words and name))
            if self._title_room() >= LEAST_TITLE:
                break
        else:
            self._kind.hide()
        metrics, room = QFontMetrics(self._title.font()), max(LEAST_TITLE, self._title_room())
        self._title.setText(metrics.elidedText(self._full_title, Qt.TextElideMode.ElideRight, room))
        self._title.setToolTip("\n".join(filter(None, (self._full_title, str(path or ""), self._kind.toolTip()))))

    def _title_room(self) -> int:
        """What the others in the bar leave."""
        others = (
            *(self._file, self._saved, self._kind, self._sensitivity, self._others),
            *(self.search, self._undo, self._redo, self._plan),
        )
        widths = [max(each.sizeHint().width(), each.minimumWidth()) for each in others if not each.isHidden()]
        return self.width() - sum(widths) - APART * (len(widths) + 4)
