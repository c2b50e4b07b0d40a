"""The strip under the header while something long goes on in the background: what, how much is done, and Cancel."""

from collections.abc import Callable
from threading import Event
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar

from planner.progress import Cancelled, Tell
from ui.desktop.background import Background
from ui.desktop.parts import button, row, text
from ui.desktop.theme import Theme

SOON = 400  # milliseconds: what is done by then needs no strip
STEPS = 200  # of the bar


class LongWork(QFrame):
    """Does one thing after the other, and shows the one that is going on."""

    _told = Signal(object, float)  # the work, the share that is done; comes from the background

    def __init__(self, theme: Theme, background: Background) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.setProperty("severity", "information")
        self._background = background
        self._works: list[_Work] = []
        self._words: QLabel = text("", "secondary")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(240, 6)
        self._bar.setRange(0, STEPS)
        self._bar.setAccessibleName("Done so far")
        self._share = text("", "secondary")
        self._share.setFixedWidth(40)
        self._cancel = button(theme, "&Cancel", self._cancel_shown, kind="tool", tip="What is there stays as it is")
        self.setLayout(row(self._words, 8, self._bar, self._share, None, self._cancel, margins=(16, 4, 8, 4)))
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(SOON)
        self._wait.timeout.connect(self._show_first)
        self._told.connect(self._show_share, Qt.ConnectionType.QueuedConnection)
        self.hide()

    def do(
        self,
        words: str,
        work: Callable[[Tell], Any],
        then: Callable[[Any], object],
        otherwise: Callable[[Exception], object],
        *,
        is_whole: bool = False,
        is_slow: bool = False,
    ) -> None:
        """Run `work` in the background; then call `then` with its result or `otherwise` with its exception, Cancelled
        where somebody ended it. `words` say what is done: `Writing Plan 1.xlsx`. `is_whole`: it tells of no share
        that is done, and nobody ends it halfway. `is_slow`: it is known to take long, and told at once."""
        going = _Work(words, self._told.emit, is_whole)
        self._works.append(going)

        def end(callback: Callable[[Any], object], value: Any) -> None:
            self._works.remove(going)
            self._show_first() if self._works and self.isVisible() else self._rest()
            callback(value)

        self._background.do(lambda: work(going.tell), lambda it: end(then, it), lambda problem: end(otherwise, problem))
        if is_slow and not self.isVisible():
            self._show_first()
        elif not self.isVisible():
            self._wait.start()

    def close_down(self) -> None:
        """The window closes: end what goes on."""
        for work in self._works:
            work.is_cancelled.set()
        self._wait.stop()

    def _rest(self) -> None:
        if not self._works:
            self._wait.stop()
            self.hide()

    def _show_first(self) -> None:
        work = self._works[0]
        self._words.setText(f"{work.words}…")
        self._cancel.setAccessibleName(f"Cancel: {work.words}")
        self._cancel.setEnabled(not work.is_cancelled.is_set())
        for part in (self._bar, self._share, self._cancel):
            part.setVisible(not work.is_whole)
        self._show_share(work, work.share)
        self.show()

    def _show_share(self, work: "_Work", share: float) -> None:
        if self._works and work is self._works[0]:
            self._bar.setValue(round(share * STEPS))
            self._share.setText(f"{share * 100:.0f} %")

    def _cancel_shown(self) -> None:
        self._works[0].is_cancelled.set()
        self._cancel.setEnabled(False)
        self._words.setText("Cancelling…")


class _Work:
    """One thing that goes on: `tell` is called in the background."""

    def __init__(self, words: str, told: Callable[["_Work", float], object], is_whole: bool) -> None:
        self.words, self.share, self._told, self.is_whole = words, 0.0, told, is_whole
        self.is_cancelled = Event()

    def tell(self, share: float) -> None:
        """Take how much is done. Raises Cancelled where somebody wants no more."""
        if self.is_cancelled.is_set():
            raise Cancelled
        if share - self.share >= 1 / STEPS:
            self.share = share
            self._told(self, share)
