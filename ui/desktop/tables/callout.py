"""The frame beside a marked cell: what is wrong with it, and buttons that put it right."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from ui.desktop.frame.notice import ICONS
from ui.desktop.icons import pixmap
from ui.desktop.parts import button, chip, column, empty_layout, restyle, row, text
from ui.desktop.tables.repairs import Repair
from ui.desktop.theme import Theme

WIDTH, APART, SPACING = 400, 6, 8
MARGINS, ICON_SIZE, ICON_APART = (14, 10, 12, 10), 16, 10
BESIDE_WORDS = MARGINS[0] + ICON_SIZE + ICON_APART + MARGINS[2] + 4
FIRST_KEY = "Ctrl+."  # does what the first button does


class Callout(QFrame):
    """A part of the table it stands over; it never takes the focus."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("callout")
        self.setAccessibleName("Problem of the cell")
        self._theme = theme
        self.repairs: list[Repair] = []
        self._cell = QRect()
        self._icon = QLabel()
        self._words = text("", wraps=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._buttons = row(spacing=8)
        words = row(self._icon, self._words, None, spacing=ICON_APART)
        words.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        layout = column(spacing=SPACING, margins=MARGINS)
        layout.addLayout(words)
        layout.addLayout(self._buttons)
        self.setLayout(layout)
        self.hide()

    def tell(self, words: str, mark: str, repairs: list[Repair], repair: Callable[[Repair], object]) -> None:
        """Say what is wrong; `mark` is error or warning."""
        self.repairs = repairs
        name, role = ICONS[mark]
        self._icon.setPixmap(pixmap(name, getattr(self._theme.palette, role), ICON_SIZE, self.devicePixelRatioF()))
        self._words.setText(words)
        self.setAccessibleDescription(words)
        restyle(self, severity=mark)
        empty_layout(self._buttons)
        for at, each in enumerate(repairs):
            tip = f"Do this ({FIRST_KEY})" if at == 0 else "Do this"
            made = button(self._theme, each.label, partial(repair, each), kind="tool", tip=tip)
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._buttons.addWidget(made)
        if repairs:
            self._buttons.addWidget(chip(FIRST_KEY, "key"))
        self._buttons.addStretch(1)
        self._buttons.addWidget(text("Next problem", "hint"))
        self._buttons.addWidget(chip("F8", "key"))

    def show_beside(self, cell: QRect) -> None:
        """Below the cell, or above it where there is no room."""
        self._cell = cell
        self.show()
        self.raise_()
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Words and buttons know their sizes only once they have their style."""
        is_taken = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._arrange()
        return is_taken

    def _arrange(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        room = parent.rect()
        for child in self.findChildren(QWidget):
            child.ensurePolished()
        self._buttons.invalidate()
        width = min(max(WIDTH, self._buttons.sizeHint().width() + MARGINS[0] + MARGINS[2]), room.width() - 2 * APART)
        for_words = width - BESIDE_WORDS
        self._words.setFixedSize(for_words, self._words.heightForWidth(for_words))
        height = MARGINS[1] + self._words.height() + SPACING + self._buttons.sizeHint().height() + MARGINS[3]
        self.setFixedSize(width, height)
        top = self._cell.bottom() + APART
        if top + height > room.bottom():
            top = self._cell.top() - APART - height
        self.move(max(APART, min(self._cell.left(), room.right() - width - APART)), max(APART, top))
