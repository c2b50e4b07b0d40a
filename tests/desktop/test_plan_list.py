"""The plans of a scenario: compared, renamed, deleted and brought back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from planner.report.why import Subject, Topic
from tests.desktop.planned import open_planned
from ui.desktop.pages.plan_list import ROLE
from ui.desktop.window import Window

Wait = Callable[..., None]


@pytest.fixture
def planned(window: Window, wait: Wait) -> Window:
    """The window with two plans; the second is in view."""
    open_planned(window.session, "Plan 1", "Plan 2")
    wait(lambda: window.session.is_checked)
    window.activateWindow()
    wait(window.isActiveWindow)
    window.go("plan")
    wait(window.plan_page.plans.hasFocus)
    return window


def names(window: Window) -> list[str]:
    return [plan.name for plan in window.session.plans]


def test_that_f2_renames_the_plan_in_view_and_keeps_its_place(planned: Window, wait: Wait) -> None:
    plans = planned.plan_page.plans
    plans.setCurrentRow(1)
    QTest.keyClick(plans, Qt.Key.Key_F2)
    wait(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.text() == "Plan 1"
    field.setText("Without vetoes")
    QTest.keyClick(field, Qt.Key.Key_Return)

    wait(lambda: names(planned) == ["Without vetoes", "Plan 2"])
    assert planned.session.plan is planned.session.plans[0]
    wait(lambda: plans.item(1).data(ROLE + 1)[0] == "Without vetoes")


def test_that_a_plan_that_was_stopped_says_so(window: Window, wait: Wait) -> None:
    open_planned(window.session, "Plan 1")
    document, plan = window.session.document, window.session.plan
    assert document is not None
    assert plan is not None
    wait(lambda: window.session.is_checked)
    shown = lambda: window.plan_page.plans.item(0).data(ROLE + 1)[2]  # noqa: E731
    window.go("plan")
    assert shown() == "fresh"
    document.set_plans((replace(plan, run=replace(plan.run, stopped="user")),))
    assert shown() == "stopped early"


def test_that_an_empty_name_is_no_name(planned: Window, wait: Wait) -> None:
    plans = planned.plan_page.plans
    item = plans.item(0)
    item.setData(Qt.ItemDataRole.EditRole, "  ")

    assert names(planned) == ["Plan 1", "Plan 2"]


def test_that_a_deleted_plan_can_be_brought_back(planned: Window) -> None:
    QTest.keyClick(planned.plan_page.plans, Qt.Key.Key_Delete)
    assert names(planned) == ["Plan 1"]
    assert "Plan 2 was deleted" in planned.notice.words

    planned.notice._button.click()

    assert names(planned) == ["Plan 1", "Plan 2"]


def test_that_two_plans_are_compared_and_one_is_shown_again_after(planned: Window) -> None:
    page = planned.plan_page
    page.compare_with(planned.session.plans[0])

    assert page.comparison.isVisible()
    assert page.comparison._title.text() == "Plan 2 beside Plan 1"
    assert page.comparison._figures is not None
    assert page.comparison._figures.grid.rowCount() == 7
    page.comparison._figures.setCurrentIndex(page.comparison._figures.grid.index(0, 0))
    page.comparison._figures.ask()
    assert planned.why.subject == Subject(Topic.ALL)
    page.comparison._close()
    assert not page.comparison.isVisible()
    assert page._tab_strip.isVisible()


def test_that_a_comparison_ends_with_the_plan_it_is_with(planned: Window) -> None:
    page, document = planned.plan_page, planned.session.document
    assert document is not None
    page.compare_with(planned.session.plans[0])
    document.remove_plan(planned.session.plans[0])

    assert not page.comparison.isVisible()


def test_that_a_plan_is_agreed_in_one_step_and_undo_takes_it_back(planned: Window) -> None:
    before = planned.session.scenario
    planned.plan_page._agree.click()

    plan = planned.session.plan
    assert plan is not None
    assert len(planned.session.scenario.baseline) == len(plan.allocations)
    assert planned.session.undo_label == "take Plan 2 as the agreed plan"
    planned.notice._button.click()
    assert planned.session.scenario is before


def test_that_every_other_plan_is_offered_for_comparison(planned: Window) -> None:
    menu = QMenu()
    planned.plan_page.plans.fill_comparisons(menu)
    assert [action.text() for action in menu.actions()] == ["Plan 1"]

    menu.actions()[0].trigger()

    assert planned.plan_page.comparison.is_on
