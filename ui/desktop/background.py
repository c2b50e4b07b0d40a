"""One thread for everything that would hold up the window: files are read, written and checked there, one at a time."""

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

TURN = 0.0001  # seconds


def raise_it(problem: Exception) -> None:
    """A bug: whoever works here is told, and the window stays."""
    raise problem


class Background(QObject):
    """Runs work on its one thread and hands the result back on the window's thread."""

    _done = Signal(object, object, bool)  # callback, its argument, whether the cursor says that it goes on

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(TURN)  # the window waits for its turn at every call of Qt, by default 5 ms each time
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="concord-background")
        self._open = self._busy = 0
        self._is_closed = False
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_idle(self) -> bool:
        """Nothing is waiting or running."""
        return self._open == 0

    def do(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], object],
        otherwise: Callable[[Exception], object] = raise_it,
        *,
        is_busy: bool = False,
    ) -> None:
        """Run `work`; then call `then` with its result, or `otherwise` with its exception, on the window's thread.

        `is_busy`: the cursor says so until then.
        """
        if self._is_closed:
            return
        self._open += 1
        if is_busy:
            self._busy += 1
            QGuiApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)

        def hand_over(future: Future[Any]) -> None:
            if future.cancelled():
                return
            problem = future.exception()
            if isinstance(problem, Exception):
                self._done.emit(otherwise, problem, is_busy)
            else:
                self._done.emit(then, future.result(), is_busy)

        self._executor.submit(work).add_done_callback(hand_over)

    def close(self) -> None:
        """Finish what is running, drop what is waiting."""
        self._is_closed = True
        self._executor.shutdown(wait=True, cancel_futures=True)
        while self._busy:
            self._rest()

    def _deliver(self, callback: Callable[[Any], object], value: Any, is_busy: bool) -> None:
        self._open -= 1
        if self._is_closed:
            return
        if is_busy:
            self._rest()
        callback(value)

    def _rest(self) -> None:
        self._busy -= 1
        QGuiApplication.restoreOverrideCursor()
