"""Python's search for objects that only refer to each other, kept from holding up the window.

By itself Python would look through every row of the scenario whenever enough new objects were made, for 200 ms with
100,000 rows, and on whichever thread made them: one that is not the window's may not take widgets away.
"""

import gc
from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from ui.desktop.background import Background

PAUSE = 2_000  # milliseconds
ENOUGH = 50_000  # new objects
MANY = 300_000
NEW = 1  # the generations of objects that no search has seen yet


class UnusedMemory(QObject):
    """Searches on the window's thread, between events: what is new, and everything once people look elsewhere."""

    def __init__(self, backgrounds: Sequence[Background], parent: QObject) -> None:
        super().__init__(parent)
        self._backgrounds = backgrounds
        gc.disable()
        self._seen = 0  # objects that were new since everything was searched
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._search)
        self._timer.start()

    def take_document(self) -> None:
        """Another document is open: a large one is searched once and then left alone, for it stays."""
        if gc.get_count()[0] > MANY:
            gc.unfreeze()
            gc.collect()
            gc.freeze()

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _search(self) -> None:
        count = gc.get_count()[0]
        if not all(background.is_idle for background in self._backgrounds):
            return  # what they work with is new, and goes away by itself
        if count > ENOUGH:
            self._seen += count
            gc.collect(NEW)
        if self._seen > MANY and QGuiApplication.applicationState() is not Qt.ApplicationState.ApplicationActive:
            self._seen = 0
            gc.collect()
