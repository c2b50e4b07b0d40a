"""Two lines that meet: the best plan so far and the bound no plan can pass, over the seconds of a run."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ui.desktop.theme import Theme


@dataclass(frozen=True, slots=True)
class Point:
    """One report of the run; best or bound may not be known yet."""

    seconds: float
    best: float | None
    bound: float | None


def paint(painter: QPainter, rect: QRectF, points: list[Point], theme: Theme) -> None:
    """Draw both lines as steps, and the room between them."""
    palette = theme.palette
    plot = rect.adjusted(0, 4, -4, -16)
    painter.setPen(QPen(QColor(palette.line), 1))
    for share in (0.0, 0.5, 1.0):
        y = plot.top() + share * plot.height()
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
    values = [value for point in points for value in (point.best, point.bound) if value is not None]
    painter.setFont(theme.font("small"))
    painter.setPen(QColor(palette.ink_2))
    last = max((point.seconds for point in points), default=0.0)
    ends = QRectF(plot.left(), plot.bottom() + 2, plot.width(), 14)
    painter.drawText(ends, Qt.AlignmentFlag.AlignLeft, "0")
    painter.drawText(ends, Qt.AlignmentFlag.AlignRight, f"{last:.0f} s")
    if not values or last <= 0:
        return
    low, high = min(values), max(values)
    room = (high - low) or max(abs(high), 1.0) * 0.1
    low, high = low - room * 0.08, high + room * 0.08

    def place(seconds: float, value: float) -> QPointF:
        return QPointF(
            plot.left() + seconds / last * plot.width(), plot.bottom() - (value - low) / (high - low) * plot.height()
        )

    best = steps([(point.seconds, point.best) for point in points], last, place)
    bound = steps([(point.seconds, point.bound) for point in points], last, place)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    known = [point for point in points if point.best is not None and point.bound is not None]
    if known:
        painter.setPen(Qt.PenStyle.NoPen)
        fill = QColor(palette.heat[1])
        fill.setAlphaF(0.8)
        painter.setBrush(fill)
        below = steps([(point.seconds, point.best) for point in known], last, place)
        above = steps([(point.seconds, point.bound) for point in known], last, place)
        painter.drawPolygon(QPolygonF(below + list(reversed(above))))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(palette.ink_2), 1.5, Qt.PenStyle.DashLine))
    painter.drawPolyline(QPolygonF(bound))
    painter.setPen(QPen(QColor(palette.accent), 2))
    painter.drawPolyline(QPolygonF(best))


def steps(
    figures: list[tuple[float, float | None]], last: float, place: Callable[[float, float], QPointF]
) -> list[QPointF]:
    """A line that keeps its height until the next report."""
    result: list[QPointF] = []
    previous: float | None = None
    for seconds, value in figures:
        if value is None:
            continue
        if previous is not None:
            result.append(place(seconds, previous))
        result.append(place(seconds, value))
        previous = value
    if previous is not None:
        result.append(place(last, previous))
    return result


class ProgressCurve(QWidget):
    """The curve of the run that is going on."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._points: list[Point] = []
        self.setFixedSize(250, 84)
        self.setAccessibleName("Best plan and bound over time")
        theme.changed.connect(self.update)

    def restart(self) -> None:
        """Begin anew, for another objective."""
        self._points = []
        self.update()

    def add(self, point: Point) -> None:
        """One more report."""
        self._points.append(point)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the curve."""
        painter = QPainter(self)
        paint(painter, QRectF(self.rect()), self._points, self._theme)
        painter.end()
