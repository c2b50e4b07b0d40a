"""Another file beside the open scenario: conflicts decided, the outcome checked, and all of it one step."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FrameType

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget

from planner.document import Document
from planner.edits import add_row, delete_rows, rename_code, set_cell
from planner.exchange.workbook import write_workbook
from planner.history import record_of
from planner.merge import Side, State
from planner.reconciliation import reconcile
from planner.scenario import Scenario
from planner.store import read_file, save_file
from tests.desktop.conftest import Wait, begin_edit, save
from ui.desktop.pages.merge import MergePage
from ui.desktop.tables.grid_model import ACCESSIBLE
from ui.desktop.versions.merge_model import MINE, RESULT, THEIRS, UNDECIDED, MergeModel
from ui.desktop.window import Window

Edit = Callable[[Scenario], Scenario]


def cell(table: str, row: int, column: str, value: object) -> Edit:
    return lambda scenario: set_cell(scenario, table, row, column, value)


def both(*edits: Edit) -> Edit:
    def edit(scenario: Scenario) -> Scenario:
        for each in edits:
            scenario = each(scenario)
        return scenario

    return edit


OURS = both(cell("pledges", 0, "quantity", 48.0), cell("rules", 0, "value", "29 %"), cell("partners", 0, "note", "we"))
THEIR = both(
    cell("pledges", 0, "quantity", 40.0),
    cell("rules", 0, "value", "50 %"),
    cell("regions", 0, "access", 3.0),
    lambda scenario: delete_rows(scenario, "activities", {0}),
)


@pytest.fixture
def saved(opened: Window, tmp_path: Path, wait: Wait) -> Window:
    """The window with the scenario in a file."""
    opened.preferences.person = "Ana"
    assert save(opened, wait, tmp_path / "mine.concord")
    return opened


def write_theirs(source: Path, target: Path, edit: Edit) -> Path:
    """What somebody called Bo made of a copy of a file."""
    stored = read_file(source)
    scenario = edit(stored.scenario)
    save_file(target, replace(stored, scenario=scenario), record_of(stored, scenario, person="Bo", done=["edit"]))
    return target


def merge_with(window: Window, wait: Wait, tmp_path: Path, edit: Edit = THEIR) -> MergePage:
    """The merge page with a copy of the file that somebody else changed."""
    path = write_theirs(tmp_path / "mine.concord", tmp_path / "theirs.concord", edit)
    window.versions.merge_file(path)
    wait(lambda: window.versions.merging.case)
    return window.versions.merging.page


def results(model: MergeModel) -> list[str]:
    return [model.text_at(row, RESULT) for row in range(model.source_count())]


def test_that_conflicts_are_put_side_by_side_and_nothing_changes_before_merge(
    saved: Window, wait: Wait, tmp_path: Path
) -> None:
    saved.session.apply("edit", OURS)
    before = saved.session.scenario
    page = merge_with(saved, wait, tmp_path)
    assert saved.place == "exchange"
    assert saved.exchange.page is page
    assert saved.session.scenario is before
    assert [page.model.count(state) for state in (State.CONFLICT, State.THEIRS, State.MINE)] == [2, 2, 1]
    assert page.model.rowCount() == 2
    assert not page.merge.isEnabled()
    assert page.bar.words.text().startswith("You wrote 48, Bo wrote 40 today at ")
    assert page.bar.words.text().endswith("Both started from 30,000.")
    page.cancel.click()
    assert saved.session.scenario is before
    assert saved.exchange.page is not page


def test_that_what_was_decided_comes_in_as_one_step_that_undo_takes_back(
    saved: Window, wait: Wait, tmp_path: Path
) -> None:
    saved.session.apply("edit", OURS)
    before = saved.session.scenario
    page = merge_with(saved, wait, tmp_path)
    page.view.setCurrentIndex(page.model.index(0, MINE))
    QTest.keyClick(page.view, Qt.Key.Key_T)
    assert len(page.model.open_rows) == 1
    page.view.setCurrentIndex(page.model.index(1, MINE))
    page.bar.other.setText("33 %")
    QTest.keyClick(page.bar.other, Qt.Key.Key_Return)
    wait(page.merge.isEnabled)
    page.merge.click()
    after = saved.session.scenario
    assert (after.pledges[0].quantity, after.rules[0].value, after.partners[0].note) == (40.0, "33 %", "we")
    assert (after.regions[0].access, after.activities) == (3.0, ())
    assert saved.session.undo_label == "merge theirs.concord"
    assert "Merged theirs.concord" in saved.notice.words
    saved.session.undo()
    assert saved.session.scenario == before
    saved.session.redo()
    assert save(saved, wait)
    last = read_file(tmp_path / "mine.concord").states[-1].record
    assert (last.person, last.done) == ("Ana", ("edit", "merge theirs.concord"))


def test_that_merging_the_same_file_again_changes_nothing(saved: Window, wait: Wait, tmp_path: Path) -> None:
    page = merge_with(saved, wait, tmp_path)
    assert not page.model.count(State.CONFLICT)
    wait(page.merge.isEnabled)
    page.merge.click()
    after = saved.session.scenario
    assert saved.notice.words.startswith("Merged theirs.concord")
    assert save(saved, wait)
    assert saved.notice.words == ""
    saved.versions.merge_file(tmp_path / "theirs.concord")
    wait(lambda: "nothing that is not here already" in saved.notice.words)
    assert saved.session.scenario is after
    assert saved.exchange.page is not page


def test_that_a_file_saved_by_somebody_else_is_merged_and_never_overwritten(
    saved: Window, wait: Wait, tmp_path: Path
) -> None:
    path = write_theirs(tmp_path / "mine.concord", tmp_path / "mine.concord", cell("regions", 0, "access", 3.0))
    theirs = path.read_bytes()
    saved.session.apply("edit", cell("partners", 0, "note", "we"))
    assert not save(saved, wait)
    assert saved.notice.words.startswith("Not saved: mine.concord was changed by someone else since")
    assert "(Bo saved it today at " in saved.notice.words
    assert path.read_bytes() == theirs
    saved.notice._button.click()
    page = saved.versions.merging.page
    wait(page.merge.isEnabled)
    page.merge.click()
    assert save(saved, wait)
    kept = read_file(path).scenario
    assert (kept.regions[0].access, kept.partners[0].note) == (3.0, "we")


def test_that_the_same_edit_saved_by_somebody_else_is_no_merge_and_no_hindrance(
    saved: Window, wait: Wait, tmp_path: Path
) -> None:
    path = write_theirs(tmp_path / "mine.concord", tmp_path / "mine.concord", cell("regions", 0, "access", 3.0))
    saved.session.apply("edit", cell("regions", 0, "access", 3.0))
    saved.versions.merge_file(path)
    wait(lambda: "nothing that is not here already" in saved.notice.words)
    assert saved.session.undo_label == "merge mine.concord"
    assert save(saved, wait)


def test_that_a_window_that_comes_to_the_front_tells_once_that_the_file_was_changed(
    saved: Window, wait: Wait, tmp_path: Path
) -> None:
    write_theirs(tmp_path / "mine.concord", tmp_path / "mine.concord", cell("regions", 0, "access", 3.0))
    QApplication.sendEvent(saved, QEvent(QEvent.Type.WindowActivate))
    wait(lambda: saved.notice.words.startswith("mine.concord was changed by someone else"))
    assert "(Bo saved it today at " in saved.notice.words
    saved.notice.hide()
    QApplication.sendEvent(saved, QEvent(QEvent.Type.WindowActivate))
    done: list[object] = []
    saved.background.do(lambda: None, done.append, done.append)  # comes after what looks at the file
    wait(lambda: done)
    assert saved.notice.words == ""


def test_that_what_somebody_else_saved_is_opened_where_nothing_was_changed_here(
    saved: Window, wait: Wait, tmp_path: Path
) -> None:
    write_theirs(tmp_path / "mine.concord", tmp_path / "mine.concord", cell("regions", 0, "access", 3.0))
    QApplication.sendEvent(saved, QEvent(QEvent.Type.WindowActivate))
    wait(lambda: saved.notice.words)
    assert saved.notice._button.text().replace("&", "") == "Open theirs"
    saved.notice._button.click()
    wait(lambda: saved.session.scenario.regions[0].access == 3.0)
    assert not saved.session.is_dirty


def test_that_every_save_of_somebody_else_is_told(saved: Window, wait: Wait, tmp_path: Path) -> None:
    for access in (3.0, 4.0):
        write_theirs(tmp_path / "mine.concord", tmp_path / "mine.concord", cell("regions", 0, "access", access))
        saved.versions.look_at_disk()
        wait(lambda: "was changed by someone else" in saved.notice.words)
        saved.notice.hide()


def test_that_a_look_at_the_file_while_it_is_saved_is_no_false_alarm(saved: Window, wait: Wait, tmp_path: Path) -> None:
    looks = []
    before = (tmp_path / "mine.concord").read_bytes()

    def look_once_replaced(_frame: FrameType, event: str, function: object) -> None:
        is_replaced = event == "c_return" and function is os.replace
        if is_replaced and (tmp_path / "mine.concord").read_bytes() != before:
            sys.setprofile(None)
            saved.versions.look_at_disk()
            looks.append(saved.background._executor.submit(lambda: None).result())  # after the look

    saved.session.apply("edit", OURS)
    saved.saves.do(lambda: sys.setprofile(look_once_replaced), lambda _: None)  # of the thread that saves
    assert save(saved, wait)
    assert looks
    wait(lambda: saved.session.is_checked and saved.background.is_idle)
    assert saved.notice.words == ""


def test_that_a_scenario_edited_in_the_meantime_is_merged_anew_with_the_decisions_kept(
    saved: Window, wait: Wait, tmp_path: Path
) -> None:
    saved.session.apply("edit", OURS)
    page = merge_with(saved, wait, tmp_path)
    page.all_theirs.click()
    wait(page.merge.isEnabled)
    saved.session.apply("edit", cell("partners", 1, "note", "more"))
    page.merge.click()
    assert "changed in the meantime" in saved.notice.words
    wait(page.merge.isEnabled)
    page.merge.click()
    assert saved.session.scenario.partners[1].note == "more"
    assert saved.session.scenario.pledges[0].quantity == 40.0


def test_that_a_large_paste_that_goes_on_is_not_lost_to_a_merge(saved: Window, wait: Wait, tmp_path: Path) -> None:
    page = merge_with(saved, wait, tmp_path)
    wait(page.merge.isEnabled)
    begin_edit(saved.session, cell("partners", 1, "note", "pasted"))
    page.merge.click()
    assert "changed in the meantime" in saved.notice.words
    wait(page.merge.isEnabled)
    page.merge.click()
    assert saved.session.scenario.partners[1].note == "pasted"
    assert saved.session.undo_label == "merge theirs.concord"


def test_that_a_large_paste_that_goes_on_is_not_lost_to_a_file_without_news(
    saved: Window, wait: Wait, tmp_path: Path
) -> None:
    path = tmp_path / "mine.concord"
    saved.versions.merge_file(path)
    case = reconcile(read_file(path), saved.session.scenario, path, lambda _: None)
    begin_edit(saved.session, cell("partners", 1, "note", "pasted"))
    saved.versions.merging._show(case)
    wait(lambda: "nothing that is not here already" in saved.notice.words)
    assert saved.session.scenario.partners[1].note == "pasted"


def test_that_a_stranger_without_a_common_save_is_asked_about_everything_until_a_base_is_named(
    saved: Window, wait: Wait, tmp_path: Path
) -> None:
    base = saved.session.scenario
    write_workbook(base, tmp_path / "base.xlsx")
    write_workbook(THEIR(base), tmp_path / "typed.xlsx")
    saved.versions.merge_file(tmp_path / "typed.xlsx")
    wait(lambda: saved.versions.merging.case)
    page = saved.versions.merging.page
    assert not page.choose_base.isHidden()
    assert page.model.count(State.CONFLICT) == 2 + 1  # a value, a share and an access that differ
    saved.versions.merging.merge_file(tmp_path / "typed.xlsx", tmp_path / "base.xlsx")
    wait(lambda: saved.versions.merging.case)
    assert page.model.count(State.CONFLICT) == 0
    assert page.model.count(State.THEIRS) == 4
    assert not page.choose_base.isHidden()  # another one may be named
    page.cancel.click()


def test_that_problems_of_the_outcome_are_told_before_merging(saved: Window, wait: Wait, tmp_path: Path) -> None:
    saved.session.apply("edit", lambda scenario: rename_code(scenario, "partners", "A", "NEW"))
    page = merge_with(saved, wait, tmp_path, lambda s: add_row(s, "partners", code="NEW", name="Another"))
    wait(page.merge.isEnabled)
    assert page.outcome.text().startswith("The outcome has 1 new problem: ")
    page.cancel.click()


def test_that_a_file_that_cannot_be_read_leaves_everything_as_it_is(saved: Window, wait: Wait, tmp_path: Path) -> None:
    before = saved.session.scenario
    (tmp_path / "bad.concord").write_bytes(b"no database")
    saved.versions.merge_file(tmp_path / "bad.concord")
    wait(lambda: "Nothing was merged. What is open here is unchanged." in saved.notice.words)
    assert saved.session.scenario is before
    assert saved.exchange.page is not saved.versions.merging.page


def test_that_f8_goes_from_conflict_to_conflict_and_a_whole_row_is_decided_at_once(
    saved: Window, wait: Wait, tmp_path: Path
) -> None:
    saved.session.apply("edit", both(OURS, cell("pledges", 0, "status", "paid")))
    page = merge_with(saved, wait, tmp_path, both(THEIR, cell("pledges", 0, "status", "pledge")))
    first = page.view.currentIndex().row()
    saved.next_problem()
    assert page.view.currentIndex().row() == (first + 1) % 3
    page.view.setCurrentIndex(page.model.index(0, RESULT))
    page.view.take_row(Side.MINE)
    assert len(page.model.open_rows) == 1
    assert results(page.model).count(UNDECIDED) == 1
    page.view.take(None)
    assert len(page.model.open_rows) == 2
    page.cancel.click()


def test_that_the_model_of_a_merge_is_sound_and_says_which_side_is_chosen(
    saved: Window, wait: Wait, tmp_path: Path
) -> None:
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(saved.versions.merging.page.model, fatal)
    saved.session.apply("edit", OURS)
    page = merge_with(saved, wait, tmp_path)
    page.view.setCurrentIndex(page.model.index(0, THEIRS))
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    for column, words in ((MINE, "not chosen"), (THEIRS, ", chosen")):
        assert str(page.model.index(0, column).data(ACCESSIBLE)).endswith(words)
    page.model.sort(RESULT)
    page.model.set_filter(RESULT, "theirs")
    assert page.model.rowCount() >= 1
    page.model.clear_filters()
    assert tester.model() is page.model
    page.cancel.click()


def test_that_everything_on_the_pages_for_versions_has_a_name(saved: Window, wait: Wait, tmp_path: Path) -> None:
    page = merge_with(saved, wait, tmp_path)
    comparing = saved.versions.comparing
    for each in (page, comparing.differences, comparing.history):
        nameless = [
            widget
            for widget in each.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.accessibleName()
        ]
        assert [widget for widget in nameless if not widget.objectName().startswith("qt_")] == []
    page.cancel.click()


def test_that_another_document_ends_the_merge(saved: Window, wait: Wait, tmp_path: Path) -> None:
    page = merge_with(saved, wait, tmp_path)
    saved.session.open(Document.new_from(Scenario()))
    assert saved.place == "overview"
    assert saved.exchange.page is not page
