"""The small pieces every page is put together from: texts, buttons, panels, chips and lines."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.desktop.icons import ButtonIcon
from ui.desktop.theme import Theme

FRAME_LETTERS = "urpc"  # Undo, Redo, Plan; Cancel of what goes on


def text(words: str = "", role: str = "body", *, wraps: bool = False) -> QLabel:
    """A text in one of the roles of the style sheet."""
    label = QLabel(words)
    label.setProperty("text-role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wraps)
    return label


class ElidedLabel(QLabel):
    """A text on one line that ends in an ellipsis where there is no room; the whole of it is its tool tip."""

    def __init__(self, words: str = "", role: str = "body") -> None:
        super().__init__()
        self._whole = ""
        self.setProperty("text-role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(60)
        self.show_words(words)

    def show_words(self, words: str) -> None:
        """Show another text."""
        self._whole = words
        self.setAccessibleName(words)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


def chip(words: str, kind: str = "plain") -> QLabel:
    """A small word in a frame: plain, accent, stale, problem or key."""
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("chip", kind)
    label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return label


def set_chip(label: QLabel, words: str, kind: str) -> None:
    """Give a chip another word and another meaning; empty words hide it."""
    label.setText(words)
    restyle(label, chip=kind)
    label.setVisible(bool(words))


def restyle(widget: QWidget, **properties: object) -> None:
    """Set properties that the style sheet reads, and have it read them again."""
    for name, value in properties.items():
        widget.setProperty(name.replace("_", "-"), value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def button(
    theme: Theme,
    words: str,
    action: Callable[[], object],
    *,
    icon: str = "",
    kind: str = "plain",
    tip: str = "",
    name: str = "",
) -> QPushButton:
    """A button. Kinds: plain, tool (smaller), primary (the filled one), flat, link, status."""
    made = QPushButton(words)
    made.setProperty("kind", kind)
    made.setAccessibleName(name or words.rstrip("…").replace("&", ""))
    made.setToolTip(tip)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    if icon:
        roles = {"primary": "on_accent", "link": "accent"}
        ButtonIcon(made, theme, icon, roles.get(kind, "ink"), 14 if kind == "tool" else 16)
    made.clicked.connect(lambda _checked=False: action())
    return made


def set_menu(made: QPushButton, menu: QMenu) -> None:
    """Give a button a menu, with room for the arrow that says so."""
    made.setMenu(menu)
    restyle(made, menu=True)


def give_mnemonics(buttons: Iterable[QAbstractButton]) -> None:
    """Let Alt and a letter of its words press each of these buttons; those of the window's frame are taken."""
    taken = set(FRAME_LETTERS)
    for made in buttons:
        words = made.text()
        at = next((at for at, letter in enumerate(words.lower()) if letter.isalpha() and letter not in taken), None)
        if at is not None:
            taken.add(words[at].lower())
            made.setText(f"{words[:at]}&{words[at:]}")


def cross(theme: Theme, action: Callable[[], object], name: str) -> QPushButton:
    """A small cross that takes away what it stands beside."""
    made = button(theme, "", action, kind="cross", name=name, tip=name)
    made.setFixedSize(24, 24)
    ButtonIcon(made, theme, "close", "ink_3", 12)
    return made


Thing = QWidget | int | None
Margins = tuple[int, int, int, int]


def row(*things: Thing, spacing: int = 8, margins: Margins = (0, 0, 0, 0)) -> QHBoxLayout:
    """Widgets beside each other; None stretches, a number is an empty space of that width."""
    layout = QHBoxLayout()
    fill(layout, things, spacing, margins)
    return layout


def column(*things: Thing, spacing: int = 0, margins: Margins = (0, 0, 0, 0)) -> QVBoxLayout:
    """Widgets below each other; None stretches, a number is an empty space of that height."""
    layout = QVBoxLayout()
    fill(layout, things, spacing, margins)
    return layout


def fill(layout: QBoxLayout, things: tuple[Thing, ...], spacing: int, margins: Margins) -> None:
    """Put things into a layout."""
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    for thing in things:
        if thing is None:
            layout.addStretch(1)
        elif isinstance(thing, int):
            layout.addSpacing(thing)
        else:
            layout.addWidget(thing)


def framed(name: str, layout: QLayout | None = None, parent: QWidget | None = None) -> QFrame:
    """A frame that the style sheet knows by its name: panel, notice, side ..."""
    frame = QFrame(parent)
    frame.setObjectName(name)
    if layout is not None:
        frame.setLayout(layout)
    return frame


def strip(name: str, layout: QLayout, height: int) -> QWidget:
    """A bar of fixed height across its place: header, statusBar, subHeader, toolStrip."""
    bar = QWidget()
    bar.setObjectName(name)
    bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    bar.setFixedHeight(height)
    bar.setLayout(layout)
    return bar


def line() -> QFrame:
    """A thin line across."""
    return framed("rule")


def draw_focus(painter: QPainter, widget: QWidget, theme: Theme) -> None:
    """A line below a widget that is painted by hand, while it has the focus."""
    if widget.hasFocus():
        painter.fillRect(0, widget.height() - 2, widget.width(), 2, theme.colour("accent"))


def tabular(label: QLabel) -> QLabel:
    """The label with figures of equal width, so that it does not tremble when it counts."""
    font = label.font()
    font.setFeature(QFont.Tag("tnum"), 1)
    label.setFont(font)
    return label


def remove_widget(layout: QLayout, widget: QWidget) -> None:
    """Take one widget out of a layout and destroy it."""
    layout.removeWidget(widget)
    widget.hide()
    widget.deleteLater()


def empty_layout(layout: QLayout) -> None:
    """Take every widget out of a layout and destroy it."""
    while (item := layout.takeAt(0)) is not None:
        if widget := item.widget():
            widget.hide()  # Qt shows what was just put into a layout a moment later, then as a window of its own
            widget.setParent(None)
            widget.deleteLater()
        elif inner := item.layout():
            empty_layout(inner)
