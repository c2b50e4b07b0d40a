"""A waterfall: from what is needed, through what each reason takes away, to what is left."""

from PySide6.QtCore import QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from planner.report.table import PERCENT
from planner.report.why import Step, Waterfall
from ui.desktop.figures import change_text, number_text
from ui.desktop.theme import Theme

PITCH, BAR = 24.0, 14.0
AXIS_HEIGHT = 20.0
MOST_LABEL = 0.52  # of the width
FIGURE_WIDTH = 56.0
TICKS = 4


def height_of(data: Waterfall) -> int:
    """The height that every step has room in."""
    return int(PITCH * len(data.steps) + AXIS_HEIGHT)


def step_text(step: Step, unit: str) -> str:
    """The figure at the right: losses with their sign, shares as points of 100."""
    value = step.value * 100 if unit == PERCENT else step.value
    decimals = 1 if unit == PERCENT else 0 if abs(value) >= 1000 else None
    return number_text(value, decimals) if step.is_total else change_text(value, decimals)


def paint(painter: QPainter, rect: QRectF, data: Waterfall, theme: Theme) -> None:
    """Draw the steps below each other, each where the one before it ends."""
    palette = theme.palette
    metrics = QFontMetricsF(_font(theme, False))
    widest = max(metrics.horizontalAdvance(step.title) for step in data.steps)
    left = rect.left() + min(widest + 16, rect.width() * MOST_LABEL)
    plot = QRectF(left, rect.top(), rect.right() - FIGURE_WIDTH - left, PITCH * len(data.steps))
    top = max((step.value for step in data.steps if step.is_total), default=0.0) or 1.0
    _paint_axis(painter, plot, top, data.unit, theme)
    before = 0.0
    for at, step in enumerate(data.steps):
        end = step.value if step.is_total else before + step.value
        low, high = (0.0, step.value) if step.is_total else (end, before)
        y = plot.top() + at * PITCH + (PITCH - BAR) / 2
        box = QRectF(plot.left() + plot.width() * low / top, y, max(1.0, plot.width() * (high - low) / top), BAR)
        painter.fillRect(box, _colour(step, at == 0, theme))
        if at < len(data.steps) - 1:
            x = plot.left() + plot.width() * end / top
            painter.setPen(QPen(QColor(palette.ink_3), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, y + BAR), QPointF(x, y + PITCH))
        line = QRectF(rect.left(), plot.top() + at * PITCH, rect.width(), PITCH)
        font = _font(theme, step.is_total)
        painter.setFont(font)
        painter.setPen(QColor(palette.ink))
        shown = QFontMetricsF(font).elidedText(step.title, Qt.TextElideMode.ElideRight, left - rect.left() - 6)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.setPen(QColor(palette.ink if step.is_total else palette.gap))
        words = step_text(step, data.unit)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)
        before = end


def _paint_axis(painter: QPainter, plot: QRectF, top: float, unit: str, theme: Theme) -> None:
    """Grid lines; points of 100 at each of them, else the whole alone, for quarters of it are no round figures."""
    painter.setFont(theme.font("small"))
    for tick in range(TICKS + 1):
        x = plot.left() + plot.width() * tick / TICKS
        painter.setPen(QPen(QColor(theme.palette.line), 1))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom() + 2))
        if unit == PERCENT or tick in (0, TICKS):
            painter.setPen(QColor(theme.palette.ink_3))
            box = QRectF(x - 40, plot.bottom() + 3, 80, 14)
            words = step_text(Step("", top * tick / TICKS, is_total=True), unit)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, words.removesuffix(f"{QLocale().decimalPoint()}0"))


def _colour(step: Step, is_first: bool, theme: Theme) -> QColor:
    if not step.is_total:
        return QColor(theme.palette.gap)
    colour = QColor(theme.palette.ink_3 if is_first else theme.palette.accent)
    colour.setAlphaF(0.55 if is_first else 1.0)
    return colour


def _font(theme: Theme, is_bold: bool) -> QFont:
    font = theme.font(bold=is_bold)
    font.setPixelSize(12)
    return font
