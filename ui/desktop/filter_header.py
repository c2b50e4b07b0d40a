"""A table header with a row of filter fields under the titles."""

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QWidget

from ui.desktop.grid_model import GridModel
from ui.desktop.parts import framed, restyle
from ui.desktop.theme import Theme

TITLE_HEIGHT = 28
FILTER_HEIGHT = 28
TYPING_PAUSE = 200  # milliseconds


class FilterHeader(QHeaderView):
    """Titles that sort on a click, fields that filter while one types. Esc in a field empties it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
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
        """Put every field under its column."""
        for column, field in enumerate(self._fields):
            left = self.sectionViewportPosition(column)
            field.setGeometry(QRect(left + 3, TITLE_HEIGHT + 3, self.sectionSize(column) - 7, FILTER_HEIGHT - 7))
            field.setVisible(not self.isSectionHidden(column))
        self._line.setGeometry(0, self.height() - 1, self.width(), 1)
        self._line.setVisible(bool(self._fields))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The band of the titles goes on beyond the last column."""
        super().paintEvent(event)
        viewport = self.viewport()
        beyond = viewport.rect().adjusted(self.length() - self.offset(), 0, 0, 0)
        if beyond.width() > 0:
            painter = QPainter(viewport)
            painter.fillRect(beyond, QColor(self._theme.palette.head))
            painter.fillRect(beyond.adjusted(0, beyond.height() - 1, 0, 0), QColor(self._theme.palette.line))
            painter.end()

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
