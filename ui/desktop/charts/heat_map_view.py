"""The heat map as a widget: hover tells a cell's reason, arrow keys walk through it."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QToolTip, QWidget

from planner.report.why import Subject
from planner.report.words import whole_percent
from ui.desktop.charts import heat_map
from ui.desktop.charts.heat_map import Geometry, HeatMap
from ui.desktop.parts import draw_focus
from ui.desktop.theme import Theme

STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class HeatMapArea(QScrollArea):
    """Scrolls a heat map that has more initiatives or regions than there is room for."""

    def __init__(self, view: "HeatMapView") -> None:
        super().__init__()
        self.setWidget(view)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.reached.connect(self._show_cell)

    def minimumSizeHint(self) -> QSize:
        """Less than the heat map: that is what scrolling is for."""
        return QSize(360, 190)

    def _show_cell(self, cell: QRectF) -> None:
        middle = cell.center().toPoint()
        self.ensureVisible(middle.x(), middle.y(), round(cell.width()), round(2 * cell.height()))


class HeatMapView(QWidget):
    """Shows a HeatMap. `cell_told` carries the cell a person chose in words; empty for none."""

    cell_told = Signal(str, str)  # and its mark, which no activity has
    asked = Signal(object)  # Subject of the cell one clicked on or pressed Return in
    moved = Signal(object)  # Subject of the cell one walked to
    reached = Signal(QRectF)  # where that cell is

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._data: HeatMap | None = None
        self._selected: tuple[int, int] | None = None
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(360, 190)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        theme.changed.connect(self.update)

    def show_data(self, data: HeatMap | None) -> None:
        """Show other figures; the selection stays where it is as long as it exists."""
        self._data = data
        if data is None or self._selected is None or self._selected[0] >= len(data.row_labels):
            self._selected = None
        if data is not None and not data.is_empty:
            self.setMinimumSize(*heat_map.least_size(len(data.row_labels), len(data.column_labels)))
        self.update()

    def sizeHint(self) -> QSize:
        """Tall enough for comfortable rows."""
        rows = len(self._data.row_labels) if self._data else 10
        return QSize(620, int(heat_map.HEADER_HEIGHT + rows * 26 + heat_map.TOTAL_GAP + heat_map.LEGEND_HEIGHT))

    def describe(self, row: int, column: int) -> str:
        """A cell in words."""
        assert self._data is not None
        cell = self._data.cells[row][column]
        place = f"{self._data.row_labels[row]}, {self._data.column_labels[column]}"
        if cell.value is None:
            return f"{place}: no need"
        state = "" if cell.goes_ahead else ", does not go ahead"
        sentence = f"{place}: {whole_percent(cell.value)} % {self._data.words}{state}"
        return f"{sentence}. {cell.explanation}" if cell.explanation else sentence

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the figures, and where the keyboard is."""
        painter = QPainter(self)
        if self._data is not None and not self._data.is_empty:
            heat_map.paint(painter, QRectF(self.rect()), self._data, self._theme, self._selected)
        draw_focus(painter, self, self._theme)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """A tool tip says what is under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._cell_at(QPointF(event.pos()))
            if place:
                QToolTip.showText(event.globalPos(), self.describe(*place), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the cell under the mouse, and ask why."""
        place = self._cell_at(event.position())
        if place:
            self._choose(place)
            self.ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys walk from cell to cell, Return asks why, Esc leaves them."""
        if self._data is None or self._data.is_empty:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape and self._selected:
            self._choose(None)
            event.ignore()  # it also closes what explains the cell
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.ask()
        elif event.key() in STEPS:
            step = STEPS[Qt.Key(event.key())]
            row, column = self._selected or (0, -1 if step[1] > 0 else 0)
            rows, columns = len(self._data.row_labels), len(self._data.column_labels)
            self._choose((min(rows - 1, max(0, row + step[0])), min(columns - 1, max(0, column + step[1]))))
            if (subject := self.subject) is not None:
                self.moved.emit(subject)
            if self._selected is not None:
                self.reached.emit(Geometry(QRectF(self.rect()), self._data, self._theme).cell(*self._selected))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming by Tab chooses the first cell, so that the focus can be seen."""
        is_by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if is_by_key and self._selected is None and self._data is not None and not self._data.is_empty:
            self._choose((0, 0))
        super().focusInEvent(event)

    @property
    def row_count(self) -> int:
        """Rows that are shown."""
        return len(self._data.row_labels) if self._data is not None else 0

    @property
    def subject(self) -> Subject | None:
        """What the chosen cell is about."""
        if self._selected is None or self._data is None:
            return None
        return self._data.cells[self._selected[0]][self._selected[1]].subject

    def ask(self) -> None:
        """Ask why about the chosen cell."""
        if (subject := self.subject) is not None:
            self.asked.emit(subject)

    def draw(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the figures for a picture, with no cell chosen."""
        if self._data is not None and not self._data.is_empty:
            heat_map.paint(painter, rect, self._data, self._theme)

    def _cell_at(self, point: QPointF) -> tuple[int, int] | None:
        if self._data is None or self._data.is_empty:
            return None
        return Geometry(QRectF(self.rect()), self._data, self._theme).cell_at(point)

    def _choose(self, place: tuple[int, int] | None) -> None:
        self._selected = place
        words = self.describe(*place) if place else ""
        self.setAccessibleDescription(words)
        self.cell_told.emit(words, "")
        self.update()
