"""Why? - asked by click and by keyboard, beside whatever figure it is about."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from planner.report.why import Subject, Topic
from tests.desktop.conftest import save
from tests.desktop.planned import open_planned, small_plan
from ui.desktop.charts.heat_map import Geometry
from ui.desktop.pages.coverage import CoveragePage
from ui.desktop.pages.result_tables import ResultTables
from ui.desktop.window import Window

Wait = Callable[..., None]


@pytest.fixture
def planned(window: Window, wait: Wait) -> Window:
    """The window on the Plan page, with a plan of the small sample."""
    open_planned(window.session, "Plan 1")
    wait(lambda: window.session.is_checked)
    window.activateWindow()
    wait(window.isActiveWindow)
    window.go("plan")
    return window


def coverage(window: Window) -> CoveragePage:
    window.plan_page.show_tab("coverage")
    page = window.plan_page.view_of("coverage")
    assert isinstance(page, CoveragePage)
    return page


def tables(window: Window, key: str) -> ResultTables:
    window.plan_page.show_tab(key)
    page = window.plan_page.view_of(key)
    assert isinstance(page, ResultTables)
    return page


def test_that_a_click_on_a_cell_explains_it_and_escape_closes_it(planned: Window) -> None:
    heat = coverage(planned).heat
    geometry = Geometry(QRectF(heat.rect()), heat._data, planned.theme)

    QTest.mouseClick(heat, Qt.MouseButton.LeftButton, pos=geometry.cell(0, 0).center().toPoint())

    assert planned.why.subject is not None
    assert planned.why.subject == heat.subject
    told = next(row for row in small_plan().activities if (row.initiative, row.region) == planned.why.subject.codes)
    assert told.text in planned.why.page.toPlainText()
    QTest.keyClick(planned, Qt.Key.Key_Escape)
    assert not planned.why.is_open


def test_that_the_heat_map_shows_effective_coverage_too(planned: Window) -> None:
    page = coverage(planned)
    page.show_measure("effective")

    first = page.heat._data.cells[0][0]
    assert first.subject is not None
    told = next(row for row in small_plan().activities if (row.initiative, row.region) == first.subject.codes)
    assert first.value == told.effective
    assert "% effectively covered" in page.heat.describe(0, 0)


def test_that_an_open_explanation_goes_along_with_the_arrow_keys(planned: Window, wait: Wait) -> None:
    heat = coverage(planned).heat
    heat.setFocus()
    wait(heat.hasFocus)
    QTest.keyClick(heat, Qt.Key.Key_Right)
    assert not planned.why.is_open
    QTest.keyClick(heat, Qt.Key.Key_Return)
    first = planned.why.subject

    QTest.keyClick(heat, Qt.Key.Key_Down)

    assert planned.why.subject not in (first, None)
    assert planned.why.subject == heat.subject


def test_that_the_shortcut_explains_the_row_with_the_cursor_and_closes_again(planned: Window, wait: Wait) -> None:
    view = tables(planned, "gaps").view
    view.setFocus()
    wait(view.hasFocus)
    view.setCurrentIndex(view.grid.index(1, 0))

    QTest.keyClick(planned, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    gap = small_plan().gaps[1]
    assert planned.why.subject == Subject(Topic.NEED, (gap.initiative, gap.region, gap.resource, str(gap.period)))
    assert gap.text in planned.why.page.toPlainText()
    QTest.keyClick(planned, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert not planned.why.is_open


@pytest.mark.parametrize("key", ["allocations", "gaps", "supply", "rules", "activities"])
def test_that_return_on_a_row_of_any_table_explains_it(planned: Window, wait: Wait, key: str) -> None:
    view = tables(planned, key).view
    view.setFocus()
    wait(view.hasFocus)
    view.setCurrentIndex(view.grid.index(0, 0))

    QTest.keyClick(view, Qt.Key.Key_Return)

    assert planned.why.told is not None
    assert planned.why.told.title


def test_that_links_lead_on_and_back_leads_back(planned: Window) -> None:
    planned.why.ask(Subject(Topic.ALL))
    planned.why.page.anchorClicked.emit(QUrl("why:0"))

    assert planned.why.subject is not None
    assert planned.why.subject.topic is Topic.ACTIVITY
    planned.why.go_back()
    assert planned.why.subject == Subject(Topic.ALL)


def test_that_an_explanation_is_copied_as_text(planned: Window) -> None:
    gap = small_plan().gaps[0]
    planned.why.ask(Subject(Topic.NEED, (gap.initiative, gap.region, gap.resource, str(gap.period))))
    planned.why.copy()

    lines = QGuiApplication.clipboard().text().splitlines()
    assert gap.text in lines
    assert any(line.startswith("Needed: ") for line in lines)


def test_that_names_from_a_file_are_text_and_load_nothing(planned: Window) -> None:
    from planner import edits

    name = "<img src='http://example.org/x.png'><b>Bold</b>"
    region = planned.session.scenario.regions[0]
    planned.session.apply("rename", lambda scenario: edits.set_cell(scenario, "regions", 0, "name", name))
    planned.session._planned.clear()
    planned.session.plans_changed.emit()
    planned.why.ask(Subject(Topic.REGION, (region.code,)))

    assert name in planned.why.page.toPlainText()
    assert planned.why.page.loadResource(2, QUrl("http://example.org/x.png")) is None


def test_that_the_place_in_the_scenario_is_one_click_away(planned: Window) -> None:
    pledge = small_plan().allocations[0].pledge
    planned.why.ask(Subject(Topic.PLEDGE, (pledge,)))
    planned.why._open.click()

    assert planned.place == "partners"
    assert planned.partners.current_name == "pledges"
    row = planned.partners.view.currentIndex().row()
    assert planned.session.scenario.pledges[row].code == pledge
    assert not planned.why.is_open


def test_that_a_rule_can_be_tried_without_in_a_copy(planned: Window, tmp_path: Path, wait: Wait) -> None:
    document = planned.session.document
    assert document is not None
    assert save(planned, wait, tmp_path / "small.concord")  # nothing to ask about
    (report,) = [row for row in small_plan().rules if row.rule == "local_share"]
    planned.why.ask(Subject(Topic.RULE, ("local_share", report.scope)))

    planned.why._try.click()

    assert planned.session.document is not document
    assert [row.on for row in planned.session.scenario.rules if row.rule == "local_share"] == [False]
    assert all(row.on for row in document.scenario.rules)
    assert "Switch off" in planned.notice.words


def test_that_a_plan_is_read_by_keyboard_alone(planned: Window, wait: Wait) -> None:
    bar = planned.plan_page._tabs
    wait(planned.plan_page.plans.hasFocus)
    for _ in range(12):
        if bar.hasFocus():
            break
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert bar.hasFocus()
    for _ in range(3):
        QTest.keyClick(bar, Qt.Key.Key_Right)
    page = planned.plan_page.view_of("allocations")
    assert isinstance(page, ResultTables)
    for _ in range(20):
        if page.view.hasFocus():
            break
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert page.view.hasFocus()

    QTest.keyClick(page.view, Qt.Key.Key_Down)
    QTest.keyClick(page.view, Qt.Key.Key_Return)

    assert planned.why.subject is not None
    assert planned.why.subject.topic is Topic.LINE
    QTest.keyClick(page.view, Qt.Key.Key_Escape)
    assert not planned.why.is_open
    assert page.view.hasFocus()


def test_that_the_overview_explains_its_cells_too(planned: Window) -> None:
    planned.go("overview")
    QApplication.processEvents()
    planned.overview.heat._choose((0, 0))
    QTest.keyClick(planned.overview.heat, Qt.Key.Key_Return)

    assert planned.why.told is not None
