"""A window that types by itself and says what is confirmed, to be killed: `-m tests.desktop.typist FIRST [plan]`.

It recovers what is offered, says what it finds, then types numbers from FIRST on, each into another cell: figures,
and texts that cannot be read; with `plan` the scenario is planned meanwhile.
"""

import json
import sys
from collections.abc import Iterator
from itertools import count

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from ui.desktop.application import make_application, run_desktop
from ui.desktop.window import Window

ROWS = 5
PLENTY = 10_000_000  # typed figures count on from here: with less, no plan could keep what is agreed


def main() -> int:
    """The real program, with somebody at its keyboard."""
    application = make_application()
    timer = QTimer(application)
    steps = life(int(sys.argv[1]))
    timer.timeout.connect(lambda: next(steps))
    timer.start(5)
    return run_desktop()


def life(first: int) -> Iterator[None]:
    """Each step is one turn of the event loop."""
    while not (windows := [each for each in QApplication.topLevelWidgets() if isinstance(each, Window)]):
        yield
    window = windows[0]
    if first > 1:
        while not window.offer.words:
            yield
    say(window.offer.words)
    if first > 1:
        buttons = window.offer.findChildren(QPushButton)
        next(made for made in buttons if made.accessibleName() == "Recover").click()
    while not (window.session.has_document and window.session.is_checked):
        yield
    say(json.dumps(state(window)))
    grid = window.partners.view_of("pledges").grid
    columns = [described.name for described in grid.columns]
    quantity, overhead = columns.index("quantity"), columns.index("overhead")
    if "plan" in sys.argv:
        window.start_plan()
    for number in count(first):
        row = number % ROWS
        if number % 3:
            cell, column, words = f"quantity {row}", quantity, str(PLENTY + number)
        else:
            cell, column, words = f"overhead {row}", overhead, f"{number}x"
        grid.setData(grid.index(row, column), words)
        if number % 4 == 0:
            window.session.undo()
            window.session.redo()
        yield
        recorder = window.session.recorder
        assert recorder is not None
        if recorder.is_written():
            say(json.dumps({"cell": cell, "number": number, "is_planning": window.run is not None}))


def state(window: Window) -> dict[str, int]:
    """The numbers by cell."""
    pledges = window.session.scenario.pledges[:ROWS]
    drafts = window.session.drafts
    found = {f"quantity {row}": int(pledge.quantity) - PLENTY for row, pledge in enumerate(pledges)}
    for row, pledge in enumerate(pledges):
        if draft := drafts.get((pledge.id, "overhead")):
            found[f"overhead {row}"] = int(draft.text.rstrip("x"))
    return found


def say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
