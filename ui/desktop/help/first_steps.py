"""Three things to do with the sample, ticked off as they are done. Closed or done, it is gone for good."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton

from ui.desktop.icons import ButtonIcon
from ui.desktop.parts import button, row, text
from ui.desktop.theme import Theme

STEPS = (
    ("pledge", "1  Change a pledge", "Go to the pledges of the partners and type another quantity"),
    ("plan", "2  Plan", "Let Concord look for the best plan (F5)"),
    ("why", "3  Ask why", "Choose a figure of the plan and press Ctrl+I"),
)


class FirstSteps(QFrame):
    """A strip below the header."""

    asked = Signal(str)  # the step to be led to
    over = Signal()  # closed, or all is done

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("firstSteps")
        self.setAccessibleName("First steps")
        self._theme = theme
        self._words = text("First steps with the sample", "emphasis")
        self._buttons: dict[str, QPushButton] = {}
        self.done: set[str] = set()
        for name, words, meaning in STEPS:
            made = button(theme, words, self._asking(name), kind="tool", tip=meaning)
            self._buttons[name] = made
        close = button(
            theme, "", self._close, icon="close", kind="flat", name="Close first steps", tip="Close for good"
        )
        self.setLayout(row(self._words, 8, *self._buttons.values(), None, close, margins=(16, 4, 8, 4)))
        self.hide()

    def begin(self) -> None:
        """Show them, nothing done yet."""
        self.show()

    def tick(self, name: str) -> None:
        """A step is done."""
        if self.isHidden() or name in self.done:
            return
        self.done.add(name)
        made = self._buttons[name]
        made.setAccessibleDescription("done")
        ButtonIcon(made, self._theme, "check", "accent", 14)
        if len(self.done) == len(STEPS):
            self._words.setText("Done. Go on with the sample, or start your own scenario under Exchange")
            self.over.emit()

    def _asking(self, name: str) -> Callable[[], None]:
        return lambda: self.asked.emit(name)

    def _close(self) -> None:
        self.hide()
        self.over.emit()
