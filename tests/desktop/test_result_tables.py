"""Tables of a plan: groups with their sums, and files as shown."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from planner.report.table import ReportColumn, Table
from resources.columns import Kind
from tests.desktop.planned import open_planned
from ui.desktop.files.exports import source_of, table_exports
from ui.desktop.pages.result_tables import ResultTables
from ui.desktop.tables.result_model import ResultModel
from ui.desktop.window import Window

Wait = Callable[..., None]
COLUMNS = (
    ReportColumn("partner_name", "Partner"),
    ReportColumn("quantity", "Quantity", Kind.NUMBER, unit_column="unit"),
    ReportColumn("unit", "Unit"),
    ReportColumn("value", "Value, USD", Kind.NUMBER, "USD"),
)
ROWS = (
    ("Alder", 2.0, "kit", 20.0),
    ("Birch", 5.0, "USD", 5.0),
    ("Alder", 1.0, "kit", 10.0),
    ("Birch", 3.0, "kit", 1.0),
)


@pytest.fixture
def model(application: QApplication) -> ResultModel:
    return ResultModel(Table("allocations", "Allocations", COLUMNS, ROWS))


def shown(model: ResultModel) -> list[list[str]]:
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]


def test_that_groups_stand_above_their_rows_with_sums_of_like_units_only(model: ResultModel) -> None:
    model.group_by("partner_name")

    assert shown(model) == [
        ["Alder   (2)", "3", "", "30"],
        ["Alder", "2", "kit", "20"],
        ["Alder", "1", "kit", "10"],
        ["Birch   (2)", "", "", "6"],
        ["Birch", "5", "USD", "5"],
        ["Birch", "3", "kit", "1"],
    ]
    assert [model.look(row, 0).is_group for row in range(6)] == [True, False, False, True, False, False]


def test_that_sorting_stays_within_groups_and_filters_change_their_sums(model: ResultModel) -> None:
    model.group_by("partner_name")
    model.sort(3, Qt.SortOrder.AscendingOrder)
    assert [row[3] for row in shown(model)] == ["30", "10", "20", "6", "1", "5"]

    model.set_filter(2, "kit")
    assert [row[0] for row in shown(model)] == ["Alder   (2)", "Alder", "Alder", "Birch   (1)", "Birch"]
    assert shown(model)[3][3] == "1"

    model.group_by("")
    assert [row[3] for row in shown(model)] == ["1", "10", "20"]


def test_that_a_selection_over_groups_counts_every_row_once(model: ResultModel) -> None:
    model.group_by("partner_name")

    rows, figures = model.figures_at(0, model.rowCount(), 3)

    assert sorted(rows) == [0, 1, 2, 3]
    assert sum(figures) == 36.0


def test_that_a_grouped_model_keeps_the_promises_of_qt(model: ResultModel) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.group_by("partner_name")
    model.sort(1)
    model.set_filter(0, "Birch")
    model.group_by("unit")
    model.clear_filters()
    assert model.rowCount() == len(ROWS) + 2
    del tester


@pytest.fixture
def allocations(window: Window, wait: Wait) -> ResultTables:
    open_planned(window.session, "Plan 1")
    wait(lambda: window.session.is_checked)
    window.go("plan")
    window.plan_page.show_tab("allocations")
    page = window.plan_page.view_of("allocations")
    assert isinstance(page, ResultTables)
    return page


def test_that_a_table_is_written_as_it_is_sorted_filtered_and_grouped(
    window: Window, allocations: ResultTables, tmp_path: Path, wait: Wait
) -> None:
    allocations.group_by("region_name")
    view = allocations.view
    view.grid.set_filter(list(view.grid.headings()).index("Resource"), "fund")
    view.grid.sort(list(view.grid.headings()).index("Quantity"))
    workbook, text = table_exports(view, source_of(window.session))

    for export, name in ((text, "shown.csv"), (workbook, "shown.xlsx")):
        window.filing.write(export, tmp_path / name)
        wait(lambda name=name: name in window.notice.words)

    with (tmp_path / "shown.csv").open(encoding="utf-8-sig", newline="") as file:
        heading, *rows = list(csv.reader(file))
    assert heading == list(view.grid.headings())
    assert [row[0] for row in rows] == [view.grid.index(place, 0).data() for place in range(view.grid.rowCount())]
    assert (tmp_path / "shown.xlsx").stat().st_size > 1000


def test_that_choosing_another_table_of_a_tab_shows_it(allocations: ResultTables) -> None:
    allocations.choose("delivery")

    assert allocations.view.results.table_shown.key == "delivery"
    assert allocations.view.isVisible()


def test_that_tables_of_the_scenario_are_written_as_shown_from_their_menu(
    window: Window, allocations: ResultTables, tmp_path: Path, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "pledges.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    view = window.partners.view_of("pledges")
    view.grid.sort(0, Qt.SortOrder.DescendingOrder)
    menu = QMenu()
    view.fill_menu(menu)

    next(action for action in menu.actions() if action.text().startswith("Export to CSV")).trigger()
    wait(lambda: "pledges.csv" in window.notice.words)

    with target.open(encoding="utf-8-sig", newline="") as file:
        heading, first, *_ = list(csv.reader(file))
    assert "Likelihood, %" in heading
    assert heading[0] == "Code"
    assert first[0] == max(pledge.code for pledge in window.session.scenario.pledges)


def test_that_a_failed_export_is_told_and_keeps_what_was_there(
    window: Window, allocations: ResultTables, tmp_path: Path, wait: Wait
) -> None:
    _, text = table_exports(allocations.view, source_of(window.session))
    window.filing.write(text, tmp_path / "no such folder" / "shown.csv")
    wait(lambda: window.notice.words)

    assert "cannot be written" in window.notice.words
