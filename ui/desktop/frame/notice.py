"""The bar under the header that tells what happened, what was kept and what to do."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy

from ui.desktop.icons import pixmap
from ui.desktop.parts import button, restyle, row, text
from ui.desktop.theme import Theme

ICONS = {"error": ("problem", "problem"), "warning": ("problem", "binding"), "information": ("information", "accent")}


class Tell(Protocol):
    """Shows a sentence in the bar under the header."""

    def __call__(
        self,
        words: str,
        severity: str = ...,
        action: Callable[[], object] | None = ...,
        label: str = ...,
        other_action: Callable[[], object] | None = ...,
        other_label: str = ...,
        as_long_as: Callable[[], bool] = ...,
    ) -> None: ...


def always() -> bool:
    """Nothing that is done to the document makes the words untrue."""
    return True


class Notice(QFrame):
    """Hidden until something is to be told. One message at a time; a new one takes the place of the last."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.setAccessibleName("Message")
        self._theme = theme
        self._severity = "information"
        self._is_of_place = False
        self._is_true: Callable[[], bool] = always
        self._action: Callable[[], object] | None = None
        self._other_action: Callable[[], object] | None = None
        self._icon = QLabel()
        self._words = text("", wraps=True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._button: QPushButton = button(theme, "", self._act, kind="tool", name="What to do")
        self._other = button(theme, "", self._act_otherwise, kind="tool", name="What else to do")
        self._close = button(theme, "", self.hide, icon="close", kind="flat", name="Close this message", tip="Close")
        self.setLayout(row(self._icon, self._words, self._button, self._other, self._close, margins=(16, 4, 8, 4)))
        theme.changed.connect(self._paint_icon)
        self.hide()

    @property
    def words(self) -> str:
        """What is being told."""
        return "" if self.isHidden() else self._words.text()

    def tell_of_place(self, words: str, severity: str) -> None:
        """Show what is wrong with the cell one looks at, until one looks elsewhere."""
        self.tell(words, severity)
        self._is_of_place = True

    def leave_place(self) -> None:
        """One looks elsewhere."""
        if self._is_of_place:
            self.hide()

    def look_again(self) -> None:
        """Something was done to the document: what is not true any more goes."""
        if not self.isHidden() and not self._is_true():
            self.hide()

    def tell(
        self,
        words: str,
        severity: str = "information",
        action: Callable[[], object] | None = None,
        label: str = "",
        other_action: Callable[[], object] | None = None,
        other_label: str = "",
        as_long_as: Callable[[], bool] = always,
    ) -> None:
        """Show a message: information, warning or error; `action` and `other_action` are what its buttons do.

        `as_long_as` says whether it is still true, and is asked whenever the document changes.
        """
        self._is_of_place, self._is_true = False, as_long_as
        self._severity, self._action, self._other_action = severity, action, other_action
        self._words.setText(words)
        self.setAccessibleDescription(words)
        for made, word, does in ((self._button, label, action), (self._other, other_label, other_action)):
            made.setText(word)
            made.setAccessibleName(word.replace("&", "") or "What to do")
            made.setVisible(does is not None)
        restyle(self, severity=severity)
        self._paint_icon()
        self.show()

    def _act(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()

    def _act_otherwise(self) -> None:
        self.hide()
        if self._other_action is not None:
            self._other_action()

    def _paint_icon(self) -> None:
        name, role = ICONS[self._severity]
        self._icon.setPixmap(pixmap(name, getattr(self._theme.palette, role), 16, self.devicePixelRatioF()))
