"""A list to choose from by typing: a field, and below it what fits, each with a line that says what it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.desktop.parts import column
from ui.desktop.theme import Theme

MOST_SHOWN = 200
ENTRY = int(Qt.ItemDataRole.UserRole)
TO_LIST = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to choose: what it is called, what it is, and what is handed over when it is chosen."""

    title: str
    detail: str
    value: Any

    @property
    def searched(self) -> str:
        """What typed words are looked for in."""
        return f"{self.title}\n{self.detail}".casefold()


class EntryDelegate(QStyledItemDelegate):
    """Two lines: the title, and in small what it is."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for both."""
        return QSize(200, 42)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Both lines, elided, the chosen entry in the colour of the selection."""
        palette, entry = self._theme.palette, index.data(ENTRY)
        box: QRect = option.rect
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(box, QColor(palette.accent_soft if is_chosen else palette.surface))
        room = box.adjusted(12, 4, -12, -4)
        for words, size, is_bold, role, flag in (
            (entry.title, "body", True, "ink", Qt.AlignmentFlag.AlignTop),
            (entry.detail, "small", False, "ink_2", Qt.AlignmentFlag.AlignBottom),
        ):
            painter.setFont(self._theme.font(size, bold=is_bold))
            painter.setPen(QColor(getattr(palette, role)))
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, flag | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()


class Chooser(QFrame):
    """Pops up below a widget; Return or a click chooses, Escape leaves."""

    chosen = Signal(object)  # the value of an entry

    def __init__(self, theme: Theme, name: str, hint: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("chooser")
        self.setAccessibleName(name)
        self._entries: Sequence[Entry] = ()
        self.field = QLineEdit()
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(name)
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(f"{name}: what fits")
        self.list.setItemDelegate(EntryDelegate(theme, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(lambda _item: self._choose())
        self.setLayout(column(self.field, self.list, spacing=6, margins=(8, 8, 8, 8)))

    def pop_up(self, below: QWidget, entries: Iterable[Entry], size: QSize, words: str = "") -> None:
        """Show the entries below a widget, right-aligned with it where there is no room to the right."""
        self._entries = tuple(entries)
        self.resize(size)
        corner = below.mapToGlobal(below.rect().bottomLeft())
        window = below.window().frameGeometry()
        self.move(min(corner.x(), window.right() - size.width() - 8), corner.y() + 2)
        self.field.setText(words)
        self._filter(words)
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def fitting(self, words: str) -> list[Entry]:
        """The entries in which every word occurs, those first whose title begins with what was typed."""
        wanted = words.casefold().split()
        found = [entry for entry in self._entries if all(word in entry.searched for word in wanted)]
        start = words.casefold().strip()
        return sorted(found, key=lambda entry: not entry.title.casefold().startswith(start))[:MOST_SHOWN]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field keeps the focus; keys that go up and down, and Return, are for the list."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in TO_LIST:
                self.list.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose()
                return True
        return super().eventFilter(watched, event)

    def _filter(self, words: str) -> None:
        self.list.clear()
        for entry in self.fitting(words):
            item = QListWidgetItem(entry.title)
            item.setData(ENTRY, entry)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.title}. {entry.detail}")
            item.setToolTip(entry.detail)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _choose(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.hide()
            self.chosen.emit(item.data(ENTRY).value)
