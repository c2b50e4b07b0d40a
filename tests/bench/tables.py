"""How long the window takes for tables of 100,000 rows: `python -m tests.bench.tables` prints the figures.

The pledges and the requirements are measured, the latter in both of their tables. What a line says is how long the
window answers nobody; what goes on in the background meanwhile is not counted.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from planner.document import Document
from planner.scenario import Initiative, Region, Requirement, Scenario, Settings
from resources.offers import Partner, Pledge, Resource
from ui.desktop.application import make_application, make_window
from ui.desktop.preferences import Preferences
from ui.desktop.tables.editable_table import EditableTable
from ui.desktop.window import Window

ROWS, PASTED, FRAMES, RUNS = 100_000, 2_000, 200, 3
TABLES = (("partners", "pledges"), ("needs", "requirements"), ("needs", "requirement_grid"))


def large_scenario(rows: int) -> Scenario:
    """So many pledges, and so many requirements of 12 periods each."""
    resources = tuple(Resource(code=f"K{at}", name=f"Kit {at}", category="logistics", unit="kit") for at in range(20))
    initiatives = tuple(Initiative(code=f"I{at}", name=f"Initiative number {at}") for at in range(50))
    regions = tuple(Region(code=f"R{at}", name=f"District {at}") for at in range(200))
    needs = ((at // 12, at % 12 + 1) for at in range(rows))
    return Scenario(
        settings=Settings(title="Large", periods=12),
        partners=tuple(Partner(code=f"P{at}", name=f"Partner number {at}") for at in range(150)),
        regions=regions,
        initiatives=initiatives,
        resources=resources,
        pledges=tuple(
            Pledge(
                code=f"PL{at}",
                partner=f"P{at * 7 % 150}",
                resource=f"K{at % 20}",
                quantity=at * 7919 % 100_003,
                regions=(f"R{at % 200}", f"R{at * 3 % 200}") if at % 2 else (),
                note=f"note {at * 31 % 1000}",
            )
            for at in range(rows)
        ),
        requirements=tuple(
            Requirement(
                initiative=f"I{line % 50}",
                region=f"R{line // 50 % 200}",
                resource=f"K{line // 10_000 % 20}",
                period=period,
                quantity=(line * period) % 1009 + 1.0,
            )
            for line, period in needs
        ),
    )


class Stopwatch:
    """Does things in the window and prints how long each held it up: median and worst."""

    def __init__(self, application: QApplication, window: Window, clock: Callable[[], float]) -> None:
        self._application, self._window, self._clock = application, window, clock

    def measure(self, what: str, task: Callable[[int], object], runs: int = RUNS) -> None:
        """`task` gets the number of the run; painting what it changed counts with it."""
        durations = []
        for run in range(runs):
            start = self._clock()
            task(run)
            self._application.processEvents()
            durations.append((self._clock() - start) * 1000)
            self.rest()
        print(f"    {what:34} {statistics.median(durations):8.1f} ms {max(durations):8.1f} ms", flush=True)

    def rest(self) -> None:
        """Let what goes on in the background end."""
        while not (self._window.session.is_checked and self._window.background.is_idle):
            self._application.processEvents()
            time.sleep(0.002)
        self._application.processEvents()


def measure_table(window: Window, watch: Stopwatch, page: str, name: str) -> None:
    """Everything that people do in one table."""
    tables = getattr(window, page)
    window.go(page)
    print(f"{name}: opened, first painted", flush=True)
    watch.measure("open and paint", lambda _: tables.show_table(name), runs=1)
    view: EditableTable = tables.view
    model, session = view.edited, window.session
    number = next(at for at in range(model.columnCount()) if model.is_numeric(at) and model.can_edit(at))
    bar = view.verticalScrollBar()
    watch.measure("frame, three rows on", lambda run: (bar.setValue(run * 72), view.viewport().repaint()), FRAMES)
    watch.measure("frame, a page on", lambda run: (bar.setValue(run * 720), view.viewport().repaint()), FRAMES)
    watch.measure("sort by text", lambda run: model.sort(1, Qt.SortOrder(run % 2)))
    watch.measure("sort by figure", lambda run: model.sort(number, Qt.SortOrder(run % 2)))
    watch.measure("back to the order of the scenario", lambda _: model.sort(-1))
    watch.measure("filter by text", lambda run: model.set_filter(1, f"{run}"))
    model.clear_filters()
    watch.measure("filter by figure", lambda run: model.set_filter(number, f"> {run * 100}"))
    watch.measure("no filter", lambda _: model.clear_filters())
    watch.measure("select everything", lambda _: view.selectAll())
    watch.measure("edit of a cell", lambda run: model.setData(model.index(5, number), f"{run + 3}"))
    watch.measure("undo of it", lambda _: session.undo())
    columns = [at for at in range(model.columnCount()) if model.can_edit(at)][1:9]  # codes of rows stay as they are

    def paste(run: int) -> None:
        view.setCurrentIndex(model.index(100 + run, number))
        view.paste()

    def paste_rows(run: int) -> None:
        view.setCurrentIndex(model.index(3000 + run, columns[0]))
        view.paste()

    QGuiApplication.clipboard().setText("\n".join(str(at % 97 + 1) for at in range(PASTED)))
    watch.measure(f"paste of {PASTED:,} cells", paste)
    watch.measure("undo of it", lambda _: session.undo())

    def copy(run: int) -> None:
        view.select_block(range(100 + run, 100 + run + PASTED), columns)
        view.copy()

    watch.measure(f"copy of {PASTED:,} rows of 8 cells", copy)
    watch.measure("paste of them", paste_rows)
    watch.measure("undo of it", lambda _: session.undo())
    view.setCurrentIndex(model.index(50, 0))
    watch.measure("add a row", lambda _: view.add_row())
    watch.measure("delete it", lambda _: view.delete_rows())
    model.sort(number)
    watch.measure("add a row to the sorted table", lambda _: view.add_row())


def main() -> None:
    """Measure each table once."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.tables", description="Time large tables.")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--only", default="", help="one table")
    parser.add_argument(
        "--processor", action="store_true", help="the window's time on the processor: for a machine that is busy"
    )
    arguments = parser.parse_args()
    application = make_application()
    with tempfile.TemporaryDirectory() as folder:
        window = make_window(application, Preferences(Path(folder) / "desktop.ini"))
        window.show()
        watch = Stopwatch(application, window, time.thread_time if arguments.processor else time.perf_counter)
        window.session.open(Document.new_from(large_scenario(arguments.rows)))
        watch.rest()
        print(f"    {'':34} {'median':>11} {'worst':>11}")
        for page, name in TABLES:
            if arguments.only in ("", name):
                measure_table(window, watch, page, name)
        window.session.document = None  # nothing to ask about
        window.close()


if __name__ == "__main__":
    main()
