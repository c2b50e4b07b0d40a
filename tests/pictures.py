"""Pictures of every place of the window, light and dark, on two screens: `python -m tests.pictures [FOLDER]`.

The sample is planned once by the real worker (half a minute); nobody's settings and files are touched.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QLineEdit

from planner.document import Document
from planner.edits import set_cell
from planner.history import record_of
from planner.merge import Side
from planner.plan import Plan
from planner.recovery import Abandoned
from planner.report.why import Subject, Topic
from planner.samples import build_sample
from planner.scenario import Scenario
from planner.store import read_file, save_file
from ui.desktop.application import make_application, make_window
from ui.desktop.files.recovering import offer_words
from ui.desktop.pages.plan import TABS
from ui.desktop.pages.result_tables import ResultTables
from ui.desktop.preferences import Preferences
from ui.desktop.window import Window

FOLDER = Path("pictures")
SCREENS = ((1366, 768), (1920, 1080))
BRIGHTNESSES = ("light", "dark")
ENOUGH = 300.0  # seconds for one plan
Place = tuple[str, Callable[[], object]]
Changes = tuple[tuple[str, int, str, object], ...]  # table, row, column, value
MINE: Changes = (
    ("requirements", 10, "quantity", 48_000.0),
    ("requirements", 20, "quantity", 82_000.0),
    ("rules", 1, "value", "29 %"),
    ("partners", 3, "note", "Radio desk open"),
)
THEIRS: Changes = (
    ("requirements", 10, "quantity", 40_000.0),
    ("pledges", 0, "quantity", 1_400_000.0),
    ("pledges", 3, "status", "paid"),
    ("rules", 1, "value", "50 %"),
    ("regions", 2, "access", 3.0),
    ("partners", 3, "note", "Sends 2 shipments"),
)


def main() -> int:
    """Write the pictures into a folder, one PNG per place, brightness and screen."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description="Pictures of every place.")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--only", default="", help="only the places whose name holds this text")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    application = make_application()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CONCORD_DATA"] = str(Path(folder) / "data")
        window = make_window(application, Preferences(Path(folder) / "desktop.ini"), Path(folder) / "recovery")
        window.show()
        try:
            for name, show in places(application, window):
                if arguments.only in name:
                    show()
                    take(application, window, arguments.folder, name)
        finally:
            window.session.document = None  # nothing to ask about
            window.close()
    return 0


def places(application: QApplication, window: Window) -> Iterator[Place]:
    """Every place in the order in which somebody new would come to it."""
    yield "first-run", lambda: window.go("overview")
    window.filing.open_sample()
    until(application, lambda: window.session.is_checked)
    yield "overview-before-planning", lambda: window.go("overview")
    yield "help", window.guidance.help
    window.help.close_panel()
    yield "recovery", lambda: offer_recovery(window)
    for bar in (window.offer, window.first_steps):
        bar.hide()
    for page in ("partners", "needs", "rules"):
        for table in getattr(window, page).names:
            yield f"{page}-{table}", lambda page=page, table=table: show_table(window, page, table)
    yield "table-scrolled", lambda: show_scrolled(window)
    yield "table-find", lambda: show_found(application, window)
    yield "table-problem", lambda: show_problem(application, window)
    window.session.undo()
    window.start_plan()
    pause = time.monotonic() + 8  # some way into the search
    until(application, lambda: window.run is None or time.monotonic() > pause)
    yield "solving", lambda: window.go("plan")
    until(application, lambda: window.run is None)
    yield "overview", lambda: window.go("overview")
    yield "rules", lambda: show_rules(window)
    for key, title in TABS:
        yield f"plan-{title.lower()}", lambda key=key: show_plan_tab(window, key)
    yield "plan-why", lambda: show_why(window)
    yield "plan-groups", lambda: show_groups(window)
    first = window.session.plan
    assert first is not None
    window.session.apply("ask less of local partners", lambda scenario: with_values(scenario, "local_share", "20 %"))
    window.start_plan()
    until(application, lambda: window.run is None)
    yield "plan-compare", lambda: show_comparison(window, first)
    yield "exchange", lambda: window.go("exchange")
    yield "share", lambda: show_share(application, window)
    if window.sharing.dialog is not None:
        window.sharing.dialog.reject()
    yield from version_places(application, window)
    yield "settings", lambda: window.go("settings")
    window.session.open(Document.new_from(with_values(build_sample(), "coverage_floor", "90 %")))
    until(application, lambda: window.session.is_checked)
    window.start_plan()
    until(application, lambda: window.run is None)
    yield "no-plan", lambda: window.go("plan")


def version_places(application: QApplication, window: Window) -> Iterator[Place]:
    """Two people's versions of the sample: merged, compared, remembered."""
    versions = window.versions
    with tempfile.TemporaryDirectory() as folder:
        path, other = Path(folder) / "stabilisation-2027.concord", Path(folder) / "stabilisation-2027 (NRA).concord"
        window.preferences.person = "Ana Ruiz"
        window.saving.save_as(path)
        until(application, lambda: not window.saving.is_saving)
        stored = read_file(path)
        theirs = edited(stored.scenario, THEIRS)
        save_file(other, replace(stored, scenario=theirs), record_of(stored, theirs, person="Northern Rivers Alliance"))
        window.session.apply("change requirements", lambda scenario: edited(scenario, MINE))
        window.saving.save("after the donor meeting")
        until(application, lambda: not window.saving.is_saving)
        versions.comparing.compare_with(other)
        until(application, lambda: window.background.is_idle)
        yield "differences", lambda: window.go("exchange")
        versions.merge_file(other)
        until(application, lambda: window.background.is_idle)
        yield "merge-conflicts", versions.merging.page.enter
        versions.merging.page.view.take(Side.MINE)
        versions.merging.page.filters.buttons()[-1].click()
        yield "merge", versions.merging.page.enter
        versions.merging.page.all_theirs.click()
        until(application, lambda: window.background.is_idle)
        yield "merge-decided", versions.merging.page.enter
        versions.merging.page.merge.click()
        window.saving.save()
        until(application, lambda: not window.saving.is_saving)
        window.notice.hide()
        versions.show_history()
        until(application, lambda: window.background.is_idle)
        yield "history", lambda: window.go("exchange")
        window.exchange.show_home()


def edited(scenario: Scenario, changes: Changes) -> Scenario:
    """The scenario with other values in these cells."""
    for table, row, column, value in changes:
        scenario = set_cell(scenario, table, row, column, value)
    return scenario


def with_values(scenario: Scenario, rule: str, value: str) -> Scenario:
    """The scenario with another value in every row of a rule."""
    return replace(
        scenario, rules=tuple(replace(row, value=value) if row.rule == rule else row for row in scenario.rules)
    )


def offer_recovery(window: Window) -> None:
    """What a crash left behind, offered."""
    left = Abandoned(FOLDER, "Two valleys", None, 14, datetime.now().astimezone().isoformat())
    window.offer.tell(
        offer_words(left), "warning", lambda: None, "Recover", other_action=lambda: None, other_label="Discard"
    )


def show_rules(window: Window) -> None:
    """The rules as sentences, one of them chosen."""
    window.rules.show_sentences()
    window.go("rules")
    window.rules.sentences.rows()[1].focus_field()


def show_table(window: Window, page: str, table: str) -> None:
    """A table of the scenario, with a cell chosen."""
    window.go(page)
    view = getattr(window, page).show_table(table)
    view.setCurrentIndex(view.model().index(0, min(1, view.model().columnCount() - 1)))


def show_scrolled(window: Window) -> None:
    """A wide table moved to its last columns; the first one stays."""
    show_table(window, "partners", "pledges")
    view = window.partners.view
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum())


def show_found(application: QApplication, window: Window) -> None:
    """Find and replace above a table."""
    show_table(window, "partners", "pledges")
    view = window.partners.view
    view.horizontalScrollBar().setValue(0)
    window.partners.find_bar.show_for(view, with_replace=True)
    focused = window.focusWidget()
    assert isinstance(focused, QLineEdit)
    focused.setText("commitment")
    until(application, lambda: window.partners.find_bar.is_done)


def show_problem(application: QApplication, window: Window) -> None:
    """A cell that cannot be read, with what is wrong and how to mend it."""
    window.partners.find_bar.leave()
    view = window.partners.view
    place = 6, [column.name for column in view.grid.columns].index("status")
    view.write({place: "comitment"}, "type a status")
    until(application, lambda: window.session.is_checked)
    view.setCurrentIndex(view.grid.index(0, 0))
    view.setCurrentIndex(view.grid.index(*place))
    view.setFocus()


def show_share(application: QApplication, window: Window) -> None:
    """What would leave with a copy for everybody, as a picture of the dialog in front of the window."""
    window.go("exchange")
    document = window.session.document
    assert document is not None
    window.sharing.show_dialog(document.stored)
    until(application, lambda: window.background.is_idle)


def show_plan_tab(window: Window, key: str) -> None:
    """A table of the plan."""
    window.go("plan")
    window.plan_page.show_tab(key)


def show_why(window: Window) -> None:
    """The activity of the coverage that is least covered, explained."""
    show_plan_tab(window, "coverage")
    plan = window.session.plan
    assert plan is not None
    worst = min((row for row in plan.activities if row.go), key=lambda row: row.coverage)
    window.why.ask(Subject(Topic.ACTIVITY, (worst.initiative, worst.region)))


def show_groups(window: Window) -> None:
    """Allocations by partner, with a line of the plan explained."""
    show_plan_tab(window, "allocations")
    page = window.plan_page.view_of("allocations")
    assert isinstance(page, ResultTables)
    page.group_by("partner_name")
    page.view.setCurrentIndex(page.view.grid.index(1, 0))
    page.ask()


def show_comparison(window: Window, other: Plan) -> None:
    """Two plans beside each other."""
    window.why.close_panel()
    window.plan_page.compare_with(other)


def take(application: QApplication, window: Window, folder: Path, name: str) -> None:
    """Write the window as it is, on each screen in each brightness."""
    for brightness in BRIGHTNESSES:
        window.theme.choose(brightness)
        for width, height in SCREENS:
            window.resize(width, height)
            until(application, lambda: window.session.is_checked)
            path = folder / f"{name}-{brightness}-{width}x{height}.png"
            shown = application.activeModalWidget() or window  # a dialog in front of it, if there is one
            if not shown.grab().save(str(path)):
                raise SystemExit(f"{path} was not written.")
    print(name, flush=True)


def until(application: QApplication, condition: Callable[[], object], seconds: float = ENOUGH) -> None:
    """Let the window work until a condition holds."""
    end = time.monotonic() + seconds
    application.processEvents()
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("The window took too long.")
        time.sleep(0.005)
        application.processEvents()
    application.processEvents()


if __name__ == "__main__":
    sys.exit(main())
