"""How long the window takes for tables of 100,000 rows: `python -m tests.bench.tables` prints the figures.

The pledges, the activities and the requirements are measured, the latter in both of their tables. A line says how long
the window answers nobody: while it does what it was asked to (median and worst; of work in parts the longest of them,
and the whole at the end of the line), and in the longest of the turns that follow, as when the checks in the background
have ended. What goes on in the background itself is not counted.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from planner.document import Document
from planner.scenario import Activity, Initiative, Region, Requirement, Scenario, Settings
from resources.offers import Partner, Pledge, Resource
from ui.desktop.application import make_application, make_window
from ui.desktop.preferences import Preferences
from ui.desktop.tables.editable_table import EditableTable
from ui.desktop.tables.find_bar import FindBar, FindField
from ui.desktop.window import Window

ROWS, PASTED, FRAMES, RUNS = 100_000, 2_000, 200, 3


def large_scenario(rows: int) -> Scenario:
    """So many pledges, and so many requirements of 12 periods each."""
    needs = ((at // 12, at % 12 + 1) for at in range(rows))
    return Scenario(
        settings=Settings(title="Large", periods=12),
        partners=tuple(Partner(code=f"P{at}", name=f"Partner number {at}") for at in range(150)),
        regions=tuple(Region(code=f"R{at}", name=f"District {at}") for at in range(200)),
        initiatives=tuple(Initiative(code=f"I{at}", name=f"Initiative number {at}") for at in range(50)),
        resources=tuple(
            Resource(code=f"K{at}", name=f"Kit {at}", category="logistics", unit="kit") for at in range(20)
        ),
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


def short_scenario(rows: int) -> Scenario:
    """So many activities that need one thing each in the only period: as many lines of requirements."""
    regions = tuple(Region(code=f"R{at}", name=f"District {at}") for at in range(200))
    count = -(-rows // len(regions))
    initiatives = tuple(Initiative(code=f"I{at}", name=f"Initiative number {at}") for at in range(count))
    pairs = [(initiative.code, region.code) for initiative in initiatives for region in regions][:rows]
    return Scenario(
        settings=Settings(title="Large and short", periods=1),
        regions=regions,
        initiatives=initiatives,
        resources=(Resource(code="K0", name="Kit", category="logistics", unit="kit"),),
        activities=tuple(
            Activity(initiative=initiative, region=region, people=at * 7919 % 100_003, note=f"note {at * 31 % 1000}")
            for at, (initiative, region) in enumerate(pairs)
        ),
        requirements=tuple(
            Requirement(initiative=initiative, region=region, resource="K0", quantity=at * 7919 % 100_003 + 1.0)
            for at, (initiative, region) in enumerate(pairs)
        ),
    )


SCENARIOS = (  # each with the tables that are measured of it
    (large_scenario, (("partners", "pledges"), ("needs", "requirements"), ("needs", "requirement_grid"))),
    (short_scenario, (("needs", "activities"), ("needs", "requirement_grid"))),
)


class Stopwatch:
    """Does things in the window and prints how long each held it up: median and worst."""

    def __init__(self, application: QApplication, window: Window, clock: Callable[[], float]) -> None:
        self._application, self._window, self._clock = application, window, clock

    def measure(self, what: str, task: Callable[[int], object], runs: int = RUNS) -> None:
        """`task` gets the number of the run; painting what it changed counts with it."""
        turns, durations, after = [], [], 0.0
        for run in range(runs):
            start = self._clock()
            task(run)
            self._application.processEvents()
            longest, is_long = self._clock() - start, self._window.session.is_editing
            while self._window.session.is_editing:
                longest = max(longest, self._turn())
            turns.append(longest * 1000)
            durations.append((self._clock() - start) * 1000 if is_long else longest * 1000)
            after = max(after, self.rest() * 1000)
        whole = f"{statistics.median(durations):8.1f} ms" if durations != turns else ""
        times = (statistics.median(turns), max(turns), after)
        print(f"    {what:34}", *(f"{time:8.1f} ms" for time in times), whole, flush=True)

    def _turn(self) -> float:
        start = self._clock()
        self._application.processEvents()
        return self._clock() - start

    def rest(self) -> float:
        """Let what goes on in the background end; returns the longest turn of the window until then, in seconds."""
        longest, is_over = 0.0, False
        while not is_over:
            is_checked = self._window.session.is_checked and self._window.background.is_idle
            is_over = is_checked and self._window.needs.find_bar.is_done and self._window.partners.find_bar.is_done
            longest = max(longest, self._turn())
            time.sleep(0.002)
        return longest


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
    watch.measure("redo of it", lambda _: session.redo())
    measure_blocks(window, watch, view, number)
    measure_finding(watch, tables.find_bar, view)
    watch.measure("add a row", lambda _: (view.setCurrentIndex(model.index(50, 0)), view.add_row()))
    watch.measure("delete a row", lambda run: (view.setCurrentIndex(model.index(5000 + run, 0)), view.delete_rows()))
    model.sort(number)
    watch.measure("add a row to the sorted table", lambda _: (view.setCurrentIndex(model.index(50, 0)), view.add_row()))
    watch.measure(
        f"delete {PASTED:,} rows of it", lambda _: (view.select_block(range(500, 2500), [0]), view.delete_rows())
    )
    watch.measure("undo of it", lambda _: session.undo())
    model.sort(-1)


def measure_blocks(window: Window, watch: Stopwatch, view: EditableTable, number: int) -> None:
    """Blocks of 2,000 rows: of one column, and of eight."""
    model, session = view.edited, window.session
    columns = [at for at in range(model.columnCount()) if model.can_edit(at)][1:9]  # codes of rows stay as they are

    def paste(run: int, column: int) -> None:
        view.setCurrentIndex(model.index(100 + run, column))
        view.paste()

    def fill_down(run: int) -> None:
        view.select_block(range(200 + run, 200 + run + PASTED), [number])
        view.fill_down()

    def copy(run: int) -> None:
        view.select_block(range(5000 + run, 5000 + run + PASTED), columns)
        view.copy()

    QGuiApplication.clipboard().setText("\n".join(str(at % 97 + 1) for at in range(PASTED)))
    watch.measure(f"paste of {PASTED:,} cells", lambda run: paste(run, number))
    watch.measure("undo of it", lambda _: session.undo())
    watch.measure("redo of it", lambda _: session.redo())
    watch.measure(f"fill down over {PASTED:,} rows", fill_down)
    watch.measure(f"copy of {PASTED:,} rows of {len(columns)} cells", copy)
    watch.measure("paste of them", lambda run: paste(run, columns[0]))
    watch.measure("undo of it", lambda _: session.undo())
    watch.measure("redo of it", lambda _: session.redo())


def measure_finding(watch: Stopwatch, bar: FindBar, view: EditableTable) -> None:
    """Find a figure anywhere in the table, and replace it wherever it was found."""
    bar.show_for(view, with_replace=True)
    words, replacement = bar.findChildren(FindField)
    replacement.setText("88")
    watch.measure("find", lambda run: words.setText("5" * (run + 1)))
    watch.measure("the next one", lambda _: bar.go(1))
    watch.measure("replace all", lambda run: bar.replace_all())
    bar.leave()


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
    clock = time.thread_time if arguments.processor else time.perf_counter
    print(f"    {'':34} {'median':>11} {'worst':>11} {'afterwards':>11} {'whole':>11}")
    for make_scenario, tables in SCENARIOS:
        chosen = [(page, name) for page, name in tables if arguments.only in ("", name)]
        if chosen:
            measure_scenario(application, clock, make_scenario(arguments.rows), chosen)


def measure_scenario(
    application: QApplication, clock: Callable[[], float], scenario: Scenario, tables: Sequence[tuple[str, str]]
) -> None:
    """Measure tables of a scenario, one after the other in one window."""
    print(scenario.settings.title)
    with tempfile.TemporaryDirectory() as folder:
        window = make_window(application, Preferences(Path(folder) / "desktop.ini"), Path(folder) / "recovery")
        window.show()
        watch = Stopwatch(application, window, clock)
        window.session.open(Document.new_from(scenario))
        watch.rest()
        for page, name in tables:
            measure_table(window, watch, page, name)
        window.session.document = None  # nothing to ask about
        window.close()


if __name__ == "__main__":
    main()
