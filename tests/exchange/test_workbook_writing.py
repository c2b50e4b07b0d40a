"""Scenario workbooks that Concord writes read back as equal scenarios, in Concord and in spreadsheet programs."""

import dataclasses
import json
import math
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from openpyxl import load_workbook

from planner.exchange.workbook import read_workbook, write_workbook
from planner.problems import EnvironmentProblem, InputProblem, Place
from planner.samples import SAMPLES, build_sample
from planner.scenario import TABLES, BaselineLine, Initiative, Region, Requirement, Scenario, Settings
from resources.offers import Partner, Pledge, Resource
from solver.generate import generate
from tests.strategies import ODD_TEXTS, free_scenarios
from tests.tiny_scenarios import tiny_scenarios


def round_trip(scenario: Scenario, folder: Path) -> Scenario:
    path = folder / "scenario.xlsx"
    write_workbook(scenario, path)
    result = read_workbook(path)
    assert not result.has_errors, result.problems
    return result.scenario


@settings(max_examples=20)
@given(scenario=free_scenarios())
def test_that_any_scenario_reads_back_equal(tmp_path_factory: pytest.TempPathFactory, scenario: Scenario) -> None:
    assert round_trip(scenario, tmp_path_factory.mktemp("free")) == scenario


@pytest.mark.slow
@settings(max_examples=500)
@given(scenario=free_scenarios())
def test_that_any_of_many_scenarios_reads_back_equal(
    tmp_path_factory: pytest.TempPathFactory, scenario: Scenario
) -> None:
    assert round_trip(scenario, tmp_path_factory.mktemp("free")) == scenario


@settings(max_examples=15)
@given(scenario=tiny_scenarios())
def test_that_a_plannable_scenario_reads_back_equal(
    tmp_path_factory: pytest.TempPathFactory, scenario: Scenario
) -> None:
    assert round_trip(scenario, tmp_path_factory.mktemp("tiny")) == scenario


@pytest.mark.parametrize("name", SAMPLES)
def test_that_the_samples_read_back_equal(name: str, tmp_path: Path) -> None:
    assert round_trip(build_sample(name), tmp_path) == build_sample(name)


def test_that_a_synthetic_scenario_reads_back_equal(tmp_path: Path) -> None:
    assert round_trip(generate("s"), tmp_path) == generate("s")


def test_that_odd_texts_read_back_letter_by_letter(tmp_path: Path) -> None:
    scenario = Scenario(
        partners=tuple(Partner(code=f"P{index}", note=text) for index, text in enumerate(ODD_TEXTS)),
        settings=Settings(title="=cmd|' /C calc'!A0", note=" \t\r\n_x0041_ "),
    )
    assert round_trip(scenario, tmp_path) == scenario


def test_that_naughty_strings_read_back_letter_by_letter(shared_data: Path, tmp_path: Path) -> None:
    texts = json.loads((shared_data / "naughty-strings" / "blns.json").read_text(encoding="utf-8"))
    assert len(texts) > 400
    kept = [(index, text, (("remark", text),) if text else ()) for index, text in enumerate(texts)]
    scenario = Scenario(
        settings=Settings(title=" ".join(texts)[:5000], note="\n".join(texts)[:5000]),
        partners=tuple(Partner(code=f"P{index}", name=text, note=text, extra=extra) for index, text, extra in kept),
        regions=tuple(Region(code=f"R{index}", name=text, extra=extra) for index, text, extra in kept),
        initiatives=tuple(Initiative(code=f"I{index}", name=text, strategy=text) for index, text, _ in kept),
        resources=tuple(
            Resource(code=f"X{index}", name=text, category="logistics", unit=text) for index, text, _ in kept
        ),
    )
    assert round_trip(scenario, tmp_path) == scenario


def test_that_no_text_becomes_a_formula_or_an_error_in_a_spreadsheet_program(tmp_path: Path) -> None:
    scenario = Scenario(partners=tuple(Partner(code=f"P{index}", name=text) for index, text in enumerate(ODD_TEXTS)))
    write_workbook(scenario, tmp_path / "safe.xlsx")
    cells = [row[1] for row in load_workbook(tmp_path / "safe.xlsx")["Partners"].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "+", "-", "@")))


@pytest.mark.parametrize("number", [1e-9, 0.1 + 0.2, 1 / 3, 123456789.123456789, 1e15 + 0.5, 5e-324, 1.7e308, 12.0])
def test_that_numbers_keep_every_digit(number: float, tmp_path: Path) -> None:
    scenario = Scenario(
        pledges=(Pledge(code="P", partner="A", resource="R", quantity=number),),
        partners=(Partner(code="A"),),
        resources=(Resource(code="R", category="logistics"),),
    )
    assert round_trip(scenario, tmp_path).pledges[0].quantity == number


@pytest.mark.parametrize(
    "day", [date(1, 1, 1), date(1899, 12, 31), date(1900, 2, 28), date(2027, 2, 28), date(9999, 12, 31)]
)
def test_that_days_of_any_year_read_back(day: date, tmp_path: Path) -> None:
    assert round_trip(Scenario(settings=Settings(start=day)), tmp_path).settings.start == day


def test_that_notes_of_unknown_columns_go_out_and_come_back(tmp_path: Path) -> None:
    scenario = Scenario(
        settings=Settings(extra=(("donor", "Norway"),)),
        partners=(
            Partner(code="A", extra=(("Contact", "=1"), ("phone", "+41 22"))),
            Partner(code="B", extra=(("phone", "007"),)),
        ),
    )
    assert round_trip(scenario, tmp_path) == scenario


def test_that_baseline_lines_read_back_in_their_order(tmp_path: Path) -> None:
    line = BaselineLine(pledge="P", initiative="I", region="R", resource="X", quantity=2.5, keep=True)
    scenario = Scenario(baseline=(line, dataclasses.replace(line, period=2, keep=False)), settings=Settings(periods=2))
    assert round_trip(scenario, tmp_path) == scenario


def test_that_every_sheet_and_column_is_there_to_fill_in(tmp_path: Path) -> None:
    write_workbook(Scenario(), tmp_path / "empty.xlsx")
    book = load_workbook(tmp_path / "empty.xlsx")
    assert book.sheetnames == ["Scenario", *(table.sheet for table in TABLES)]
    for table in TABLES:
        sheet = book[table.sheet]
        assert [cell.value for cell in sheet[1]] == [column.name for column in table.columns]
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref
        assert sheet["A1"].font.bold
    assert book["Pledges"].column_dimensions["A"].number_format == "@", "codes typed there keep their zeros"
    assert {offer.formula1 for offer in book["Pledges"].data_validations.dataValidation} == {'"pledge,commitment,paid"'}


@pytest.mark.parametrize(
    ("scenario", "place", "words"),
    [
        (Scenario(partners=(Partner(code="A", note="x" * 40_000),)), Place("Partners", 0, "note"), "40,000 characters"),
        (Scenario(partners=(Partner(code=" A"),)), Place("Partners", 0, "code"), "cannot stand"),
        (Scenario(partners=(Partner(code="A;B"),)), Place("Partners", 0, "code"), "semicolon"),
        (
            Scenario(regions=(Region(code="R", people_in_need=math.inf),)),
            Place("Regions", 0, "people_in_need"),
            "finite",
        ),
        (Scenario(partners=(Partner(code="A", extra=(("name", "x"),)),)), Place("Partners", None, "name"), "rename it"),
        (
            Scenario(initiatives=(Initiative(code="I", prerequisites=("a;b",)),)),
            Place("Initiatives", 0, "prerequisites"),
            "",
        ),
    ],
)
def test_that_what_cannot_stand_in_a_workbook_is_refused_and_nothing_written(
    scenario: Scenario, place: Place, words: str, tmp_path: Path
) -> None:
    with pytest.raises(InputProblem) as refused:
        write_workbook(scenario, tmp_path / "no.xlsx")
    (problem,) = refused.value.problems
    assert problem.where == place
    assert words in problem.message
    assert os.listdir(tmp_path) == []


def test_that_rows_that_are_not_finished_can_be_sent_out(tmp_path: Path) -> None:
    """A partner gets the workbook to fill the gaps: empty required cells are problems only when it comes back."""
    scenario = Scenario(requirements=(Requirement(initiative="", region="", resource="", quantity=0.0),))
    write_workbook(scenario, tmp_path / "draft.xlsx")
    result = read_workbook(tmp_path / "draft.xlsx")
    assert result.has_errors
    assert result.scenario == scenario


def test_that_a_target_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentProblem):
        write_workbook(Scenario(), tmp_path / "file" / "below.xlsx")
