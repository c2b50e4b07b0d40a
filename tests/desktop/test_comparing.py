"""Differences between any two versions, and the history of a scenario, on their pages."""

from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QInputDialog

from planner.edits import set_cell
from planner.exchange.workbook import write_workbook
from planner.store import read_file
from planner.store.protection import HEADER
from tests.desktop.conftest import Wait, save
from ui.desktop.tables.result_model import ResultModel
from ui.desktop.tables.table_view import TableView
from ui.desktop.window import Window


@pytest.fixture
def saved(opened: Window, tmp_path: Path, wait: Wait) -> Window:
    """The window with a scenario that was saved three times, the last time with a comment."""
    opened.preferences.person = "Ana"
    assert save(opened, wait, tmp_path / "mine.concord")
    change(opened, 0, 48.0)
    assert save(opened, wait)
    opened.preferences.person = "Bo"
    change(opened, 2, 5.0)
    assert save(opened, wait, comment="after the donor meeting")
    return opened


def change(window: Window, row: int, quantity: float) -> None:
    window.session.apply("change quantity", lambda before: set_cell(before, "pledges", row, "quantity", quantity))


def shown(view: TableView) -> list[list[str]]:
    model = view.grid
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_that_differences_to_a_file_are_told_in_words_and_exported(saved: Window, wait: Wait, tmp_path: Path) -> None:
    write_workbook(set_cell(saved.session.scenario, "pledges", 0, "quantity", 50.0), tmp_path / "typed.xlsx")
    saved.versions.comparing.compare_with(tmp_path / "typed.xlsx")
    page = saved.versions.comparing.differences
    wait(lambda: page.model.rowCount() == 1)
    assert shown(page.view) == [["Pledges", "P-1 · Alder Fund", "Alder Fund", "Quantity, USD", "48", "50"]]
    page.swap.click()
    wait(lambda: shown(page.view)[0][-2:] == ["50", "48"])
    export = next(each for each in page.exports() if each.ending == ".csv")
    saved.filing.write(export, tmp_path / "differences.csv")
    wait((tmp_path / "differences.csv").exists)
    assert "P-1 · Alder Fund" in (tmp_path / "differences.csv").read_text(encoding="utf-8-sig")


def test_that_two_files_are_compared_without_a_scenario_open(window: Window, wait: Wait, tmp_path: Path) -> None:
    from planner.samples import build_sample

    sample = build_sample("first-steps")
    write_workbook(sample, tmp_path / "a.xlsx")
    write_workbook(set_cell(sample, "pledges", 0, "quantity", 1.0), tmp_path / "b.xlsx")
    window.versions.comparing.compare_files(tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    page = window.versions.comparing.differences
    wait(lambda: page.model.rowCount() == 1)
    assert window.place == "exchange"


def test_that_a_file_that_cannot_be_read_is_told(saved: Window, wait: Wait, tmp_path: Path) -> None:
    saved.versions.comparing.compare_with(tmp_path / "gone.concord")
    wait(lambda: "Nothing was compared." in saved.notice.words)
    assert saved.exchange.page is not saved.versions.comparing.differences


def test_that_a_protected_file_asks_for_its_passphrase_before_it_is_given_up(
    saved: Window, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "copy.concord").write_bytes(HEADER)
    asked: list[str] = []

    def answer(_parent: object, _title: str, words: str, *_: object) -> tuple[str, bool]:
        asked.append(words)
        return "", False

    monkeypatch.setattr(QInputDialog, "getText", answer)
    saved.versions.comparing.compare_with(tmp_path / "copy.concord")
    wait(lambda: "Nothing was compared." in saved.notice.words)
    assert asked == ["copy.concord is protected. Its passphrase:"]


def test_that_the_history_says_who_changed_what_and_is_filtered_like_any_table(saved: Window, wait: Wait) -> None:
    change(saved, 0, 49.0)
    saved.versions.show_history()
    page = saved.versions.comparing.history
    wait(lambda: page.saves.grid.rowCount() == 4)
    assert [row[1:] for row in shown(page.saves)] == [
        ["Bo", "1", "", ""],
        ["Bo", "1", "after the donor meeting", "change quantity"],
        ["Ana", "1", "", "change quantity"],
        ["Ana", "–", "", "first save, or saved before Concord kept a history"],
    ]
    assert [row[1:] for row in shown(page.changes)] == [
        ["Bo", "Pledges", "P-1 · Alder Fund", "Alder Fund", "Quantity, USD", "48", "49"],
        ["Bo", "Pledges", "P-3 · Birch Women's Network", "Birch Women's Network", "Quantity, person", "2", "5"],
        ["Ana", "Pledges", "P-1 · Alder Fund", "Alder Fund", "Quantity, USD", "30,000", "48"],
    ]
    for column, words, count in ((1, "ana", 1), (4, "Birch", 1), (5, "USD", 2)):
        page.changes.grid.set_filter(column, words)
        assert page.changes.grid.rowCount() == count
        page.changes.grid.clear_filters()


def test_that_the_history_in_view_goes_with_what_is_changed_and_saved(saved: Window, wait: Wait) -> None:
    saved.show()
    saved.versions.show_history()
    page = saved.versions.comparing.history
    wait(lambda: page.saves.grid.rowCount() == 3)
    change(saved, 0, 49.0)
    wait(lambda: page.saves.grid.rowCount() == 4)
    saved.session.undo()
    wait(lambda: page.saves.grid.rowCount() == 3)
    saved.go("partners")
    change(saved, 0, 50.0)
    saved.go("exchange")
    wait(lambda: page.saves.grid.rowCount() == 4)


def test_that_one_save_is_looked_at_restored_as_a_new_step_and_undone(saved: Window, wait: Wait) -> None:
    saved.versions.show_history()
    page = saved.versions.comparing.history
    wait(lambda: page.saves.grid.rowCount() == 3)
    assert not page.restore.isEnabled()
    page.saves.setCurrentIndex(page.saves.grid.index(2, 0))
    assert page.changes.grid.rowCount() == 0
    page.saves.setCurrentIndex(page.saves.grid.index(1, 0))
    assert page.changes.grid.rowCount() == 1
    page.restore.click()
    wait(lambda: "Restored" in saved.notice.words)
    assert [pledge.quantity for pledge in saved.session.scenario.pledges] == [48.0, 1200.5, 2.0]
    assert saved.session.undo_label.startswith("restore the state of ")
    saved.session.undo()
    assert saved.session.scenario.pledges[2].quantity == 5.0
    saved.session.redo()
    assert save(saved, wait)
    assert saved.session.document is not None
    assert saved.session.document.stored.states[-1].record.done[0].startswith("restore the state of 20")


def test_that_an_earlier_save_is_compared_with_now(saved: Window, wait: Wait) -> None:
    saved.versions.show_history()
    page = saved.versions.comparing.history
    wait(lambda: page.saves.grid.rowCount() == 3)
    page.saves.setCurrentIndex(page.saves.grid.index(2, 0))
    page.compare.click()
    model = saved.versions.comparing.differences.model
    wait(lambda: model.rowCount() == 2)


def test_that_the_models_of_differences_and_history_are_sound(saved: Window, wait: Wait) -> None:
    saved.versions.show_history()
    page = saved.versions.comparing.history
    wait(lambda: page.saves.grid.rowCount() == 3)
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    testers = [QAbstractItemModelTester(view.grid, fatal) for view in (page.saves, page.changes)]
    page.saves.setCurrentIndex(page.saves.grid.index(1, 0))
    page.all.click()
    page.changes.grid.sort(6)
    assert all(isinstance(tester.model(), ResultModel) for tester in testers)


def test_that_saves_are_signed_with_the_name_in_the_settings(saved: Window, tmp_path: Path, wait: Wait) -> None:
    field = saved.settings.person
    field.setText("  Cem  ")
    field.editingFinished.emit()
    assert saved.preferences.person == "Cem"
    change(saved, 0, 1.0)
    save(saved, wait)
    assert read_file(tmp_path / "mine.concord").states[-1].record.person == "Cem"
    field.setText("")
    field.editingFinished.emit()
    assert field.text() == saved.preferences.person
