"""Copies for others from the window: looked at before they leave, protected where wanted; earlier files."""

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMenu, QTableWidget

from planner.document import Document
from planner.edits import set_cell, set_setting
from planner.history import versions
from planner.samples import build_sample
from planner.sensitivity import label_text
from planner.sharing import ALL, PUBLIC, share
from planner.store import StoredFile, read_file, save_file
from planner.store.protection import HEADER
from tests.desktop.conftest import Wait, save
from ui.desktop.window import Window


@pytest.fixture
def opened(window: Window, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Window:
    """The small sample in a file of its own."""
    monkeypatch.setenv("CONCORD_DATA", str(tmp_path / "data"))
    (tmp_path / "files").mkdir()
    path = tmp_path / "files" / "home.concord"
    save_file(path, StoredFile(scenario=build_sample("first-steps")))
    window.filing.open_path(path)
    wait(lambda: window.session.path == path and window.background.is_idle)
    return window


def rows(table: QTableWidget) -> list[tuple[str, ...]]:
    cells = [[table.item(at, column) for column in range(table.columnCount())] for at in range(table.rowCount())]
    return [tuple("" if item is None else item.text() for item in row) for row in cells]


def test_that_what_leaves_is_shown_for_whom_it_is_and_written_as_shown(
    opened: Window, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.sharing.ask_share()
    dialog = opened.sharing.dialog
    assert dialog is not None
    assert not dialog.make.isEnabled()
    wait(dialog.make.isEnabled)
    assert dialog.chosen == ALL
    assert ("Vetoes", "1 row", "the whole row") in rows(dialog.staying)
    assert "Vetoes" not in {table for table, _, _ in rows(dialog.leaving)}
    dialog.row_by_row.click()
    assert ("Vetoes", "FUND POLICE", "the whole row") in rows(dialog.staying)

    dialog.audience.setCurrentIndex(1)
    wait(dialog.make.isEnabled)
    assert ("Vetoes", "1 row", "Partner, Initiative, Reason") in rows(dialog.leaving)
    copy = tmp_path / "copy.concord"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(copy), ""))
    dialog.make.click()
    wait(lambda: opened.background.is_idle)
    assert [row.reason != "" for row in read_file(copy).scenario.vetoes] == [True]
    assert opened.notice.words == f"Written for partner FUND: {copy}"


def test_that_the_header_names_the_file_and_says_that_it_is_a_protected_copy(
    opened: Window, wait: Wait, tmp_path: Path
) -> None:
    header, home = opened.header, opened.session.path
    assert header._file.text() == "home.concord"
    assert header._file.toolTip() == str(home)
    assert header._kind.isHidden()

    document = opened.session.document
    assert document is not None
    copy = tmp_path / "copy.concord"
    share(document.stored, ALL, copy, "three pears")
    opened.filing.open_path(copy, "three pears")
    assert opened.long_work.isVisible()
    wait(lambda: opened.session.path == copy)
    opened.saving.save()
    assert opened.save_strip.isVisible()
    wait(lambda: not opened.saving.is_saving)
    assert header._kind.text() == "Protected copy"
    assert header._kind.toolTip().endswith("Protected by a passphrase")


def test_that_a_refusal_is_told_and_nothing_can_be_written(opened: Window, wait: Wait) -> None:
    opened.session.apply("label", lambda scenario: set_setting(scenario, "sensitivity", "confidential"))
    save(opened, wait)
    opened.sharing.ask_share()
    dialog = opened.sharing.dialog
    assert dialog is not None
    dialog.audience.setCurrentIndex(dialog.audience.count() - 1)
    assert dialog.chosen == PUBLIC
    wait(dialog.hint.text)
    assert "no copy of it is made for others" in dialog.hint.text()
    assert not dialog.make.isEnabled()
    dialog.reject()


def test_that_the_public_is_never_the_first_choice_and_told_the_copy_is_relabelled(opened: Window, wait: Wait) -> None:
    opened.session.apply("label", lambda scenario: set_setting(scenario, "sensitivity", "internal"))
    save(opened, wait)
    opened.sharing.ask_share()
    dialog = opened.sharing.dialog
    assert dialog is not None
    assert dialog.chosen == ALL
    dialog.audience.setCurrentIndex(dialog.audience.count() - 1)
    wait(dialog.make.isEnabled)
    assert dialog.label.text() == "The copy is labelled public; here the scenario is internal."
    dialog.reject()


def test_that_a_passphrase_is_long_enough_and_typed_twice(opened: Window, wait: Wait) -> None:
    opened.sharing.ask_share()
    dialog = opened.sharing.dialog
    assert dialog is not None
    wait(dialog.make.isEnabled)
    dialog.protect.setChecked(True)
    assert "there is no other way in" in dialog.hint.text()
    for first, second, is_sound in (
        ("short", "short", False),
        ("three pears", "three", False),
        ("three pears",) * 2 + (True,),
    ):
        dialog.passphrase.setText(first)
        dialog.again.setText(second)
        assert dialog.make.isEnabled() == is_sound
    dialog.reject()


def test_that_what_is_not_saved_is_saved_before_it_is_shared(opened: Window) -> None:
    opened.session.apply("name", lambda scenario: set_cell(scenario, "partners", 0, "name", "Aspen"))
    opened.sharing.ask_share()
    assert opened.sharing.dialog is None
    assert "Save the scenario first" in opened.notice.words


def test_that_rows_are_labelled_from_the_menu_of_their_table(opened: Window) -> None:
    opened.go("partners")
    view = opened.partners.show_table("pledges")
    view.selectRow(0)
    menu = QMenu()
    view.fill_menu(menu)
    (labels,) = [each.menu() for each in menu.actions() if each.text() == "Who may see the rows"]
    assert isinstance(labels, QMenu)
    assert [each.text() for each in labels.actions() if each.isChecked()] == ["As usual"]
    labels.actions()[-1].trigger()
    pledges = opened.session.scenario.pledges
    assert [label_text(row) for row in pledges[:2]] == ["confidential", ""]
    opened.session.undo()
    assert label_text(opened.session.scenario.pledges[0]) == ""
    menu.deleteLater()


def test_that_cells_are_labelled_from_the_menu_of_their_table(opened: Window) -> None:
    opened.go("partners")
    view = opened.partners.show_table("pledges")
    quantity = [described.name for described in view.grid.columns].index("quantity")
    view.setCurrentIndex(view.grid.index(0, quantity))
    menu = QMenu()
    view.fill_menu(menu)
    (labels,) = [each.menu() for each in menu.actions() if each.text() == "Who may see the cells"]
    assert isinstance(labels, QMenu)
    labels.actions()[-1].trigger()
    assert label_text(opened.session.scenario.pledges[0]) == "quantity: confidential"
    assert opened.session.undo_label == "label 1 cell confidential"
    menu.deleteLater()


@pytest.mark.slow
def test_that_a_protected_copy_asks_for_its_passphrase_until_it_is_right(
    opened: Window, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = opened.session.document
    assert document is not None
    copy = tmp_path / "copy.concord"
    opened.sharing.write(document.stored, ALL, copy, "three green pears")
    wait(lambda: opened.background.is_idle, 60)
    assert copy.read_bytes().startswith(HEADER)

    asked: list[str] = []
    answers = iter([("three red pears", True), ("three green pears", True)])

    def answer(_parent: object, _title: str, words: str, *_: object) -> tuple[str, bool]:
        asked.append(words)
        return next(answers)

    monkeypatch.setattr(QInputDialog, "getText", answer)
    opened.filing.open_path(copy)
    wait(lambda: opened.session.path == copy, 60)
    assert asked == [
        "copy.concord is protected. Its passphrase:",
        "This passphrase does not open copy.concord. Once more:",
    ]


def test_that_an_earlier_file_is_opened_beside_the_one_that_is_there(opened: Window, wait: Wait) -> None:
    opened.sharing.ask_backup()
    assert "No earlier version" in opened.notice.words
    before = opened.session.scenario
    opened.session.apply("name", lambda scenario: set_cell(scenario, "partners", 0, "name", "Aspen"))
    opened.preferences.person = "Ana"
    save(opened, wait, comment="as it was")
    opened.session.undo()
    save(opened, wait)
    path = opened.session.path
    assert path is not None
    opened.sharing.ask_backup()
    wait(lambda: opened.sharing.backups_dialog is not None)
    dialog = opened.sharing.backups_dialog
    assert dialog is not None
    grid = dialog.view.grid
    words = [grid.text_at(0, at) for at in range(grid.columnCount())]
    assert words[0].startswith("Today at ")
    assert words[1:3] == ["Ana", "as it was"]
    assert words[4].endswith("B")
    dialog.open_button.click()
    wait(lambda: opened.session.path is None)

    assert opened.session.scenario.partners[0].name == "Aspen"
    assert opened.session.is_dirty
    assert Document.open(path).scenario == before
    assert save(opened, wait, path.with_name("earlier.concord"))
    assert [version.after is not None for version in versions(read_file(path.with_name("earlier.concord")))] == [
        True
    ] * 3
    opened.session.document = None


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_that_a_copy_never_takes_the_place_of_the_open_file(opened: Window, tmp_path: Path) -> None:
    path, document = opened.session.path, opened.session.document
    assert path is not None
    assert document is not None
    before = path.read_bytes()
    (tmp_path / "link").symlink_to(path.parent)
    opened.sharing.write(document.stored, PUBLIC, tmp_path / "link" / path.name)
    assert "is the file that is open here" in opened.notice.words
    assert opened.background.is_idle
    assert path.read_bytes() == before


def test_that_a_save_that_can_keep_no_earlier_file_says_so(
    opened: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait: Wait
) -> None:
    (tmp_path / "no folder").touch()
    monkeypatch.setenv("CONCORD_DATA", str(tmp_path / "no folder"))
    opened.session.apply("name", lambda scenario: set_cell(scenario, "partners", 0, "name", "Aspen"))
    assert save(opened, wait)
    assert "no earlier version could be kept" in opened.notice.words
