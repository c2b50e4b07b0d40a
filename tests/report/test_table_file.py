"""One table as a file of its own."""

import csv
from functools import partial
from pathlib import Path

import pytest
from openpyxl import load_workbook

from planner.problems import EnvironmentProblem
from planner.progress import Cancelled
from planner.report.table import ReportColumn, Table
from planner.report.table_file import Source, sheet_title, write_table_csv, write_table_workbook
from resources.columns import Kind

TABLE = Table(
    "shown",
    "Allocations: Q1/Q2",
    (ReportColumn("name", "Partner"), ReportColumn("value", "Value, USD", Kind.NUMBER)),
    (("=1+1", 1234.5), ("Ostra Women’s Network", None)),
)
SOURCE = Source("Two valleys", "Plan 1", "INTERNAL")


def test_that_a_csv_file_has_headings_plain_figures_and_no_formulas(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    write_table_csv(TABLE, path)

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [["Partner", "Value, USD"], ["'=1+1", "1234.5"], ["Ostra Women’s Network", ""]]


def test_that_a_workbook_has_one_sheet_with_the_rows_and_no_formulas(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    write_table_workbook(TABLE, SOURCE, path)

    (sheet,) = load_workbook(path).worksheets
    assert sheet.title == sheet_title(TABLE.title) == "Allocations Q1Q2"
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert rows == [["Partner", "Value, USD"], ["=1+1", 1234.5], ["Ostra Women’s Network", None]]
    assert sheet.cell(4, 1).data_type == "s"
    assert "Two valleys" in sheet.cell(2, 1).value


def test_that_a_file_that_cannot_be_written_is_told_and_the_old_one_kept(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem):
        write_table_csv(TABLE, tmp_path / "no such folder" / "table.csv")


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_that_cancelling_leaves_the_file_as_it_was(tmp_path: Path, ending: str) -> None:
    table = Table("long", "Long", (ReportColumn("number", "Number", Kind.NUMBER),), tuple((1.0,) for _ in range(2000)))
    path, told = tmp_path / f"long{ending}", list[float]()
    path.write_text("old")

    def tell(share: float) -> None:
        told.append(share)
        if share >= 0.5:
            raise Cancelled

    write = write_table_csv if ending == ".csv" else partial(write_table_workbook, source=Source("", "", ""))
    with pytest.raises(Cancelled):
        write(table=table, path=path, tell=tell)

    assert told == [0.25, 0.5]
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
