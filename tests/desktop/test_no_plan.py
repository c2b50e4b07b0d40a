"""No plan: the clash in words, and every way out as one click to a copy that has a plan. Planned by the real worker."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton

from planner import edits
from planner.cell_changes import apply_fix
from tests.desktop.test_planning import PATIENCE
from ui.desktop.pages.no_plan import NoPlan, partners_of, place_of
from ui.desktop.window import Window

Wait = Callable[..., None]


@pytest.fixture
def stuck(opened: Window, wait: Wait) -> Window:
    """The window with a scenario whose rules no plan can meet, after planning it."""
    opened.session.apply(
        "ask too much", lambda scenario: edits.add_row(scenario, "rules", rule="coverage_floor", value="1")
    )
    wait(lambda: opened.session.is_checked)
    opened.start_plan()
    wait(lambda: opened.run is None, PATIENCE)
    assert opened.session.plan is not None
    assert opened.session.plan.status == "infeasible"
    return opened


def buttons(window: Window, words: str) -> list[QPushButton]:
    page = window.plan_page.findChild(NoPlan)
    assert page is not None
    return [each for each in page.findChildren(QPushButton) if each.text() == words]


def test_that_each_condition_of_the_clash_leads_to_its_row(stuck: Window) -> None:
    plan = stuck.session.plan
    assert plan is not None
    assert plan.conflict
    (go, *_) = buttons(stuck, "Open Rules")

    go.click()

    assert stuck.place == "rules"


def test_that_each_way_out_shows_what_a_plan_then_reaches(stuck: Window) -> None:
    plan, page = stuck.session.plan, stuck.plan_page.findChild(NoPlan)
    assert plan is not None
    assert page is not None
    shown = [label.text() for label in page.findChildren(QLabel)]
    for fix in plan.fixes:
        assert fix.totals is not None
        assert f"{fix.totals.effective * 100:.1f} %" in shown


def test_that_a_way_out_is_applied_to_a_copy_that_has_a_plan(stuck: Window, wait: Wait) -> None:
    plan, original = stuck.session.plan, stuck.session.document
    assert plan is not None
    assert original is not None
    assert len(buttons(stuck, "Apply to a copy")) == len(plan.fixes) > 0
    before, expected = original.scenario, apply_fix(original.scenario, plan.fixes[0])

    QTimer.singleShot(50, discard)
    buttons(stuck, "Apply to a copy")[0].click()

    copy = stuck.session.document
    assert copy is not None
    assert copy is not original
    assert original.scenario is before
    assert copy.path is None
    assert copy.is_dirty
    assert copy.plans == original.plans
    for table, rows in expected.tables():
        assert copy.scenario.rows(table) == rows
    assert "with one change" in stuck.notice.words

    wait(lambda: stuck.session.is_checked)
    stuck.notice._button.click()
    wait(lambda: stuck.run is None, PATIENCE)
    assert stuck.session.plan is not None
    assert stuck.session.plan.has_allocations


def discard() -> None:
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    box.button(QMessageBox.StandardButton.Discard).click()


def test_that_staying_with_the_scenario_changes_nothing(stuck: Window) -> None:
    document, scenario = stuck.session.document, stuck.session.scenario

    def stay() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        box.button(QMessageBox.StandardButton.Cancel).click()

    QTimer.singleShot(50, stay)
    buttons(stuck, "Apply to a copy")[0].click()

    assert stuck.session.document is document
    assert stuck.session.scenario is scenario


def test_that_a_fix_of_a_scenario_that_has_changed_since_is_refused_in_words(stuck: Window) -> None:
    fixes = stuck.session.plan.fixes if stuck.session.plan is not None else ()
    fix = next(fix for fix in fixes if fix.changes[0].sheet == "Rules")
    row = [rule.rule for rule in stuck.session.scenario.rules].index("coverage_floor")
    stuck.session.apply("ease", lambda scenario: edits.set_cell(scenario, "rules", row, "value", "0.1"))

    QTimer.singleShot(50, discard)
    stuck.results.apply_fix(fix)

    assert "Nothing was changed" in stuck.notice.words


def test_that_a_fix_names_the_cell_it_changes_and_whom_to_agree_with(stuck: Window) -> None:
    scenario, plan = stuck.session.scenario, stuck.session.plan
    assert plan is not None
    for fix in plan.fixes:
        change = fix.changes[0]
        place = place_of(scenario, change)
        assert place is not None
        assert place.sheet == change.sheet
    supply = [fix for fix in plan.fixes if fix.changes[0].sheet == "Pledges"]
    assert all(partners_of(scenario, fix) for fix in supply)


def test_that_the_clash_and_the_ways_out_are_copied_as_text(stuck: Window) -> None:
    plan = stuck.session.plan
    assert plan is not None
    buttons(stuck, "Copy as text")[0].click()

    words = QGuiApplication.clipboard().text()
    assert all(member.text in words for member in plan.conflict)
    assert all(fix.text in words for fix in plan.fixes)
