"""The column Check of a contribution workbook says of every row what the import says of it."""

import dataclasses
import random
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import pytest
from openpyxl import load_workbook

from planner.exchange.contribution import changes_of, read_contribution, write_contribution
from planner.exchange.contribution.layout import FIRST_ROW, PLEDGES, REFUSALS
from planner.exchange.contribution.writing import EMPTY_ROWS
from planner.exchange.findings import Finding, has_refused
from planner.samples import build_sample
from planner.scenario import BaselineLine, Region, Scenario
from resources.offers import ExchangeRate, Pledge, Veto

Values = dict[str, Any]
SOUND: dict[str, Values] = {
    PLEDGES.title: {"Status": "New", "Resource": "MONEY", "Quantity": 100},
    REFUSALS.title: {"Status": "New", "Region": "NORTH"},
}
NOT_FILLED = ("", "  ", None)
AMOUNTS = (
    5, 0, 2.5, "7", "2,5", "1 000,5", " 12.5 ", "\u00a03", "1e3", ".5", "5.", "+4", 1e15, "1e15", "1.5e3", "0.125",
    "1234,567", 1234.567, *NOT_FILLED,
)  # fmt: skip
NO_AMOUNTS = (
    -1, "-3", "\u22123", "12,000,000", "much", "5 %", "1-2", "e5", "+", "--3", "1+2", True, "260.000", "12,500",
    "-1.234", "\u0661\u0662", "\uff15", 999999999999999.9,
)  # fmt: skip
SHARES = (0.07, 0, 1, "7 %", "7%", "0,07", 7, "7", "%", "5%%", "-1 %", True, *NOT_FILLED)
PERIODS = ("2027 Q1", "2027 q2", " 2027  Q3 ", 1, 2, "2", "2027-03-31", date(2027, 5, 4), 46500, "46500", *NOT_FILLED)
NO_PERIODS = (
    "2030 Q1", "0", 0, -1, 1.5, 99, True, "2026-12-31", "2027-02-30", "2040-01-01", "31/03/2027", "2027*", 46500.5,
    "46500.5", "2027- 1-01", "2027-01- 1", "2027-+1-01", "2027-09-30 00:00", "2027-03-31T00:00", "2027-W13-3",
)  # fmt: skip
OUTSIDE = (date(2026, 1, 1), date(2050, 1, 1))
REGIONS = ("NORTH", "NORTH; SOUTH", " SOUTH ;NORTH;", "E,F", "E,F;NORTH", ";", *NOT_FILLED)
NO_REGIONS = ("NORTH, SOUTH", "NOWHERE", "north", "N*", 7, True)
CODES = (
    "en; fr", "plain", 12, "a,b", "A:B", "x" * 41, "en;" + "y" * 41, "en\nfr", "en;\nfr", "\nen\n",
    ";".join([*("a" * 9 for _ in range(32)), "z" * 41]), "?", False, *NOT_FILLED,
)  # fmt: skip
COLUMNS: dict[str, dict[str, tuple[Any, ...]]] = {
    PLEDGES.title: {
        "Status": ("New", "Update", "No update", "Delete", "new ", "no  update", "Nw", *NOT_FILLED),
        "Resource": ("MONEY", "CAR", "MED", " CAR\u00a0", "car", "NOPE", "C*", 5, *NOT_FILLED),
        "Quantity": (*AMOUNTS, *NO_AMOUNTS),
        "Currency": ("EUR", "USD", " EUR", "eur", "XYZ", "US*", *NOT_FILLED),
        "Overhead": SHARES,
        "From": (*PERIODS, *NO_PERIODS, *OUTSIDE),
        "To": (*PERIODS, *NO_PERIODS, *OUTSIDE),
        "Pledge status": ("paid", "Pledge", "commitment ", "received", 1, True, *NOT_FILLED),
        "Only initiatives": ("TALKS", "ROADS;TALKS", "talks", "TALKS,ROADS", *NOT_FILLED),
        "Only regions": (*REGIONS, *NO_REGIONS),
        "Not initiatives": ("TALKS", "GONE", *NOT_FILLED),
        "Not regions": (*REGIONS, *NO_REGIONS),
        "Languages": CODES,
        "Agreement": CODES,
        "Mobilisation cost": (*AMOUNTS, *NO_AMOUNTS),
        "Remark": ("word", "?", "?:", "=1/0", *NOT_FILLED),
    },
    REFUSALS.title: {
        "Status": ("New", "Update", "No update", "Delete", "NEW", "Nw", *NOT_FILLED),
        "Initiative": ("TALKS", "talks", "GONE", *NOT_FILLED),
        "Region": ("NORTH", "E,F", " SOUTH", "NOWHERE", *NOT_FILLED),
        "Not together with": ("FUND", "WORKS", "A;B", "x" * 41, *NOT_FILLED),
        "Not carried out by": ("VOICES", "FUND", "a:b", *NOT_FILLED),
        "Reason": ("why", *NOT_FILLED),
    },
}


def plan() -> Scenario:
    """The sample with more codes, a rate, and rows of FUND of every kind."""
    sample = build_sample("first-steps")
    pledges = [Pledge(code=f"P{number}", partner="FUND", resource="MONEY", quantity=1000) for number in range(20)]
    pledges.append(Pledge(code="OWN", partner="FUND", resource="MONEY", quantity=5, currency="XYZ", rate=2.0))
    vetoes = [Veto(partner="FUND", initiative="ROADS", reason=f"reason {number}") for number in range(10)]
    need = sample.requirements[0]
    agreed = BaselineLine(pledge="P1", initiative=need.initiative, region=need.region, resource="MONEY", quantity=1)
    return dataclasses.replace(
        sample,
        pledges=(*sample.pledges, *pledges),
        vetoes=(*sample.vetoes, *vetoes),
        regions=(*sample.regions, Region(code="E,F", name="East")),
        exchange_rates=(*sample.exchange_rates, ExchangeRate(currency="EUR", rate=0.9)),
        baseline=(agreed,),
    )


def fill(sheet: Any, known: int, chance: random.Random) -> None:
    """Sound rows with a few cells that say anything at all; a known row that is said to be new says something new."""
    letters = {cell.value: cell.column_letter for cell in sheet[FIRST_ROW - 1]}
    columns = COLUMNS[sheet.title]
    for number in range(FIRST_ROW, FIRST_ROW + known + EMPTY_ROWS):
        is_known = number < FIRST_ROW + known
        cells: Values = {"Status": "Update"} if is_known else dict(SOUND[sheet.title])
        if chance.random() < 0.1:
            cells = {"Status": None} if is_known else {}
        for heading in chance.sample(list(columns), chance.choice((0, 1, 1, 1, 2, 2, 3))):
            cells[heading] = chance.choice(columns[heading])
        if is_known and str(cells.get("Status")).strip().lower() == "new":
            cells.setdefault("Remark" if "Remark" in letters else "Reason", "changed")
        if " ".join(str(cells.get("Status") or "").lower().split()) in (
            "",
            "no update",
        ):  # no formula knows what it was
            cells = {heading: value for heading, value in cells.items() if heading not in ("Resource", "Agreement")}
        for heading, value in cells.items():
            sheet[f"{letters[heading]}{number}"] = value


def differences(scenario: Scenario, path: Path) -> Iterator[str]:
    """The rows of which the check says something else than the import."""
    findings = changes_of(scenario, [read_contribution(path, scenario.settings)]).findings
    refused = {_row_of(finding): finding.message for finding in findings if has_refused([finding])}
    book = load_workbook(path, data_only=True)
    for title in COLUMNS:
        for number in range(FIRST_ROW, book[title].max_row + 1):
            said, why = book[title][f"B{number}"].value, refused.get((title, number))
            if (said in ("OK", "", None)) != (why is None):
                cells = [cell.value for cell in book[title][number]]
                yield f"{path.name}, {title} row {number}: the check says {said}, the import {why}; {cells}"


def _row_of(finding: Finding) -> tuple[str, int]:
    title, _, cell = finding.cell.partition("!")
    return title, int(cell.lstrip(ascii_uppercase) or 0)


def recalculated(paths: list[Path], folder: Path) -> list[Path]:
    """The workbooks as LibreOffice saves them."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    subprocess.run([*command, str(folder), *map(str, paths)], check=True, capture_output=True, timeout=300)
    return [folder / path.name for path in paths]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice to recalculate with")
def test_that_the_check_says_of_every_row_what_the_import_says(tmp_path: Path) -> None:
    scenario = plan()
    known = {
        PLEDGES.title: sum(row.partner == "FUND" for row in scenario.pledges),
        REFUSALS.title: sum(row.partner == "FUND" for row in scenario.vetoes),
    }
    paths = [tmp_path / f"filled-{number}.xlsx" for number in range(8)]
    for number, path in enumerate(paths):
        write_contribution(scenario, "FUND", path)
        book = load_workbook(path)
        for title, count in known.items():
            fill(book[title], count, random.Random(number))
        book.save(path)
    differing = [told for path in recalculated(paths, tmp_path / "out") for told in differences(scenario, path)]
    assert not differing, "\n".join(differing)
