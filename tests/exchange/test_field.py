"""Tables from the field: real ones counted twice, and the traps that insiders know in small invented sheets."""

import csv
import re
from collections.abc import Sequence
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from planner.exchange.addition import add_scenario
from planner.exchange.field import FieldResult, is_field_workbook, read_field
from planner.exchange.field.decided_names import DecidedNames, decided_names
from planner.exchange.field.roles import Role, role_of, role_of_tag
from planner.exchange.findings import Outcome
from planner.exchange.workbook.texts import LONGEST_TEXT
from planner.problems import ConcordError, EnvironmentProblem
from planner.scenario import Region, Scenario, Settings
from resources.offers import Partner
from tests.exchange.sheets import save, small

FIVE_W = (
    [
        "Organisation",
        "Implementing\npartner",
        "Cluster",
        "Project title",
        "Province",
        "P-code",
        "Beneficiaries",
        "Budget",
    ],
    ["Aid One", "Local Two", "WASH", "Wells", "North", "OS01", 100, 1000],
    ["Aid One", "Local Two", "WASH", "Wells", "South", "OS02", "1 200", 1000],
    ["Aid One", "", "Health", "Clinics", "North", "OS01", "-", "2\u00a0000,50"],
)


def read(rows: Sequence[Sequence[Any]], folder: Path, known: Scenario | None = None, **options: Any) -> FieldResult:
    """The table of a sheet with these rows; `merged` names ranges to merge."""
    merged = options.pop("merged", ())
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "5W"
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    book.save(folder / "table.xlsx")
    return read_field(folder / "table.xlsx", known or Scenario(), **options)


def codes(rows: Sequence[Any]) -> list[str]:
    """The code of every row."""
    return [row.code for row in rows]


def messages(result: FieldResult, outcome: Outcome) -> list[str]:
    """What was found, by its outcome: address and sentence."""
    return [f"{found.cell}: {found.message}" for found in result.findings if found.outcome is outcome]


# --- who does what where ----------------------------------------------------------------------------------------------


def test_that_partners_regions_projects_and_activities_are_told_apart(tmp_path: Path) -> None:
    result = read(FIVE_W, tmp_path)
    scenario = result.scenario
    assert [(row.code, row.name) for row in scenario.partners] == [("Aid-One", "Aid One"), ("Local-Two", "Local Two")]
    assert [(row.code, row.name) for row in scenario.regions] == [("OS01", "North"), ("OS02", "South")]
    assert [(row.name, dict(row.extra)) for row in scenario.initiatives] == [
        ("Clinics", {"sector": "Health"}),
        ("Wells", {"sector": "WASH"}),
    ]
    assert [(row.initiative, row.region, row.implementer, row.people) for row in scenario.activities] == [
        ("Clinics", "OS01", "Aid-One", None),
        ("Wells", "OS01", "Local-Two", 100),
        ("Wells", "OS02", "Local-Two", 1200),
    ]
    assert result.findings == ()


def test_that_a_budget_repeated_in_every_row_of_its_project_counts_once(tmp_path: Path) -> None:
    result = read(FIVE_W, tmp_path)
    assert [(row.initiative, row.region, row.quantity) for row in result.scenario.requirements] == [
        ("Clinics", "OS01", 2000.5),
        ("Wells", "OS01", 500),
        ("Wells", "OS02", 500),
    ]
    assert "Budget: 3,000.50 in the scenario, each project once; the rows repeat it to 4,000.50." in result.proof


def test_that_a_budget_that_does_not_divide_loses_no_cent(tmp_path: Path) -> None:
    header = ["Organisation", "Project", "Region", "Budget"]
    result = read([header, *[["A", "P", f"R{number}", 100] for number in range(3)]], tmp_path)
    assert [row.quantity for row in result.scenario.requirements] == [33.34, 33.33, 33.33]


def test_that_budgets_without_projects_count_row_by_row_and_are_warned_of(tmp_path: Path) -> None:
    header = ["Organisation", "Cluster", "Region", "Budget"]
    result = read([header, ["A", "WASH", "North", 100], ["A", "WASH", "South", 100]], tmp_path)
    assert sum(row.quantity for row in result.scenario.requirements) == 200
    assert "--map" in messages(result, Outcome.WARNING)[0]


def test_that_titles_headings_of_two_rows_and_merged_cells_are_seen_through(tmp_path: Path) -> None:
    rows = (
        ["Operational presence, first quarter"],
        ["For internal use"],
        [],
        ["Who", None, "What", "Where", None],
        ["Organisation", "Type", "Cluster", "Province", "District"],
        ["Aid One", "INGO", "WASH", "North", "N-1"],
        [None, None, "Health", None, "N-2"],
        ["Local Two", "National NGO", "WASH", "South", "S-1"],
    )
    merged = ("A4:B4", "D4:E4", "A6:A7", "B6:B7", "D6:D7")
    result = read(rows, tmp_path, merged=merged)
    assert [(row.name, row.type, row.local) for row in result.scenario.partners] == [
        ("Aid One", "21", False),
        ("Local Two", "22", True),
    ]
    found = [(row.initiative, row.region, row.implementer) for row in result.scenario.activities]
    assert found == [("Health", "North", "Aid-One"), ("WASH", "North", "Aid-One"), ("WASH", "South", "Local-Two")]


def test_that_tags_say_what_headings_do_not(tmp_path: Path) -> None:
    rows = (
        ["Wer", "Was", "Wo", "Nummer"],
        ["#org", "#sector", "#adm1+name", "#adm1+code"],
        ["Aid One", "WASH", "North", "OS01"],
    )
    result = read(rows, tmp_path)
    assert codes(result.scenario.regions) == ["OS01"]
    assert codes(result.scenario.partners) == ["Aid-One"]


def test_that_a_column_of_codes_is_found_by_its_values(tmp_path: Path) -> None:
    header = ["Title", "Province", "Cluster", "Organisation"]
    result = read([header, ["TD01", "North", "WASH", "A"], ["TD02", "South", "WASH", "A"]], tmp_path)
    assert [(row.code, row.name) for row in result.scenario.regions] == [("TD01", "North"), ("TD02", "South")]


def test_that_codes_of_districts_are_not_taken_for_those_of_regions(tmp_path: Path) -> None:
    header = ["Region", "District P-code", "Cluster", "Organisation"]
    rows = [header, *[["North", f"OS01{number:02}", "WASH", "A"] for number in range(6)]]
    assert codes(read(rows, tmp_path).scenario.regions) == ["North"]
    finer = read(rows, tmp_path, mapping=["District P-code=region code"])
    assert len(finer.scenario.regions) == 6


def test_that_every_problem_has_its_cell_and_good_rows_come_in(tmp_path: Path) -> None:
    rows = (
        ["Organisation", "Project", "Region", "P-code", "Beneficiaries", "Start date"],
        ["A", "P", "North", "OS01", "many", time(1, 30)],
        ["A", "P", "", "", 5, "01/02/2027"],
        ["A", "", "North", "OS01", 5, None],
        ["A", "P", "North", "#N/A", -5, "2027-02-01"],
    )
    result = read(rows, tmp_path)
    assert messages(result, Outcome.REFUSED) == [
        "5W!C3: This row names no region; write its name or its code.",
        "5W!B4: This row names no project; write what is done.",
    ]
    dropped = messages(result, Outcome.DROPPED)
    assert [text.split(":")[0] for text in dropped] == ["5W!E2", "5W!D5", "5W!E5", "5W!F2"]
    (activity,) = result.scenario.activities
    assert (activity.region, activity.people) == ("OS01", None)
    assert "2027-02-01" in activity.note
    assert result.proof[0] == "Rows: 4 with something in them, 2 used, 2 refused."


def test_that_spellings_are_told_and_similar_names_only_offered(tmp_path: Path) -> None:
    header = ["Organisation", "Cluster", "Region"]
    names = (
        "Caritas Suisse",
        "CARITAS SUISSE",
        "Cartias Suisse",
        "International Medical Corps",
        "IMC",
        "Zone 1",
        "Zone 2",
    )
    rows = [header, *[[name, "WASH", "North"] for name in names], ["Caritas Suisse", "Health", "North"]]
    result = read(rows, tmp_path)
    assert len(result.scenario.partners) == 6
    assert "only in letter case" in messages(result, Outcome.WARNING)[0]
    assert [str(pair) for pair in result.similar] == [
        "partner: 'Cartias Suisse' and 'Caritas Suisse'",
        "partner: 'IMC' and 'International Medical Corps'",
    ]
    joined = read(rows, tmp_path, joins=["Cartias Suisse=Caritas Suisse", "IMC=International Medical Corps"])
    assert len(joined.scenario.partners) == 4
    assert joined.similar == ()


def test_that_what_was_said_of_similar_names_is_remembered_and_can_be_said_otherwise(tmp_path: Path) -> None:
    header = ["Organisation", "Cluster", "Region"]
    rows = [header, *[[name, "WASH", "North"] for name in ("Aid Norths", "Aid Northz", "Relief Two", "Reliefs Two")]]

    def asked(known: Scenario, **told: list[str]) -> tuple[Scenario, list[str]]:
        result = read(rows, tmp_path, known, **told)
        return add_scenario(known, result.scenario)[0], [str(pair) for pair in result.similar]

    _, pairs = asked(Scenario())
    assert len(pairs) == 2
    told, pairs = asked(Scenario(), joins=["Aid Northz=Aid Norths"], apart=["all"])
    assert pairs == []
    assert len(told.partners) == 3
    again, pairs = asked(told)
    assert (again, pairs) == (told, [])
    otherwise, pairs = asked(told, apart=["aid norths=aid northz"], joins=["Reliefs Two=Relief Two"])
    assert pairs == []
    assert {row.name for row in otherwise.partners} >= {"Aid Northz", "Aid Norths"}
    assert asked(otherwise)[1] == []


def test_that_many_names_kept_apart_fit_into_notes_of_a_workbook(tmp_path: Path) -> None:
    pairs = [(f"{'long name ' * 10}{number}", f"{'long name ' * 10}{number} too") for number in range(500)]
    notes = DecidedNames().with_apart(pairs).notes(())
    assert max(len(text) for _, text in notes) < LONGEST_TEXT
    found = decided_names(notes)
    assert all(found.has_decided(*pair) for pair in pairs)


@pytest.mark.parametrize("wrong", ["One", "One=", "=Two", "One=ONE"])
def test_that_a_wrong_pair_of_names_says_what_can_be_written(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ConcordError, match="write THIS NAME=THAT NAME"):
        read(FIVE_W, tmp_path, joins=[wrong])


def test_that_a_mapping_is_remembered_with_the_scenario(tmp_path: Path) -> None:
    rows = (["Lead", "Field of work", "Region"], ["A", "WASH", "North"])
    with pytest.raises(ConcordError, match="say what its columns are with --map"):
        read(rows, tmp_path)
    mapped = read(rows, tmp_path, mapping=["Lead=partner", "Field of work=sector"])
    scenario, _ = add_scenario(Scenario(), mapped.scenario)
    assert codes(read(rows, tmp_path, scenario).scenario.partners) == ["A"]


@pytest.mark.parametrize("wrong", ["Lead", "Lead=boss", "Nobody=partner"])
def test_that_a_wrong_mapping_says_what_can_be_written(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ConcordError, match=r"write COLUMN=WORD|the columns are"):
        read((["Lead", "Cluster", "Region"], ["A", "WASH", "North"]), tmp_path, mapping=[wrong])


def test_that_importing_twice_changes_nothing_and_keeps_what_people_wrote(tmp_path: Path) -> None:
    known = Scenario(
        partners=(Partner(code="AO", name="aid one", type="24", local=True),),
        regions=(Region(code="OS01", name="Northern Province"),),
        settings=Settings(title="Ours"),
    )
    once, _ = add_scenario(known, read(FIVE_W, tmp_path, known).scenario)
    assert codes(once.partners) == ["AO", "Local-Two"]
    assert (once.partners[0].type, once.partners[0].local) == ("24", True)
    assert once.regions[0].name == "Northern Province"
    assert once.settings.title == "Ours"
    twice, _ = add_scenario(once, read(FIVE_W, tmp_path, once).scenario)
    assert twice == once


@pytest.mark.parametrize(("delimiter", "amount"), [(";", "1 000,50"), ("\t", "1000,50"), (",", '"1000,50"')])
def test_that_tables_with_any_sign_between_columns_are_read(tmp_path: Path, delimiter: str, amount: str) -> None:
    lines = ["Organisation,Cluster,Region,Budget", "Aid One,WASH,North,{}"]
    text = "\n".join(lines).replace(",", delimiter).format(amount)
    (tmp_path / "table.csv").write_text(text, encoding="cp1252")
    result = read_field(tmp_path / "table.csv", Scenario())
    assert [row.quantity for row in result.scenario.requirements] == [1000.5]


def test_that_a_sheet_is_told_by_its_columns_not_by_its_name_alone(tmp_path: Path) -> None:
    table = [["Organisation", "Cluster", "Region"], ["Aid One", "WASH", "North"]]
    assert is_field_workbook(save({"Activities": table, "Partners": [["List of partners"]]}, tmp_path / "3w.xlsx"))
    sheets = small()
    assert not is_field_workbook(save(sheets, tmp_path / "whole.xlsx"))
    assert not is_field_workbook(save({"Pledges": sheets["Pledges"]}, tmp_path / "part.xlsx"))


def test_that_formula_like_texts_are_text(tmp_path: Path) -> None:
    header = ["Organisation", "Cluster", "Region"]
    result = read([header, ["+41 Relief", "@home", "-North"]], tmp_path)
    assert [row.name for row in result.scenario.partners] == ["+41 Relief"]
    assert [row.name for row in result.scenario.regions] == ["-North"]


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Organization_Name", Role.PARTNER),
        ("TypeOrganisation", Role.PARTNER_TYPE),
        ("Org. Acronym", Role.SHORT_NAME),
        ("Acronyme", Role.SHORT_NAME),
        ("Partenaire de mise en œuvre / implementing partner", Role.IMPLEMENTER),
        ("RegionPcode", Role.REGION_CODE),
        ("Admin 1 PCode", Role.REGION_CODE),
        ("State", Role.REGION),
        ("Titre du projet", Role.PROJECT),
        ("Project budget (USD)", Role.BUDGET),
        ("Project status", Role.SKIP),
        ("Date de début", Role.START),
        ("End date", Role.END),
        ("Bailleur de fonds", Role.SKIP),
        ("Personnes atteintes / people reached", Role.PEOPLE),
        ("Women reached", None),
        ("In Need", Role.IN_NEED),
        ("Path", Role.SKIP),
        ("Icones", None),
    ],
)
def test_that_headings_say_what_their_column_is(heading: str, role: Role | None) -> None:
    assert role_of(heading)[0] is role


@pytest.mark.parametrize(
    ("tag", "role"),
    [
        ("#org +type", Role.PARTNER_TYPE),
        ("#adm1+code", Role.REGION_CODE),
        ("#adm2+code", None),
        ("#sector +cluster", Role.SECTOR),
        ("#org+funder", Role.SKIP),
        ("#inneed", Role.IN_NEED),
        ("#meta", None),
    ],
)
def test_that_tags_say_what_their_column_is(tag: str, role: Role | None) -> None:
    assert role_of_tag(tag) is role


# --- people in need ---------------------------------------------------------------------------------------------------

NEEDS = (
    "Admin 1 PCode,Admin 2 PCode,Sector,Gender,In Need\n"
    "#adm1+code,#adm2+code,#sector+code,#gender,#inneed\n"
    ",,ALL,a,70\n"
    "X1,X101,ALL,a,10\nX1,X102,ALL,a,20\nX1,X101,ALL,f,6\nX1,X101,WSH,a,9\n"
    "X2,,ALL,a,40\nX2,X201,ALL,a,15\n"
)


def test_that_people_are_counted_once_and_a_total_goes_before_its_parts(tmp_path: Path) -> None:
    (tmp_path / "needs.csv").write_text(NEEDS, encoding="utf-8")
    result = read_field(tmp_path / "needs.csv", Scenario())
    assert [(row.code, row.people_in_need) for row in result.scenario.regions] == [("X1", 30), ("X2", 40)]
    assert result.proof[-1] == "The table's own total of all regions: 70, the same."


def test_that_needs_add_no_regions_to_a_scenario_that_has_some(tmp_path: Path) -> None:
    (tmp_path / "needs.csv").write_text(NEEDS, encoding="utf-8")
    known = Scenario(regions=(Region(code="X2", name="Two", severity=4),))
    result = read_field(tmp_path / "needs.csv", known)
    scenario, _ = add_scenario(known, result.scenario)
    assert [(row.code, row.name, row.severity, row.people_in_need) for row in scenario.regions] == [
        ("X2", "Two", 4, 40)
    ]
    assert "no region X1" in messages(result, Outcome.WARNING)[0]
    with pytest.raises(ConcordError, match="None of the regions"):
        read_field(tmp_path / "needs.csv", Scenario(regions=(Region(code="Y1"),)))


# --- real files -------------------------------------------------------------------------------------------------------


def distinct(path: Path, *headings: str) -> set[tuple[str, ...]]:
    """The different values of these columns of the first sheet, rows of tags and rows without any of them left out."""
    book = load_workbook(path, read_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    book.close()
    at = [rows[0].index(heading) for heading in headings]
    picked = {tuple(str(row[column] or "").strip() for column in at) for row in rows[1:]}
    return {values for values in picked if all(values) and not values[0].startswith("#")}


@pytest.mark.parametrize(
    ("name", "partner", "sector", "region", "counts"),
    [
        ("3w_tcd_avr2025.xlsx", "Organisation", "Cluster", "Title", (208, 12, 23, 182)),
        (
            "3w_operational_presence_dataset_january_april_2025.xlsx",
            *("Organization_Name", "Cluster", "Region"),
            (205, 13, 18, 181),
        ),
        (
            "operational_presence_nga_who_is_doing_what_and_where_nga_3w_oct_dec_2023.xlsx",
            *("Organization", "Project Sector", "State Pcode"),
            (171, 9, 3, 27),
        ),
    ],
)
def test_that_real_tables_give_what_a_count_of_their_cells_gives(
    shared_data: Path, name: str, partner: str, sector: str, region: str, counts: tuple[int, int, int, int]
) -> None:
    path = shared_data / "field" / "who-does-what-where" / name
    result = read_field(path, Scenario())
    scenario = result.scenario
    got = tuple(map(len, (scenario.partners, scenario.initiatives, scenario.regions, scenario.activities)))
    assert got == counts
    names = {" ".join(re.findall(r"\w+", one.casefold())) for (one,) in distinct(path, partner)}
    assert (len(names), len(distinct(path, sector)), len(distinct(path, region))) == counts[:3]
    assert len(distinct(path, sector, region)) == counts[3]
    assert not messages(result, Outcome.REFUSED)


def test_that_the_mali_table_sets_people_in_need_by_region(shared_data: Path) -> None:
    path = shared_data / "field" / "needs" / "download-hno-data-mli.csv"
    sums: dict[str, float] = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if (row["Sector"], row["Gender"], row["Age Range"], row["Disabled"]) == ("ALL", "a", "ALL", "a"):
                sums[row["Admin 1 PCode"]] = sums.get(row["Admin 1 PCode"], 0) + float(row["In Need"])
    country = sums.pop("")
    result = read_field(path, Scenario())
    assert {row.code: row.people_in_need for row in result.scenario.regions} == {
        code: pytest.approx(people, abs=0.5) for code, people in sums.items()
    }
    assert sum(row.people_in_need or 0 for row in result.scenario.regions) == pytest.approx(country, abs=10)


def test_that_files_of_every_kind_give_rows_or_one_sentence(shared_data: Path) -> None:
    told: list[str] = []
    read_files = 0
    for folder in ("nasty-xlsx/files", "field/tagged", "field/codelists", "field/fts", "field/needs"):
        for path in sorted(path for path in (shared_data / folder).rglob("*") if path.is_file()):
            try:
                read_files += bool(read_field(path, Scenario()).proof)
            except (ConcordError, EnvironmentProblem) as error:
                told.append(str(error))
    assert read_files > 40
    assert [text for text in told if "\n" in text or not text.endswith(".")] == []


@pytest.mark.parametrize(
    ("written", "people"),
    [
        (["12,500", "1,250,000"], [12500.0, 1250000.0]),
        (["12.500", "7,5"], [12500.0, 7.5]),
        (["12.5", "12.125"], [12.5, 12.125]),
    ],
)
def test_that_the_figures_of_a_column_tell_what_their_separators_mean(
    tmp_path: Path, written: list[str], people: list[float]
) -> None:
    rows = [["Admin 1", "P-code", "People in need"]]
    rows += [[f"Region {at}", f"OS0{at}", text] for at, text in enumerate(written)]

    result = read(rows, tmp_path)
    assert [region.people_in_need for region in result.scenario.regions] == people


def test_that_a_figure_with_two_readings_is_dropped_and_told(tmp_path: Path) -> None:
    rows = [["Admin 1", "P-code", "People in need"], ["North", "OS01", "12.500"], ["South", "OS02", 12.5]]

    result = read(rows, tmp_path)
    dropped = [finding for finding in result.findings if finding.outcome is Outcome.DROPPED]
    assert [finding.message for finding in dropped] == [
        "'12.500' may mean 12,500 or 12.5; write 12500 or 12.50, without thousands separators."
    ]
    assert [region.people_in_need for region in result.scenario.regions] == [12.5]
