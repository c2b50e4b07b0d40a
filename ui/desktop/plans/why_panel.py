"""Why? - the panel at the right edge that explains whatever figure was asked about."""

from typing import Any

from PySide6.QtCore import QRectF, Qt, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QTextDocument
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QTextBrowser, QWidget
from shiboken6 import isValid

from planner.plan import Plan
from planner.report.why import Explanation, Subject, explain
from ui.desktop.charts import waterfall
from ui.desktop.icons import pixmap
from ui.desktop.parts import button, column, row, strip, text
from ui.desktop.plans import why_text
from ui.desktop.session import Session
from ui.desktop.tables.headings import place_title
from ui.desktop.theme import Theme

WIDTH = 340
HEAD = 36
MARGIN = 14  # pixels beside the text
STALE = "The scenario was changed after this plan was made."
TRIAL = "Switches the rule off in a copy of the scenario, which you can plan"
PICTURE_WIDTH = WIDTH - 2 * MARGIN - 14  # less a scroll bar


class Page(QTextBrowser):
    """Rich text that loads nothing but the one picture it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.picture: QImage | None = None
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Explanation")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(MARGIN)

    def loadResource(self, kind: int, name: QUrl) -> Any:
        """The picture; never a file or an address that a text names."""
        is_picture = kind == QTextDocument.ResourceType.ImageResource.value and name.toString() == why_text.PICTURE
        return self.picture if is_picture else None


class WhyPanel(QFrame):
    """Explains one subject of the plan in view; links in it lead on, Back leads back, Esc closes it."""

    place_asked = Signal(object)  # Place in the scenario
    trial_asked = Signal(object)  # Fix to apply to a copy

    def __init__(self, theme: Theme, session: Session) -> None:
        super().__init__()
        self.setObjectName("why")
        self.setAccessibleName("Why?")
        self.setFixedWidth(WIDTH)
        self._theme, self._session = theme, session
        self._trail: list[Subject] = []  # the last one is shown
        self._plan: Plan | None = None
        self._came_from: QWidget | None = None
        self._told: Explanation | None = None
        self._subjects: list[Subject] = []
        self._icon = QLabel()
        self._back = button(
            theme, "Back", self.go_back, kind="tool", tip="Back to what was explained before (Alt+Left)"
        )
        self._back.setShortcut("Alt+Left")
        self._open = button(theme, "Open", self._go_to_place, kind="tool", tip="Go to it in the scenario")
        self._try = button(theme, "Try without it in a copy", self._try_without, kind="tool", tip=TRIAL)
        copy = button(theme, "Copy", self.copy, kind="tool", tip="Copy this explanation as text")
        close = button(theme, "", self.close_panel, icon="close", kind="flat", name="Close Why?", tip="Close (Esc)")
        head = row(self._icon, text("Why?", "emphasis"), None, self._back, copy, close, spacing=6)
        head.setContentsMargins(MARGIN, 0, 4, 0)
        self.page = Page()
        self.page.anchorClicked.connect(self._follow_link)
        self._foot = strip("toolStrip", row(self._try, self._open, None, margins=(MARGIN, 0, 8, 0)), HEAD)
        self.setLayout(column(strip("subHeader", head, HEAD), self.page, self._foot))
        session.plans_changed.connect(self._plans_changed)
        theme.changed.connect(self._repaint)
        self.hide()

    @property
    def subject(self) -> Subject | None:
        """What is being explained."""
        return self._trail[-1] if self._trail and self.is_open else None

    @property
    def is_open(self) -> bool:
        """Whether something is being explained."""
        return not self.isHidden()

    @property
    def told(self) -> Explanation | None:
        """What is said."""
        return self._told if self.is_open else None

    def ask(self, subject: Subject) -> None:
        """Explain a subject, and open where nothing was explained yet."""
        focus = QApplication.focusWidget()
        if focus is not None and not self.isAncestorOf(focus):
            self._came_from = focus
        self._trail = [subject]
        self._show()

    def follow(self, subject: Subject) -> None:
        """Explain the subject one came to, where the panel is open."""
        if self.is_open:
            self.ask(subject)

    def go_back(self) -> None:
        """Explain again what was explained before the last link."""
        if len(self._trail) > 1:
            self._trail.pop()
            self._show()

    def copy(self) -> None:
        """Put the explanation on the clipboard."""
        if self._told is not None:
            QGuiApplication.clipboard().setText(why_text.plain_text(self._told))

    def close_panel(self) -> None:
        """Close, and give the focus back to where the question came from."""
        focus = QApplication.focusWidget()
        had_focus = focus is not None and self.isAncestorOf(focus)
        self.hide()
        if had_focus and self._came_from is not None and isValid(self._came_from):
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)

    def _plans_changed(self) -> None:
        if self._session.plan is not self._plan and self.is_open:
            self._show()

    def _repaint(self) -> None:
        if self.is_open:
            self._show()

    def _show(self) -> None:
        tables, self._plan = self._session.plan_tables, self._session.plan
        if tables is None or self._plan is None or not self._plan.has_allocations or not self._trail:
            self.hide()
            return
        self._told = told = explain(tables.figures, self._trail[-1])
        self._subjects = []
        self.page.picture = self._picture(told)
        note = STALE if self._session.is_stale(self._plan) else ""
        self.page.setHtml(why_text.page(told, note, self._theme.palette, PICTURE_WIDTH, self._subjects))
        self.page.setAccessibleDescription(f"{told.title}. {told.state}")
        self._back.setVisible(len(self._trail) > 1)
        self._open.setVisible(told.place is not None)
        self._try.setVisible(told.trial is not None)
        self._foot.setVisible(told.place is not None)
        if told.place is not None:
            self._open.setText(f"Open {place_title(told.place)}")
        self._icon.setPixmap(pixmap("information", self._theme.palette.accent, 16, self.devicePixelRatioF()))
        self.show()

    def _picture(self, told: Explanation) -> QImage | None:
        if told.waterfall is None:
            return None
        scale, height = self.devicePixelRatioF(), waterfall.height_of(told.waterfall)
        picture = QImage(round(PICTURE_WIDTH * scale), round(height * scale), QImage.Format.Format_ARGB32)
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        waterfall.paint(painter, QRectF(0, 0, PICTURE_WIDTH, height), told.waterfall, self._theme)
        painter.end()
        return picture

    def _follow_link(self, link: QUrl) -> None:
        self._trail.append(self._subjects[int(link.toString().removeprefix(why_text.LINK))])
        self._show()

    def _try_without(self) -> None:
        if self._told is not None and self._told.trial is not None:
            self.trial_asked.emit(self._told.trial)

    def _go_to_place(self) -> None:
        if self._told is not None and self._told.place is not None:
            self.place_asked.emit(self._told.place)
