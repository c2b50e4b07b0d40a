"""The frame beside a marked cell: what is wrong with it, and buttons that put it right."""

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from ui.desktop.icons import pixmap
from ui.desktop.notice import ICONS
from ui.desktop.parts import button, chip, column, empty_layout, restyle, row, text
from ui.desktop.repairs import Repair
from ui.desktop.theme import Theme

WIDTH, APART = 400, 6
FIRST_KEY = "Ctrl+."  # does what the first button does


class Callout(QFrame):
    """A part of the table it stands over; it never takes the focus."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("callout")
        self.setAccessibleName("Problem of the cell")
        self._theme = theme
        self.repairs: list[Repair] = []
        self._icon = QLabel()
        self._words = text("", wraps=True)
        self._buttons = row(spacing=8)
        words = row(self._icon, self._words, spacing=10)
        words.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        words.setStretch(1, 1)
        layout = column(spacing=8, margins=(14, 10, 12, 10))
        layout.addLayout(words)
        layout.addLayout(self._buttons)
        self.setLayout(layout)
        self.hide()

    def tell(self, words: str, mark: str, repairs: list[Repair], repair: Callable[[Repair], object]) -> None:
        """Say what is wrong; `mark` is error or warning."""
        self.repairs = repairs
        name, role = ICONS[mark]
        self._icon.setPixmap(pixmap(name, getattr(self._theme.palette, role), 16, self.devicePixelRatioF()))
        self._words.setText(words)
        self.setAccessibleDescription(words)
        restyle(self, severity=mark)
        empty_layout(self._buttons)
        for at, each in enumerate(repairs):
            tip = f"Do this ({FIRST_KEY})" if at == 0 else "Do this"
            made = button(self._theme, each.label, lambda each=each: repair(each), kind="tool", tip=tip)
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._buttons.addWidget(made)
        if repairs:
            self._buttons.addWidget(chip(FIRST_KEY, "key"))
        self._buttons.addStretch(1)
        self._buttons.addWidget(text("Next problem", "hint"))
        self._buttons.addWidget(chip("F8", "key"))

    def show_beside(self, cell: QRect) -> None:
        """Below the cell, or above it where there is no room."""
        room = self.parentWidget().rect()
        width = min(WIDTH, room.width() - 2 * APART)
        self.setFixedWidth(width)
        height = self.layout().totalHeightForWidth(width)
        self.setFixedHeight(height)
        top = cell.bottom() + APART
        if top + height > room.bottom():
            top = cell.top() - APART - height
        self.move(max(APART, min(cell.left(), room.right() - width - APART)), max(APART, top))
        self.show()
        self.raise_()
