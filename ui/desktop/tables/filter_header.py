"""A table header with a row of filter fields under the titles."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QWidget

from ui.desktop.icons import icon
from ui.desktop.parts import framed, restyle
from ui.desktop.tables.frozen_table import FrozenTable
from ui.desktop.tables.grid_model import GridModel
from ui.desktop.tables.value_list import ValueList
from ui.desktop.theme import Theme

TITLE_HEIGHT = 28
FILTER_HEIGHT = 28
TYPING_PAUSE = 200  # milliseconds
ARROW = 10  # pixels
WITH_ARROW = 96  # pixels of a field that has room for its arrow


class FilterField(QLineEdit):
    """A field under a title; Alt+Down opens the list of what stands in the column."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "filter")
        self._arrow: QAction | None = None

    def offer_list(self, theme: Theme, show: Callable[[], object]) -> None:
        """Have an arrow that opens the list."""
        self._arrow = self.addAction(
            icon("down", theme.palette.ink_3, ARROW), QLineEdit.ActionPosition.TrailingPosition
        )
        self._arrow.setToolTip("Choose from a list (Alt+Down)")
        self._arrow.triggered.connect(lambda _checked=False: show())

    def paint_arrow(self, theme: Theme) -> None:
        """Another brightness."""
        if self._arrow is not None:
            self._arrow.setIcon(icon("down", theme.palette.ink_3, ARROW))

    def show_arrow(self, has_room: bool) -> None:
        """Narrow fields have room for words alone."""
        if self._arrow is not None and self._arrow.isVisible() != has_room:
            self._arrow.setVisible(has_room)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list by keyboard."""
        is_asked = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        if is_asked and self._arrow is not None:
            self._arrow.trigger()
        else:
            super().keyPressEvent(event)


class FilterHeader(QHeaderView):
    """Titles that sort on a click, fields that filter while one types. Esc in a field empties it."""

    arranged = Signal()  # somebody moved a column or gave it another width

    def __init__(self, theme: Theme, table: FrozenTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._theme, self._table = theme, table
        self._is_over_frozen = False
        self._pressed: list[tuple[int, int]] = []
        self.setSectionsMovable(True)
        self._fields: list[FilterField] = []
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
        theme.changed.connect(self._paint_arrows)

    def _paint_arrows(self) -> None:
        for field in self._fields:
            field.paint_arrow(self._theme)

    def make_fields(self, model: GridModel) -> None:
        """One field per column of the model."""
        for field in self._fields:
            field.deleteLater()
        self._fields = []
        for column, title in enumerate(model.headings()):
            field = FilterField(self)
            if not model.is_numeric(column):
                field.offer_list(self._theme, partial(self._show_values, field, column))
            field.setAccessibleName(f"Filter {title}")
            field.setPlaceholderText("< or >" if model.is_numeric(column) else "contains")
            hint = "or > 0, < 5, = 3" if model.is_numeric(column) else "or choose from a list (Alt+Down)"
            field.setToolTip(f"Type a part of the text, {hint}; several with semicolons")
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
            field.show_arrow(right - left > WITH_ARROW)
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
        if covered := self._table.frozen_width():
            painter.fillRect(covered - 1, 0, 2, viewport.height(), QColor(palette.line_strong))
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

    def _show_values(self, field: FilterField, column: int) -> None:
        model = self.model()
        assert isinstance(model, GridModel)
        ValueList(field, model.values_of(column)).show_below()

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
