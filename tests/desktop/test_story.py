"""The whole story in the real window with the real worker, once by its parts and once by keyboard alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QMessageBox, QPushButton, QTabBar, QWidget

from planner import edits
from planner.samples import build_sample
from planner.store import StoredFile, save_file
from tests.desktop.conftest import Wait
from tests.desktop.test_planning import PATIENCE
from ui.desktop.charts.heat_map import Geometry
from ui.desktop.pages.plan_comparison import PlanComparison
from ui.desktop.rules.rule_row import ValueField
from ui.desktop.tables.editable_table import EditableTable
from ui.desktop.window import Window

KEY, CONTROL, NOTHING = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def story(window: Window, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Window:
    """The window at its first run; the system's dialogs answer with a file of the small sample and `shown.csv`."""
    save_file(tmp_path / "first.concord", StoredFile(scenario=build_sample("first-steps")))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "first.concord"), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "shown.csv"), ""))
    window.activateWindow()
    wait(window.isActiveWindow)
    return window


def with_focus() -> QWidget:
    """What a key goes to."""
    popup = QApplication.activePopupWidget()
    widget = (popup.focusWidget() or popup) if popup is not None else QApplication.focusWidget()
    assert widget is not None, "a person without a mouse is lost here"
    return widget


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NOTHING) -> None:
    QTest.keyClick(with_focus(), key, modifiers)
    QApplication.processEvents()


def type_in(words: str) -> None:
    """One character after the other: the first may open an editor for the others."""
    for character in words:
        QTest.keyClicks(with_focus(), character)
        QApplication.processEvents()


def tab_to(is_there: Callable[[QWidget], bool]) -> QWidget:
    """Press Tab until the focus is where it should be."""
    for _ in range(200):
        widget = QApplication.focusWidget()
        if widget is not None and is_there(widget):
            return widget
        press(KEY.Key_Tab)
    raise AssertionError("Tab does not lead there")


def button(words: str) -> Callable[[QWidget], bool]:
    return lambda widget: isinstance(widget, QPushButton) and widget.text().replace("&", "").startswith(words)


def later(press_it: Callable[[QMessageBox], None]) -> None:
    """Answer the question that is about to be asked."""

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        press_it(box)

    QTimer.singleShot(100, answer)


def come_back(window: Window, wait: Wait) -> None:
    """After a question; off screen there is no window manager that would see to it."""
    window.activateWindow()
    wait(window.isActiveWindow)


def discard(box: QMessageBox) -> None:
    QTest.keyClick(box.button(QMessageBox.StandardButton.Discard), KEY.Key_Space)


def plan(window: Window, wait: Wait) -> None:
    wait(lambda: window.session.is_checked)
    press(KEY.Key_F5)
    wait(lambda: window.run is None, PATIENCE)
    QApplication.processEvents()


def test_that_the_whole_story_can_be_told_by_keyboard_alone(story: Window, wait: Wait, tmp_path: Path) -> None:
    session = story.session
    # The sample, a plan that is stopped.
    tab_to(button("Open sample"))
    press(KEY.Key_Space)
    wait(lambda: session.is_checked and session.has_document)
    press(KEY.Key_F5)
    assert story.run is not None
    events: list[str] = []
    story.run.progressed.connect(lambda event: events.append(event["event"]))
    wait(lambda: len(events) > 3, PATIENCE)
    press(KEY.Key_Escape)
    wait(lambda: story.run is None, PATIENCE)

    # A file of one's own, a figure typed, a block pasted from a spreadsheet and taken back.
    if session.is_dirty:
        later(discard)
    press(KEY.Key_O, CONTROL)
    wait(lambda: session.path is not None and session.is_checked)
    come_back(story, wait)
    press(KEY.Key_2, CONTROL)
    tab_to(lambda widget: isinstance(widget, QTabBar))
    press(KEY.Key_Right)
    table = tab_to(lambda widget: isinstance(widget, EditableTable))
    assert isinstance(table, EditableTable)
    while table.edited.headings()[table.currentIndex().column()] != "Quantity":
        press(KEY.Key_Right)
    type_in("210 000")
    press(KEY.Key_Return)
    wait(lambda: session.scenario.pledges[0].quantity == 210_000.0)
    QGuiApplication.clipboard().setText("1.250,5\n2500\n")
    press(KEY.Key_V, CONTROL)
    assert [pledge.quantity for pledge in session.scenario.pledges[1:3]] == [1250.5, 2500.0]
    assert "paste" in session.undo_label
    press(KEY.Key_Z, CONTROL)
    assert [pledge.quantity for pledge in session.scenario.pledges[1:3]] == [60_000.0, 90_000.0]

    # A plan, and why.
    plan(story, wait)
    first = session.plan
    assert first is not None
    assert first.has_allocations
    tab_to(lambda widget: widget is story.plan_page.view_of("coverage").heat)  # type: ignore[attr-defined]
    press(KEY.Key_Return)
    assert story.why.is_open
    assert story.why.page.toPlainText()
    press(KEY.Key_Escape)

    # A rule that nobody can meet, and a way out on a copy.
    press(KEY.Key_4, CONTROL)
    press(KEY.Key_Plus, CONTROL)
    type_in("Least coverage")
    press(KEY.Key_Return)
    field = with_focus()
    assert isinstance(field, ValueField)
    field.selectAll()
    type_in("100 %")
    press(KEY.Key_Return)
    wait(lambda: any(rule.rule == "coverage_floor" and rule.value for rule in session.scenario.rules))
    plan(story, wait)
    assert session.plan is not None
    stuck = session.plans[-1]
    assert stuck.status == "infeasible"
    session.choose_plan(stuck.id)
    tab_to(button("Apply to a copy"))
    later(discard)
    press(KEY.Key_Space)
    assert session.path is None
    come_back(story, wait)
    plan(story, wait)
    second = session.plan
    assert second is not None
    assert second.has_allocations
    assert second.id != first.id

    # Both plans beside each other, and a table written as it is shown.
    tab_to(button("Compare with"))
    press(KEY.Key_Space)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    press(KEY.Key_Down)
    press(KEY.Key_Return)
    comparison = story.plan_page.findChild(PlanComparison)
    assert comparison is not None
    assert comparison.is_on
    tab_to(button("Export"))
    press(KEY.Key_Space)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    while (chosen := menu.activeAction()) is None or "CSV" not in chosen.text():
        press(KEY.Key_Down)
    press(KEY.Key_Return)
    wait((tmp_path / "shown.csv").exists)


def click(widget: QWidget, place: QPoint | None = None) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place or widget.rect().center())
    QApplication.processEvents()


def button_on(page: QWidget, words: str) -> QPushButton:
    """The button with these words that one sees."""
    found = [each for each in page.findChildren(QPushButton) if each.isVisible() and button(words)(each)]
    assert found, f"nobody sees a button “{words}”"
    return found[0]


def choose(window: Window, page: QWidget, words: str, entry: Callable[[str], bool]) -> None:
    """Open a button's menu and choose from it."""
    menu = button_on(page, words).menu()
    menu.popup(window.mapToGlobal(QPoint(0, 0)))
    action = next(each for each in menu.actions() if entry(each.text()))
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    QApplication.processEvents()


def test_that_the_whole_story_can_be_told_with_the_mouse(story: Window, wait: Wait, tmp_path: Path) -> None:
    session, press_plan = story.session, button_on(story.header, "Plan")
    click(button_on(story.overview, "Open sample"))
    wait(lambda: session.is_checked and session.has_document)
    story.filing.open_path(tmp_path / "first.concord")
    wait(lambda: session.path is not None and session.is_checked)

    # A figure typed, a block pasted, Undo.
    click(story.sidebar.places["partners"])
    table = story.partners.show_table("pledges")
    at = table.edited.index(0, list(table.edited.headings()).index("Quantity"))
    click(table.viewport(), table.visualRect(at).center())
    type_in("210 000")
    press(KEY.Key_Return)
    QGuiApplication.clipboard().setText("1.250,5\n2500\n")
    press(KEY.Key_V, CONTROL)
    assert [pledge.quantity for pledge in session.scenario.pledges[:3]] == [210_000.0, 1250.5, 2500.0]
    click(button_on(story.header, "Undo"))
    assert [pledge.quantity for pledge in session.scenario.pledges[:3]] == [210_000.0, 60_000.0, 90_000.0]

    # A plan that is stopped, one that is not, and why.
    wait(lambda: session.is_checked)
    click(press_plan)
    click(story.plan_page.solving.stop_button)
    wait(lambda: story.run is None, PATIENCE)
    click(press_plan)
    wait(lambda: story.run is None, PATIENCE)
    first = session.plan
    assert first is not None
    assert first.has_allocations
    heat = story.plan_page.view_of("coverage").heat  # type: ignore[attr-defined]
    click(heat, Geometry(QRectF(heat.rect()), heat._data, story.theme).cell(0, 0).center().toPoint())
    assert story.why.is_open
    assert story.why.page.toPlainText()

    # A rule that nobody can meet, the way out on a copy, both plans beside each other, a table written.
    session.apply("ask too much", lambda each: edits.add_row(each, "rules", rule="coverage_floor", value="1"))
    wait(lambda: session.is_checked)
    click(press_plan)
    wait(lambda: story.run is None, PATIENCE)
    assert session.plan is not None
    assert session.plan.status == "infeasible"
    later(discard)
    click(button_on(story.plan_page, "Apply to a copy"))
    assert session.path is None
    wait(lambda: session.is_checked)
    click(press_plan)
    wait(lambda: story.run is None, PATIENCE)
    assert session.plan is not None
    assert session.plan.has_allocations
    choose(story, story.plan_page, "Compare with", lambda words: words == first.name)
    assert story.plan_page.comparison.is_on
    choose(story, story.plan_page.comparison, "Export", lambda words: "CSV" in words)
    wait((tmp_path / "shown.csv").exists)
