"""How a cell is painted: its fill, its text at its side, a bar, a corner where there is a problem."""

from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygon

from ui.desktop.theme import Theme

CORNER = 8
PADDING = 8
RING = 12
RINGS = {"accent_soft": "accent", "binding_soft": "binding"}  # the colour of a ring by the role behind it
GRACE = 2  # pixels of a text that may stand beside its place
CUT_FIGURE = "###"  # as spreadsheets show what does not fit
MOST_KNOWN = 20_000  # shortened texts to remember


class Look(NamedTuple):
    """What a cell shows."""

    text: str
    is_at_right: bool = False
    mark: str | None = None  # "error", "warning" or None
    bar: float | None = None  # 0-1 where there is a bar beside the figure
    is_muted: bool = False
    is_group: bool = False  # a row that stands for those below it
    fill: str = ""  # role of the colour behind the cell
    ink: str = ""  # role of the colour of the text, which is then bold
    choice: bool | None = None  # a ring before the text, filled where it is chosen
    note: str = ""  # small words after the text

    @property
    def is_bold(self) -> bool:
        """Whether the text is painted bold."""
        return self.mark == "error" or self.is_group or bool(self.ink)

    @property
    def is_figure(self) -> bool:
        """Whether a part of the text could be taken for another figure."""
        return self.is_at_right and any(sign.isdigit() for sign in self.text)


class CellPainter:
    """Paints one cell after another in one font; what does not change from cell to cell is made once."""

    def __init__(self, theme: Theme, font: QFont) -> None:
        palette = theme.palette
        self._theme = theme
        self._small = theme.font("small")
        self._plain, self._bold = QFont(font), QFont(font)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self._metrics = {False: QFontMetrics(self._plain), True: QFontMetrics(self._bold)}
        self._shortened: dict[tuple[str, int, bool, bool], str] = {}
        self._ink, self._ink_3 = QColor(palette.ink), QColor(palette.ink_3)
        self._accent, self._soft, self._head = (
            QColor(palette.accent),
            QColor(palette.accent_soft),
            QColor(palette.head),
        )
        self._marks = {
            "error": (QColor(palette.problem), QColor(palette.problem_soft)),
            "warning": (QColor(palette.binding), QColor(palette.binding_soft)),
        }
        self._group = QColor(palette.surface_2)
        self._sides = {
            False: Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            True: Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
        }

    def paint(self, painter: QPainter, rect: QRect, look: Look, *, is_selected: bool, is_current: bool) -> None:
        """A cell, which has the colour of the table already."""
        if look.mark:
            painter.fillRect(rect, self._marks[look.mark][1])
        elif is_selected and not is_current:
            painter.fillRect(rect, self._soft)
        elif look.is_group:
            painter.fillRect(rect, self._group)
        elif look.fill:
            painter.fillRect(rect, self._theme.colour(look.fill))
        box = rect.adjusted(PADDING, 0, -PADDING, 0)
        if look.choice is not None:
            self._paint_ring(painter, box, self._theme.colour(RINGS[look.fill]), is_chosen=look.choice)
            box.setLeft(box.left() + RING + PADDING)
        if look.bar is not None:
            self._paint_bar(painter, box, look.bar)
        if look.text:
            self._paint_text(painter, box, look)
        if look.mark:
            corner = rect.topRight()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._marks[look.mark][0])
            points = (QPoint(1 - CORNER, 0), QPoint(1, 0), QPoint(1, CORNER))
            painter.drawPolygon(QPolygon([corner + point for point in points]))
        if is_current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self._accent)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))

    def _paint_text(self, painter: QPainter, box: QRect, look: Look) -> None:
        is_wrong, is_bold = look.mark == "error", look.is_bold
        ink = self._theme.colour(look.ink) if look.ink else self._ink_3 if look.is_muted else self._ink
        painter.setFont(self._bold if is_bold else self._plain)
        painter.setPen(self._marks["error"][0] if is_wrong else ink)
        shown = self._shown(look, box.width() + GRACE)
        painter.drawText(box, self._sides[look.is_at_right], shown)
        if look.note:
            box.setLeft(box.left() + self._metrics[is_bold].horizontalAdvance(shown) + PADDING)
            painter.setFont(self._small)
            painter.setPen(self._ink_3)
            painter.drawText(box, self._sides[False], look.note)

    def _paint_ring(self, painter: QPainter, box: QRect, colour: QColor, *, is_chosen: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ring = QRectF(box.left() + 0.5, box.center().y() - RING / 2 + 1, RING - 1, RING - 1)
        painter.drawEllipse(ring)
        if is_chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(ring.adjusted(3, 3, -3, -3))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def is_cut(self, look: Look, width: int) -> bool:
        """Whether a cell of that width is too narrow for its text."""
        return self._shown(look, width - 2 * PADDING + GRACE) != look.text

    def _shown(self, look: Look, width: int) -> str:
        """The text on one line; where it is too long with an ellipsis, a figure as `###`: a part of it would lie."""
        key = (look.text, width, look.is_bold, look.is_at_right)
        if key not in self._shortened:
            if len(self._shortened) > MOST_KNOWN:
                self._shortened.clear()
            words = self._metrics[look.is_bold].elidedText(look.text, Qt.TextElideMode.ElideRight, width)
            self._shortened[key] = CUT_FIGURE if words != look.text and look.is_figure else words
        return self._shortened[key]

    def _paint_bar(self, painter: QPainter, box: QRect, share: float) -> None:
        room = QRect(box.left(), box.center().y() - 2, max(20, box.width() - 46), 5)
        painter.fillRect(room, self._head)
        filled = QRect(room)
        filled.setWidth(round(room.width() * min(1.0, max(0.0, share))))
        painter.fillRect(filled, self._accent)
