"""Widgets beside each other like words, going on in the next line where there is no room.

One with the property `joins` stands close to the one before it, as a comma does, and in the same line.
"""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

SPACING, LINE_SPACING = 4, 2


class FlowLayout(QLayout):
    """Every widget has its own size; those of a line stand in its middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        """One more word."""
        self._items.append(item)

    def count(self) -> int:
        """How many words."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """A word, or None."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take a word out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """No room is asked for beyond the words."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Less room to the side makes more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """What the lines need."""
        return self._arrange(QRect(0, 0, width, 0), is_real=False)

    def sizeHint(self) -> QSize:
        """The widest word decides."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """The widest and the highest word."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def setGeometry(self, rect: QRect) -> None:
        """Put the words there."""
        super().setGeometry(rect)
        self._arrange(rect, is_real=True)

    def _arrange(self, rect: QRect, *, is_real: bool) -> int:
        """Where the words stand; returns the height they need."""
        lines: list[list[QLayoutItem]] = [[]]
        room = rect.width()
        for item in self._items:
            width = item.sizeHint().width()
            if lines[-1] and width > room and not joins(item):
                lines.append([])
                room = rect.width()
            lines[-1].append(item)
            room -= width + SPACING
        y = rect.y()
        for line in lines:
            height = max((item.sizeHint().height() for item in line), default=0)
            x = rect.x()
            for item in line if is_real else ():
                size = item.sizeHint()
                x -= SPACING if joins(item) else 0
                item.setGeometry(QRect(QPoint(x, y + (height - size.height()) // 2), size))
                x += size.width() + SPACING
            y += height + LINE_SPACING
        return y - LINE_SPACING - rect.y()


def joins(item: QLayoutItem) -> bool:
    """Whether nothing stands between this word and the one before it."""
    widget = item.widget()
    return widget is not None and bool(widget.property("joins"))
