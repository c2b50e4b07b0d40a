"""Tables as people who know spreadsheets use them: by keyboard, block by block, and back with one undo."""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import QAbstractItemModel, QEvent, QLocale, QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QMouseEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QToolTip, QWidget

from planner.edits import set_setting
from planner.scenario import TABLE_BY_NAME
from ui.desktop.tables.cell_delegate import CellEditor
from ui.desktop.tables.editable_table import EditableTable
from ui.desktop.tables.filter_header import FilterField
from ui.desktop.tables.grid_model import EDIT, PROBLEM
from ui.desktop.tables.requirement_cells import FIRST_PERIOD
from ui.desktop.tables.value_list import VALUE, ValueList
from ui.desktop.window import Window

Wait = Callable[..., None]
CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def pledges(opened: Window, wait: Wait) -> EditableTable:
    return table_of(opened, wait, "partners", "pledges")


@pytest.fixture
def grid(opened: Window, wait: Wait) -> EditableTable:
    return table_of(opened, wait, "needs", "requirement_grid")


def table_of(window: Window, wait: Wait, page: str, name: str) -> EditableTable:
    window.activateWindow()
    wait(window.isActiveWindow)
    window.go(page)
    view = getattr(window, page).show_table(name)
    view.setFocus()
    wait(view.hasFocus)
    return view


def at(view: EditableTable, name: str) -> int:
    """The column of that name in the scenario's table."""
    return [described.name for described in view.grid.columns].index(name)


def stand_on(view: EditableTable, row: int, name: str) -> None:
    view.setCurrentIndex(view.grid.index(row, at(view, name)))


def shown(view: EditableTable, name: str) -> list[str]:
    return [str(view.grid.index(row, at(view, name)).data()) for row in range(view.grid.rowCount())]


def editor() -> QWidget:
    field = QApplication.focusWidget()
    assert isinstance(field, CellEditor)
    return field


def press_at(point: QPoint) -> QMouseEvent:
    left = Qt.MouseButton.LeftButton
    return QMouseEvent(QEvent.Type.MouseButtonPress, point, point, left, left, Qt.KeyboardModifier.NoModifier)


def select(view: EditableTable, first: int, last: int, *names: str) -> None:
    view.select_block(range(first, last + 1), [at(view, name) for name in names])


# -- moving


def test_that_a_message_about_an_edit_goes_with_it_and_once_its_red_cells_are_put_right(
    opened: Window, pledges: EditableTable
) -> None:
    status = at(pledges, "status")
    paste = lambda: pledges.write({(row, status): "comitment" for row in (0, 1)}, "paste")  # noqa: E731
    paste()
    assert "could not be read" in opened.notice.words
    pledges.write({(2, status): "paid"}, "type a status")
    opened.session.undo()
    assert "could not be read" in opened.notice.words
    opened.session.undo()
    assert opened.notice.words == ""

    paste()
    pledges.write({(row, status): "paid" for row in (0, 1)}, "paste")
    assert opened.notice.words == ""


def test_that_one_cell_that_cannot_be_read_has_its_callout_and_no_notice(pledges: EditableTable) -> None:
    told: list[str] = []
    pledges.told.connect(lambda words, _kind: told.append(words))
    pledges.write({(0, at(pledges, "status")): "comitment"}, "type a status")
    assert told == []
    pledges.write({(row, at(pledges, "status")): "comitment" for row in (1, 2)}, "paste")
    assert [words.partition(".")[0] for words in told] == ["2 cells could not be read"]


def test_that_return_goes_down_shift_return_up_and_tab_right_and_back_to_where_one_began(
    opened: Window, pledges: EditableTable, wait: Wait
) -> None:
    stand_on(pledges, 0, "mobilisation_cost")
    QTest.keyClicks(pledges, "5")
    QTest.keyClick(editor(), Qt.Key.Key_Tab)
    wait(lambda: pledges.currentIndex().column() == at(pledges, "note"))
    QTest.keyClicks(pledges, "x")
    QTest.keyClick(editor(), Qt.Key.Key_Return)
    wait(lambda: pledges.currentIndex() == pledges.grid.index(1, at(pledges, "mobilisation_cost")))

    QTest.keyClicks(pledges, "6")
    QTest.keyClick(editor(), Qt.Key.Key_Return, SHIFT)
    wait(lambda: pledges.currentIndex().row() == 0)
    assert [row.mobilisation_cost for row in opened.session.scenario.pledges[:2]] == [5.0, 6.0]


def test_that_ctrl_and_an_arrow_jumps_to_the_end_of_what_is_filled(pledges: EditableTable) -> None:
    stand_on(pledges, 0, "quantity")
    QTest.keyClick(pledges, Qt.Key.Key_Down, CONTROL)
    assert pledges.currentIndex().row() == 2

    QTest.keyClick(pledges, Qt.Key.Key_Left, CONTROL)
    assert pledges.currentIndex().column() == 0

    QTest.keyClick(pledges, Qt.Key.Key_Up, CONTROL | SHIFT)
    assert pledges.selected_cells() == [(0, 0), (1, 0), (2, 0)]


def test_that_whole_rows_and_columns_are_selected_by_keyboard(pledges: EditableTable) -> None:
    stand_on(pledges, 1, "resource")
    QTest.keyClick(pledges, Qt.Key.Key_Space, SHIFT)
    assert pledges.selected_places() == [1]
    assert len(pledges.selected_columns()) == pledges.grid.columnCount()

    stand_on(pledges, 1, "resource")
    QTest.keyClick(pledges, Qt.Key.Key_Space, CONTROL)
    assert pledges.selected_places() == [0, 1, 2]
    assert pledges.selected_columns() == [at(pledges, "resource")]


# -- blocks


def test_that_fill_down_copies_the_first_row_over_the_others_in_one_step(
    opened: Window, pledges: EditableTable
) -> None:
    before = opened.session.scenario
    select(pledges, 0, 2, "partner", "resource")
    QTest.keyClick(pledges, Qt.Key.Key_D, CONTROL)

    assert {(row.partner, row.resource) for row in opened.session.scenario.pledges} == {("A", "USD")}
    assert opened.session.undo_label == "fill 4 cells"
    opened.session.undo()
    assert opened.session.scenario == before


def test_that_fill_down_in_one_cell_copies_the_one_above(opened: Window, pledges: EditableTable) -> None:
    stand_on(pledges, 2, "resource")
    QTest.keyClick(pledges, Qt.Key.Key_D, CONTROL)

    assert opened.session.scenario.pledges[2].resource == "USD"


def test_that_fill_right_copies_over_the_periods(opened: Window, grid: EditableTable) -> None:
    grid.select_block(range(2), list(range(FIRST_PERIOD, FIRST_PERIOD + 4)))
    QTest.keyClick(grid, Qt.Key.Key_R, CONTROL)

    assert [grid.grid.index(0, FIRST_PERIOD + step).data(EDIT) for step in range(4)] == ["20000"] * 4
    assert [grid.grid.index(1, FIRST_PERIOD + step).data(EDIT) for step in range(4)] == ["1"] * 4


def test_that_dragging_the_handle_repeats_the_selection_over_the_cells_below(
    opened: Window, pledges: EditableTable
) -> None:
    select(pledges, 0, 0, "partner", "resource")
    QApplication.processEvents()
    corner = pledges.visualRect(pledges.grid.index(0, at(pledges, "resource"))).bottomRight()
    below = pledges.visualRect(pledges.grid.index(2, at(pledges, "resource"))).center()
    viewport, left = pledges.viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(viewport, left, pos=corner)
    QTest.mouseMove(viewport, below)
    QTest.mouseRelease(viewport, left, pos=below)

    assert {(row.partner, row.resource) for row in opened.session.scenario.pledges} == {("A", "USD")}
    assert opened.session.undo_label == "fill 4 cells"
    assert pledges.selected_places() == [0, 1, 2]


def test_that_cut_cells_can_be_pasted_elsewhere(opened: Window, pledges: EditableTable) -> None:
    select(pledges, 1, 1, "overhead")
    QTest.keyClick(pledges, Qt.Key.Key_X, CONTROL)
    assert opened.session.scenario.pledges[1].overhead == 0.0

    select(pledges, 0, 0, "overhead")
    QTest.keyClick(pledges, Qt.Key.Key_V, CONTROL)
    assert opened.session.scenario.pledges[0].overhead == 0.07


def test_that_a_block_repeats_over_a_larger_selection(opened: Window, pledges: EditableTable) -> None:
    QGuiApplication.clipboard().setText("7\n")
    select(pledges, 0, 2, "quantity")
    QTest.keyClick(pledges, Qt.Key.Key_V, CONTROL)

    assert [row.quantity for row in opened.session.scenario.pledges] == [7.0, 7.0, 7.0]


def test_that_undo_of_a_paste_takes_its_red_cells_back_and_redo_brings_them(
    opened: Window, pledges: EditableTable
) -> None:
    before = opened.session.scenario
    QGuiApplication.clipboard().setText("500\nmany\n")
    stand_on(pledges, 0, "quantity")
    QTest.keyClick(pledges, Qt.Key.Key_V, CONTROL)
    assert shown(pledges, "quantity")[:2] == ["500", "many"]

    opened.session.undo()
    assert opened.session.scenario == before
    assert not opened.session.drafts
    assert shown(pledges, "quantity")[:2] == ["30,000", "1,200.5"]

    opened.session.redo()
    assert shown(pledges, "quantity")[:2] == ["500", "many"]
    assert pledges.grid.index(1, at(pledges, "quantity")).data(PROBLEM) == "error"


def test_that_putting_a_red_cell_right_can_be_undone_to_the_red_cell(opened: Window, pledges: EditableTable) -> None:
    model, column = pledges.grid, at(pledges, "quantity")
    model.setData(model.index(0, column), "many", EDIT)
    model.setData(model.index(0, column), "12", EDIT)
    assert not opened.session.drafts

    opened.session.undo()
    assert model.index(0, column).data() == "many"
    opened.session.undo()
    assert model.index(0, column).data() == "30,000"
    opened.session.redo()
    assert model.index(0, column).data() == "many"


@pytest.mark.parametrize(
    ("block", "quantities"),
    [
        ("45,000\n1,250.5\n2\n", [45000.0, 1250.5, 2.0]),
        ("45.000\n1.250,5\n2\n", [45000.0, 1250.5, 2.0]),
        ("1,5\n2,25\n45 000\n", [1.5, 2.25, 45000.0]),
        ("1.234.567\n2\n3\n", [1234567.0, 2.0, 3.0]),
    ],
)
def test_that_figures_are_read_with_the_separators_of_the_sheet_they_come_from(
    opened: Window, pledges: EditableTable, block: str, quantities: list[float]
) -> None:
    QGuiApplication.clipboard().setText(block)
    stand_on(pledges, 0, "quantity")
    QTest.keyClick(pledges, Qt.Key.Key_V, CONTROL)

    assert [row.quantity for row in opened.session.scenario.pledges] == quantities


def test_that_a_figure_with_two_readings_waits_in_its_cell_with_both_to_choose_from(
    opened: Window, pledges: EditableTable
) -> None:
    before = opened.session.scenario
    pledges.grid.setData(pledges.grid.index(0, at(pledges, "quantity")), "260.000", EDIT)
    stand_on(pledges, 0, "quantity")

    assert opened.session.scenario is before
    assert repairs(pledges)[:2] == ["Write 260000", "Write 260.00"]


def test_that_a_pasted_column_with_two_readings_throughout_is_left_to_be_decided(
    opened: Window, pledges: EditableTable
) -> None:
    before = [row.quantity for row in opened.session.scenario.pledges]
    QGuiApplication.clipboard().setText("475.000\n260.000\n12.500\n")
    stand_on(pledges, 0, "quantity")
    QTest.keyClick(pledges, Qt.Key.Key_V, CONTROL)

    assert [row.quantity for row in opened.session.scenario.pledges] == before
    assert len(opened.session.drafts) == 3


def test_that_a_copied_figure_with_three_decimals_keeps_them(opened: Window, pledges: EditableTable) -> None:
    pledges.grid.setData(pledges.grid.index(0, at(pledges, "quantity")), "12.3450", EDIT)
    stand_on(pledges, 0, "quantity")
    QTest.keyClick(pledges, Qt.Key.Key_C, CONTROL)
    stand_on(pledges, 1, "quantity")
    QTest.keyClick(pledges, Qt.Key.Key_V, CONTROL)

    assert opened.session.scenario.pledges[1].quantity == 12.345


def test_that_a_figure_can_be_typed_as_it_is_shown(opened: Window, pledges: EditableTable) -> None:
    model, column = pledges.grid, at(pledges, "quantity")
    model.setData(model.index(0, column), "45,000", EDIT)

    assert opened.session.scenario.pledges[0].quantity == 45000.0


def test_that_a_language_with_decimal_commas_copies_and_reads_its_own_figures(
    opened: Window, pledges: EditableTable
) -> None:
    own = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    try:
        stand_on(pledges, 1, "quantity")
        QTest.keyClick(pledges, Qt.Key.Key_C, CONTROL)
        assert QGuiApplication.clipboard().text() == "1200,5\n"

        stand_on(pledges, 0, "quantity")
        QTest.keyClick(pledges, Qt.Key.Key_V, CONTROL)
        assert opened.session.scenario.pledges[0].quantity == 1200.5
        pledges.grid.setData(pledges.currentIndex(), "30.000", EDIT)
        assert opened.session.scenario.pledges[0].quantity == 30000.0
    finally:
        QLocale.setDefault(own)


def test_that_lines_pasted_below_the_last_one_are_added(opened: Window, grid: EditableTable) -> None:
    QGuiApplication.clipboard().setText("Community dialogue\tDovna\tTrainers\t\t1\t2\t\t4\nDIALOGUE\tR2\tTRAINER\t\t\n")
    before = opened.session.scenario
    grid.edited.write(
        {
            (3, column): text
            for column, text in enumerate(["Community dialogue", "Dovna", "Trainers", "", "1", "2", "", "4"])
        },
        "paste 1 line",
    )

    assert grid.grid.rowCount() == 4
    assert [grid.grid.index(3, FIRST_PERIOD + step).data() for step in range(4)] == ["1", "2", "", "4"]
    opened.session.undo()
    assert opened.session.scenario == before


def test_that_lines_without_their_codes_are_left_out_of_a_paste_and_it_is_said(
    opened: Window, grid: EditableTable
) -> None:
    QGuiApplication.clipboard().setText("5\n6\n")
    grid.setCurrentIndex(grid.grid.index(2, FIRST_PERIOD))
    QTest.keyClick(grid, Qt.Key.Key_V, CONTROL)

    assert grid.grid.index(2, FIRST_PERIOD).data() == "5"
    assert grid.grid.rowCount() == 3
    assert "others were left out" in opened.notice.words


# -- rows


def test_that_the_cursor_stays_in_place_when_its_row_is_deleted(opened: Window, pledges: EditableTable) -> None:
    stand_on(pledges, 1, "quantity")
    pledges.delete_rows()
    assert (pledges.currentIndex().row(), pledges.currentIndex().column()) == (1, at(pledges, "quantity"))

    pledges.delete_rows()
    assert pledges.currentIndex().row() == 0, "there is no second row any more"
    assert [row.code for row in opened.session.scenario.pledges] == ["P-1"]


def test_that_rows_are_duplicated_moved_and_deleted_by_keyboard(opened: Window, pledges: EditableTable) -> None:
    before = opened.session.scenario
    stand_on(pledges, 0, "quantity")
    QTest.keyClick(pledges, Qt.Key.Key_D, CONTROL | SHIFT)
    assert [row.quantity for row in opened.session.scenario.pledges] == [30000.0, 30000.0, 1200.5, 2.0]

    QTest.keyClick(pledges, Qt.Key.Key_Down, ALT)
    assert [row.code for row in opened.session.scenario.pledges][1] == "P-1"
    assert pledges.currentIndex().row() == 1
    QTest.keyClick(opened, Qt.Key.Key_Minus, CONTROL)
    assert len(opened.session.scenario.pledges) == 3
    for _ in range(3):
        opened.session.undo()
    assert opened.session.scenario == before


def test_that_rows_of_a_sorted_table_are_not_moved_and_it_is_said_why(opened: Window, pledges: EditableTable) -> None:
    pledges.grid.sort(0)
    stand_on(pledges, 0, "quantity")
    QTest.keyClick(pledges, Qt.Key.Key_Down, ALT)

    assert "neither sorted nor filtered" in opened.notice.words


# -- find and replace


def test_that_find_goes_from_cell_to_cell_and_replace_all_is_one_step(
    opened: Window, pledges: EditableTable, wait: Wait
) -> None:
    before, bar = opened.session.scenario, opened.partners.find_bar
    stand_on(pledges, 0, "code")
    QTest.keyClick(pledges, Qt.Key.Key_H, CONTROL)
    QTest.keyClicks(QApplication.focusWidget(), "birch women's network")
    wait(lambda: bar.is_done)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert pledges.currentIndex() == pledges.grid.index(1, at(pledges, "partner"))
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert pledges.currentIndex().row() == 2

    bar._replacement.setText("Alder Fund")
    bar.replace_all()
    assert [row.partner for row in opened.session.scenario.pledges] == ["A", "A", "A"]
    assert opened.session.undo_label == "replace 2 cells"
    opened.session.undo()
    assert opened.session.scenario == before


def test_that_escape_closes_find_and_leaves_the_cursor_in_the_table(
    opened: Window, pledges: EditableTable, wait: Wait
) -> None:
    QTest.keyClick(pledges, Qt.Key.Key_F, CONTROL)
    assert opened.partners.find_bar.isVisible()

    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not opened.partners.find_bar.isVisible()
    wait(pledges.hasFocus)


def test_that_figures_are_found_as_they_are_shown_and_replaced(
    opened: Window, pledges: EditableTable, wait: Wait
) -> None:
    bar = opened.partners.find_bar
    bar.show_for(pledges, with_replace=True)
    bar._words.setText("30,000")
    bar._replacement.setText("31,000")
    wait(lambda: bar.is_done)
    bar.replace_all()

    assert opened.session.scenario.pledges[0].quantity == 31000.0


# -- filters


def test_that_a_filter_can_be_ticked_in_the_list_of_what_stands_in_a_column(
    opened: Window, pledges: EditableTable, wait: Wait
) -> None:
    stand_on(pledges, 0, "regions")
    QTest.keyClick(pledges, Qt.Key.Key_F, CONTROL | SHIFT)
    field = QApplication.focusWidget()
    assert isinstance(field, FilterField)
    QTest.keyClick(field, Qt.Key.Key_Down, ALT)
    values = field.findChild(ValueList)
    assert [values.item(at).data(VALUE) for at in range(values.count())] == ["", "Dovna", "Upper Ostra"]

    QTest.keyClick(values, Qt.Key.Key_Down)
    QTest.keyClick(values, Qt.Key.Key_Space)
    wait(lambda: pledges.grid.rowCount() == 1)
    assert field.text() == "=Dovna"
    QTest.keyClick(values, Qt.Key.Key_Up)
    QTest.keyClick(values, Qt.Key.Key_Space)
    wait(lambda: pledges.grid.rowCount() == 3)


@pytest.mark.parametrize(
    "leave",
    [
        lambda values: QTest.keyClick(values, Qt.Key.Key_Escape),
        lambda values: QTest.keyClick(values, Qt.Key.Key_Return),
        lambda values: QApplication.sendEvent(values, press_at(QPoint(-20, -20))),
    ],
    ids=["Esc", "Return", "click beside it"],
)
def test_that_the_list_of_values_closes(pledges: EditableTable, leave: Callable[[ValueList], None], wait: Wait) -> None:
    stand_on(pledges, 0, "regions")
    QTest.keyClick(pledges, Qt.Key.Key_F, CONTROL | SHIFT)
    field = QApplication.focusWidget()
    assert isinstance(field, FilterField)
    QTest.keyClick(field, Qt.Key.Key_Down, ALT)

    leave(field.findChild(ValueList))

    wait(lambda: field.findChild(ValueList) is None)
    wait(lambda: QApplication.activePopupWidget() is None)


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [("currency", "eur", "EUR"), ("partner", "birch", "B"), ("partner", "alder fund", "A"), ("partner", "zzz", "zzz")],
)
def test_that_one_return_in_the_list_of_choices_takes_what_is_meant_and_goes_down(
    opened: Window, pledges: EditableTable, wait: Wait, name: str, typed: str, code: str
) -> None:
    stand_on(pledges, 0, name)
    QTest.keyClicks(pledges, typed[0])
    QTest.keyClicks(editor(), typed[1:])
    popup = editor().completer().popup()
    wait(popup.isVisible)

    QTest.keyClick(popup, Qt.Key.Key_Return)

    wait(lambda: pledges.currentIndex().row() == 1)
    assert getattr(opened.session.scenario.pledges[0], name) == code


def test_that_the_table_keeps_the_focus_where_what_is_typed_makes_another_line(
    opened: Window, grid: EditableTable, wait: Wait
) -> None:
    grid.setCurrentIndex(grid.grid.index(0, 1))
    QTest.keyClicks(grid, "d")
    QTest.keyClicks(editor(), "ovna")
    popup = editor().completer().popup()
    wait(popup.isVisible)

    QTest.keyClick(popup, Qt.Key.Key_Return)

    wait(lambda: grid.currentIndex().row() == 1)
    wait(grid.hasFocus)


def test_that_tab_in_the_list_of_choices_takes_its_line_and_goes_right(
    opened: Window, pledges: EditableTable, wait: Wait
) -> None:
    stand_on(pledges, 0, "partner")
    QTest.keyClicks(pledges, "b")
    popup = editor().completer().popup()
    wait(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Down)

    QTest.keyClick(popup, Qt.Key.Key_Tab)

    wait(lambda: pledges.currentIndex().column() == at(pledges, "resource"))
    assert opened.session.scenario.pledges[0].partner == "B"


@pytest.mark.parametrize(
    ("name", "words", "codes"),
    [
        ("partner", "alder; birch", ["P-1", "P-2", "P-3"]),
        ("partner", "=alder", []),
        ("partner", "=Alder Fund", ["P-1"]),
        ("regions", "=Upper Ostra", ["P-3"]),
        ("regions", "=", ["P-1", "P-2"]),
        ("quantity", "> 1,000", ["P-1", "P-2"]),
        ("quantity", "= 2; = 30,000", ["P-1", "P-3"]),
        ("quantity", "30,0", ["P-1"]),
        ("overhead", "> 5 %", ["P-2"]),
    ],
)
def test_that_a_filter_takes_parts_wholes_figures_and_several_of_them(
    pledges: EditableTable, name: str, words: str, codes: list[str]
) -> None:
    pledges.grid.set_filter(at(pledges, name), words)

    assert shown(pledges, "code") == codes


# -- what is missing is made on the spot


def test_that_a_missing_partner_is_made_in_the_cell_that_names_it(
    opened: Window, pledges: EditableTable, wait: Wait
) -> None:
    before = opened.session.scenario
    stand_on(pledges, 0, "partner")
    QTest.keyClicks(pledges, "C")
    field = editor()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "edar Relief")
    popup = field.completer().popup()
    wait(popup.isVisible)
    words = [popup.model().index(row, 0).data() for row in range(popup.model().rowCount())]
    assert words == ["Create partner “Cedar Relief”"]

    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    wait(lambda: len(opened.session.scenario.partners) == 3)

    made = opened.session.scenario.partners[-1]
    assert made.name == "Cedar Relief"
    assert opened.session.scenario.pledges[0].partner == made.code
    assert opened.session.undo_label == "create partner “Cedar Relief”"
    opened.session.undo()
    assert opened.session.scenario == before


def test_that_a_region_is_made_at_the_end_of_a_list(opened: Window, pledges: EditableTable) -> None:
    pledges.edited.create(2, at(pledges, "regions"), "R1; R2; Serin Pass")

    made = opened.session.scenario.regions[-1]
    assert made.name == "Serin Pass"
    assert opened.session.scenario.pledges[2].regions == ("R1", "R2", made.code)


def test_that_a_period_is_copied_as_it_is_shown_and_pasted_back(opened: Window, pledges: EditableTable) -> None:
    opened.session.apply("start", lambda scenario: set_setting(scenario, "start", date(2027, 1, 1)))
    pledges.write({(0, at(pledges, "from_period")): "2"}, "type a period")
    stand_on(pledges, 0, "from_period")
    QTest.keyClick(pledges, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text().strip() == "2027 Q2"

    stand_on(pledges, 1, "from_period")
    QTest.keyClick(pledges, Qt.Key.Key_V, CONTROL)
    assert opened.session.scenario.pledges[1].from_period == 2
    assert not opened.session.drafts


# -- what is wrong with a cell


def repairs(view: EditableTable) -> list[str]:
    return [repair.label for repair in view.callout.repairs]


def test_that_a_callout_says_what_is_wrong_and_its_first_repair_is_one_key_away(
    opened: Window, pledges: EditableTable
) -> None:
    pledges.grid.setData(pledges.grid.index(0, at(pledges, "quantity")), "1.234.567", EDIT)
    stand_on(pledges, 0, "quantity")
    assert pledges.callout.isVisible()
    assert "more than one decimal sign" in pledges.callout.accessibleDescription()
    assert repairs(pledges) == ["Write 1,234,567", "Keep 30,000"]

    QTest.keyClick(pledges, Qt.Key.Key_Period, CONTROL)
    assert opened.session.scenario.pledges[0].quantity == 1234567.0
    assert not pledges.callout.isVisible()


def test_that_a_name_nobody_knows_can_be_corrected_or_made(opened: Window, pledges: EditableTable, wait: Wait) -> None:
    pledges.grid.setData(pledges.grid.index(2, at(pledges, "regions")), "Upper Ostre; R2", EDIT)
    wait(lambda: opened.session.is_checked)
    stand_on(pledges, 2, "regions")
    assert repairs(pledges) == ["Write Upper Ostra", "Create region “Upper Ostre”"]

    QTest.mouseClick(pledges.callout.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    assert opened.session.scenario.pledges[2].regions == ("R1", "R2")


def test_that_a_figure_beyond_its_limits_is_offered_the_limit(opened: Window, wait: Wait) -> None:
    regions = table_of(opened, wait, "needs", "regions")
    regions.grid.setData(regions.grid.index(0, at(regions, "severity")), "9", EDIT)
    wait(lambda: opened.session.is_checked)
    stand_on(regions, 0, "severity")

    assert repairs(regions) == ["Write 5"]


@pytest.mark.parametrize(
    ("words", "offered"),
    [("=2*50", ["Keep 30,000"]), ("USD 1'250 each", ["Write 1,250", "Keep 30,000"]), ("10–12", ["Keep 30,000"])],
)
def test_that_only_a_text_with_one_figure_is_offered_as_that_figure(
    pledges: EditableTable, words: str, offered: list[str]
) -> None:
    pledges.grid.setData(pledges.grid.index(0, at(pledges, "quantity")), words)
    stand_on(pledges, 0, "quantity")
    assert repairs(pledges) == offered


def test_that_the_callout_goes_with_the_cell_the_editor_and_the_focus(opened: Window, pledges: EditableTable) -> None:
    pledges.grid.setData(pledges.grid.index(0, at(pledges, "quantity")), "many", EDIT)
    stand_on(pledges, 0, "quantity")
    assert pledges.callout.isVisible()
    QTest.keyClick(pledges, Qt.Key.Key_F2)
    assert not pledges.callout.isVisible()
    QTest.keyClick(editor(), Qt.Key.Key_Escape)
    assert pledges.callout.isVisible()
    stand_on(pledges, 1, "quantity")
    assert not pledges.callout.isVisible()


# -- columns


def test_that_columns_stay_as_somebody_left_them(opened: Window, pledges: EditableTable, wait: Wait) -> None:
    header = pledges.horizontalHeader()
    pledges.setColumnWidth(at(pledges, "note"), 222)
    header.moveSection(header.visualIndex(at(pledges, "note")), 1)
    stand_on(pledges, 0, "rate")
    pledges.hide_column()

    again = Window(opened.theme, opened.preferences)
    again.session.open(opened.session.document)
    view = again.partners.view_of("pledges")
    assert view.columnWidth(at(view, "note")) == 222
    assert view.shown_columns()[1] == at(view, "note")
    assert view.isColumnHidden(at(view, "rate"))
    view.show_columns()
    assert view.shown_columns() == list(range(view.grid.columnCount()))
    again.session.document = None
    again.close()
    again.deleteLater()


def test_that_a_column_widens_for_a_figure_that_comes_into_it(pledges: EditableTable) -> None:
    quantity = pledges.grid.index(0, at(pledges, "quantity"))
    pledges.grid.setData(quantity, "9999999999999")
    assert pledges.grid.look(0, quantity.column()).text == "9,999,999,999,999"
    assert pledges.cut_figure(quantity) == ""


def test_that_a_figure_that_does_not_fit_is_shown_as_signs_and_told_whole(
    pledges: EditableTable,
) -> None:
    quantity = pledges.grid.index(0, at(pledges, "quantity"))
    pledges.setColumnWidth(quantity.column(), 40)
    assert pledges.cut_figure(quantity) == "30,000"
    assert pledges.cut_figure(quantity.siblingAtColumn(at(pledges, "partner"))) == ""

    point = pledges.visualRect(quantity).center()
    QApplication.sendEvent(
        pledges.viewport(), QHelpEvent(QEvent.Type.ToolTip, point, pledges.viewport().mapToGlobal(point))
    )
    assert QToolTip.text() == "30,000"
    QToolTip.hideText()


def test_that_copy_and_paste_follow_the_columns_as_they_stand(opened: Window, pledges: EditableTable) -> None:
    header = pledges.horizontalHeader()
    header.moveSection(header.visualIndex(at(pledges, "note")), 1)
    QGuiApplication.clipboard().setText("P-9\tseen beside the code\n")
    stand_on(pledges, 0, "code")
    QTest.keyClick(pledges, Qt.Key.Key_V, CONTROL)

    assert opened.session.scenario.pledges[0].code == "P-9"
    assert opened.session.scenario.pledges[0].note == "seen beside the code"


def test_that_the_first_column_stays_where_it_is_while_the_others_are_scrolled(pledges: EditableTable) -> None:
    bar = pledges.horizontalScrollBar()
    bar.setValue(bar.maximum())
    rect = pledges.visualRect(pledges.grid.index(1, 0))

    assert rect.left() == 0
    assert pledges.indexAt(rect.center()) == pledges.grid.index(1, 0)
    last = pledges.grid.index(1, pledges.grid.columnCount() - 1)
    assert pledges.indexAt(pledges.visualRect(last).center()) == last

    stand_on(pledges, 1, "resource")
    pledges.scrollTo(pledges.currentIndex())
    assert pledges.visualRect(pledges.currentIndex()).left() >= rect.right()


# -- all tables


@pytest.mark.parametrize("page", ["partners", "needs", "rules"])
def test_that_every_model_keeps_the_promises_of_its_kind(opened: Window, page: str) -> None:
    pages = opened.rules.tables if page == "rules" else getattr(opened, page)
    for name in pages.names:
        model = pages.show_table(name).edited
        tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        assert isinstance(model, QAbstractItemModel)
        model.insert_row(-1)
        model.sort(0)
        model.set_filter(0, "a")
        model.clear_filters()
        opened.session.undo()
        assert model.index(0, 0, QModelIndex()).isValid() == (model.rowCount() > 0)
        tester.deleteLater()


def test_that_the_tab_of_requirements_counts_its_lines(opened: Window) -> None:
    tabs = opened.needs._tabs
    assert tabs.tabText(opened.needs.names.index("requirement_grid")) == "Requirements  3"
    assert len(opened.session.scenario.rows(TABLE_BY_NAME["requirements"])) == 4


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key wherever the focus is."""
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)
    QApplication.processEvents()


def write(words: str) -> None:
    """Open a cell by its first letter and type the others into it."""
    QTest.keyClicks(QApplication.focusWidget(), words[0])
    QTest.keyClicks(QApplication.focusWidget(), words[1:])


def test_that_a_table_is_filled_corrected_and_searched_without_a_mouse(opened: Window, wait: Wait) -> None:
    regions = table_of(opened, wait, "needs", "regions")
    before = opened.session.scenario
    press(Qt.Key.Key_End, CONTROL)
    press(Qt.Key.Key_Plus, CONTROL)
    wait(lambda: regions.grid.rowCount() == 3)
    write("R-7")
    press(Qt.Key.Key_Tab)
    write("Serin Pass")
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Right)
    write("9")
    press(Qt.Key.Key_Return)
    wait(lambda: opened.session.is_checked)
    assert [str(regions.grid.index(2, column).data()) for column in range(2)] == ["R-7", "Serin Pass"]

    press(Qt.Key.Key_F8)
    wait(regions.callout.isVisible)
    press(Qt.Key.Key_Period, CONTROL)
    assert opened.session.scenario.regions[2].severity == 5.0

    press(Qt.Key.Key_H, CONTROL)
    QTest.keyClicks(QApplication.focusWidget(), "serin")
    wait(lambda: opened.needs.find_bar.is_done)
    press(Qt.Key.Key_Return)
    assert regions.currentIndex() == regions.grid.index(2, 1)
    press(Qt.Key.Key_Escape)
    wait(regions.hasFocus)

    press(Qt.Key.Key_Home, CONTROL)
    press(Qt.Key.Key_Space, SHIFT)
    press(Qt.Key.Key_C, CONTROL)
    press(Qt.Key.Key_End, CONTROL)
    press(Qt.Key.Key_Home)
    press(Qt.Key.Key_V, CONTROL)
    assert opened.session.scenario.regions[2].name == "Upper Ostra"
    while opened.session.undo_label:
        press(Qt.Key.Key_Z, CONTROL)
    assert opened.session.scenario == before
