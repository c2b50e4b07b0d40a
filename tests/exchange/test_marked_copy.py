"""Problems as a workbook to send back: a list, and copies of the sheets with the cells coloured."""

import zipfile
from datetime import time
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation

from planner.exchange.field import read_field
from planner.exchange.findings import Finding, Outcome
from planner.exchange.marked_copy import LIST_SHEET, write_findings
from planner.problems import EnvironmentProblem
from planner.scenario import Scenario
from tests.exchange.sheets import save, small
from ui.command_line import ExitCode, main

RED, AMBER, YELLOW = "00F2B8B5", "00F8D9A8", "00FAF0B8"


def sent(folder: Path) -> Path:
    """A table with problems in it, below an empty row and a title."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "3W"
    for row in (
        [],
        ["Presence"],
        ["Organisation", "Cluster", "Region", "Beneficiaries", "Start"],
        ['=HYPERLINK("http://x")', "WASH", "North", "many", time(1, 2)],
        ["Aid", "WASH", None, 5, None],
    ):
        sheet.append(row)
    sheet["A4"].data_type = "s"
    book.save(folder / "sent.xlsx")
    return folder / "sent.xlsx"


def test_that_cells_are_coloured_where_they_stood_and_say_why(tmp_path: Path) -> None:
    path = sent(tmp_path)
    write_findings(read_field(path, Scenario()).findings, tmp_path / "problems.xlsx")
    book = load_workbook(tmp_path / "problems.xlsx")
    assert book.sheetnames == [LIST_SHEET, "3W"]
    marked = {
        cell.coordinate: (cell.fill.fgColor.rgb, cell.comment.text)
        for row in book["3W"]
        for cell in row
        if cell.comment
    }
    assert {address: colour for address, (colour, _) in marked.items()} == {"C5": RED, "D4": AMBER, "E4": AMBER}
    assert marked["D4"][1].startswith("Value dropped: 'many' is not a number")
    copied = book["3W"]["A4"]
    assert (copied.value, copied.data_type) == ('=HYPERLINK("http://x")', "s")
    listed = [[cell.value for cell in row] for row in book[LIST_SHEET].iter_rows(min_row=2)]
    assert [row[:4] for row in listed] == [
        ["sent.xlsx", "3W!C5", "row refused", None],
        ["sent.xlsx", "3W!D4", "value dropped", "many"],
        ["sent.xlsx", "3W!E4", "value dropped", "01:02:00"],
    ]


def test_that_widths_panes_merged_cells_and_lists_stay_in_the_copy(tmp_path: Path) -> None:
    path = sent(tmp_path)
    book = load_workbook(path)
    sheet = book["3W"]
    sheet.column_dimensions["B"].width, sheet.column_dimensions["D"].hidden = 41, True
    sheet.freeze_panes = "B4"
    for area in ("A1:C1", "C4:C5"):
        sheet.merge_cells(area)
    book.create_sheet("Lists").append(["WASH"])
    book.create_sheet("Further").append(["Nothing of interest"])
    for formula in ("Lists!$A$1:$A$9", '"North,South"', '=WEBSERVICE("http://x")', "[1]Lists!$A$1", "cmd|'/c calc'!A1"):
        offer = DataValidation("list", formula1=formula)
        offer.add(f"B{5 + len(sheet.data_validations.dataValidation)}")
        sheet.data_validations.append(offer)
    book.save(path)
    write_findings([Finding(Outcome.REFUSED, str(path), "3W!C5", "", "No region.")], tmp_path / "problems.xlsx")
    copy = load_workbook(tmp_path / "problems.xlsx")
    assert copy.sheetnames == [LIST_SHEET, "3W", "Lists"]
    sheet = copy["3W"]
    assert (sheet.column_dimensions["B"].width, sheet.column_dimensions["D"].hidden) == (41, True)
    assert sheet.freeze_panes == "B4"
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:C1"]  # in the other one the problem would not show
    assert [each.formula1 for each in sheet.data_validations.dataValidation] == ["Lists!$A$1:$A$9", '"North,South"']


@pytest.mark.parametrize("damage", [b"<mergeCells><mergeCell ref='", b"<dataValidations><dataValidation sqref='?'/>"])
def test_that_cells_are_copied_where_the_rest_of_the_sheet_is_damaged(tmp_path: Path, damage: bytes) -> None:
    path = sent(tmp_path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(b"</sheetData>", b"</sheetData>" + damage))
    write_findings([Finding(Outcome.REFUSED, str(path), "3W!C5", "", "No region.")], tmp_path / "problems.xlsx")
    assert load_workbook(tmp_path / "problems.xlsx")["3W"]["A5"].value == "Aid"


def test_that_rows_are_copied_up_to_where_the_sheet_is_damaged(tmp_path: Path) -> None:
    path = sent(tmp_path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(b'<row r="5"', b'</broken><row r="5"'))
    write_findings([Finding(Outcome.REFUSED, str(path), "3W!C5", "", "No region.")], tmp_path / "problems.xlsx")
    assert load_workbook(tmp_path / "problems.xlsx").sheetnames == [LIST_SHEET, "3W"]


def test_that_no_formula_link_or_macro_of_the_file_is_in_the_copy(tmp_path: Path) -> None:
    write_findings(read_field(sent(tmp_path), Scenario()).findings, tmp_path / "problems.xlsx")
    with zipfile.ZipFile(tmp_path / "problems.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name]
        names = " ".join(archive.namelist()).lower()
    assert not any(b"<f>" in sheet or b"<hyperlink" in sheet for sheet in sheets)
    assert "vba" not in names
    assert "externallink" not in names


def test_that_lines_of_csv_files_are_found_again(tmp_path: Path) -> None:
    path = tmp_path / "3w.csv"
    path.write_text('Organisation,Cluster,Region\n"two\nlines",WASH,North\n\nAid,WASH,\n', encoding="utf-8")
    write_findings(read_field(path, Scenario()).findings, tmp_path / "problems.xlsx")
    sheet = load_workbook(tmp_path / "problems.xlsx")["3w"]
    assert [cell.coordinate for row in sheet for cell in row if cell.comment] == ["C5"]
    assert sheet["A5"].value == "Aid"


def test_that_findings_without_a_place_or_a_file_are_listed_all_the_same(tmp_path: Path) -> None:
    findings = [Finding(Outcome.WARNING, str(tmp_path / "gone.xlsx"), "Sheet!A1", "=x", "It is gone.")]
    write_findings(findings, tmp_path / "problems.xlsx")
    assert load_workbook(tmp_path / "problems.xlsx").sheetnames == [LIST_SHEET]
    with pytest.raises(EnvironmentProblem):
        write_findings(findings, tmp_path / "no folder" / "problems.xlsx")


def test_that_problems_of_a_scenario_workbook_are_saved_though_nothing_comes_in(tmp_path: Path) -> None:
    sheets = small()
    sheets["Pledges"][1][3] = "12,000,000"
    path, problems = save(sheets, tmp_path / "small.xlsx"), tmp_path / "problems.xlsx"
    call = ["import", str(path), "--into", str(tmp_path / "new.concord"), "--problems", str(problems)]
    assert main(call) == ExitCode.INPUT_HAS_ERRORS
    assert not (tmp_path / "new.concord").exists()
    cell = load_workbook(problems)["Pledges"]["D2"]
    assert cell.fill.fgColor.rgb == RED
    assert "more than one decimal sign" in cell.comment.text
