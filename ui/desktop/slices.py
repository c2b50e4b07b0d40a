"""Long work on the window's thread in slices, between which the window answers."""

import time
from collections.abc import Generator, Iterator
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer

SLICE = 0.015  # seconds
END = object()

Made = TypeVar("Made")


class Slices(QObject):
    """Goes on with one piece of work at a time: what is short is done at once, and new work drops what was going on."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[object] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    def do(self, steps: Iterator[object]) -> None:
        """Work from step to step; what the steps yield says nothing."""
        self._steps = steps
        self._go_on()

    def do_soon(self, steps: Iterator[object]) -> None:
        """The same, once what happens now is over."""
        self._steps = steps
        self._timer.start()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is going on."""
        return self._steps is None

    def finish(self) -> None:
        """Do the rest at once."""
        steps = self._steps
        for _ in steps or ():
            pass
        if steps is self._steps:
            self.drop()

    def drop(self) -> None:
        """Do not go on."""
        self._steps = None
        self._timer.stop()

    def _go_on(self) -> None:
        steps, end = self._steps, time.perf_counter() + SLICE
        while steps is not None and steps is self._steps:  # a step may lead to other work
            is_done = next(steps, END) is END
            if steps is self._steps and is_done:
                self.drop()
            elif time.perf_counter() > end:
                self._timer.start()
                return


def made_at_once(parts: Generator[None, None, Made]) -> Made:
    """What comes of work in parts, without a pause."""
    while True:
        try:
            next(parts)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
