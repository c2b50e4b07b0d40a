"""A table whose columns fit what is in them, until somebody arranges them otherwise: wider, hidden or moved."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent

from ui.desktop.tables.column_layout import layout_text, restore_layout
from ui.desktop.tables.frozen_table import FrozenTable
from ui.desktop.tables.grid_model import BAR, GridModel
from ui.desktop.theme import Theme

NARROWEST, WIDEST = 60, 300
MEASURED_ROWS = 80  # column widths are measured on the first rows
BAR_WIDTH = 48  # pixels for the bar beside a figure
CELL_MARGIN, TITLE_MARGIN = 18, 22  # pixels beside a text


class ArrangedTable(FrozenTable):
    """`arranged` carries the columns as they stand now, as `restore_columns` takes them."""

    arranged = Signal(str)

    def __init__(self, theme: Theme, model: GridModel) -> None:
        super().__init__(theme, model)
        self.grid = model

    def fit_columns(self) -> None:
        """Give every column the width of its first rows and its title."""
        for column in range(self.grid.columnCount()):
            self.setColumnWidth(column, self._wanted_width(column))
        count = max(self.grid.rowCount(), 99)
        self.verticalHeader().setFixedWidth(QFontMetrics(self.font()).horizontalAdvance(str(count)) + 14)

    def _wanted_width(self, column: int) -> int:
        title_metrics = QFontMetrics(self._theme.font("small", bold=True))
        title = title_metrics.horizontalAdvance(self.grid.headings()[column]) + TITLE_MARGIN
        return min(WIDEST, max(NARROWEST, title, self._cells_width(column, 0)))

    def _cells_width(self, column: int, first: int) -> int:
        """What the cells of a column need, from a place of the screen on."""
        font = QFont(self.font())
        metrics = QFontMetrics(font)
        font.setWeight(QFont.Weight.DemiBold)
        bold = QFontMetrics(font)
        model = self.grid
        rows = range(first, min(first + MEASURED_ROWS, model.rowCount()))
        texts = {(look.text, look.is_bold) for look in (model.look(place, column) for place in rows)}
        widest = max(((bold if is_bold else metrics).horizontalAdvance(text) for text, is_bold in texts), default=0)
        if rows and model.index(0, column).data(BAR) is not None:
            widest += BAR_WIDTH
        return widest + CELL_MARGIN

    def widen_for_figures(self) -> None:
        """No figure in view is cut off, however narrow its column was."""
        first = max(0, self.rowAt(0))
        for column in self.shown_columns():
            if self.grid.is_numeric(column):
                wanted = min(WIDEST, self._cells_width(column, first))
                if wanted > self.columnWidth(column):
                    self.setColumnWidth(column, wanted)

    # -- columns as somebody arranged them

    def restore_columns(self, words: str) -> None:
        """Arrange the columns as they were left."""
        restore_layout(self.horizontalHeader(), list(self.grid.headings()), words)
        self.widen_for_figures()

    def hide_column(self) -> None:
        """Hide the column with the cursor, unless it is the last one in view."""
        shown = self.shown_columns()
        column = self.currentIndex().column()
        if column in shown and len(shown) > 1:
            self.setColumnHidden(column, True)
            self.setCurrentIndex(self.currentIndex().siblingAtColumn(next(at for at in shown if at != column)))
            self._tell_columns()

    def show_columns(self) -> None:
        """Show every column, in the order of the table and as wide as its cells."""
        header = self.horizontalHeader()
        for column in range(header.count()):
            header.moveSection(header.visualIndex(column), column)
            header.setSectionHidden(column, False)
        self.fit_columns()
        self._tell_columns()

    def _fit_column(self, column: int) -> None:
        self.setColumnWidth(column, self._wanted_width(column))
        self._tell_columns()

    def _tell_columns(self) -> None:
        self.arranged.emit(layout_text(self.horizontalHeader(), list(self.grid.headings())))

    def shown_columns(self) -> list[int]:
        """The columns in view, from left to right."""
        columns = (self.horizontalHeader().logicalIndex(visual) for visual in range(self.horizontalHeader().count()))
        return [column for column in columns if not self.isColumnHidden(column)]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A last column of long texts takes the room that is left."""
        super().resizeEvent(event)
        last = self.grid.columnCount() - 1
        others = self.horizontalHeader().length() - self.columnWidth(last)
        if self.columnWidth(last) >= WIDEST:
            self.setColumnWidth(last, max(WIDEST, self.viewport().width() - others))
