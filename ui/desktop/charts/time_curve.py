"""Coverage over time: one line per region, initiative or resource, named at its end."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from planner.report.table import Table
from planner.report.why import Subject, Topic
from planner.report.words import whole_percent as percent
from ui.desktop.charts.spot import Spot
from ui.desktop.theme import Theme

BOTTOM, LEFT = 26.0, 40.0
LABELS = 0.24  # of the width, for the names at the right
LEAST_PITCH = 14.0  # pixels between two names
DOT = 3.0
GRID = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: its points by position of the period; None where nothing is needed then."""

    name: str
    points: tuple[float | None, ...]
    subject: Subject


@dataclass(frozen=True, slots=True)
class TimeCurve:
    """What the chart shows; the first curve is that of all needs."""

    labels: tuple[str, ...]
    curves: tuple[Curve, ...]

    @property
    def is_empty(self) -> bool:
        """Nothing is needed in any period."""
        return not self.curves


def time_curve_of(table: Table, by: str) -> TimeCurve:
    """The curves of the table `periods` by region, initiative or resource."""
    at = table.positions
    labels = {row[at["period"]]: row[at["period_label"]] for row in table.rows}
    order = sorted(labels)
    points: dict[tuple[str, str, str], dict[int, float]] = {}
    for row in table.rows:
        if row[at["by"]] in ("all", by):
            key = (row[at["by"]], row[at["code"]], row[at["name"]])
            points.setdefault(key, {})[row[at["period"]]] = row[at["coverage"]]
    curves = (
        Curve(
            name,
            tuple(found.get(period) for period in order),
            Subject(Topic(scope), (code,) if code else ()),
        )
        for (scope, code, name), found in points.items()
    )
    return TimeCurve(tuple(labels[period] for period in order), tuple(curves))


def _plot(rect: QRectF) -> QRectF:
    return QRectF(rect.left() + LEFT, rect.top() + 8, rect.width() * (1 - LABELS) - LEFT, rect.height() - BOTTOM - 12)


def _place(plot: QRectF, data: TimeCurve, at: int, share: float) -> QPointF:
    step = plot.width() / max(1, len(data.labels) - 1)
    x = plot.left() + (step * at if len(data.labels) > 1 else plot.width() / 2)
    return QPointF(x, plot.bottom() - plot.height() * min(1.0, share))


def spots(rect: QRectF, data: TimeCurve, theme: Theme) -> list[Spot]:
    """Every point of every curve."""
    plot, found = _plot(rect), []
    for curve in data.curves:
        for at, share in enumerate(curve.points):
            if share is not None:
                path = QPainterPath()
                path.addEllipse(_place(plot, data, at, share), 9, 9)
                words = f"{curve.name}, {data.labels[at]}: {percent(share)} % covered"
                found.append(Spot(path, words, curve.subject))
    return found


def paint(painter: QPainter, rect: QRectF, data: TimeCurve, theme: Theme, lit: int | None = None) -> None:
    """Grey lines, that of all needs and the one in focus in colour; `lit` is the spot in focus."""
    plot, palette = _plot(rect), theme.palette
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_grid(painter, plot, data, theme)
    owners = [at for at, curve in enumerate(data.curves) for share in curve.points if share is not None]
    chosen = owners[lit] if lit is not None and lit < len(owners) else 0
    order = [at for at in range(len(data.curves)) if at not in (0, chosen)] + [0] * bool(chosen) + [chosen]
    for at in order:
        curve = data.curves[at]
        colour = QColor(palette.accent if at == chosen else palette.ink if at == 0 else palette.ink_3)
        colour.setAlphaF(1.0 if at in (0, chosen) else 0.5)
        painter.setPen(QPen(colour, 2.5 if at == chosen else 1.5, Qt.PenStyle.SolidLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(_path(plot, data, curve))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for period, share in enumerate(curve.points):
            if share is not None:
                painter.drawEllipse(_place(plot, data, period, share), DOT, DOT)
    for at, y in _label_places(plot, data):
        curve = data.curves[at]
        font = theme.font("small", bold=at in (0, chosen))
        painter.setFont(font)
        painter.setPen(QColor(palette.accent if at == chosen else palette.ink if at == 0 else palette.ink_2))
        last = next(share for share in reversed(curve.points) if share is not None)
        box = QRectF(plot.right() + 12, y - 8, rect.right() - plot.right() - 12, 16)
        words = QFontMetricsF(font).elidedText(
            f"{percent(last)}  {curve.name}", Qt.TextElideMode.ElideRight, box.width()
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)


def _path(plot: QRectF, data: TimeCurve, curve: Curve) -> QPainterPath:
    """A line through the points; it breaks where nothing is needed."""
    path, is_down = QPainterPath(), False
    for at, share in enumerate(curve.points):
        if share is None:
            is_down = False
        elif is_down:
            path.lineTo(_place(plot, data, at, share))
        else:
            path.moveTo(_place(plot, data, at, share))
            is_down = True
    return path


def _label_places(plot: QRectF, data: TimeCurve) -> Iterator[tuple[int, float]]:
    """Where each name stands: beside the last point, pushed apart where they would cover each other."""
    ends = []
    for at, curve in enumerate(data.curves):
        last = next(share for share in reversed(curve.points) if share is not None)
        ends.append((_place(plot, data, 0, last).y(), at))
    pitch = min(LEAST_PITCH, (plot.height() + 4) / max(1, len(ends)))
    ends.sort()
    places, y = [], plot.top() - 8 - pitch
    for wanted, at in ends:
        y = max(wanted, y + pitch)
        places.append([y, at])
    limit = plot.bottom() - 4
    for entry in reversed(places):
        entry[0] = min(entry[0], limit)
        limit = entry[0] - pitch
    return ((int(at), y) for y, at in places)


def _paint_grid(painter: QPainter, plot: QRectF, data: TimeCurve, theme: Theme) -> None:
    palette = theme.palette
    painter.setFont(theme.font("small"))
    for share in GRID:
        y = plot.bottom() - plot.height() * share
        painter.setPen(QPen(QColor(palette.line), 1))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setPen(QColor(palette.ink_3))
        box = QRectF(plot.left() - LEFT, y - 8, LEFT - 8, 16)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(round(share * 100)))
    count = len(data.labels)
    room = max((painter.fontMetrics().horizontalAdvance(label) for label in data.labels), default=40) + 12
    every = max(1, -(-count * room // max(1, int(plot.width() + room))))
    for at, label in enumerate(data.labels):
        if at % every == 0:
            x = _place(plot, data, at, 0.0).x()
            painter.setPen(QColor(palette.ink_2))
            painter.drawText(QRectF(x - 60, plot.bottom() + 8, 120, 16), Qt.AlignmentFlag.AlignHCenter, label)
