"""A chart as a widget: hover says its numbers, arrow keys walk from spot to spot, a click or Return asks why."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.desktop.charts.spot import Spot
from ui.desktop.parts import draw_focus
from ui.desktop.theme import Theme

Paint = Callable[[QPainter, QRectF, Any, Theme, int | None], None]
PaintLit = Callable[[QPainter, QRectF, Any, Theme, int], None]
Spots = Callable[[QRectF, Any, Theme], list[Spot]]
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class ChartView(QWidget):
    """Shows data through a paint function. `cell_told` carries what the spot in focus says.

    `paint_lit` draws the spot in focus over a picture that is kept; without it everything is drawn again.
    """

    asked = Signal(object)  # Subject
    moved = Signal(object)
    cell_told = Signal(str, str)  # and its mark, which no spot has

    def __init__(self, theme: Theme, name: str, paint: Paint, spots: Spots, paint_lit: PaintLit | None = None) -> None:
        super().__init__()
        self._paint_lit = paint_lit
        self._kept: tuple[object, QPixmap] | None = None  # what it shows, the picture
        self._theme, self._paint, self._spots_of = theme, paint, spots
        self._data: Any = None
        self._lit: int | None = None
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        theme.changed.connect(self.update)

    @property
    def data(self) -> Any:
        """What is shown; None for nothing."""
        return self._data

    @property
    def spots(self) -> list[Spot]:
        """The places that stand for something, in the order of the keyboard."""
        if self._data is None or self._data.is_empty:
            return []
        return self._spots_of(QRectF(self.rect()), self._data, self._theme)

    def show_data(self, data: Any) -> None:
        """Show other figures."""
        if data != self._data:
            self._data, self._lit = data, None
        self.update()

    def draw(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the figures for a picture, with nothing in focus."""
        if self._data is not None and not self._data.is_empty:
            self._paint(painter, rect, self._data, self._theme, None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the figures, and where the mouse or the keyboard is."""
        painter = QPainter(self)
        if self._data is not None and not self._data.is_empty:
            self._paint_data(painter, QRectF(self.rect()), self._data)
        draw_focus(painter, self, self._theme)
        painter.end()

    def _paint_data(self, painter: QPainter, rect: QRectF, data: Any) -> None:
        if self._paint_lit is None:
            self._paint(painter, rect, data, self._theme, self._lit)
            return
        painter.drawPixmap(0, 0, self._picture(rect))
        if self._lit is not None and self._lit < len(self.spots):
            self._paint_lit(painter, rect, data, self._theme, self._lit)

    def _picture(self, rect: QRectF) -> QPixmap:
        """The chart with nothing in focus, drawn once for this size and theme."""
        scale = self.devicePixelRatioF()
        shown = (self._data, self._theme.palette, self.size(), scale)
        if self._kept is None or self._kept[0] != shown:
            picture = QPixmap(self.size() * scale)
            picture.setDevicePixelRatio(scale)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            self._paint(painter, rect, self._data, self._theme, None)
            painter.end()
            self._kept = (shown, picture)
        return self._kept[1]

    def event(self, event: QEvent) -> bool:
        """A tool tip says the number under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._spot_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.spots[at].words if at is not None else "", self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """What is under the mouse lights up."""
        at = self._spot_at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if at is not None else Qt.CursorShape.ArrowCursor)
        if at is not None:
            self._light(at)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is lit but what the keyboard came to."""
        super().leaveEvent(event)
        if not self.hasFocus():
            self._lit = None
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask why about what is under the mouse."""
        at = self._spot_at(event.position())
        if at is not None:
            self._light(at)
            self.ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys walk, Return asks why."""
        spots = self.spots
        if event.key() in STEPS and spots:
            step = STEPS[Qt.Key(event.key())]
            at = (self._lit + step) % len(spots) if self._lit is not None else (0 if step > 0 else len(spots) - 1)
            self._light(at)
            if spots[at].subject is not None:
                self.moved.emit(spots[at].subject)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.ask()
        else:
            super().keyPressEvent(event)

    def ask(self) -> None:
        """Ask why about the spot in focus."""
        spots = self.spots
        if self._lit is not None and self._lit < len(spots) and spots[self._lit].subject is not None:
            self.asked.emit(spots[self._lit].subject)

    def _light(self, at: int) -> None:
        if at != self._lit:
            self._lit = at
            words = self.spots[at].words
            self.setAccessibleDescription(words)
            self.cell_told.emit(words, "")
            self.update()

    def _spot_at(self, point: QPointF) -> int | None:
        spots = self.spots
        return next((at for at in range(len(spots) - 1, -1, -1) if spots[at].shape.contains(point)), None)
