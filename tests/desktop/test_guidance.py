"""Finding one's way: search, help, first steps, and a window that needs no mouse."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from planner.document import Document
from planner.edits import set_cell
from planner.plan import Plan
from planner.report.why import Subject
from planner.rulebook import OBJECTIVES, RULES
from planner.scenario import Scenario
from tests.desktop.planned import open_planned
from ui.desktop.frame.sidebar import PLACES
from ui.desktop.help.help_panel import help_page
from ui.desktop.help.search import entries
from ui.desktop.pages.plan import TABS
from ui.desktop.theme import LIGHT
from ui.desktop.window import Window

Wait = Callable[..., None]
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def active(opened: Window, wait: Wait) -> Window:
    opened.activateWindow()
    wait(opened.isActiveWindow)
    return opened


def find(window: Window, words: str, wait: Wait) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, CONTROL)
    wait(window.guidance.chooser.isVisible)
    QTest.keyClicks(window.guidance.chooser.field, words)
    QTest.keyClick(window.guidance.chooser.field, Qt.Key.Key_Return)


def test_that_typing_leads_to_a_row_of_the_scenario(active: Window, wait: Wait) -> None:
    find(active, "women", wait)
    assert active.place == "partners"
    assert active.partners.current_name == "partners"
    assert active.partners.view.currentIndex().row() == 1

    find(active, "birch train", wait)
    view = active.partners.view
    assert active.partners.current_name == "pledges"
    assert view.currentIndex().data() == "2"

    find(active, "upper", wait)
    assert (active.place, active.needs.current_name) == ("needs", "regions")

    find(active, "local partners", wait)
    assert active.place == "rules"
    wait(lambda: QApplication.focusWidget() is active.rules.sentences.rows()[0].value)


def test_that_typing_leads_to_a_place(active: Window, wait: Wait) -> None:
    find(active, "settings", wait)
    assert active.place == "settings"


def test_that_down_and_escape_choose_another_or_none(active: Window, wait: Wait) -> None:
    chooser = active.guidance.chooser
    QTest.mouseClick(active.header.search, Qt.MouseButton.LeftButton)
    wait(chooser.isVisible)
    QTest.keyClick(chooser.field, Qt.Key.Key_Down)
    QTest.keyClick(chooser.field, Qt.Key.Key_Return)
    assert active.place == "partners"

    active.guidance.search()
    QTest.keyClick(chooser.field, Qt.Key.Key_Escape)
    wait(lambda: not chooser.isVisible())
    assert active.place == "partners"


def test_that_without_a_scenario_only_its_places_are_missing() -> None:
    assert [entry.title for entry in entries(Scenario(), False)] == ["Overview", "Exchange", "Settings"]


def test_that_f1_shows_help_and_gives_the_focus_back(active: Window, wait: Wait) -> None:
    active.go("partners")
    view = active.partners.view
    wait(view.hasFocus)
    QTest.keyClick(active, Qt.Key.Key_F1)
    assert active.help.is_open
    assert active.help.field.hasFocus()
    assert "Go to the next problem" in active.help.page.toPlainText()

    QTest.keyClick(active, Qt.Key.Key_Escape)
    assert not active.help.is_open
    assert view.hasFocus()


def test_that_help_opens_at_the_rule_with_the_focus(active: Window, wait: Wait) -> None:
    active.go("rules")
    QApplication.processEvents()
    QTest.keyClick(active, Qt.Key.Key_F1)
    words = active.help.page.toPlainText()
    assert "Share for local partners" in words
    assert "Least coverage" not in words


def test_that_help_tells_of_every_rule_and_objective() -> None:
    page = help_page("", LIGHT)
    for reference in (*RULES.values(), *OBJECTIVES.values()):
        assert reference.key in page
    assert "Nothing here names that" in help_page("zzz", LIGHT)


def step(window: Window, words: str) -> QPushButton:
    found = window.first_steps.findChildren(QPushButton)
    return next(made for made in found if words in made.accessibleName())


def test_that_the_first_steps_with_the_sample_are_ticked_off_and_then_gone_for_good(window: Window) -> None:
    steps, session = window.first_steps, window.session
    assert steps.isHidden()
    window.filing.open_sample()
    assert not steps.isHidden()

    step(window, "pledge").click()
    assert (window.place, window.partners.current_name) == ("partners", "pledges")
    assert steps.done == set()
    session.apply("change a pledge", lambda scenario: set_cell(scenario, "pledges", 0, "quantity", 7.0))
    assert steps.done == {"pledge"}
    session.add_plan(Plan(title="", fingerprint="", status="optimal"), session.scenario)
    assert steps.done == {"pledge", "plan"}
    window.plan_page.asked.emit(Subject("rule", ("local_share", "")))
    assert steps.done == {"pledge", "plan", "why"}
    assert window.preferences.knows_first_steps

    session.open(Document.new_from(Scenario()))
    assert steps.isHidden()
    window.filing.open_sample()
    assert steps.isHidden()


def test_that_first_steps_that_are_closed_do_not_come_back(window: Window) -> None:
    window.filing.open_sample()
    step(window, "Close").click()
    assert window.first_steps.isHidden()

    window.filing.open_sample()
    assert window.first_steps.isHidden()


def test_that_first_steps_are_for_the_sample_alone(window: Window, scenario: Scenario) -> None:
    window.filing.open_sample()
    window.session.open(Document.new_from(replace(scenario)))
    assert window.first_steps.isHidden()
    assert not window.preferences.knows_first_steps


def tab_stops(window: Window) -> set[QWidget]:
    return {
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if widget.focusProxy() is None and widget.window() is window
    }


@pytest.mark.parametrize("place", [name for name, _ in PLACES])
def test_that_tab_reaches_everything_on_a_page_and_shows_where_it_is(active: Window, place: str) -> None:
    active.go(place)
    check_tab(active)


@pytest.mark.parametrize("tab", [key for key, _ in TABS])
def test_that_tab_reaches_everything_beside_a_plan(active: Window, wait: Wait, tab: str) -> None:
    open_planned(active.session, "Plan 1")
    wait(lambda: active.session.is_checked)
    active.go("plan")
    active.plan_page.show_tab(tab)
    check_tab(active)


def check_tab(active: Window) -> None:
    QApplication.processEvents()
    expected, visited, unseen = tab_stops(active), set(), []
    for _ in range(2 * len(expected) + 20):
        before = QApplication.focusWidget()
        assert before is not None
        with_focus = before.grab().toImage()
        QTest.keyClick(before, Qt.Key.Key_Tab)
        visited.add(before)
        if before.grab().toImage() == with_focus and before in expected:
            unseen.append(before)
    assert {describe(widget) for widget in expected - visited} == set()
    assert {describe(widget) for widget in unseen} == set()


def describe(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()}"


@pytest.mark.parametrize("place", [name for name, _ in PLACES])
def test_that_alt_and_a_letter_press_one_button_at_most(active: Window, place: str) -> None:
    active.go(place)
    QApplication.processEvents()
    assert len(letters_of(active)) >= 3


def test_that_alt_and_a_letter_press_one_button_at_most_in_a_table_while_everything_is_shown(active: Window) -> None:
    active.go("rules")
    active.rules.show_tables()
    for page in (active.partners, active.needs, active.rules.tables):
        active.go("rules" if page is active.rules.tables else "partners" if page is active.partners else "needs")
        view = page.view
        view.grid.set_filter(0, "a")
        view.find_asked.emit(True)
        active.long_work.show()
        QApplication.processEvents()
        assert letters_of(active) >= set("urpcdafonle")


def letters_of(window: Window) -> set[str]:
    """The letters that press a button now, each of them one alone."""
    shown = [made for made in window.findChildren(QPushButton) if made.isVisible() and "&" in made.text()]
    letters = [made.text()[made.text().index("&") + 1].lower() for made in shown]
    assert len(set(letters)) == len(letters), [made.text() for made in shown]
    assert not [made.accessibleName() for made in shown if "&" in made.accessibleName()]
    return set(letters)


def test_that_alt_and_its_letter_press_a_button(active: Window, wait: Wait) -> None:
    active.go("rules")
    QApplication.processEvents()
    QTest.keyClick(active, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    wait(lambda: active.rules.currentWidget() is active.rules.tables)
