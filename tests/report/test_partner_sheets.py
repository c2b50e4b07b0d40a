"""A sheet for each partner in the plan workbook, and sheets that print at a size to read."""

import dataclasses
from pathlib import Path

import pytest
from openpyxl import load_workbook

from planner.plan import Plan
from planner.report import partner_sheets
from planner.report.partner_sheets import LEFT_OUT
from planner.report.tables import PlanTables
from planner.report.workbook import write_plan_workbook
from planner.scenario import Scenario


def test_that_partner_sheets_hold_every_line_and_payment_once(
    sample: Scenario, sample_plan: Plan, tmp_path: Path
) -> None:
    write_plan_workbook(sample, sample_plan, tmp_path / "plan.xlsx")
    book = load_workbook(tmp_path / "plan.xlsx")
    names = {row.code: row.name for row in sample.partners}
    lines: dict[str, int] = {}
    for line in sample_plan.allocations:
        lines[line.partner] = lines.get(line.partner, 0) + 1
    payer = {pledge.code: pledge.partner for pledge in sample.pledges}
    for payment in sample_plan.delivery:
        lines[payer[payment.pledge]] = lines.get(payer[payment.pledge], 0) + 1
    for code, count in lines.items():
        sheet = book[names[code][:31]]
        assert sheet["A1"].value == f"What we ask of {names[code]}"
        assert sheet.max_row - 3 == count
        pledges = {sheet.cell(row, 1).value for row in range(4, sheet.max_row + 1)}
        assert {payer[str(pledge)] for pledge in pledges} == {code}


def test_that_names_that_excel_refuses_become_titles_of_their_own(
    sample: Scenario, sample_plan: Plan, tmp_path: Path
) -> None:
    odd = ("Rules", "a/b:c*?[d]\\", "'", "History", "x" * 50, "x" * 49, "rules")
    partners = (
        tuple(dataclasses.replace(row, name=name) for row, name in zip(sample.partners, odd, strict=False))
        + sample.partners[len(odd) :]
    )
    write_plan_workbook(dataclasses.replace(sample, partners=partners), sample_plan, tmp_path / "plan.xlsx")
    titles = load_workbook(tmp_path / "plan.xlsx").sheetnames
    assert len({title.casefold() for title in titles}) == len(titles)
    assert max(map(len, titles)) <= 31
    assert {"Rules (2)", "a b c   d", "Partner", "History (2)", "x" * 31, "x" * 27 + " (2)", "rules (3)"} <= set(titles)


def test_that_with_very_many_partners_the_sheets_are_left_out_and_said_so(
    sample: Scenario, sample_plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partner_sheets, "MOST_SHEETS", 3)
    write_plan_workbook(sample, sample_plan, tmp_path / "plan.xlsx")
    book = load_workbook(tmp_path / "plan.xlsx")
    assert sample.partners[0].name not in book.sheetnames
    assert LEFT_OUT in book["Partners"]["A2"].value


@pytest.mark.parametrize("title", ["Decision record", "Gaps"])
def test_that_printed_columns_fit_a_page_at_a_size_to_read(
    sample: Scenario, sample_plan: Plan, tmp_path: Path, title: str
) -> None:
    write_plan_workbook(sample, sample_plan, tmp_path / "plan.xlsx")
    sheet = load_workbook(tmp_path / "plan.xlsx")[title]
    last = sheet.print_area.split(":")[1].replace("$", "").rstrip("0123456789")
    printed = [column for column in sheet.column_dimensions if len(column) == 1 and column <= last]
    width = sum(sheet.column_dimensions[column].width for column in printed)
    assert width <= 230  # characters: 10 points become 6 on a landscape page
    assert "Board's decision" in [cell.value for cell in sheet[3]] or title == "Gaps"


def test_that_every_total_covers_all_the_rows_below_it(sample: Scenario, sample_plan: Plan, tmp_path: Path) -> None:
    write_plan_workbook(sample, sample_plan, tmp_path / "plan.xlsx")
    book = load_workbook(tmp_path / "plan.xlsx")
    tables = PlanTables(sample, sample_plan)
    sheet = book["Decision record"]
    total = next(cell for cell in sheet[1] if str(cell.value).startswith("=SUBTOTAL"))
    needed = sum(sheet.cell(row, total.column).value for row in range(4, sheet.max_row + 1))
    assert total.value.endswith(f"{total.column_letter}4:{total.column_letter}{sheet.max_row})")
    assert needed == pytest.approx(sum(tables["activities"].column("funding_required")))
