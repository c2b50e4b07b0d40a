"""The plan workbook: real Excel, totals that add up, text that stays text, labels everywhere."""

import dataclasses
import math
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from planner.plan import Change, ConflictMember, Fix, Gap, ObjectiveResult, Plan
from planner.problems import EnvironmentProblem
from planner.report.tables import PlanTables
from planner.report.workbook import write_plan_workbook
from planner.scenario import Region, Scenario

NAUGHTY = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "a\x00\x0bb",
    "_x0041_",
    "\ud800",
    "#N/A",
    "x" * 40000,
)


@pytest.fixture(scope="module")
def book(sample: Scenario, sample_plan: Plan, tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("report") / "plan.xlsx"
    write_plan_workbook(sample, sample_plan, path)
    return load_workbook(path)


def column(sheet, heading: str) -> int:
    return next(cell.column for cell in sheet[3] if cell.value == heading)


def test_that_the_sheets_people_look_for_are_there(book) -> None:
    wanted = ["Summary", "Allocations", "Coverage", "Gaps", "Partners", "Rules"]
    assert [name for name in book.sheetnames if name in wanted] == wanted
    assert {"Decision record", "Supply", "Delivery paid"} <= set(book.sheetnames)


def test_that_every_sheet_and_every_printed_page_carries_the_label(book) -> None:
    for sheet in book.worksheets:
        assert "INTERNAL" in str(sheet["A2"].value), sheet.title
        assert sheet.oddHeader.right.text == "INTERNAL"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_area


def test_that_headers_stay_in_sight_and_rows_can_be_filtered(book) -> None:
    for name in ("Allocations", "Gaps", "Partners", "Rules"):
        sheet = book[name]
        assert sheet.freeze_panes.endswith("4")
        assert sheet.auto_filter.ref.startswith("A3:")
        assert sheet.print_title_rows == "$3:$3"


def test_that_every_allocation_is_a_row_with_a_real_date(book, sample_plan: Plan) -> None:
    sheet = book["Allocations"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert len(rows) == len(sample_plan.allocations)
    quantity = column(sheet, "Quantity") - 1
    assert [row[quantity] for row in rows] == pytest.approx([line.quantity for line in sample_plan.allocations])
    assert isinstance(rows[0][column(sheet, "Starts on") - 1], datetime)


def test_that_the_summary_has_native_charts_of_the_coverage_lists(book) -> None:
    charts = book["Summary"]._charts
    assert len(charts) == 2
    for chart in charts:
        assert chart.series[0].val.numRef.f.startswith("'Coverage'!$B$")
    formats = book["Coverage"].conditional_formatting
    assert any(rule.type == "colorScale" for found in formats for rule in found.rules)


def test_that_charts_point_at_the_right_cells(book, sample: Scenario, sample_plan: Plan) -> None:
    sheet = book["Coverage"]
    table = PlanTables(sample, sample_plan)["coverage"]
    expected = sorted(value for value in table.rows[-1][2:-1] if value is not None)
    reference = book["Summary"]._charts[0].series[0].val.numRef.f.split("!")[1].replace("$", "")
    assert [row[0].value for row in sheet[reference]] == pytest.approx(expected)


def test_that_differences_and_totals_are_formulas(book) -> None:
    formulas = [cell.value for row in book["Summary"].iter_rows() for cell in row if cell.data_type == "f"]
    assert "=B8-C8" in formulas
    assert any(cell.value.startswith("=SUBTOTAL(109,") for cell in book["Allocations"][1] if cell.data_type == "f")


def test_that_a_difference_of_amounts_that_is_only_rounding_is_told_as_0(
    sample: Scenario, sample_plan: Plan, tmp_path: Path
) -> None:
    assert sample_plan.pro_rata is not None
    totals = dataclasses.replace(sample_plan.totals, funding_allocated=380_000.0)
    plain = dataclasses.replace(sample_plan.pro_rata.totals, funding_allocated=380_000.0 - 1e-10)
    pro_rata = dataclasses.replace(sample_plan.pro_rata, totals=plain)
    path = tmp_path / "rounding.xlsx"
    write_plan_workbook(sample, dataclasses.replace(sample_plan, totals=totals, pro_rata=pro_rata), path)

    row = next(row for row in load_workbook(path)["Summary"].iter_rows() if row[0].value == "Funding allocated, USD")
    assert row[3].value == f"=ROUND(B{row[3].row}-C{row[3].row},2)"
    assert row[3].number_format == "+#,##0;-#,##0;#,##0"


def naughty_scenario(sample: Scenario, plan: Plan) -> tuple[Scenario, Plan]:
    names = dict(zip((row.code for row in sample.partners), NAUGHTY, strict=False))
    partners = tuple(dataclasses.replace(row, name=names.get(row.code, row.name)) for row in sample.partners)
    regions = tuple(dataclasses.replace(row, name="=2+2") if not i else row for i, row in enumerate(sample.regions))
    settings = dataclasses.replace(sample.settings, title='=HYPERLINK("x")&A&"b" \x07', sensitivity="confidential")
    changed = dataclasses.replace(plan, name="=plan & Co", gaps=tuple(_with_text(gap) for gap in plan.gaps[:20]))
    return dataclasses.replace(sample, settings=settings, partners=partners, regions=regions), changed


def _with_text(gap: Gap) -> Gap:
    return dataclasses.replace(gap, text="=cmd()")


def test_that_totals_and_headings_have_room(book) -> None:
    for sheet in book.worksheets:
        for cell in sheet[1]:
            if cell.data_type == "f":
                width = sheet.column_dimensions[cell.column_letter].width
                values = [row[cell.column - 1] for row in sheet.iter_rows(min_row=4, values_only=True)]
                assert width > 1.2 * len(f"{sum(filter(None, values)):,.0f}"), (sheet.title, cell.coordinate)
                heading = str(sheet.cell(3, cell.column).value)
                lines = -(-len(heading) // int(width))
                assert sheet.row_dimensions[3].height >= 14 * lines


def test_that_text_never_becomes_a_formula(sample: Scenario, sample_plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "naughty.xlsx"
    write_plan_workbook(*naughty_scenario(sample, sample_plan), path)
    ours = ("=SUBTOTAL(109,", "=B", "=ROUND(B", "=MAX(0,B", "=IF(B", "=SUM('Partners'!", "=SUMPRODUCT(EXACT('Supply'!")
    for sheet in load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert cell.value.startswith(ours), (sheet.title, cell.coordinate, cell.value)
                elif isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
                    assert cell.quotePrefix
        assert sheet.oddHeader.right.text == "CONFIDENTIAL"


def test_that_a_plan_that_cannot_be_says_why(sample: Scenario, tmp_path: Path) -> None:
    plan = Plan(
        title=sample.settings.title,
        fingerprint="",
        status="infeasible",
        conflict=(
            ConflictMember("local_share", "", "At least 90 % of funding goes to local implementers."),
            ConflictMember("go", "initiative:DEM", "=Demining must go ahead."),
        ),
        fixes=(
            Fix("Lower the local share to 60 %.", (Change("Rules", {"rule": "local_share"}, "value", "0.9", "0.6"),)),
        ),
    )
    path = tmp_path / "no-plan.xlsx"
    write_plan_workbook(sample, plan, path)
    book = load_workbook(path)
    assert book.sheetnames == ["Summary", "Conflict", "Fixes"]
    told = "\n".join(str(row[0]) for row in book["Summary"].iter_rows(values_only=True))
    assert "No plan can meet these rules together" in told
    assert "At least 90 % of funding" in told
    assert "1. Lower the local share to 60 %." in told
    assert book["Fixes"]["G4"].value == "0.6"


@pytest.mark.parametrize("status", ["unknown", "infeasible"])
def test_that_a_plan_without_anything_gives_a_workbook(status: str, tmp_path: Path) -> None:
    path = tmp_path / "nothing.xlsx"
    write_plan_workbook(Scenario(), Plan(title="", fingerprint="", status=status), path)
    assert load_workbook(path).sheetnames == ["Summary"]


def test_that_a_plan_that_allocates_nothing_gives_a_workbook(sample: Scenario, tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    write_plan_workbook(sample, Plan(title="", fingerprint="", status="optimal"), path)
    assert "Allocations" in load_workbook(path).sheetnames


def test_that_bounds_that_are_not_known_stay_empty(sample: Scenario, sample_plan: Plan, tmp_path: Path) -> None:
    unknown = ObjectiveResult("worst_region", 0.5, 0.5, math.inf, math.nan)
    path = tmp_path / "unknown.xlsx"
    write_plan_workbook(sample, dataclasses.replace(sample_plan, objectives=(unknown,)), path)
    row = next(
        row for row in load_workbook(path)["Summary"].iter_rows(values_only=True) if row[0] == "1. Worst-covered region"
    )
    assert row[1:5] == (0.5, 0.5, None, None)


def test_that_many_regions_are_charted_by_the_least_covered(sample: Scenario, share_out, tmp_path: Path) -> None:
    more = tuple(Region(code=f"R{number:03}", name=f"Region {number:03}") for number in range(40))
    rows = tuple(
        dataclasses.replace(row, region=region.code)
        for region in more
        for row in sample.requirements
        if (row.initiative, row.region) == (sample.requirements[0].initiative, sample.requirements[0].region)
    )
    scenario = dataclasses.replace(sample, regions=(*sample.regions, *more), requirements=(*sample.requirements, *rows))
    path = tmp_path / "wide.xlsx"
    write_plan_workbook(scenario, share_out(scenario), path)
    book = load_workbook(path)
    (first, last) = book["Summary"]._charts[0].series[0].val.numRef.f.split("!")[1].replace("$", "").split(":")
    values = [row[0].value for row in book["Coverage"][f"{first}:{last}"]]
    assert len(values) == 16
    assert values == sorted(values)


def test_that_a_workbook_that_cannot_be_written_leaves_nothing_behind(sample, sample_plan, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem):
        write_plan_workbook(sample, sample_plan, tmp_path / "no folder" / "plan.xlsx")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice to recalculate with")
def test_that_formulas_give_the_sums_of_the_plan(sample: Scenario, sample_plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_plan_workbook(sample, sample_plan, path)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    subprocess.run([*command, str(tmp_path / "out"), str(path)], check=True, capture_output=True, timeout=120)
    book = load_workbook(tmp_path / "out" / "plan.xlsx", data_only=True)
    tables = PlanTables(sample, sample_plan)
    for title, key, summed in (
        ("Allocations", "allocations", {"Value, USD": "value"}),
        ("Gaps", "gaps", {"Missing value, USD": "value"}),
        ("Partners", "partners", {"Funding usable, USD": "offered", "Contributed value, USD": "value"}),
        ("Decision record", "activities", {"Funding given, USD": "funding_allocated"}),
    ):
        for heading, name in summed.items():
            shown = book[title].cell(1, column(book[title], heading)).value
            assert shown == pytest.approx(sum(tables[key].column(name))), heading
    errors = [c.value for sheet in book.worksheets for row in sheet.iter_rows() for c in row if c.data_type == "e"]
    assert not errors
    summary = {row[0]: row for row in book["Summary"].iter_rows(values_only=True)}
    assert summary["Coverage"][3] == pytest.approx(0.71 - 0.65)
    given = sum(tables["partners"].column("allocated"))
    assert summary["Funding allocated, USD"][1] == pytest.approx(given)
    for code, name, _, unit, needed, given, _, _, offered in tables["resources"].rows:
        row = summary[f"{name}, {unit}" if unit else name]
        assert (row[1], row[2], row[4]) == pytest.approx((needed, given, offered)), code
    covered = tables["resources"].value(0, "covered")
    assert next(row for name, row in summary.items() if str(name).startswith("Funding, "))[5] == pytest.approx(covered)
