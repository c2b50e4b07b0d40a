"""The figures of a plan as people glance at them: key figures with bars, and the comparison with a plain split."""

from PySide6.QtCore import QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from planner.report.table import PERCENT, Table
from planner.report.words import whole_percent as percent
from ui.desktop.figures import change_text, number_text
from ui.desktop.parts import ElidedLabel, column, empty_layout, framed, row, tabular, text
from ui.desktop.theme import Theme


class ShareBar(QWidget):
    """A figure of 0-1 as a bar, with a tick where the plain split stands."""

    def __init__(self, theme: Theme, role: str) -> None:
        super().__init__()
        self._theme, self._role = theme, role
        self._share = 0.0
        self._tick: float | None = None
        self.setFixedHeight(12)
        theme.changed.connect(self.update)

    def show_share(self, share: float, tick: float | None) -> None:
        """Show other figures."""
        self._share, self._tick = share, tick
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track, bar, tick."""
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(0, 4, self.width(), 4)
        painter.setBrush(QColor(palette.head))
        painter.drawRoundedRect(track, 2, 2)
        painter.setBrush(QColor(getattr(palette, self._role)))
        painter.drawRoundedRect(QRectF(0, 4, self.width() * min(1.0, max(0.0, self._share)), 4), 2, 2)
        if self._tick is not None:
            painter.fillRect(QRectF(self.width() * min(1.0, self._tick) - 1, 1, 2, 10), QColor(palette.ink))
        painter.end()


class KeyFigure(QFrame):
    """One figure of the plan, beside what it is compared with. A click or Return asks about it."""

    asked = Signal()

    def __init__(self, theme: Theme, role: str, is_last: bool) -> None:
        super().__init__()
        self.setObjectName("keyFigureLast" if is_last else "keyFigure")
        self._title = ElidedLabel("", "secondary")
        self._value, self._unit = tabular(text("", "figure")), text("", "unit")
        self._change = ElidedLabel("", "hint")
        self._change.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._bar = ShareBar(theme, role)
        figures = row(self._value, self._unit, self._change, spacing=6)
        figures.setStretchFactor(self._change, 1)
        figures.setAlignment(self._unit, Qt.AlignmentFlag.AlignBottom)
        figures.setAlignment(self._change, Qt.AlignmentFlag.AlignBottom)
        self._unit.setContentsMargins(0, 0, 0, 4)
        self._change.setContentsMargins(0, 0, 0, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 9, 16, 7)
        layout.setSpacing(1)
        layout.addWidget(self._title)
        layout.addLayout(figures)
        layout.addWidget(self._bar)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Figure of the plan")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask why."""
        self.asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return asks why."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.asked.emit()
        else:
            super().keyPressEvent(event)

    def show_figure(self, title: str, value: str, unit: str, change: str, share: float, tick: float | None) -> None:
        """Show other figures."""
        self._title.show_words(title)
        self._value.setText(value)
        self._unit.setText(unit)
        self._change.show_words(change)
        self._bar.show_share(share, tick)
        self.setAccessibleName(f"{title}: {value} {unit}. {change}")


class BarList(QWidget):
    """Names with a bar and a percent each, as many as there is room for."""

    PITCH = 22

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._bars: list[tuple[str, float]] = []
        self.setAccessibleName(name)
        self.setMinimumHeight(2 * self.PITCH)
        theme.changed.connect(self.update)

    def show_bars(self, bars: list[tuple[str, float]]) -> None:
        """Show other figures."""
        self._bars = bars
        self.setAccessibleDescription(", ".join(f"{name} {percent(share)} %" for name, share in bars))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """One line each."""
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setFont(self._theme.font())
        names = max(90, int(self.width() * 0.42))
        for line, (name, share) in enumerate(self._bars[: self.height() // self.PITCH]):
            box = QRectF(0, line * self.PITCH, self.width(), self.PITCH)
            painter.setPen(QColor(palette.ink))
            shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, names - 10)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, str(percent(share)))
            track = QRectF(names, box.center().y() - 3, self.width() - names - 40, 6)
            painter.fillRect(track, QColor(palette.head))
            painter.fillRect(
                QRectF(track.topLeft(), QSizeF(track.width() * min(1.0, share), 6)), QColor(palette.accent)
            )
        painter.end()


def by_share(bar: tuple[str, float]) -> float:
    """Least first."""
    return bar[1]


class Comparison(QFrame):
    """The plan's key figures beside those of the plain pro-rata split."""

    ENOUGH_HEIGHT = 360
    ROW_HEIGHT = 23

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setVerticalSpacing(0)
        self._grid.setHorizontalSpacing(12)
        self._note = text("", "hint", wraps=True)
        layout = column(spacing=6, margins=(14, 12, 14, 12))
        layout.addLayout(row(text("Beside a plain pro-rata split", "panel"), None))
        layout.addLayout(self._grid)
        layout.addWidget(self._note)
        layout.addSpacing(8)
        self._resources = BarList(theme, "Least covered resources")
        bars = column(spacing=6)
        bars.addLayout(row(text("Least covered resources", "panel"), text("% of need", "unit"), None))
        bars.addWidget(self._resources, 1)
        self._bars = framed("plain", bars)
        layout.addWidget(self._bars, 1)
        layout.addStretch(0)
        self.setLayout(layout)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On low screens the resources give way."""
        super().resizeEvent(event)
        self._bars.setVisible(self.height() >= self.ENOUGH_HEIGHT)

    def show_tables(self, table: Table, resources: Table) -> None:
        """Show the key figures of another plan, and how far its resources go."""
        shares = zip(resources.column("resource_name"), resources.column("covered"), strict=True)
        self._resources.show_bars(sorted(((name, share) for name, share in shares if share is not None), key=by_share))
        empty_layout(self._grid)
        titles = ("", "Pro-rata", "This plan", "Change")
        for at, words in enumerate(titles):
            label = text(words, "small-strong" if words == "This plan" else "hint")
            self._grid.addWidget(label, 0, at, Qt.AlignmentFlag.AlignRight if at else Qt.AlignmentFlag.AlignLeft)
        self._grid.setRowMinimumHeight(0, 26)
        for line in range(len(table.rows)):
            unit = table.value(line, "unit")
            title = text(f"{table.value(line, 'figure')}, {unit}")
            title.setFixedHeight(self.ROW_HEIGHT)
            self._grid.addWidget(title, line + 1, 0)
            for at, name in enumerate(("pro_rata", "plan", "change"), start=1):
                words = figure_text(table.value(line, name), unit, is_change=name == "change")
                label = tabular(text(words, "emphasis" if name == "plan" else "secondary"))
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._grid.addWidget(label, line + 1, at)
        self._grid.setColumnStretch(0, 1)
        self._note.setText(table.note or "A plain split knows only who may serve what; it checks no other rule.")


def figure_text(value: float | None, unit: str, *, is_change: bool) -> str:
    """A key figure: percent with one decimal, amounts whole, changes with their sign."""
    if value is None:
        return "–"
    figure = value * 100 if unit == PERCENT else value
    words_of = change_text if is_change else number_text
    return words_of(figure, 1 if unit == PERCENT else 0)


def change_words(share: float, tick: float | None, what: str) -> str:
    """`▲ 4.5 from 74.8 %`; `what` is what it is compared with."""
    if tick is None:
        return ""
    points = (share - tick) * 100
    if abs(points) < 0.05:
        return f"as in the {what}"
    return f"{'▲' if points > 0 else '▼'} {number_text(abs(points), 1)} from {number_text(tick * 100, 1)} %"
