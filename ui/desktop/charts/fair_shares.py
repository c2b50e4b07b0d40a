"""What partners contribute beside their fair share: a bar each, and a tick where the fair share stands."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath

from planner.report.table import Table
from planner.report.why import Subject, Topic
from ui.desktop.charts.spot import Spot
from ui.desktop.figures import number_text
from ui.desktop.theme import Theme

PITCH, BAR = 22.0, 10.0
NAMES, FIGURES = 0.3, 150.0  # of the width; pixels


@dataclass(frozen=True, slots=True)
class Contribution:
    """One partner: its part of what is contributed, its fair share where it has one, and the value."""

    name: str
    code: str
    share: float
    fair: float | None
    value: float


@dataclass(frozen=True, slots=True)
class FairShares:
    """What the chart shows, the largest first."""

    unit: str
    bars: tuple[Contribution, ...]

    @property
    def is_empty(self) -> bool:
        """Nobody contributes anything."""
        return not self.bars

    @property
    def height(self) -> int:
        """The height that every bar has room in."""
        return int(PITCH * len(self.bars) + 22)


def fair_shares_of(table: Table, unit: str) -> FairShares:
    """The bars of the table `partners`: beside fair shares those of the partners that have one."""
    has_fair = "fair_share" in table.positions
    bars = []
    for row in range(len(table.rows)):
        fair = table.value(row, "fair_share") if has_fair else None
        share = table.value(row, "borne") if fair is not None else table.value(row, "share")
        value = table.value(row, "value")
        if value > 0 or fair is not None:
            name, code = table.value(row, "partner_name"), table.value(row, "partner")
            bars.append(Contribution(name, code, share, fair, value))
    with_fair = [bar for bar in bars if bar.fair is not None]
    return FairShares(unit, tuple(sorted(with_fair or bars, key=lambda bar: -bar.value)))


def _line(rect: QRectF, at: int) -> QRectF:
    return QRectF(rect.left(), rect.top() + at * PITCH, rect.width(), PITCH)


def spots(rect: QRectF, data: FairShares, theme: Theme) -> list[Spot]:
    """Every bar with its whole line."""
    found = []
    for at, bar in enumerate(data.bars):
        path = QPainterPath()
        path.addRect(_line(rect, at))
        words = f"{bar.name}: {number_text(bar.value, 0)} {data.unit}, {number_text(bar.share * 100, 1)} %"
        if bar.fair is not None:
            words += f"; fair share {number_text(bar.fair * 100, 1)} %"
        found.append(Spot(path, words, Subject(Topic.PARTNER, (bar.code,))))
    return found


def paint(painter: QPainter, rect: QRectF, data: FairShares, theme: Theme, lit: int | None = None) -> None:
    """Draw the bars on one scale. What a partner bears beyond its fair share is in the colour of limits."""
    palette = theme.palette
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    names = rect.width() * NAMES
    top = max(max(bar.share, bar.fair or 0.0) for bar in data.bars) or 1.0
    room = rect.width() - names - FIGURES
    for at, bar in enumerate(data.bars):
        line = _line(rect, at)
        if at == lit:
            painter.fillRect(line, QColor(palette.accent_soft))
        font = theme.font(bold=at == lit)
        painter.setFont(font)
        painter.setPen(QColor(palette.ink))
        shown = QFontMetricsF(font).elidedText(bar.name, Qt.TextElideMode.ElideRight, names - 12)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, shown)
        y = line.center().y() - BAR / 2
        within = min(bar.share, bar.fair) if bar.fair is not None else bar.share
        painter.fillRect(QRectF(rect.left() + names, y, room, BAR), QColor(palette.head))
        painter.fillRect(QRectF(rect.left() + names, y, room * within / top, BAR), QColor(palette.accent))
        beyond = QRectF(rect.left() + names + room * within / top, y, room * (bar.share - within) / top, BAR)
        painter.fillRect(beyond, QColor(palette.binding))
        if bar.fair is not None:
            tick = QRectF(rect.left() + names + room * bar.fair / top - 1, y - 3, 2, BAR + 6)
            painter.fillRect(tick, QColor(palette.ink))
        words = f"{number_text(bar.share * 100, 1)} %"
        if bar.fair is not None:
            words += f"   fair share {number_text(bar.fair * 100, 1)} %"
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(palette.ink_2))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)
