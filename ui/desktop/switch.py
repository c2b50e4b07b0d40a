"""On or off, by click or Space."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from ui.desktop.theme import Theme

LENGTH, THICKNESS = 28, 16


class Switch(QAbstractButton):
    """Accent-coloured while it is on; says so to screen readers as every checkable button does."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(self.sizeHint())
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Room for the frame that shows the focus."""
        return QSize(LENGTH + 6, THICKNESS + 6)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from row to row, which is for the list around it."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track, knob, and the focus around them."""
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(3, 3, LENGTH, THICKNESS)
        colour = palette.accent if self.isChecked() else palette.ink_3
        if not self.isEnabled():
            colour = palette.disabled
        painter.setPen(QPen(QColor(colour), 1))
        painter.setBrush(QColor(colour if self.isChecked() else palette.surface))
        painter.drawRoundedRect(track.adjusted(0.5, 0.5, -0.5, -0.5), THICKNESS / 2, THICKNESS / 2)
        knob = QRectF(track.right() - 14 if self.isChecked() else track.left() + 3, track.top() + 2.5, 11, 11)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.on_accent if self.isChecked() else colour))
        painter.drawEllipse(knob)
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(1, 1, LENGTH + 4, THICKNESS + 4), 10, 10)
        painter.end()
