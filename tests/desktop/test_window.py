"""The window as people use it: by keyboard, by name, and without losing anything."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QScrollArea, QScrollBar, QTabBar, QWidget

from planner.document import Document
from planner.edits import set_setting
from planner.scenario import Scenario
from tests.desktop.conftest import save
from ui.desktop.frame.sidebar import PLACES
from ui.desktop.tables.blocks import read_block
from ui.desktop.tables.cell_delegate import CellEditor
from ui.desktop.tables.editable_table import EditableTable
from ui.desktop.tables.totals import Totals
from ui.desktop.window import Window

Wait = Callable[..., None]


@pytest.fixture
def pledges(opened: Window, wait: Wait) -> EditableTable:
    opened.activateWindow()
    wait(opened.isActiveWindow)
    opened.go("partners")
    view = opened.partners.show_table("pledges")
    view.setFocus()
    wait(view.hasFocus)
    return view


def test_that_every_place_is_reached_by_its_shortcut(opened: Window, wait: Wait) -> None:
    opened.activateWindow()
    wait(opened.isActiveWindow)

    for number, (name, _) in reversed(list(enumerate(PLACES, start=1))):
        QTest.keyClick(opened, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        assert opened.place == name


def test_that_exchange_is_seen_as_a_whole_on_a_common_laptop(opened: Window) -> None:
    opened.resize(1366, 690)  # of 768 lines, as some are the system's
    opened.go("exchange")
    QApplication.processEvents()

    (area,) = [area for area in opened.exchange.findChildren(QScrollArea) if area.isVisible()]
    assert area.verticalScrollBar().maximum() == 0


def test_that_everything_that_takes_the_focus_has_a_name(opened: Window, wait: Wait) -> None:
    unnamed = []
    for name, _ in PLACES:
        opened.go(name)
        for page in (opened.partners, opened.needs, opened.rules):
            for table in page.names:
                page.show_table(table)
        QApplication.processEvents()
    for widget in opened.findChildren(QWidget):
        takes_focus = widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not isinstance(widget, QScrollBar)
        if takes_focus and widget.objectName() != "qt_scrollarea_viewport" and widget.focusProxy() is None:
            interface = QAccessible.queryAccessibleInterface(widget)
            words = interface.text(QAccessible.Text.Name) if interface is not None else widget.accessibleName()
            if not (words or widget.accessibleName()):
                unnamed.append(f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}")

    assert not unnamed


def test_that_typing_return_and_undo_work_in_a_cell(opened: Window, pledges: EditableTable, wait: Wait) -> None:
    column = [described.name for described in pledges.grid.columns].index("quantity")
    pledges.setCurrentIndex(pledges.grid.index(0, column))

    QTest.keyClicks(pledges, "4")
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "2")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait(lambda: opened.session.scenario.pledges[0].quantity == 42.0)

    QTest.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert opened.session.scenario.pledges[0].quantity == 30000.0
    QTest.keyClick(opened, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert opened.session.scenario.pledges[0].quantity == 42.0


def type_into(pledges: EditableTable, row: int, name: str, words: str) -> None:
    """Type into a cell and press Return."""
    pledges.setCurrentIndex(pledges.grid.index(row, column_of(pledges, name)))
    type_here(pledges, words)


def type_here(pledges: EditableTable, words: str) -> None:
    """Type into the cell with the cursor and press Return."""
    QTest.keyClicks(pledges, words[0])
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, words[1:])
    QTest.keyClick(editor, Qt.Key.Key_Return)


def column_of(pledges: EditableTable, name: str) -> int:
    return [described.name for described in pledges.grid.columns].index(name)


def test_that_what_is_typed_below_a_cell_that_cannot_be_read_lands_there(
    opened: Window, pledges: EditableTable, wait: Wait
) -> None:
    pledges.setCurrentIndex(pledges.grid.index(0, column_of(pledges, "quantity")))
    for words in ("11", "zwoelf", "13"):
        type_here(pledges, words)
        wait(lambda: not isinstance(QApplication.focusWidget(), CellEditor))

    wait(lambda: opened.session.scenario.pledges[2].quantity == 13.0)
    assert [pledge.quantity for pledge in opened.session.scenario.pledges] == [11.0, 1200.5, 13.0]
    assert [draft.text for draft in opened.session.drafts.values()] == ["zwoelf"]


def test_that_the_status_bar_says_why_a_cell_is_marked_and_what_counts_until_then(
    opened: Window, pledges: EditableTable, wait: Wait
) -> None:
    type_into(pledges, 0, "quantity", "12x")
    wait(lambda: pledges.currentIndex().row() == 1)
    pledges.setCurrentIndex(pledges.grid.index(0, column_of(pledges, "quantity")))
    wait(lambda: "'12x' is not a number" in opened.status.cell_words)
    assert opened.status.cell_words.endswith("Until then 30,000 counts.")

    pledges.setCurrentIndex(pledges.grid.index(1, column_of(pledges, "quantity")))
    assert opened.status.cell_words == ""


def test_that_undo_takes_back_what_was_typed_and_cannot_be_read_before_older_changes(
    opened: Window, pledges: EditableTable, wait: Wait
) -> None:
    type_into(pledges, 1, "quantity", "7")
    wait(lambda: opened.session.scenario.pledges[1].quantity == 7.0)
    type_into(pledges, 0, "quantity", "12x")
    wait(lambda: bool(opened.session.drafts))
    assert opened.session.undo_label == "type “12x”"

    opened.session.undo()
    assert not opened.session.drafts
    assert opened.session.scenario.pledges[1].quantity == 7.0
    opened.session.undo()
    assert opened.session.scenario.pledges[1].quantity == 1200.5


def test_that_jumping_with_ctrl_selects_the_cell_one_lands_on(opened: Window, pledges: EditableTable) -> None:
    pledges.setCurrentIndex(pledges.grid.index(0, 0))
    QTest.keyClick(pledges, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)

    last = pledges.grid.index(2, pledges.grid.columnCount() - 1)
    assert pledges.selectionModel().selectedIndexes() == [last]


def test_that_filter_fields_stay_above_their_columns_while_scrolling(opened: Window, pledges: EditableTable) -> None:
    header = pledges.horizontalHeader()
    pledges.horizontalScrollBar().setValue(pledges.horizontalScrollBar().maximum())

    last = pledges.grid.columnCount() - 1
    fields = [field for field in header.findChildren(QLineEdit) if field.accessibleName() == "Filter Note"]
    assert pledges.horizontalScrollBar().value() > 0
    assert header.sectionViewportPosition(last) < fields[0].x() < header.sectionViewportPosition(last) + 10


def test_that_escape_takes_back_what_is_being_typed(opened: Window, pledges: EditableTable, wait: Wait) -> None:
    before = opened.session.scenario
    pledges.setCurrentIndex(pledges.grid.index(0, 3))
    QTest.keyClicks(pledges, "7")
    editor = QApplication.focusWidget()
    assert editor is not None
    assert editor is not pledges

    QTest.keyClick(editor, Qt.Key.Key_Escape)

    assert opened.session.scenario is before


def test_that_a_copied_block_pasted_elsewhere_is_the_same(opened: Window, pledges: EditableTable) -> None:
    column = [described.name for described in pledges.grid.columns].index("partner")
    model, selection = pledges.grid, pledges.selectionModel()
    for row in (0, 1):
        for at in range(column, column + 3):
            selection.select(model.index(row, at), selection.SelectionFlag.Select)
    QTest.keyClick(pledges, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "A\tUSD\t30000\nB\tUSD\t1200.5\n"

    selection.setCurrentIndex(model.index(2, column), selection.SelectionFlag.ClearAndSelect)
    QTest.keyClick(pledges, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert not opened.notice.words
    rows = opened.session.scenario.pledges
    assert [(row.partner, row.resource, row.quantity) for row in rows[2:]] == [
        ("A", "USD", 30000.0),
        ("B", "USD", 1200.5),
    ]


def test_that_blocks_from_spreadsheets_are_read_with_their_quoted_line_breaks() -> None:
    assert read_block('a\t"two\nlines"\r\nb\r\n') == [["a", "two\nlines"], ["b", ""]]
    assert read_block("") == []


def test_that_a_selection_is_summed_only_over_like_units(opened: Window, pledges: EditableTable) -> None:
    told: list[Totals] = []
    pledges.selection_told.connect(told.append)
    column = [described.name for described in pledges.grid.columns].index("quantity")
    selection = pledges.selectionModel()
    for row in (0, 1):
        selection.select(pledges.grid.index(row, column), selection.SelectionFlag.Select)
    assert told[-1] == Totals(2, 2, 31200.5, 1200.5, 30000.0, "USD")

    selection.select(pledges.grid.index(2, column), selection.SelectionFlag.Select)
    assert told[-1] == Totals(3)


def test_that_filter_fields_show_what_matches_and_escape_clears_them(
    opened: Window, pledges: EditableTable, wait: Wait
) -> None:
    pledges.setCurrentIndex(pledges.grid.index(0, 1))
    QTest.keyClick(pledges, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "birch")
    wait(lambda: pledges.grid.rowCount() == 2)

    QTest.keyClick(opened, Qt.Key.Key_Escape)
    wait(lambda: pledges.grid.rowCount() == 3)


def test_that_f8_goes_from_problem_to_problem(opened: Window, wait: Wait) -> None:
    opened.go("partners")
    view = opened.partners.show_table("pledges")
    names = [described.name for described in view.grid.columns]
    for row, name in ((0, "partner"), (2, "resource")):
        view.grid.setData(view.grid.index(row, names.index(name)), "NOBODY")
    wait(lambda: opened.session.is_checked)
    places = set()

    opened.go("overview")
    for _ in range(len(opened.session.problems)):
        opened.next_problem()
        if opened.place == "partners":
            places.add((view.currentIndex().row(), names[view.currentIndex().column()]))

    assert {(0, "partner"), (2, "resource")} <= places


def test_that_closing_with_changes_asks_once_and_can_be_called_off(opened: Window) -> None:
    view = opened.partners.view_of("partners")
    view.grid.setData(view.grid.index(0, 1), "Another name")
    asked: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        box.button(QMessageBox.StandardButton.Cancel).click()

    QTimer.singleShot(50, answer)
    assert not opened.close()

    assert len(asked) == 1
    assert "Two valleys" in asked[0]
    assert opened.isVisible()


def test_that_saving_and_opening_gives_the_same_scenario(
    opened: Window, scenario: Scenario, tmp_path: Path, wait: Wait
) -> None:
    assert save(opened, wait, tmp_path / "valleys.concord")
    assert opened.session.saved_words.startswith("Saved ")
    assert not opened.session.is_dirty

    opened.session.open(Document.new_from(Scenario()))
    opened.filing.open_path(tmp_path / "valleys.concord")
    wait(lambda: opened.session.path == tmp_path / "valleys.concord")

    assert opened.session.scenario == scenario


def test_that_a_workbook_written_here_is_read_here(
    opened: Window, scenario: Scenario, tmp_path: Path, wait: Wait
) -> None:
    opened.filing.export_scenario(tmp_path / "valleys.xlsx")
    wait(lambda: opened.notice.words)
    assert "valleys.xlsx" in opened.notice.words

    opened.filing.open_path(tmp_path / "valleys.xlsx")
    wait(lambda: opened.session.scenario is not scenario)

    assert opened.session.scenario == scenario
    assert opened.session.is_dirty


def test_that_a_failed_save_is_told_in_place_and_loses_nothing(
    opened: Window, scenario: Scenario, tmp_path: Path, wait: Wait
) -> None:
    assert not save(opened, wait, tmp_path / "no such folder" / "valleys.concord")

    assert "Nothing was lost" in opened.notice.words
    assert opened.session.scenario == scenario


def test_that_settings_are_read_like_cells(opened: Window) -> None:
    opened.go("settings")
    fields = {field.widget.accessibleName(): field for field in opened.settings._fields}
    periods = fields["Number of periods"]

    periods.widget.setText("many")
    periods.widget.editingFinished.emit()
    assert opened.session.scenario.settings.periods == 4
    assert "many" in periods.problem.text()
    assert periods.problem.text().endswith("Until then 4 counts.")
    assert [problem.where.sheet for problem in opened.session.problems if problem.code == "draft"] == ["Scenario"]
    opened.session.undo()
    assert periods.problem.isHidden()
    assert periods.widget.text() == "4"
    opened.session.redo()
    assert periods.widget.text() == "many"

    periods.widget.setText("8")
    periods.widget.editingFinished.emit()
    assert opened.session.scenario.settings.periods == 8
    assert periods.problem.isHidden()


def test_that_settings_with_choices_say_them_in_words(opened: Window) -> None:
    fields = {field.widget.accessibleName(): field.widget for field in opened.settings._fields}
    weighting = fields["An activity weighs by"]
    assert weighting.currentText() == "The value of what it needs"
    weighting.setCurrentIndex(weighting.findText("The people it serves"))
    weighting.activated.emit(weighting.currentIndex())
    assert opened.session.scenario.settings.weighting == "people"

    opened.session.apply("a file from elsewhere", lambda it: set_setting(it, "weighting", "magic"))
    assert weighting.currentText() == "magic"


def test_that_a_tab_chosen_with_the_mouse_leaves_the_cursor_in_the_cells(
    opened: Window, pledges: EditableTable, wait: Wait
) -> None:
    pledges.setFocus()
    wait(pledges.hasFocus)
    tabs = opened.partners.findChild(QTabBar)
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(opened.partners.names.index("vetoes")).center())
    assert opened.partners.current_name == "vetoes"
    assert opened.partners.view.hasFocus()


def test_that_tab_leaves_a_table(opened: Window, pledges: EditableTable) -> None:
    QTest.keyClick(pledges, Qt.Key.Key_Tab)

    assert QApplication.focusWidget() is not pledges


def test_that_both_brightnesses_reach_every_place(opened: Window) -> None:
    for choice in ("dark", "light"):
        opened.theme.choose(choice)
        for name, _ in PLACES:
            opened.go(name)
            surface = opened.grab().toImage().pixelColor(700, 3).name().upper()
            assert surface == opened.theme.palette.surface


def test_that_a_workbook_nothing_can_be_read_of_does_not_take_the_place_of_what_is_open(
    opened: Window, scenario: Scenario, tmp_path: Path, wait: Wait
) -> None:
    from openpyxl import Workbook

    Workbook().save(tmp_path / "holiday.xlsx")

    opened.filing.open_path(tmp_path / "holiday.xlsx")
    wait(lambda: opened.notice.words)

    assert opened.session.scenario is scenario
    assert "holiday.xlsx was not opened" in opened.notice.words


def test_that_another_document_starts_without_the_messages_of_the_last(opened: Window, scenario: Scenario) -> None:
    opened.go("exchange")
    opened.notice.tell("The scenario has errors.", "error")

    opened.session.open(Document.new_from(scenario))

    assert not opened.notice.words
    assert opened.place == "overview"
