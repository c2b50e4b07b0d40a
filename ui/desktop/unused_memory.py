"""Python's search for objects that only refer to each other, kept from holding up the window.

By itself Python would look through every row of the scenario whenever enough new objects were made, for 200 ms with
100,000 rows, and on whichever thread made them: one that is not the window's may not take widgets away.
"""

import gc

from PySide6.QtCore import QObject, QTimer

PAUSE = 10_000  # milliseconds
ENOUGH = 300_000  # new objects


class UnusedMemory(QObject):
    """Searches on the window's thread, between events, and only what came after the document was opened."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._search)
        self._timer.start()

    def take_document(self) -> None:
        """Another document is open: a large one is searched once and then left alone, for it stays."""
        if gc.get_count()[0] > ENOUGH:
            gc.unfreeze()
            gc.collect()
            gc.freeze()

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _search(self) -> None:
        if gc.get_count()[0] > ENOUGH:
            gc.collect()
