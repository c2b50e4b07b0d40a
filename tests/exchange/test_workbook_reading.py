"""Scenario workbooks as people write them."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from planner.exchange.workbook import ReadResult, read_workbook
from planner.problems import EnvironmentProblem, Place, Problem, Severity
from tests.exchange.sheets import Sheets, save, small

Read = Callable[[Sheets], ReadResult]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write sheets to a workbook and read it."""
    return lambda sheets: read_workbook(save(sheets, tmp_path / "book.xlsx"))


def errors(result: ReadResult) -> list[Problem]:
    return [problem for problem in result.problems if problem.severity is Severity.ERROR]


def the_error(result: ReadResult) -> tuple[str, str]:
    """Address and sentence of the only error."""
    (problem,) = errors(result)
    return result.places.address(problem.where), problem.message


def test_that_a_small_workbook_reads_without_a_problem(read: Read) -> None:
    result = read(small())
    assert result.problems == ()
    scenario = result.scenario
    assert scenario.settings.title == "Small"
    assert scenario.settings.start == date(2027, 1, 1)
    assert [partner.local for partner in scenario.partners] == [False, True]
    assert [partner.type for partner in scenario.partners] == ["21", "22"]
    assert [region.code for region in scenario.regions] == ["UA07", "007"], "leading zeros stay"
    assert scenario.requirements[1].quantity == 3.0


def test_that_letter_case_blanks_and_order_of_sheets_and_columns_do_not_matter(read: Read) -> None:
    expected = read(small()).scenario
    sheets = {
        f" {title.upper()} ": [
            [f" {str(row[-1]).upper()}\u00a0" if index == 0 else row[-1], *row[:-1]] for index, row in enumerate(rows)
        ]
        for title, rows in reversed(small().items())
    }
    result = read(sheets)
    assert result.problems == ()
    assert result.scenario == expected


def test_that_empty_rows_anywhere_are_skipped(read: Read) -> None:
    sheets = {
        title: [[], [None, " "], *(line for row in rows for line in (row, [None], ["", "\u00a0"]))]
        for title, rows in small().items()
    }
    result = read(sheets)
    assert result.problems == ()
    assert result.scenario == read(small()).scenario


def test_that_places_tell_the_cell_of_every_value(read: Read) -> None:
    sheets = small()
    sheets["Pledges"].insert(1, [])
    result = read(sheets)
    assert result.places["Pledges", 1, "quantity"] == "Pledges!D4"
    assert result.places["Scenario", None, "periods"] == "Scenario!B4"
    assert result.places["Scenario", 0, "periods"] == "Scenario!B4"
    assert result.places.address(Place("Pledges", 1, "likelihood")) == "Pledges!A4", "an absent column: the row"
    assert result.places.address(Place("Pledges", None, "code")) == "Pledges!A1"
    assert result.places.address(Place("Vetoes", 3, "partner")) == "Vetoes", "an absent sheet: its name"
    assert len(list(result.places)) == len(result.places)
    assert all(result.places[key] for key in result.places)


@pytest.mark.parametrize(
    "sheet", ["Scenario", "Partners", "Regions", "Initiatives", "Resources", "Pledges", "Requirements"]
)
def test_that_a_missing_required_sheet_is_named(read: Read, sheet: str) -> None:
    sheets = small()
    del sheets[sheet]
    place, sentence = the_error(read(sheets))
    assert place == sheet
    assert f"The sheet {sheet} is missing; add it with the columns" in sentence


@pytest.mark.parametrize(
    ("sheet", "column"), [("Partners", "code"), ("Pledges", "partner"), ("Requirements", "quantity")]
)
def test_that_a_missing_required_column_is_named_once(read: Read, sheet: str, column: str) -> None:
    sheets = small()
    position = sheets[sheet][0].index(column)
    sheets[sheet] = [row[:position] + row[position + 1 :] for row in sheets[sheet]]
    place, sentence = the_error(read(sheets))
    assert place == sheet
    assert sentence == f"The column {column} of the sheet {sheet} is missing; add it."


def test_that_absent_columns_take_their_defaults(read: Read) -> None:
    pledge = read(small()).scenario.pledges[0]
    assert (pledge.status, pledge.likelihood, pledge.from_period, pledge.initiatives) == ("commitment", 1.0, None, ())


@pytest.mark.parametrize(
    ("sheet", "row", "column", "cell", "place", "words"),
    [
        ("Pledges", 1, "quantity", "many", "Pledges!D2", "'many' is not a number"),
        ("Pledges", 1, "quantity", "1.234,5", "Pledges!D2", "write 1234.5"),
        ("Pledges", 1, "quantity", "#REF!", "Pledges!D2", "error #REF!"),
        ("Pledges", 1, "quantity", "#N/A", "Pledges!D2", "error #N/A"),
        ("Pledges", 1, "quantity", "=A1*2", "Pledges!D2", "no stored result; open the workbook"),
        ("Pledges", 1, "quantity", "1e999", "Pledges!D2", "not a finite number"),
        ("Pledges", 1, "quantity", "NaN", "Pledges!D2", "not a number"),
        ("Pledges", 1, "quantity", None, "Pledges!D2", "empty"),
        ("Pledges", 1, "quantity", datetime(2027, 1, 1), "Pledges!D2", "not a number"),
        ("Pledges", 2, "partner", "a:b", "Pledges!B3", "without semicolon, colon"),
        ("Partners", 2, "local", "perhaps", "Partners!D3", "write yes or no"),
        ("Resources", 2, "category", "goods", "Resources!B3", "funding, logistics or personnel"),
        ("Requirements", 2, "period", 1.5, "Requirements!D3", "not a period"),
        ("Requirements", 2, "period", "2026-12-31", "Requirements!D3", "before the start"),
        ("Regions", 1, "code", "x" * 41, "Regions!A2", "41 characters"),
        ("Scenario", 2, "value", "tomorrow", "Scenario!B3", "not a date"),
        ("Scenario", 3, "value", "four", "Scenario!B4", "not a number"),
    ],
)  # fmt: skip
def test_that_a_cell_that_cannot_be_read_is_an_error_at_its_address(
    read: Read, sheet: str, row: int, column: str, cell: object, place: str, words: str
) -> None:
    sheets = small()
    sheets[sheet][row][sheets[sheet][0].index(column)] = cell
    result = read(sheets)
    assert the_error(result)[0] == place
    assert words in the_error(result)[1]
    assert len(result.scenario.pledges) == 2, "the row goes on"


@pytest.mark.parametrize(
    ("sheet", "column", "place"), [("Pledges", "quantity", "Pledges!D2"), ("Rules", "value", "Rules!B2")]
)
def test_that_a_text_with_two_readings_is_read_as_the_contract_says_with_a_warning(
    read: Read, sheet: str, column: str, place: str
) -> None:
    sheets = small()
    sheets.setdefault("Rules", [["rule", "value"], ["local_share", "0.3"]])
    sheets[sheet][1][sheets[sheet][0].index(column)] = "60.000"
    result = read(sheets)
    (warning,) = result.problems
    assert warning.severity is Severity.WARNING
    assert result.places.address(warning.where) == place
    assert "'60.000' may mean 60,000 or 60; write 60000 or 60.00" in warning.message
    assert float(getattr(getattr(result.scenario, sheet.lower())[0], column)) == 60


def test_that_dates_name_periods(read: Read) -> None:
    sheets = small()
    sheets["Requirements"][1][3] = datetime(2027, 8, 15)
    sheets["Requirements"][2][3] = "2027-12-31"
    result = read(sheets)
    assert result.problems == ()
    assert [row.period for row in result.scenario.requirements] == [3, 4]


def test_that_periods_are_read_as_tables_show_them(read: Read) -> None:
    sheets = small()
    sheets["Requirements"][1][3] = "2027 Q3"
    result = read(sheets)
    assert result.problems == ()
    assert result.scenario.requirements[0].period == 3


def test_that_unknown_columns_are_kept_as_notes_with_a_warning(read: Read) -> None:
    sheets = small()
    sheets["Pledges"][0] += ["Contact", "contact 2"]
    sheets["Pledges"][1] += ["Ms Müller", 7.0]
    sheets["Pledges"][2] += [None, None, "no heading"]
    result = read(sheets)
    assert not result.has_errors
    assert [problem.code for problem in result.problems] == ["unknown_column"] * 3
    assert result.places.address(result.problems[0].where) == "Pledges"
    assert result.scenario.pledges[0].extra == (("Contact", "Ms Müller"), ("contact 2", "7"))
    assert result.scenario.pledges[1].extra == (("column G", "no heading"),)


def test_that_unknown_sheets_and_keys_are_warned_of(read: Read) -> None:
    sheets = small() | {"Diary": [["Dear diary"]]}
    sheets["Scenario"].append(["donor", "Norway"])
    result = read(sheets)
    assert {problem.code for problem in result.problems} == {"unknown_sheet", "unknown_key"}
    assert not result.has_errors
    assert result.scenario.settings.extra == (("donor", "Norway"),)


def test_that_a_column_or_key_that_stands_twice_is_an_error(read: Read) -> None:
    sheets = small()
    sheets["Partners"][0][1] = "CODE"
    assert "column code stands in this sheet twice" in the_error(read(sheets))[1]
    sheets = small()
    sheets["Scenario"].append(["Title", "Another"])
    place, sentence = the_error(read(sheets))
    assert place == "Scenario!B2"
    assert "rows 2 and 5" in sentence


def test_that_a_sheet_whose_first_row_names_no_column_is_one_error(read: Read) -> None:
    sheets = small()
    sheets["Partners"].insert(0, ["Who is who in 2027"])
    result = read(sheets)
    assert "first row of the sheet Partners names no column" in the_error(result)[1]


def test_that_baseline_rows_with_one_key_are_added_up(read: Read) -> None:
    sheets = small()
    sheets["Baseline"] = [
        ["pledge", "initiative", "region", "resource", "period", "quantity", "keep"],
        ["P1", "MINE", "UA07", "USD", 1, 100, "no"],
        ["P1", "MINE", "UA07", None, None, "50,5", "yes"],
        ["P1", "MINE", "UA07", "USD", 2, 7, None],
    ]
    result = read(sheets)
    assert result.problems == ()
    assert [(line.period, line.quantity, line.keep) for line in result.scenario.baseline] == [
        (1, 150.5, True),
        (2, 7.0, False),
    ]
    assert result.places["Baseline", 1, "quantity"] == "Baseline!F4"


def test_that_a_negative_baseline_row_is_not_hidden_in_a_sum(read: Read) -> None:
    sheets = small()
    sheets["Baseline"] = [
        ["pledge", "initiative", "region", "quantity"],
        ["P1", "MINE", "UA07", 100],
        ["P1", "MINE", "UA07", -30],
        ["P1", "MINE", "UA07", 20],
    ]
    result = read(sheets)
    assert [line.quantity for line in result.scenario.baseline] == [120.0, -30.0]
    assert result.places["Baseline", 1, "quantity"] == "Baseline!D3"


def test_that_stored_results_of_formulas_are_read(tmp_path: Path) -> None:
    path = save(
        small() | {"Pledges": [["code", "partner", "resource", "quantity"], ["P1", "NRC", "USD", "=500*2"]]},
        tmp_path / "f.xlsx",
    )
    change_part(path, "xl/worksheets/sheet6.xml", "<v></v>", "<v>1000</v>", "<v />", "<v>1000</v>")
    result = read_workbook(path)
    assert result.problems == ()
    assert result.scenario.pledges[0].quantity == 1000.0


def test_that_a_million_empty_formatted_rows_take_no_time(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "long.xlsx")
    rows = "".join(f'<row r="{number}" s="1"><c r="A{number}" s="0"/></row>' for number in range(10, 1_000_000))
    change_part(path, "xl/worksheets/sheet2.xml", "</sheetData>", rows + "</sheetData>")
    result = read_workbook(path)
    assert result.problems == ()
    assert len(result.scenario.partners) == 2


def test_that_a_row_with_more_cells_than_columns_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "wide.xlsx")
    change_part(
        path, "xl/worksheets/sheet2.xml", "</sheetData>", f"<row>{'<c/>' * 3_000_000}<c><v>1</v></c></row></sheetData>"
    )
    with pytest.raises(EnvironmentProblem, match="damaged"):
        read_workbook(path)


def test_that_a_part_that_unpacks_to_more_than_any_scenario_is_refused(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "bomb.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        content = archive.read("xl/styles.xml") + b" " * (20 << 20)
    change_part(path, "xl/styles.xml", "", content.decode())
    with pytest.raises(EnvironmentProblem, match=r"styles.xml unpacks to 20 MB"):
        read_workbook(path)


ESCAPED, MEANT = "two_x000D_\nlines _x005F_x000D_ x005F_", "two\r\nlines _x000D_ x005F_"


def test_that_escapes_of_spreadsheet_programs_are_read_as_what_they_stand_for(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "escapes.xlsx")
    change_part(path, "xl/worksheets/sheet2.xml", "Refugee Council", ESCAPED)
    assert read_workbook(path).scenario.partners[0].name == MEANT


def test_that_shared_strings_are_read_with_their_escapes(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "shared.xlsx")
    inline = '<c r="B2" t="inlineStr"><is><t>Refugee Council</t></is></c>'
    change_part(path, "xl/worksheets/sheet2.xml", inline, '<c r="B2" t="s"><v>1</v></c>')
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{content_type}"/></Types>'
    change_part(path, "[Content_Types].xml", "</Types>", override)
    with zipfile.ZipFile(path, "a") as archive:
        space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        strings = f'<sst xmlns="{space}"><si><t>other</t></si><si><r><t>{ESCAPED}</t></r></si></sst>'
        archive.writestr("xl/sharedStrings.xml", strings)
    assert read_workbook(path).scenario.partners[0].name == MEANT


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.xlsx", b"", "it is empty"),
        ("page.xlsx", b"<html><table>", "it is a web page"),
        ("table.xlsx", b"code,name\r\n", "it is a text file"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        ("cut.xlsx", b"PK\x03\x04 and then the line dropped", "damaged or incomplete"),
    ],
)
def test_that_what_is_no_workbook_is_called_what_it_is(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(EnvironmentProblem, match=words) as refused:
        read_workbook(path)
    assert "is not a Concord" in str(refused.value)
    assert str(path) in str(refused.value)


def test_that_a_truncated_workbook_is_refused_wherever_it_was_cut(tmp_path: Path) -> None:
    whole = save(small(), tmp_path / "whole.xlsx").read_bytes()
    path = tmp_path / "cut.xlsx"
    for size in range(4, len(whole), len(whole) // 20):
        path.write_bytes(whole[:size])
        with pytest.raises(EnvironmentProblem):
            read_workbook(path)


def test_that_a_workbook_about_something_else_is_not_a_scenario(tmp_path: Path) -> None:
    path = save({"Sheet1": [["a", "b"], [1, 2]]}, tmp_path / "other.xlsx")
    with pytest.raises(EnvironmentProblem, match="none of the sheets"):
        read_workbook(path)


def test_that_a_partners_own_sheet_may_stand_alone(tmp_path: Path) -> None:
    path = save({"Pledges": [["code", "quantity"], ["P1", 1200]]}, tmp_path / "own.xlsx")
    result = read_workbook(path, is_partial=True)
    assert not result.has_errors
    assert set(result.places.sheets["Pledges"].columns) == {"code", "quantity"}


def test_that_a_workbook_that_openpyxl_wrote_anew_reads_the_same(tmp_path: Path, read: Read) -> None:
    before = read(small())
    book = load_workbook(tmp_path / "book.xlsx")
    book.save(tmp_path / "again.xlsx")
    assert read_workbook(tmp_path / "again.xlsx").scenario == before.scenario


def test_that_damaged_cells_are_errors_of_their_own(tmp_path: Path) -> None:
    path = save(small(), tmp_path / "cells.xlsx")
    change_part(path, "xl/worksheets/sheet6.xml", "<v>1000</v>", "<v>10o0</v>")
    result = read_workbook(path)
    (problem,) = errors(result)
    assert "damaged" in problem.message
    assert len(result.scenario.pledges) == 2


def test_that_an_empty_workbook_is_not_a_scenario(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "new.xlsx")
    with pytest.raises(EnvironmentProblem, match="none of the sheets"):
        read_workbook(tmp_path / "new.xlsx")


def change_part(path: Path, part: str, *changes: str) -> None:
    """Replace text in one part of a workbook: old, new, old, new ...; an empty old text replaces the whole part."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts[part].decode()
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        text = text.replace(old, new, 1) if old else new
    assert text != parts[part].decode()
    parts[part] = text.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
