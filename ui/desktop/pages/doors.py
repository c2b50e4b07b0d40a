"""The empty state: three doors of equal size."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from ui.desktop.parts import button, chip, column, framed, give_mnemonics, row, text
from ui.desktop.theme import Theme

NARROWEST_DOOR, WIDEST_DOOR, DOOR_HEIGHT = 256, 328, 306


class DoorPicture(QFrame):
    """A small drawing of the real thing behind a door."""

    def __init__(self, theme: Theme, draw: Callable[[QPainter, QRectF, Theme], None]) -> None:
        super().__init__()
        self.setObjectName("doorPicture")
        self._theme, self._draw = theme, draw
        self.setFixedHeight(92)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Frame and drawing."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(-122, -32, 244, 64)
        painter.translate(QRectF(self.rect()).center())
        room = min(1.0, (self.width() - 24) / box.width())
        painter.scale(room, room)
        self._draw(painter, box, self._theme)
        painter.end()


class Doors(QWidget):
    """Open the sample, import a workbook, start typing."""

    def __init__(
        self,
        theme: Theme,
        open_sample: Callable[[], object],
        import_workbook: Callable[[], object],
        start_empty: Callable[[], object],
        open_file: Callable[[], object],
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        doors = row(
            self._door(
                *(theme, draw_heat_map, "Open the sample", "Open sample", "overview", open_sample, "primary"),
                "An invented programme: partners, regions and needs over two years. Change anything; "
                "the sample stays as it is.",
            ),
            self._door(
                *(theme, draw_import, "Import a workbook", "Import workbook…", "import", import_workbook, "plain"),
                "Excel files in the Concord layout. What cannot be read is listed cell by cell.",
            ),
            self._door(
                *(theme, draw_table, "Start typing", "New scenario", "needs", start_empty, "plain"),
                "An empty scenario. Paste from Excel works in every table.",
            ),
            spacing=24,
        )
        words = text(
            "Concord works on this computer only. Nothing you enter leaves it unless you send the file yourself. "
            "Start with one of these; you can change your mind later.",
            "secondary",
            wraps=True,
        )
        words.setMaximumWidth(720)
        inner = column(text("Plan who gives what, where and when", "headline"), words, spacing=8)
        inner.addSpacing(20)
        inner.addLayout(doors)
        inner.addSpacing(28)
        inner.addWidget(framed("ruleStrong"))
        inner.addSpacing(6)
        hint = row(
            text("Have a file already? Drop a .concord or .xlsx file on this window, or", "secondary"),
            8,
            button(theme, "Open…", open_file, icon="open", tip="Open a scenario file or workbook"),
            8,
            chip("Ctrl O", "key"),
            None,
        )
        inner.addLayout(hint)
        inner.addWidget(
            text(
                "A file from someone else is checked before anything in it is shown. It cannot run anything.",
                "secondary",
            )
        )
        holder = QWidget()
        holder.setLayout(inner)
        holder.setMaximumWidth(3 * WIDEST_DOOR + 48)
        middle = row(None, holder, None, margins=(16, 0, 16, 0))
        middle.setStretchFactor(holder, 100)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addLayout(middle)
        layout.addStretch(3)
        give_mnemonics(holder.findChildren(QPushButton))

    def _door(
        self,
        theme: Theme,
        draw: Callable[[QPainter, QRectF, Theme], None],
        title: str,
        label: str,
        icon: str,
        action: Callable[[], object],
        kind: str,
        words: str,
    ) -> QWidget:
        description = text(words, "secondary", wraps=True)
        description.setMinimumHeight(58)
        description.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = column(
            DoorPicture(theme, draw), 12, text(title, "page"), description, None, spacing=6, margins=(22, 22, 22, 20)
        )
        made = button(theme, label, action, icon=icon, kind=kind)
        if kind == "primary":
            self.first = made
        layout.addWidget(made)
        door = framed("panel", layout)
        door.setFixedHeight(DOOR_HEIGHT)
        door.setMinimumWidth(NARROWEST_DOOR)
        return door


def draw_heat_map(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """Four rows of a heat map."""
    classes = ((6, 5, 2, 4, 6, 3), (4, 6, 5, 1, 5, 6), (6, 4, 6, 6, 2, 5), (2, 6, 4, 5, 6, 4))
    width, height = box.width() / 6, box.height() / 4
    for line, values in enumerate(classes):
        for at, value in enumerate(values):
            cell = QRectF(box.left() + at * width, box.top() + line * height, width - 2, height - 2)
            painter.fillRect(cell, QColor(theme.palette.heat[value]))


def draw_import(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """A sheet that becomes a document."""
    palette = theme.palette
    sheet = QRectF(box.left() + 6, box.top(), 140, box.height())
    painter.fillRect(QRectF(sheet.topLeft(), sheet.bottomRight() - QPointF(0, 48)), QColor(palette.accent_soft))
    painter.setPen(QPen(QColor(palette.line_strong), 1))
    for line in range(5):
        y = sheet.top() + line * 16
        painter.drawLine(QPointF(sheet.left(), y), QPointF(sheet.right(), y))
    for at in range(5):
        x = sheet.left() + at * 35
        painter.drawLine(QPointF(x, sheet.top() + (0 if at in (0, 4) else 16)), QPointF(x, sheet.bottom()))
    for line in range(3):
        for at, length in enumerate((22, 16, 24, 14)):
            bar = QRectF(sheet.left() + 6 + at * 35, sheet.top() + 22 + line * 16, length, 4)
            painter.fillRect(bar, QColor(palette.line_strong))
    painter.setPen(QPen(QColor(palette.accent), 1.5))
    y = box.center().y()
    painter.drawLine(QPointF(sheet.right() + 16, y), QPointF(sheet.right() + 48, y))
    painter.drawPolyline(
        [QPointF(sheet.right() + 40, y - 8), QPointF(sheet.right() + 48, y), QPointF(sheet.right() + 40, y + 8)]
    )
    page = QRectF(sheet.right() + 62, box.top() + 8, 34, 48)
    painter.drawRoundedRect(page, 2, 2)
    for line, length in enumerate((20, 20, 12)):
        painter.drawLine(
            page.topLeft() + QPointF(7, 12 + line * 11), page.topLeft() + QPointF(7 + length, 12 + line * 11)
        )


def draw_table(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """An empty table with the cursor in its first cell."""
    palette = theme.palette
    width, height = box.width() / 4, box.height() / 4
    painter.setPen(QPen(QColor(palette.line_strong), 1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for line in range(5):
        y = box.top() + line * height
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
    for at in range(5):
        x = box.left() + at * width
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
    painter.setFont(theme.font("small", bold=True))
    painter.setPen(QColor(palette.ink_2))
    for at, word in enumerate(("Partner", "Type", "Local")):
        cell = QRectF(box.left() + at * width + 6, box.top(), width - 6, height)
        painter.drawText(cell, Qt.AlignmentFlag.AlignVCenter, word)
    painter.setPen(QPen(QColor(palette.accent), 2))
    painter.drawRect(QRectF(box.left(), box.top() + height, width, height))
    painter.drawLine(
        QPointF(box.left() + 8, box.top() + height + 4), QPointF(box.left() + 8, box.top() + 2 * height - 4)
    )
