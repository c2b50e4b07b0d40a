"""Outline icons in the colours of the palette: small SVG drawings whose `currentColor` is filled in when painted."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from ui.desktop.theme import Theme

FOLDER = Path(__file__).with_name("icons")
BOX = 20  # the drawings' own size; their stroke is 1.5 in it
BESIDE_WORDS = 4  # pixels between an icon and its words
SCALES = (1, 2, 3)  # device pixels per pixel


@cache
def drawing(name: str) -> str:
    """The SVG text of an icon."""
    return FOLDER.joinpath(f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, colour: str, size: int = 16, scale: float = 1.0, room: int = 0) -> QPixmap:
    """An icon painted in one colour, with empty room at its right. The stroke stays 1.5 px at every size."""
    text = drawing(name).replace("currentColor", colour)
    text = text.replace('stroke-width="1.5"', f'stroke-width="{1.5 * BOX / size:.3f}"')
    picture = QPixmap(QSize(round((size + room) * scale), round(size * scale)))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, size * scale, size * scale))
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture


def icon(name: str, colour: str, size: int = 16, disabled: str = "", checked: str = "", room: int = 0) -> QIcon:
    """An icon for buttons, sharp on every screen; other colours where the button is disabled or checked."""
    result = QIcon()
    for scale in SCALES:
        result.addPixmap(pixmap(name, colour, size, scale, room))
        if disabled:
            result.addPixmap(pixmap(name, disabled, size, scale, room), QIcon.Mode.Disabled)
        if checked:
            result.addPixmap(pixmap(name, checked, size, scale, room), QIcon.Mode.Normal, QIcon.State.On)
    return result


class ButtonIcon(QObject):
    """Keeps a button's icon in the colours of the palette in use."""

    def __init__(
        self, button: QAbstractButton, theme: Theme, name: str, role: str = "ink", size: int = 16, checked: str = ""
    ) -> None:
        super().__init__(button)
        self._button, self._theme, self._name = button, theme, name
        self._role, self._size, self._checked = role, size, checked
        self._room = BESIDE_WORDS if button.text() and not checked else 0
        button.setIconSize(QSize(size + self._room, size))
        theme.changed.connect(self._paint)
        self._paint()

    def change(self, name: str, role: str) -> None:
        """Another drawing, another colour."""
        self._name, self._role = name, role
        self._paint()

    def _paint(self) -> None:
        palette = self._theme.palette
        colour = getattr(palette, self._role)
        disabled = colour if self._role == "on_accent" else palette.disabled
        checked = getattr(palette, self._checked) if self._checked else ""
        self._button.setIcon(icon(self._name, colour, self._size, disabled=disabled, checked=checked, room=self._room))
