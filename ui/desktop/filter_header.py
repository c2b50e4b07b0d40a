"""A table header with a row of filter fields under the titles."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit

from ui.desktop.frozen_table import FrozenTable
from ui.desktop.grid_model import GridModel
from ui.desktop.parts import framed, restyle
from ui.desktop.theme import Theme

TITLE_HEIGHT = 28
FILTER_HEIGHT = 28
TYPING_PAUSE = 200  # milliseconds


class FilterHeader(QHeaderView):
    """Titles that sort on a click, fields that filter while one types. Esc in a field empties it."""

    arranged = Signal()  # somebody moved a column or gave it another width

    def __init__(self, theme: Theme, table: FrozenTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._theme, self._table = theme, table
        self._is_over_frozen = False
        self._pressed: list[tuple[int, int]] = []
        self.setSectionsMovable(True)
        self._fields: list[QLineEdit] = []
        self._line = framed("rule", parent=self)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSortIndicatorShown(False)
        self.setMinimumSectionSize(40)
        self.sectionResized.connect(self.place_fields)
        self.sectionMoved.connect(self.place_fields)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE)
        self._pause.timeout.connect(self._filter)
        self._changed: set[int] = set()

    def make_fields(self, model: GridModel) -> None:
        """One field per column of the model."""
        for field in self._fields:
            field.deleteLater()
        self._fields = []
        for column, title in enumerate(model.headings()):
            field = QLineEdit(self)
            field.setProperty("kind", "filter")
            field.setAccessibleName(f"Filter {title}")
            field.setPlaceholderText("< or >" if model.is_numeric(column) else "contains")
            field.setToolTip("Type a part of the text" + (", or > 0, < 5, = 3" if model.is_numeric(column) else ""))
            field.textChanged.connect(lambda _text, column=column: self._note(column))
            field.show()
            self._fields.append(field)
        self.place_fields()

    def drop_fields(self) -> None:
        """Titles alone, for tables that are small enough to see whole."""
        for field in self._fields:
            field.deleteLater()
        self._fields = []
        self.updateGeometries()

    def sizeHint(self) -> QSize:
        """Titles and fields below each other."""
        return QSize(super().sizeHint().width(), TITLE_HEIGHT + (FILTER_HEIGHT if self._fields else 0))

    def updateGeometries(self) -> None:
        """Keep room for the fields below the titles."""
        self.setViewportMargins(0, 0, 0, FILTER_HEIGHT if self._fields else 0)
        super().updateGeometries()
        self.place_fields()

    def place_fields(self, *_: int) -> None:
        """Put every field under its column; those of frozen columns stay above the others."""
        frozen = {each.column: each.left for each in self._table.frozen_columns()}
        covered = self._table.frozen_width()
        for column, field in enumerate(self._fields):
            left = frozen.get(column, self.sectionViewportPosition(column))
            right = left + self.sectionSize(column) - 4
            if column not in frozen:
                left = max(left, covered)
            field.setGeometry(QRect(left + 3, TITLE_HEIGHT + 3, right - left - 3, FILTER_HEIGHT - 7))
            field.setVisible(not self.isSectionHidden(column) and right - left > 12)
        self._line.setGeometry(0, self.height() - 1, self.width(), 1)
        self._line.setVisible(bool(self._fields))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The band of the titles goes on beyond the last column; frozen titles stand over the others."""
        super().paintEvent(event)
        viewport, palette = self.viewport(), self._theme.palette
        beyond = viewport.rect().adjusted(self.length() - self.offset(), 0, 0, 0)
        painter = QPainter(viewport)
        if beyond.width() > 0:
            painter.fillRect(beyond, QColor(palette.head))
            painter.fillRect(beyond.adjusted(0, beyond.height() - 1, 0, 0), QColor(palette.line))
        for column, left, width in self._table.frozen_columns():
            rect = QRect(left, 0, width, viewport.height())
            painter.fillRect(rect, QColor(palette.head))
            painter.save()
            self.paintSection(painter, rect, column)
            painter.restore()
            painter.fillRect(rect.right(), 0, 2, rect.height(), QColor(palette.line_strong))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """On a frozen title as if it were not scrolled away."""
        self._pressed = self._arrangement()
        self._is_over_frozen = event.position().x() < self._table.frozen_width()
        super().mousePressEvent(self._unscrolled(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The same while it is dragged."""
        if not event.buttons():
            self._is_over_frozen = event.position().x() < self._table.frozen_width()
        super().mouseMoveEvent(self._unscrolled(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Whatever was dragged has its place now."""
        super().mouseReleaseEvent(self._unscrolled(event))
        if self._arrangement() != self._pressed:
            self.arranged.emit()

    def _arrangement(self) -> list[tuple[int, int]]:
        return [(self.visualIndex(at), self.sectionSize(at)) for at in range(self.count())]

    def _unscrolled(self, event: QMouseEvent) -> QMouseEvent:
        if not self._is_over_frozen:
            return event
        place = event.position() - QPointF(self.offset(), 0)
        return QMouseEvent(
            event.type(), place, event.globalPosition(), event.button(), event.buttons(), event.modifiers()
        )

    def clear_fields(self) -> None:
        """Empty every field."""
        for field in self._fields:
            field.clear()
        self._pause.stop()
        self._filter()

    def focus_field(self, column: int) -> None:
        """Start typing a filter for a column."""
        if column < len(self._fields):
            self._fields[column].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def field_with_focus(self) -> QLineEdit | None:
        """The field being typed into."""
        return next((field for field in self._fields if field.hasFocus()), None)

    def _note(self, column: int) -> None:
        self._changed.add(column)
        restyle(self._fields[column], active="true" if self._fields[column].text().strip() else "false")
        self._pause.start()

    def _filter(self) -> None:
        model = self.model()
        assert isinstance(model, GridModel)
        for column in sorted(self._changed):
            model.set_filter(column, self._fields[column].text())
        self._changed.clear()
