"""The coverage heat map: initiatives down, regions across, the percent in every cell."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen

from planner.report.why import Subject
from planner.report.words import whole_percent as percent
from ui.desktop.theme import Theme

CLASSES = 7
GUTTER = 2.0
TOTAL_GAP = 8.0
HEADER_HEIGHT = 34.0
SLANTED_HEADER_HEIGHT = 92.0
LEGEND_HEIGHT = 28.0
TALLEST_ROW, LOWEST_ROW = 40.0, 14.0
WIDEST_COLUMN = 140.0
NARROWEST_NUMBER = 22.0
LEAST_LABEL = 120.0
NARROWEST_HEADER = 52.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One activity: its coverage 0-1, or None where nothing is needed."""

    value: float | None
    goes_ahead: bool = True
    explanation: str = ""
    subject: Subject | None = None  # what a click asks about


@dataclass(frozen=True, slots=True)
class HeatMap:
    """What the heat map shows. The last row and the last column hold the totals."""

    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    words: str = "covered"  # what the percent of a cell is

    @property
    def is_empty(self) -> bool:
        """Nothing but totals to show."""
        return len(self.row_labels) < 2 or len(self.column_labels) < 2


def least_size(rows: int, columns: int) -> tuple[int, int]:
    """Width and height in which every number can still be read."""
    height = SLANTED_HEADER_HEIGHT + rows * LOWEST_ROW + TOTAL_GAP + LEGEND_HEIGHT
    return round(LEAST_LABEL + columns * (NARROWEST_NUMBER + GUTTER) + TOTAL_GAP), round(height)


class Geometry:
    """Where the cells of a heat map stand in a rectangle."""

    def __init__(self, rect: QRectF, data: HeatMap, theme: Theme) -> None:
        metrics = QFontMetricsF(theme.font())
        rows, columns = len(data.row_labels), len(data.column_labels)
        widest = max((metrics.horizontalAdvance(label) for label in data.row_labels), default=0.0)
        self.label_width = min(widest + 14, rect.width() * 0.4)
        free = rect.width() - self.label_width - TOTAL_GAP
        self.column_width = min(WIDEST_COLUMN, free / columns)
        self.is_slanted = self.column_width < NARROWEST_HEADER
        self.header_height = SLANTED_HEADER_HEIGHT if self.is_slanted else HEADER_HEIGHT
        free = rect.height() - self.header_height - LEGEND_HEIGHT - TOTAL_GAP
        self.row_height = max(LOWEST_ROW, min(TALLEST_ROW, free / rows))
        self.origin = QPointF(rect.left() + self.label_width, rect.top() + self.header_height)
        self.rows, self.columns = rows, columns

    def cell(self, row: int, column: int) -> QRectF:
        """The filled part of a cell."""
        x = self.origin.x() + column * self.column_width + (TOTAL_GAP if column == self.columns - 1 else 0)
        y = self.origin.y() + row * self.row_height + (TOTAL_GAP if row == self.rows - 1 else 0)
        return QRectF(x, y, self.column_width - GUTTER, self.row_height - GUTTER)

    def cell_at(self, point: QPointF) -> tuple[int, int] | None:
        """The row and column of the cell at a point."""
        for row in range(self.rows):
            if not self.cell(row, 0).adjusted(0, 0, 0, GUTTER).top() <= point.y() <= self.cell(row, 0).bottom():
                continue
            for column in range(self.columns):
                if self.cell(row, column).contains(point):
                    return row, column
        return None

    @property
    def bottom(self) -> float:
        """Where the last row ends."""
        return self.cell(self.rows - 1, 0).bottom()


def heat_class(value: float) -> int:
    """0-6 for a share of 0-1: the class of the rounded percent, seven classes of 15 points."""
    return min(CLASSES - 1, max(0, percent(value)) // 15)


def paint(
    painter: QPainter, rect: QRectF, data: HeatMap, theme: Theme, selected: tuple[int, int] | None = None
) -> None:
    """Draw the heat map with its legend into `rect`."""
    geometry = Geometry(rect, data, theme)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    _paint_labels(painter, rect, data, theme, geometry)
    for row, cells in enumerate(data.cells):
        for column, cell in enumerate(cells):
            is_total = row == len(data.cells) - 1 or column == len(cells) - 1
            _paint_cell(painter, geometry.cell(row, column), cell, theme, is_total, (row, column) == selected)
    paint_legend(painter, QRectF(rect.left(), geometry.bottom + 10, rect.width(), 16), theme)


def _paint_cell(painter: QPainter, box: QRectF, cell: Cell, theme: Theme, is_total: bool, is_selected: bool) -> None:
    palette = theme.palette
    if cell.value is None:
        painter.setFont(theme.font())
        painter.setPen(QColor(palette.ink_3))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "·")
    else:
        if cell.goes_ahead:
            which = heat_class(cell.value)
            painter.fillRect(box, QColor(palette.heat[which]))
            ink = palette.on_heat[which]
        else:
            paint_hatch(painter, box, theme)
            ink = palette.gap
        if box.width() >= NARROWEST_NUMBER and box.height() >= 12:
            font = theme.font(bold=is_total or is_selected or not cell.goes_ahead)
            font.setPixelSize(12 if box.height() >= 15 else 10)
            painter.setFont(font)
            painter.setPen(QColor(ink))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(percent(cell.value)))
    if is_selected:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(palette.ink), 2))
        painter.drawRect(box.adjusted(0, 0, -1, -1))


def paint_hatch(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """The pattern of what does not go ahead."""
    painter.fillRect(box, QBrush(QColor(theme.palette.line_strong), Qt.BrushStyle.BDiagPattern))


def _paint_labels(painter: QPainter, rect: QRectF, data: HeatMap, theme: Theme, geometry: Geometry) -> None:
    palette = theme.palette
    for row, label in enumerate(data.row_labels):
        is_total = row == len(data.row_labels) - 1
        font = theme.font(bold=is_total)
        font.setPixelSize(13 if geometry.row_height >= 18 else 11)
        painter.setFont(font)
        painter.setPen(QColor(palette.ink))
        box = QRectF(rect.left(), geometry.cell(row, 0).top(), geometry.label_width - 12, geometry.row_height - GUTTER)
        text = QFontMetricsF(font).elidedText(label, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
    for column, label in enumerate(data.column_labels):
        font = theme.font("small", bold=column == len(data.column_labels) - 1)
        painter.setFont(font)
        painter.setPen(QColor(palette.ink_2))
        box = geometry.cell(0, column)
        if geometry.is_slanted:
            _paint_upright(painter, box, label, font, geometry)
        else:
            top = QRectF(box.left() - 1, rect.top(), box.width() + 2, geometry.header_height - 5)
            _paint_in_two_lines(painter, top, label, QFontMetricsF(font))


def _paint_upright(painter: QPainter, box: QRectF, label: str, font: object, geometry: Geometry) -> None:
    """A label that reads upwards, where columns are narrow."""
    room = geometry.header_height - 8
    text = painter.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, int(room))
    painter.save()
    painter.translate(box.center().x(), box.top() - 5)
    painter.rotate(-90)
    painter.drawText(QRectF(0, -10, room, 20), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()


def _paint_in_two_lines(painter: QPainter, box: QRectF, label: str, metrics: QFontMetricsF) -> None:
    """A label above a column: words on at most two lines, the rest elided."""
    lines = [""]
    for word in label.split():
        longer = f"{lines[-1]} {word}".strip()
        if metrics.horizontalAdvance(longer) <= box.width() or not lines[-1] or len(lines) == 2:
            lines[-1] = longer
        else:
            lines.append(word)
    lines = [metrics.elidedText(line, Qt.TextElideMode.ElideRight, box.width()) for line in lines]
    painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, "\n".join(lines))


def paint_legend(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """From 0 to 100 %, what the hatch means, what the dot means."""
    palette = theme.palette
    painter.setFont(theme.font("small"))
    metrics = QFontMetricsF(painter.font())
    x, middle = box.left(), box.center().y()

    def write(text: str, gap: float) -> None:
        nonlocal x
        painter.setPen(QColor(palette.ink_2))
        width = metrics.horizontalAdvance(text) + 2
        painter.drawText(QRectF(x, box.top(), width, box.height()), Qt.AlignmentFlag.AlignVCenter, text)
        x += width + gap

    write("0", 4)
    for which in range(CLASSES):
        painter.fillRect(QRectF(x, middle - 5, 25, 10), QColor(palette.heat[which]))
        if which == 0:
            painter.setPen(QPen(QColor(palette.line_strong), 1))
            painter.drawRect(QRectF(x + 0.5, middle - 4.5, 24, 9))
        x += 27
    x += 4
    write("100 %", 28)
    paint_hatch(painter, QRectF(x, middle - 5, 14, 10), theme)
    x += 19
    write("does not go ahead", 28)
    write("·  no need", 0)
